"""The fields of a job as a form shows them: labels, help and units, in the order of the fields."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import msgspec

from watchkeeper.model import codec
from watchkeeper.model.form import Control, FormField, choices_of, control_of, options
from watchkeeper.model.job import Concurrency, JobSpec, OnUnknown, Policy, Retry, Timeouts
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import (
    After,
    CatchUp,
    Cron,
    FileArrival,
    Fold,
    Gap,
    Interval,
    Manual,
    Misfire,
    On,
    Once,
    Pace,
    Startup,
    Window,
)


class Told(NamedTuple):
    """What is said of one field."""

    label: Text
    help: Text | None = None
    unit: Text | None = None
    placeholder: str = ""
    is_long: bool = False


#: Of the job itself, and of the parts that have fields of their own.
PARTS: Mapping[str, Any] = {"": JobSpec, "retry": Retry, "timeouts": Timeouts, "concurrency": Concurrency}
#: By the kind that a trigger names.
TRIGGERS: Mapping[str, Any] = {
    "cron": Cron,
    "interval": Interval,
    "once": Once,
    "window": Window,
    "after": After,
    "startup": Startup,
    "file": FileArrival,
    "manual": Manual,
}

WORDS: Mapping[str, Told] = {
    "name": Told(_("Name"), _("What it is called in lists, commands and notices"), placeholder="nightly-backup"),
    "description": Told(_("Description"), _("What it does, and what to do when it fails"), is_long=True),
    "tags": Told(_("Tags"), _("Words to find it by")),
    "owner": Told(_("Owner"), _("Whom to ask about it")),
    "group": Told(_("Group"), _("Where it stands in the tree; parts are parted by /")),
    "handler": Told(_("Handler"), _("What carries it out: a shell, or a plugin")),
    "params": Told(_("Parameters")),
    "triggers": Told(_("Triggers"), _("What starts it")),
    "env": Told(_("Environment"), _("Variables that its process is given; the values are kept in plain text")),
    "cwd": Told(_("Working folder"), _("The home of the user that runs it if nothing is named"), placeholder="/srv"),
    "retry": Told(_("Retry")),
    "timeouts": Told(_("Timeouts")),
    "concurrency": Told(_("Overlap")),
    "key": Told(
        _("Exclusion key"),
        _("Runs with one key exclude each other, across jobs; the job itself if nothing is named"),
        placeholder="db-${{ params.table }}",
    ),
    "pool": Told(_("Pool"), _("A limit that it shares with other jobs")),
    "priority": Told(_("Priority"), _("Who goes first when several wait: 9 first, 0 last")),
    "on_unknown": Told(_("If its end is unknown"), _("Nobody can tell whether it ran, after a crash for example")),
    "is_idempotent": Told(_("May run twice"), _("Running it again does no harm")),
    "is_enabled": Told(_("Enabled"), _("Its triggers fire; by hand it can always be started")),
    "retry.max_attempts": Told(_("Attempts"), _("The first one counts"), _("at most")),
    "retry.delay": Told(_("Delay"), _("Before the second attempt"), placeholder="1m"),
    "retry.factor": Told(_("Factor"), _("Each delay is so many times the one before")),
    "retry.max_delay": Told(_("Longest delay"), placeholder="1h"),
    "retry.jitter": Told(_("Jitter"), _("none, full, or a share: 0.1 is ± 10 %"), placeholder="none"),
    "retry.retry_on": Told(
        _("Retry on"), _("Exit codes, timeout, names of exceptions; every failure if nothing is named")
    ),
    "retry.no_retry_on": Told(_("Never retry on"), _("Exit codes, timeout, names of exceptions")),
    "retry.total_deadline": Told(_("Give up after"), _("No attempt starts later than this"), _("after it was due")),
    "timeouts.soft": Told(_("Soft timeout"), _("It is asked to end, and after the grace killed"), _("from its start")),
    "timeouts.hard": Told(_("Hard timeout"), _("It is killed at once"), _("from its start")),
    "timeouts.queue": Told(_("Longest wait"), _("In the queue; then it expires")),
    "timeouts.silence": Told(_("Silence"), _("It is stopped when so long no output came")),
    "timeouts.grace": Told(_("Grace"), _("Between the polite end and the kill")),
    "concurrency.policy": Told(_("Overlap"), _("When it is due while another run of it is live")),
    "concurrency.max_waiting": Told(_("Queue length"), _("The next one is skipped"), _("at most")),
    "triggers.cron": Told(
        _("Expression"), _("Minute hour day month weekday, or a second before them"), None, "0 2 * * *"
    ),
    "triggers.zone": Told(_("Time zone"), _("An IANA name; the workspace's if nothing is named")),
    "triggers.dst_gap": Told(_("In the spring gap"), _("A local time that the clocks jump over")),
    "triggers.dst_fold": Told(_("In the autumn fold"), _("A local time that comes twice")),
    "triggers.every": Told(_("Every"), placeholder="15m"),
    "triggers.pace": Told(_("Pace"), _("What the span is counted from")),
    "triggers.anchor": Told(
        _("Counted from"), _("1 January 1970 if nothing is named"), None, "2026-12-01T00:00:00+08:00"
    ),
    "triggers.at": Told(_("At"), None, None, "2026-12-24T18:00:00+08:00"),
    "triggers.start": Told(_("From"), _("A time of the day"), None, "09:00"),
    "triggers.end": Told(_("To"), _("A time of the day, included"), None, "18:00"),
    "triggers.days": Told(_("Weekdays"), _("As in a cron expression"), None, "mon-fri"),
    "triggers.after": Told(_("Other job")),
    "triggers.on": Told(_("When it has")),
    "triggers.delay": Told(_("Delay"), _("After the start")),
    "triggers.once_a_boot": Told(_("Once a boot"), _("When the machine has started, not each time the engine does")),
    "triggers.file": Told(_("File"), _("An absolute path; its last part may hold * and ?"), None, "/srv/in/*.csv"),
    "triggers.poll": Told(_("Look every")),
    "triggers.settle": Told(_("Settle"), _("How long it must not have changed to count as whole")),
    "triggers.misfire": Told(_("When missed"), _("Times at which it could not fire")),
    "triggers.grace": Told(_("Counts as on time"), _("What is no later fires as usual")),
    "triggers.catch_up": Told(_("Catch up")),
    "triggers.catch_up.most": Told(_("Make up for"), None, _("at most")),
    "triggers.catch_up.window": Told(_("Not older than")),
    "triggers.valid_from": Told(_("Valid from"), None, None, "2026-12-01T00:00:00+08:00"),
    "triggers.valid_until": Told(_("Valid until"), None, None, "2027-01-01T00:00:00+08:00"),
    "triggers.only_on": Told(_("Only on"), _("Calendars that must hold the moment")),
    "triggers.not_on": Told(_("Skip"), _("Calendars that must not hold the moment")),
    "triggers.every_nth": Told(_("Only every n-th"), _("Of the times above")),
    "triggers.jitter": Told(_("Spread"), _("It starts later by its own part of this span")),
}

#: What the values of enumerations are called.
CHOICES: Mapping[type, Mapping[str, Text]] = {
    Policy: {
        Policy.ALLOW: _("Run both"),
        Policy.QUEUE: _("Queue"),
        Policy.FORBID: _("Skip the new one"),
        Policy.REPLACE: _("Replace the old one"),
        Policy.COALESCE: _("Queue one"),
    },
    OnUnknown: {
        OnUnknown.HOLD: _("Wait for a person"),
        OnUnknown.RETRY: _("Run it again"),
        OnUnknown.FAIL: _("Let it fail"),
    },
    Misfire: {
        Misfire.SKIP: _("Skip what was missed"),
        Misfire.RUN_LATEST: _("Run once, for the last"),
        Misfire.RUN_ALL: _("Run each of them"),
    },
    Gap: {Gap.NEXT: _("At the first moment after it"), Gap.SKIP: _("Not at all")},
    Fold: {Fold.FIRST: _("The first time"), Fold.SECOND: _("The second time"), Fold.BOTH: _("Both times")},
    Pace: {Pace.FIXED_RATE: _("From start to start"), Pace.FIXED_DELAY: _("From end to start")},
    On: {On.SUCCESS: _("Succeeded"), On.FAILURE: _("Failed"), On.ANY: _("Ended, however it did")},
}


def job_fields() -> tuple[FormField, ...]:
    """Every field of a job by its path, like `retry.delay`; `params` and `triggers` have forms of their own."""
    told = (field for place, shape in PARTS.items() for field in _fields(shape, place, place))
    return tuple(field for field in told if field.name not in PARTS)


def trigger_fields(kind: str) -> tuple[FormField, ...]:
    """The fields of one kind of trigger, those of its catch-up with the path `catch_up.most`."""
    own = _fields(TRIGGERS[kind], "", "triggers")
    if not any(field.name == "catch_up" for field in own):
        return own
    rest = tuple(field for field in own if field.name != "catch_up")
    return (*rest, *_fields(CatchUp, "catch_up", "triggers.catch_up"))


@cache
def _fields(shape: Any, place: str, words: str) -> tuple[FormField, ...]:
    hints = get_type_hints(shape, include_extras=True)
    return tuple(_field(each, hints[each.name], place, words) for each in msgspec.structs.fields(shape))


def _field(each: Any, hint: Any, place: str, words: str) -> FormField:
    control, is_optional, has_numbers = control_of(hint)
    told = WORDS.get(f"{words}.{each.name}" if words else each.name) or Told(Text(each.name.replace("_", " ")))
    return FormField(
        name=f"{place}.{each.name}" if place else each.name,
        control=Control.LINES if told.is_long else control,
        label=told.label,
        help=told.help,
        unit=told.unit,
        is_required=each.required,
        is_optional=is_optional,
        default=None if each.required else codec.plain(_default(each)),
        options=options(choices_of(hint), CHOICES.get(_enumeration(hint), {})),
        placeholder=told.placeholder,
        has_numbers=has_numbers,
    )


def _default(each: Any) -> Any:
    return each.default_factory() if each.default is msgspec.NODEFAULT else each.default


def _enumeration(hint: Any) -> Any:
    info = msgspec.inspect.type_info(hint)
    return info.cls if isinstance(info, msgspec.inspect.EnumType) else None
