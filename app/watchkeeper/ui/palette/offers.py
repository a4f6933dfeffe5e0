"""Jobs, runs, settings and commands as offers of the palette, with what can be done with each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from watchkeeper.model.form import FormField
from watchkeeper.model.job_table import JobRow
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.commands import Command, Commands, shown_keys
from watchkeeper.ui.glyphs import WORDS, glyph_of_job, glyph_of_run
from watchkeeper.ui.palette.found import Offer, Section, Way
from watchkeeper.ui.run_columns import began, took_words
from watchkeeper.ui.spans import span
from watchkeeper.ui.trigger_words import without_zone
from watchkeeper.ui.words import shown

OPEN = _("open")
#: What opens the palette is not offered in it.
_OPENERS = ("palette", "go_to_job")


class Begin(Protocol):
    """Starts an action, which goes on when the palette has closed."""

    def __call__(self, action: str, /, **given: object) -> None: ...


@dataclass(frozen=True)
class Ports:
    """What choosing leads to."""

    go: Callable[[str], None]
    begin: Begin
    #: Puts the link to a place on the clipboard.
    copy_link: Callable[[str], None]
    zone: Callable[[], str]


def job_offer(row: JobRow, ports: Ports, *, is_found: bool = False) -> Offer:
    """Enter opens the job."""
    edit = partial(ports.go, f"job/{row.id}")
    turn = _("Disable") if row.is_enabled else _("Enable")
    turned = "job.disable" if row.is_enabled else "job.enable"
    ways = [
        Way(_("Run now"), partial(ports.begin, "run.start", job=row.id), "ui/play"),
        Way(_("Edit"), edit, "ui/edit"),
        Way(turn, partial(ports.begin, turned, job=row.id), "ui/pause" if row.is_enabled else "ui/play"),
    ]
    if row.runs:
        ways.append(Way(_("Last run"), partial(ports.go, f"run/{row.runs[-1].id}"), "ui/monitor"))
    fact = _job_fact(row, ports.zone())
    offer = Offer(f"job:{row.id}", Section.JOBS, row.name, edit, glyph_of_job(row), fact, verb=OPEN)
    return replace(offer, ways=tuple(ways), is_found=is_found)


def run_offer(run: Run, ports: Ports, *, is_found: bool = False) -> Offer:
    """Enter opens the run."""
    place = f"run/{run.id}"
    follow = partial(ports.go, place)
    again = (
        Way(_("Stop"), partial(ports.begin, "run.cancel", run=run.id), "ui/stop")
        if run.is_live
        else Way(_("Run again"), partial(ports.begin, "run.rerun", run=run.id), "ui/rerun")
    )
    ways = (
        Way(_("Open"), follow, "ui/monitor"),
        again,
        Way(_("Copy link"), partial(ports.copy_link, place), "ui/link"),
    )
    title = f"#{run.number} {run.job_name}"
    fact = _run_fact(run, ports.zone)
    offer = Offer(f"run:{run.id}", Section.RUNS, title, follow, glyph_of_run(run), fact, verb=OPEN)
    return replace(offer, ways=ways, is_found=is_found)


def command_offers(commands: Commands, carry_out: Callable[[Command], None]) -> Iterator[Offer]:
    """What can be done now; a page is a section of its own."""
    for command in commands:
        if not command.is_in_palette or not command.is_possible() or command.id in _OPENERS:
            continue
        section = Section.PAGES if command.id.startswith("go.") else Section.COMMANDS
        keys = commands.keys_of(command)
        yield Offer(
            f"command:{command.id}",
            section,
            command.title,
            partial(carry_out, command),
            command.icon,
            command.cli(),
            tuple(map(shown_keys, keys[:1])),
            OPEN if section is Section.PAGES else "",
        )


def setting_offers(fields: Iterable[FormField], go: Callable[[str], None]) -> Iterator[Offer]:
    """Each setting by its label; its name is `section.field`."""
    for field in fields:
        place = f"settings/{field.name}"
        follow = partial(go, place)
        note = field.help or ""
        yield Offer(f"setting:{field.name}", Section.SETTINGS, field.label, follow, "ui/settings", note, verb=OPEN)


def _job_fact(row: JobRow, zone: str) -> Text:
    if row.live is not None and row.live.started_at is not None:
        return _("running {span}", span=span(now() - row.live.started_at))
    if not row.is_enabled:
        return _("disabled")
    return without_zone(row.triggers[0], zone) if row.triggers else _("on request")


def _run_fact(run: Run, zone: Callable[[], str]) -> str:
    parts = (shown(WORDS[run.verdict or run.state]), began(run, zone), took_words(run))
    return "  ".join(part for part in parts if part)
