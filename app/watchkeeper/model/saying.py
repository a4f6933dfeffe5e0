"""One line of words for each event: what the engine says in a terminal and the window in its activity list."""

from datetime import timedelta

from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.run import NAMES
from watchkeeper.model.span import written
from watchkeeper.model.text import Text, _


def sentence_of(event: Event) -> Text:
    """What `event` tells, in one sentence."""
    match event:
        case events.EngineStarted():
            return _("engine started: {holder}, epoch {epoch}", holder=event.holder, epoch=event.epoch)
        case events.EngineStopped():
            return _("engine stopped: {reason}", reason=event.reason) if event.reason else _("engine stopped")
        case events.JobSaved():
            return _("job {job} saved", job=event.name)
        case events.JobDeleted():
            return _("job {job} deleted", job=event.name)
        case events.PoolsChanged():
            return _("pools changed")
        case events.CalendarsChanged():
            return _("calendars changed")
        case events.SettingsChanged():
            return _("the setting {name} was changed", name=event.name)
        case events.SecretsChanged():
            return _("the secret {name} was changed", name=event.name)
        case events.VaultChanged():
            return event.sentence
        case events.PluginDecided():
            return _("it was decided on the plugin {path}", path=event.path)
        case events.PluginsReloadAsked():
            return _("the plugins are read anew")
        case events.PluginsChanged():
            return _("plugins changed")
        case events.OccurrencesMissed():
            return _("{job}: {count} missed: {reason}", job=event.job_name, count=event.count, reason=event.reason)
        case events.EnginePaused(until=None):
            return _("triggers paused: {reason}", reason=event.reason)
        case events.EnginePaused():
            return _("triggers paused until {until}: {reason}", until=str(event.until), reason=event.reason)
        case events.EngineResumed():
            return _("triggers fire again")
        case events.ClockSet():
            span = written(timedelta(seconds=abs(event.seconds)))
            if event.seconds < 0:
                return _("the clock was set back by {span}", span=span)
            return _("the clock was set forward by {span}", span=span)
        case events.StoreStalled():
            return _("the store can't be written: {reason}", reason=event.reason)
        case events.StoreRecovered():
            return _("the store can be written again")
        case events.DiskIsLow():
            return _(
                "the disk is low, {free} MiB of at least {floor} are free: no run starts until there is room",
                free=event.free,
                floor=event.floor,
            )
        case events.DiskHasRoom():
            return _("the disk has room again, {free} MiB are free: runs start", free=event.free)
        case events.BackupMade():
            return _("the store was copied to {file}", file=event.file)
        case events.BackupFailed():
            return _("the store could not be copied: {reason}", reason=event.reason)
        case events.RunStopRequested():
            return _("run {run}: asked to stop", run=event.run_id)
        case _:
            return _run_sentence(event)


def _run_sentence(event: Event) -> Text:
    match event:
        case events.RunQueued():
            return _(
                "{job} queued, attempt {attempt} ({run})", job=event.job_name, attempt=event.attempt, run=event.run_id
            )
        case events.RunStarted():
            return _(
                "{job} started, attempt {attempt} ({run})", job=event.job_name, attempt=event.attempt, run=event.run_id
            )
        case events.RunRetryPlanned():
            return _(
                "{job} attempt {attempt} failed and is tried again ({run}): {reason}",
                job=event.job_name,
                attempt=event.attempt,
                run=event.run_id,
                reason=event.reason,
            )
        case events.RunLost():
            return _("{job} UNKNOWN ({run}): {reason}", job=event.job_name, run=event.run_id, reason=event.reason or "")
        case events.RunAcknowledged():
            return _("{job} acknowledged by {actor} ({run})", job=event.job_name, actor=event.actor, run=event.run_id)
        case events.RunReopened():
            return _("{job} reopened by {actor} ({run})", job=event.job_name, actor=event.actor, run=event.run_id)
        case events.RunEnded() | events.RunResolved():
            reason = getattr(event, "reason", None)
            if reason is None:
                return _("{job} {state} ({run})", job=event.job_name, state=NAMES[event.state], run=event.run_id)
            return _(
                "{job} {state} ({run}): {reason}",
                job=event.job_name,
                state=NAMES[event.state],
                run=event.run_id,
                reason=reason,
            )
        case _:
            return _("{event}", event=type(event).__name__)
