"""How each kind of answer looks to people."""

from collections.abc import Callable, Sequence
from datetime import time, timedelta
from typing import Any

from watchkeeper.action.apply import Change
from watchkeeper.action.attention import Attention
from watchkeeper.action.away import Away
from watchkeeper.action.comparison import Comparison
from watchkeeper.action.differences import Difference
from watchkeeper.action.engine import Status
from watchkeeper.action.first_error import FirstError
from watchkeeper.action.held import HeldStretch, words_of_rule
from watchkeeper.action.history import RunPage
from watchkeeper.action.live import Live
from watchkeeper.action.log_diff import LogDiff
from watchkeeper.action.plugins import Decided, PluginDetail, PluginRow
from watchkeeper.action.runs import Detail, Settled, Started
from watchkeeper.action.samples import Added, Removed
from watchkeeper.action.schedule import Agenda, Schedule
from watchkeeper.action.settings import Changed, Setting
from watchkeeper.action.system import Facts
from watchkeeper.action.timeline import Timeline
from watchkeeper.action.versions import Version
from watchkeeper.action.workspace import Health
from watchkeeper.cli.changes import show_changes, show_differences, show_log_diff, show_versions
from watchkeeper.cli.job_table import show_job_facets, show_job_table
from watchkeeper.cli.overview import (
    facts_of_engine,
    facts_of_usual,
    show_acknowledgement,
    show_agenda,
    show_attention,
    show_away,
    show_comparison,
    show_first_error,
    show_live,
    show_timeline,
)
from watchkeeper.cli.plugins import PLUGIN_HEADER, facts_of_plugin, plugin_row, show_decided, text_of_plugin
from watchkeeper.cli.preferences import SETTING_HEADER, facts_of_system, setting_row, show_changed
from watchkeeper.cli.screen import table
from watchkeeper.cli.secret_words import SECRET_ALONE, SECRET_TABLES
from watchkeeper.cli.shared import SHARED_ALONE, SHARED_TABLES
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model import codec
from watchkeeper.model.audit import Entry
from watchkeeper.model.backup import Backup, Restored
from watchkeeper.model.calendar import Calendar, Rule
from watchkeeper.model.job import Job
from watchkeeper.model.job_table import JobFacets, JobTable
from watchkeeper.model.run import NAMES, Run, State
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _
from watchkeeper.model.usual import Usual
from watchkeeper.model.words import words_of
from watchkeeper.store.attention import Acknowledgement
from watchkeeper.store.blockers import Why
from watchkeeper.store.missed import Missed
from watchkeeper.store.pools import Pool

Row = tuple[str | Text, ...]

#: Rules of a calendar that a table tells.
_MOST_RULES = 4


def show(speech: Speech, answer: Any) -> None:
    """Print an answer: rows as a table, a single thing in its own form; with --json an object a line."""
    if speech.is_json:
        for each in answer if isinstance(answer, list) else [] if answer is None else [answer]:
            speech.json(each)
    elif isinstance(answer, list):
        _show_rows(speech, answer)
    elif answer is None:
        speech.line(_("done"))
    else:
        _ALONE[type(answer)](speech, answer)


def _show_rows(speech: Speech, rows: Sequence[Any]) -> None:
    if not rows:
        speech.line(_("nothing"))
        return
    if type(rows[0]) in _LISTINGS:
        _LISTINGS[type(rows[0])](speech, rows)
        return
    header, row_of = _TABLES[type(rows[0])]
    cells = [[speech.say(cell) for cell in row_of(speech, each)] for each in rows]
    speech.lines(table([speech.say(title) for title in header], cells))


def _job_row(speech: Speech, job: Job) -> Row:
    spec = job.spec
    is_enabled = _("yes") if spec.is_enabled else _("no")
    when = "; ".join(speech.say(words_of(trigger, local_time)) for trigger in spec.triggers)
    when = when or speech.say(_("by hand"))
    return job.name, spec.handler, when, is_enabled, spec.pool or "", spec.group, spec.owner, str(job.version)


def _run_row(speech: Speech, run: Run) -> Row:
    code = "" if run.exit_code is None else str(run.exit_code)
    return (
        f"#{run.number}",
        run.job_name,
        state_of(run),
        local_time(run.started_at),
        _took(run),
        code,
        run.reason or "",
    )


def state_of(run: Run) -> Text:
    """A run's state, with a person's verdict, a warning or the wish to stop."""
    state = NAMES[run.state]
    if run.verdict is not None and run.verdict is not run.state:
        return _("{state}, judged {verdict} by {actor}", state=state, verdict=NAMES[run.verdict], actor=run.verdict_by)
    if run.is_live and run.cancel_requested_at is not None:
        return _("{state}, stopping", state=state)
    return _("{state} with a warning", state=state) if run.has_warning else state


def _took(run: Run) -> str:
    if run.started_at is None or run.ended_at is None:
        return ""
    return written(timedelta(milliseconds=(run.ended_at - run.started_at) // timedelta(milliseconds=1)))


def _missed_row(speech: Speech, missed: Missed) -> Row:
    first, last = local_time(missed.first_at), local_time(missed.last_at)
    return missed.name, str(missed.count), first, last, missed.reason or ""


def _entry_row(speech: Speech, entry: Entry) -> Row:
    detail = codec.encode(speech.audit_detail(entry)).decode() if entry.detail else ""
    outcome = _WORDS.get(entry.outcome, entry.outcome)
    return str(entry.number), local_time(entry.at), entry.actor, entry.action, entry.object or "", outcome, detail


def _calendar_row(speech: Speech, calendar: Calendar) -> Row:
    spec = calendar.spec
    return spec.name, spec.zone or "", _rules(speech, spec.holds), _rules(speech, spec.but_not)


def _rules(speech: Speech, rules: Sequence[Rule]) -> str:
    """The first few in words."""
    said = "; ".join(speech.say(words_of_rule(rule)) for rule in rules[:_MOST_RULES])
    return said + ("; ..." if len(rules) > _MOST_RULES else "")


def _stretch_row(speech: Speech, stretch: HeldStretch) -> Row:
    begin, end = stretch.begins_at, stretch.ends_at
    names = stretch.names.get(speech.language) or next(iter(stretch.names.values()), "")
    why = "; ".join(speech.say(words) for words in stretch.why)
    if begin.time() == end.time() == time():
        last = (end - timedelta(days=1)).date()
        return f"{begin:%Y-%m-%d}", f"{last:%Y-%m-%d}", f"{why}: {names}" if names else why
    return f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}", f"{why}: {names}" if names else why


#: Constants of answers, as people read them; with --json they stay what they are.
_WORDS = {
    "ok": _("ok"),
    "refused": _("refused"),
    "failed": _("failed"),
}


_TABLES: dict[type, tuple[tuple[Text, ...], Callable[[Speech, Any], Row]]] = {
    Job: (
        (_("JOB"), _("HANDLER"), _("WHEN"), _("ENABLED"), _("POOL"), _("GROUP"), _("OWNER"), _("VERSION")),
        _job_row,
    ),
    Run: ((_("RUN"), _("JOB"), _("STATE"), _("STARTED"), _("TOOK"), _("EXIT"), _("WHY")), _run_row),
    Pool: ((_("POOL"), _("SIZE")), lambda speech, pool: (pool.name, str(pool.size))),
    Missed: ((_("JOB"), _("MISSED"), _("FIRST"), _("LAST"), _("WHY")), _missed_row),
    Calendar: ((_("CALENDAR"), _("ZONE"), _("HOLDS"), _("BUT NOT")), _calendar_row),
    **SHARED_TABLES,
    **SECRET_TABLES,
    HeldStretch: ((_("FROM"), _("UNTIL"), _("HOLDS")), _stretch_row),
    Entry: (
        (_("NUMBER"), _("AT"), _("ACTOR"), _("ACTION"), _("OBJECT"), _("OUTCOME"), _("DETAIL")),
        _entry_row,
    ),
    Setting: (SETTING_HEADER, setting_row),
    PluginRow: (PLUGIN_HEADER, plugin_row),
}


#: Lists that are more than a row for each.
_LISTINGS: dict[type, Callable[[Speech, Any], None]] = {
    Change: show_changes,
    Version: show_versions,
    Difference: show_differences,
}


def _show_job(speech: Speech, job: Job) -> None:
    from watchkeeper.action.written import written as as_yaml

    speech.out(as_yaml([job.spec]), end="")


def _show_run(speech: Speech, run: Run) -> None:
    told = _("run #{number} of {job}: {state}", number=run.number, job=run.job_name, state=state_of(run))
    speech.line(_("{run}: {why}", run=told, why=run.reason) if run.reason else told)


def _show_started(speech: Speech, started: Started) -> None:
    if started.is_deduplicated:
        speech.line(_("this execution id was given before, to this run:"))
    _show_run(speech, started.run)


def _show_detail(speech: Speech, detail: Detail) -> None:
    run = detail.run
    _show_run(speech, run)
    facts: list[tuple[Text, str | Text]] = [
        (_("id"), run.id),
        (_("execution id"), run.execution_id),
        (_("version of the job"), str(run.job_version)),
        (_("asked for by"), run.actor),
        (_("attempt"), str(run.attempt)),
        (_("created"), local_time(run.created_at)),
        (_("fired for"), local_time(run.nominal_at)),
        (_("after run"), run.after_run or ""),
        (_("file"), run.file or ""),
        (_("next attempt"), local_time(run.due_at) if run.state is State.WAITING else ""),
        (_("started"), local_time(run.started_at)),
        (_("ended"), local_time(run.ended_at)),
        (_("took"), _took(run)),
        (_("exit code"), "" if run.exit_code is None else str(run.exit_code)),
        (_("parameters"), codec.encode(run.params).decode() if run.params else ""),
        (_("outputs"), codec.encode(run.outputs).decode() if run.outputs else ""),
        (_("verdict"), run.verdict_reason or ""),
    ]
    _show_facts(speech, facts)
    for attempt in detail.attempts:
        why = attempt.reason or _("exit code {code}", code=attempt.exit_code)
        speech.line(
            _("attempt {number} ended {at}: {why}", number=attempt.number, at=local_time(attempt.ended_at), why=why)
        )


def _show_plugin(speech: Speech, file: PluginDetail) -> None:
    _show_facts(speech, facts_of_plugin(file))
    speech.lines(text_of_plugin(file))


def _show_health(speech: Speech, health: Health) -> None:
    _show_facts(
        speech,
        [
            (_("workspace"), health.home),
            (_("id"), health.id),
            (_("store"), health.store),
            (_("time zone"), health.zone),
            (_("engine"), health.engine or _("none is running")),
            (_("jobs"), str(health.job_count)),
        ],
    )
    for fault in health.faults:
        speech.line(fault)
    if not health.faults:
        speech.line(_("all is well"))


def _show_settled(speech: Speech, settled: Settled) -> None:
    speech.line(_("{count} unknown runs are settled", count=settled.count))
    if settled.has_more:
        speech.line(_("there are more: say it again"))


def _show_backup(speech: Speech, backup: Backup) -> None:
    _show_facts(
        speech,
        [
            (_("copy"), backup.file),
            (_("made"), local_time(backup.made_at)),
            (_("workspace"), backup.workspace),
            (_("bytes"), str(backup.size)),
            (_("SHA-256"), backup.sha256),
        ],
    )


def _show_restored(speech: Speech, restored: Restored) -> None:
    _show_backup(speech, restored.backup)
    if not restored.backup.is_sealed:
        speech.line(_("no file with its SHA-256 lay beside it: that it is what was made could not be checked"))
    if restored.kept is not None:
        speech.line(_("the store that was here is kept as {file}", file=restored.kept))
    speech.line(
        _("{count} runs are UNKNOWN now: they may have gone on after the copy was made", count=restored.doubted)
    )
    if restored.held:
        speech.line(
            _("{count} runs had not started, as the store that was here proves: they wait", count=restored.held)
        )
    speech.line(_("{count} occurrences since then are recorded as MISSED", count=restored.missed))
    for stranger in restored.strangers:
        state = _("over") if stranger.is_over else _("not over")
        speech.line(
            _(
                "{key}: a run of this workspace that the copy does not know, begun {at}, {state}",
                key=stranger.key,
                at=local_time(stranger.begun_at),
                state=state,
            )
        )
    speech.line(_("triggers are paused: `watchkeeper schedule resume` lets them fire again"))


def _show_schedule(speech: Speech, schedule: Schedule) -> None:
    pause = schedule.pause
    if pause is None:
        return speech.line(_("triggers fire"))
    since = local_time(pause.since)
    if pause.until is None:
        return speech.line(_("triggers are paused since {since}: {reason}", since=since, reason=pause.reason))
    until = local_time(pause.until)
    return speech.line(_("triggers are paused until {until}: {reason}", until=until, reason=pause.reason))


def _show_page(speech: Speech, page: RunPage) -> None:
    _show_rows(speech, page.rows)
    if page.is_exact:
        return speech.line(_("{shown} of {total}", shown=len(page.rows), total=page.total))
    return speech.line(_("{shown} of about {total}", shown=len(page.rows), total=page.total))


def _show_facts(speech: Speech, facts: Sequence[tuple[Text, str | Text]]) -> None:
    rows = [[speech.say(name), speech.say(value)] for name, value in facts if value != ""]
    speech.lines(table(rows[0], rows[1:]))


def _show_why(speech: Speech, why: Why) -> None:
    """The sentence, and when it is likely to be over."""
    speech.line(why.sentence)
    if why.likely_at is not None:
        speech.line(_("likely to start at {at}", at=local_time(why.likely_at)))


_ALONE: dict[type, Callable[[Speech, Any], None]] = {
    Job: _show_job,
    Run: _show_run,
    Started: _show_started,
    Settled: _show_settled,
    Added: lambda speech, added: show_changes(speech, added.changes),
    Removed: lambda speech, removed: speech.lines(removed.names),
    Detail: _show_detail,
    Health: _show_health,
    JobTable: show_job_table,
    JobFacets: show_job_facets,
    Backup: _show_backup,
    Restored: _show_restored,
    Schedule: _show_schedule,
    Status: lambda speech, status: _show_facts(speech, facts_of_engine(speech, status)),
    Changed: show_changed,
    PluginDetail: _show_plugin,
    Decided: show_decided,
    Facts: lambda speech, facts: _show_facts(speech, facts_of_system(facts)),
    Agenda: show_agenda,
    Away: show_away,
    RunPage: _show_page,
    Live: show_live,
    Usual: lambda speech, usual: _show_facts(speech, facts_of_usual(usual)),
    Comparison: show_comparison,
    LogDiff: show_log_diff,
    Timeline: show_timeline,
    Attention: show_attention,
    Acknowledgement: show_acknowledgement,
    FirstError: show_first_error,
    Why: _show_why,
    Pool: lambda speech, pool: _show_rows(speech, [pool]),
    **SHARED_ALONE,
    **SECRET_ALONE,
}
