"""The table of jobs on a terminal, and what jobs can be told apart by."""

from collections.abc import Iterator
from datetime import timedelta

from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.job_table import JobFacets, JobRow, JobTable
from watchkeeper.model.run import NAMES
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _

_HEADER = (_("JOB"), _("GROUP"), _("STATE"), _("LAST ENDED"), _("NEXT"), _("USUALLY"), _("OWNER"), _("TAGS"))


def show_job_table(speech: Speech, found: JobTable) -> None:
    """A row for each job of the window, and how many there are."""
    if found.rows:
        speech.lines(table([speech.say(title) for title in _HEADER], [_row(speech, row) for row in found.rows]))
    speech.line(_("{matches} of {total} jobs", matches=found.matches, total=found.total))


def show_job_facets(speech: Speech, facets: JobFacets) -> None:
    """A row for each value, with how many jobs have it."""
    header = [speech.say(title) for title in (_("FIELD"), _("VALUE"), _("JOBS"), _("WORST"))]
    speech.lines(table(header, list(_facet_rows(speech, facets))))


def _row(speech: Speech, row: JobRow) -> list[str]:
    return [
        row.name,
        row.group,
        speech.say(_state(row)),
        local_time(row.last.ended_at if row.last else None),
        local_time(row.next_at),
        _span(row.p50),
        row.owner,
        ", ".join(row.tags),
    ]


def _state(row: JobRow) -> Text | str:
    if row.live is not None:
        return NAMES[row.live.state]
    if not row.is_enabled:
        return _("disabled")
    return NAMES[row.last.state] if row.last else ""


def _span(span: timedelta | None) -> str:
    return "" if span is None else written(span)


def _facet_rows(speech: Speech, facets: JobFacets) -> Iterator[list[str]]:
    for group in facets.groups:
        worst = speech.say(NAMES[group.worst]) if group.worst else ""
        yield ["group", group.path or '""', str(group.count), worst]
    for field in ("tag", "owner", "handler", "pool", "calendar"):
        for tally in getattr(facets, f"{field}s"):
            yield [field, tally.value, str(tally.count), ""]
