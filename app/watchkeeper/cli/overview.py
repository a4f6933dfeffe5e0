"""How what is going on, what was missed by an absent person, and what needs one looks to people."""

from collections.abc import Sequence
from datetime import timedelta

from watchkeeper.action.attention import NAMES as NEEDS
from watchkeeper.action.attention import Attention, Cause
from watchkeeper.action.engine import Status
from watchkeeper.action.first_error import FirstError
from watchkeeper.action.schedule import Agenda
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _
from watchkeeper.store.attention import Acknowledgement

Facts = Sequence[tuple[Text, str | Text]]


def facts_of_engine(speech: Speech, status: Status) -> Facts:
    """Each fact with its name; those that are empty are not shown."""
    room = (f"{each.used}/{each.size} {each.place}" for each in status.slots)
    fires = "" if status.next is None else f"{local_time(status.next.at)} {status.next.job}"
    lag = "" if status.lag is None else written(timedelta(milliseconds=status.lag // timedelta(milliseconds=1)))
    return [
        (_("engine"), status.holder or _("none is running")),
        (_("since"), local_time(status.since)),
        (_("slots taken"), ", ".join(room)),
        (_("queued"), str(status.queued)),
        (_("waiting"), str(status.waiting)),
        (_("next"), fires),
        (_("paused"), "" if status.pause is None else status.pause.reason),
        (_("until"), local_time(status.pause.until) if status.pause else ""),
        (_("disk"), "" if status.disk is None else _("low: {free} MiB are free", free=status.disk.free)),
        (_("time zone"), status.zone),
        (_("store"), status.store),
        (_("version"), status.version),
        (_("lag"), lag),
    ]


def show_first_error(speech: Speech, error: FirstError) -> None:
    """Where it stands, and the line as the program wrote it."""
    if error.is_last_words:
        speech.line(_("attempt {attempt}, no line is an error; the last one:", attempt=error.attempt))
    elif error.line is None:
        speech.line(_("attempt {attempt}, byte {offset}:", attempt=error.attempt, offset=error.offset))
    else:
        speech.line(_("attempt {attempt}, line {line}:", attempt=error.attempt, line=error.line))
    speech.line(error.text)


def show_attention(speech: Speech, attention: Attention) -> None:
    """A row for each cause, with the first error of a run in place of its reason."""
    if not attention.rows:
        return speech.line(_("nothing needs anybody"))
    titles = (_("WHAT"), _("JOB"), _("RUN"), _("SINCE"), _("EXIT"), _("COUNT"), _("BLOCKS"), _("WHY"))
    speech.lines(table([speech.say(title) for title in titles], [_cause_row(speech, row) for row in attention.rows]))


def _cause_row(speech: Speech, row: Cause) -> list[str]:
    numbers = (row.exit_code, row.count if row.count > 1 else None, row.blocks or None)
    run = "" if row.number is None else f"#{row.number}"
    why = row.first_error or speech.say(row.reason)
    return [
        speech.say(NEEDS[row.need]),
        row.job,
        run,
        local_time(row.since),
        *("" if n is None else str(n) for n in numbers),
        why,
    ]


def show_acknowledgement(speech: Speech, seen: Acknowledgement) -> None:
    """Who has seen it, and what they noted."""
    told = _("acknowledged by {actor}", actor=seen.actor)
    speech.line(_("{what}: {note}", what=told, note=seen.note) if seen.note else told)


def show_agenda(speech: Speech, agenda: Agenda) -> None:
    """A row for each, then the remarks."""
    rows = [
        (local_time(each.at), each.job, speech.say(each.when), speech.say(_("paused") if each.is_held else None))
        for each in agenda.rows
    ]
    if rows:
        speech.lines(table([speech.say(title) for title in (_("AT"), _("JOB"), _("WHEN"), _("NOTE"))], rows))
    else:
        speech.line(_("nothing fires by the clock"))
    for remark in agenda.remarks:
        speech.line(remark)
