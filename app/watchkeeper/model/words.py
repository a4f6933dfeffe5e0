"""What starts a job, in words: never more than is true, and never the same for what fires at other times."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from watchkeeper.model.cron import expression
from watchkeeper.model.cron_fields import read_weekdays
from watchkeeper.model.cron_words import cron_words, weekday_words
from watchkeeper.model.span_words import every_words, span_words
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import (
    After,
    Cron,
    FileArrival,
    Fold,
    Gap,
    Interval,
    On,
    Once,
    Pace,
    Startup,
    Timed,
    Trigger,
    Window,
    time_of_day,
)

#: How a moment is told.
Tell = Callable[[datetime], str]


def in_utc(moment: datetime) -> str:
    """A moment as 2026-03-29 01:00:00 UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def words_of(trigger: Trigger, tell: Tell = in_utc, *, is_placed: bool = True) -> Text:
    """When `trigger` fires; known to be saved, so that its expressions can be read. `is_placed`: with its zone."""
    if not isinstance(trigger, Timed):
        return _of_event(trigger)
    said = _of_clock(trigger, tell, is_placed)
    for each in _modifiers(trigger, tell):
        said = _("{when}, {more}", when=said, more=each)
    return said


def _of_clock(trigger: Timed, tell: Tell, is_placed: bool) -> Text:
    match trigger:
        case Cron():
            said = cron_words(expression(trigger.cron).fields)
            return _in_zone(said, trigger.zone) if is_placed else said
        case Window():
            said = _of_window(trigger)
            return _in_zone(said, trigger.zone) if is_placed else said
        case Interval(pace=Pace.FIXED_DELAY):
            return _("{span} after each run has ended", span=span_words(trigger.every))
        case Interval(anchor=datetime() as anchor):
            return _("{often} from {at} on", often=every_words(trigger.every), at=tell(anchor))
        case Interval():
            return every_words(trigger.every)
        case Once():
            return _("once at {at}", at=tell(trigger.at))
    raise AssertionError(trigger)


def _of_window(trigger: Window) -> Text:
    first, last = (f"{time_of_day(field, getattr(trigger, field)):%H:%M}" for field in ("start", "end"))
    times = _("{often} from {first} to {last}", often=every_words(trigger.every), first=first, last=last)
    weekdays = read_weekdays(trigger.days)
    days = weekday_words(weekdays)
    if days is None:
        return _("{times} every day", times=times)
    return (
        _("{times}, {days}", times=times, days=days) if weekdays.plain else _("{times} {days}", times=times, days=days)
    )


def _in_zone(said: Text, zone: str | None) -> Text:
    return _("{when} ({zone})", when=said, zone=zone or "UTC")


def _of_event(trigger: Trigger) -> Text:
    match trigger:
        case After():
            return Text(_AFTER[trigger.on].message, {"job": trigger.after})
        case Startup():
            said = _("when the machine has started") if trigger.once_a_boot else _("when the engine starts")
            return said if not trigger.delay else _("{when}, {span} later", when=said, span=span_words(trigger.delay))
        case FileArrival():
            return _("when {file} appears or changes", file=trigger.file)
        case _:
            return _("by hand")


_AFTER = {
    On.SUCCESS: _("after {job} has succeeded"),
    On.FAILURE: _("after {job} has failed"),
    On.ANY: _("after {job} has ended"),
}


def _modifiers(trigger: Timed, tell: Tell) -> Iterator[Text]:
    if isinstance(trigger, Cron) and not expression(trigger.cron).is_elapsed:
        yield from _crossing_words(trigger)
    if trigger.every_nth > 1:
        yield _("only one in {n} of these times", n=trigger.every_nth)
    if trigger.valid_from is not None:
        yield _("from {at} on", at=tell(trigger.valid_from))
    if trigger.valid_until is not None:
        yield _("until {at}", at=tell(trigger.valid_until))
    for name in trigger.only_on:
        yield _("only on {calendar}", calendar=name)
    for name in trigger.not_on:
        yield _("not on {calendar}", calendar=name)
    if trigger.jitter:
        yield _("up to {span} later", span=span_words(trigger.jitter))


def _crossing_words(trigger: Cron) -> Iterator[Text]:
    """What the operator wants otherwise than cron(8)."""
    if trigger.dst_gap is Gap.SKIP:
        yield _("not at all where the clocks jump over it")
    if trigger.dst_fold is Fold.SECOND:
        yield _("the second time where the clocks go back")
    if trigger.dst_fold is Fold.BOTH:
        yield _("both times where the clocks go back")
