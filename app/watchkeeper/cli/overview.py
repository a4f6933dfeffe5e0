"""How what is going on, what was missed by an absent person, and what needs one looks to people."""

from collections.abc import Sequence
from datetime import timedelta

from watchkeeper.action.attention import NAMES as NEEDS
from watchkeeper.action.attention import Attention, Cause
from watchkeeper.action.away import Away
from watchkeeper.action.comparison import Comparison
from watchkeeper.action.engine import Status
from watchkeeper.action.first_error import FirstError
from watchkeeper.action.live import Live, LiveRun
from watchkeeper.action.schedule import Agenda
from watchkeeper.action.timeline import Timeline
from watchkeeper.cli.changes import show_differences
from watchkeeper.cli.screen import table
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.run import NAMES
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _
from watchkeeper.model.usual import Usual
from watchkeeper.model.zone import system_zone
from watchkeeper.store.attention import Acknowledgement

Facts = Sequence[tuple[Text, str | Text]]


def facts_of_engine(speech: Speech, status: Status) -> Facts:
    """Each fact with its name; those that are empty are not shown."""
    room = (f"{each.used}/{each.size} {each.place}" for each in status.slots)
    fires = "" if status.next is None else f"{local_time(status.next.at)} {status.next.job}"
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
        (_("lag"), span_in_words(status.lag)),
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


def show_away(speech: Speech, away: Away) -> None:
    """As a note in Markdown, which can be handed over, its moments by this machine's clock."""
    from watchkeeper.action.handover import markdown

    speech.out(markdown(away, speech.language, system_zone()), end="")


def show_acknowledgement(speech: Speech, seen: Acknowledgement) -> None:
    """Who has seen it, and what they noted."""
    told = _("acknowledged by {actor}", actor=seen.actor)
    speech.line(_("{what}: {note}", what=told, note=seen.note) if seen.note else told)


def show_live(speech: Speech, live: Live) -> None:
    """A row for each run on its way."""
    if not live.rows:
        return speech.line(_("no run is on its way"))
    titles = (_("RUN"), _("JOB"), _("STATE"), _("ELAPSED"), _("USUALLY"), _("WHY"))
    speech.lines(table([speech.say(title) for title in titles], [_live_row(speech, row) for row in live.rows]))


def _live_row(speech: Speech, row: LiveRun) -> list[str]:
    run = row.run
    spans = (span_in_words(row.elapsed), span_in_words(row.usual.p50))
    return [f"#{run.number}", run.job_name, speech.say(NAMES[run.state]), *spans, speech.say(row.why)]


def facts_of_usual(usual: Usual) -> Facts:
    """What half of the runs, and what nearly all of them did not exceed."""
    return [
        (_("half of them within"), span_in_words(usual.p50)),
        (_("95 of 100 within"), span_in_words(usual.p95)),
        (_("of so many that succeeded"), str(usual.count)),
    ]


def show_comparison(speech: Speech, found: Comparison) -> None:
    """Two columns, then the fields that differ."""
    runs = (found.other, found.run)
    rows: list[tuple[Text, list[str]]] = [
        (_("state"), [speech.say(NAMES[run.outcome]) for run in runs]),
        (_("started"), [local_time(run.started_at) for run in runs]),
        (_("took"), [span_in_words(found.other_took), span_in_words(found.took)]),
        (_("version of the job"), [str(run.job_version) for run in runs]),
        (_("host"), [run.host or "" for run in runs]),
        (_("exit code"), ["" if run.exit_code is None else str(run.exit_code) for run in runs]),
    ]
    header = [speech.say(_("RUN")), *(f"#{run.number}" for run in runs)]
    speech.lines(table(header, [[speech.say(name), *cells] for name, cells in rows]))
    for title, changed in ((_("job"), found.spec), (_("parameters"), found.params), (_("outputs"), found.outputs)):
        if changed:
            speech.line("")
            speech.line(title)
            show_differences(speech, changed)


def show_timeline(speech: Speech, timeline: Timeline) -> None:
    """A row for each lane: what ran within the time, and what is going to fire."""
    titles = (_("JOB"), _("STATE"), _("RUNS"), _("LAST"), _("TO COME"), _("NEXT"))
    rows = [
        (
            lane.job,
            speech.say(NAMES[lane.state]) if lane.state else "",
            str(lane.run_count),
            local_time(lane.runs[0].started_at) if lane.runs else "",
            str(lane.fire_count),
            local_time(lane.fires[0]) if lane.fires else "",
        )
        for lane in timeline.lanes
    ]
    speech.lines(table([speech.say(title) for title in titles], rows))


def span_in_words(span: timedelta | None) -> str:
    """To the millisecond; nothing for None."""
    return "" if span is None else written(timedelta(milliseconds=span // timedelta(milliseconds=1)))


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
