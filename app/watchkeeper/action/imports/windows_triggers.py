"""The triggers of a task of the Windows Task Scheduler, where ours mean the same moments."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from watchkeeper.action.imports.xml_lines import Element
from watchkeeper.model import cron
from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Cron, Interval, Misfire, Once, Startup, Trigger, Window

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SPAN = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})(?:\.\d+)?S)?)?", re.ASCII)
_DAY = timedelta(days=1)
#: A whole day's repetition has no window: it goes on for ever.
_ALWAYS = "*"


def trigger_of(element: Element, place: str, misfire: Misfire) -> Trigger:
    """The trigger that an element stands for; Known where there is none that fires at the same moments."""
    made = _MADE.get(element.name)
    if made is None:
        raise Known(_("a {kind} can't be taken: only times and the start of the machine", kind=element.name[:60]))
    return made(element, place, misfire)


def span_of(text: str) -> Span:
    """PT15M, P1DT2H; Known for anything else, months and years among it."""
    found = _SPAN.fullmatch(text)
    if found is None or not any(found.groups()):
        raise Known(_("{text} is no span of days, hours, minutes and seconds", text=text[:60]))
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Span(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _boot(element: Element, _place: str, _misfire: Misfire) -> Trigger:
    _require_no_repetition(element)
    delay = element.value("Delay")
    return Startup(delay=span_of(delay) if delay else Span(0), once_a_boot=True)


def _time(element: Element, place: str, misfire: Misfire) -> Trigger:
    start, shared = _start(element, place), _shared(element, place, misfire)
    every = element.value("Repetition", "Interval")
    if not every:
        return Once(at=start, **{name: value for name, value in shared.items() if name in ("misfire", "jitter")})
    duration = element.value("Repetition", "Duration")
    if duration:
        last = start + span_of(duration)
        shared["valid_until"] = min(shared.get("valid_until", last), last)
    return Interval(every=span_of(every), anchor=start, **shared)


def _calendar(element: Element, place: str, misfire: Misfire) -> Trigger:
    kinds = [child for child in element.children if child.name.startswith("ScheduleBy")]
    if len(kinds) != 1:
        raise Known(_("a calendar trigger has one ScheduleBy element"))
    read = _SCHEDULES.get(kinds[0].name)
    if read is None:
        raise Known(_("{kind} can't be said by a cron expression", kind=kinds[0].name[:60]))
    day, month, weekday, nth = read(kinds[0])
    start, shared = _start(element, place), _shared(element, place, misfire)
    if start.second:
        raise Known(_("it starts at second {second}: cron knows whole minutes only", second=start.second))
    local = _local(start, is_daily=(day, weekday) == ("*", _ALWAYS))
    if element.value("Repetition", "Interval"):
        return _repeated(element, local, shared, (day, month, weekday, str(nth)))
    text = f"{local.minute} {local.hour} {day} {month} {weekday}"
    cron.expression(text)
    return Cron(cron=text, zone=str(local.tzinfo), every_nth=nth, **shared)


def _local(start: datetime, *, is_daily: bool) -> datetime:
    """The start in the zone of its days: a time with an offset stays where it is when clocks change, as in UTC."""
    if isinstance(start.tzinfo, ZoneInfo):
        return start
    there = start.astimezone(ZoneInfo("UTC"))
    if there.date() != start.date() and not is_daily:
        raise Known(_("its days are others in UTC: write StartBoundary without an offset"))
    return there


def _repeated(element: Element, start: datetime, shared: dict[str, Any], days: tuple[str, ...]) -> Trigger:
    """Every so often from a time of the day on: a window, its end included as Windows includes it."""
    every = span_of(element.value("Repetition", "Interval"))
    length = span_of(element.value("Repetition", "Duration") or "P1D")
    if days[:2] != ("*", "*") or days[3] != "1":
        raise Known(_("a repetition is taken on every day or on days of the week only"))
    if length >= _DAY and days[2] == _ALWAYS:
        return Interval(every=every, anchor=start, **shared)
    end = start + length
    if end.date() != start.date():
        raise Known(_("a repetition that goes on after midnight can't be taken: give two triggers"))
    return Window(
        every=every, start=f"{start:%H:%M}", end=f"{end:%H:%M}", days=days[2], zone=str(start.tzinfo), **shared
    )


def _by_day(schedule: Element) -> tuple[str, str, str, int]:
    return "*", "*", _ALWAYS, _count(schedule, "DaysInterval")


def _by_week(schedule: Element) -> tuple[str, str, str, int]:
    days = [number for number, name in enumerate(_DAYS) if schedule.find("DaysOfWeek", name) is not None]
    weeks = _count(schedule, "WeeksInterval")
    if not days:
        raise Known(_("no day of the week is named"))
    if weeks > 1 and len(days) > 1:
        raise Known(_("several days of every n-th week can't be taken: give each day a trigger"))
    return "*", "*", _ALWAYS if len(days) == len(_DAYS) else ",".join(map(str, days)), weeks


def _by_month(schedule: Element) -> tuple[str, str, str, int]:
    found = schedule.find("DaysOfMonth")
    days = [day.text.strip() for day in found.all("Day")] if found is not None else []
    if not days or not all(re.fullmatch(r"\d{1,2}", day, re.ASCII) for day in days):
        raise Known(_("days of the month are numbers from 1 to 31: cron knows no last day"))
    return ",".join(days), _months(schedule), "*", 1


def _months(schedule: Element) -> str:
    months = [number for number, name in enumerate(_MONTHS, 1) if schedule.find("Months", name) is not None]
    return "*" if len(months) in (0, len(_MONTHS)) else ",".join(map(str, months))


def _count(schedule: Element, name: str) -> int:
    text = schedule.value(name) or "1"
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise Known(_("{name} {text} is no number from 1 to 9999", name=name, text=text[:60]))
    return int(text)


def _start(element: Element, place: str) -> datetime:
    text = element.value("StartBoundary")
    if not text:
        raise Known(_("it has no StartBoundary: from when on?"))
    return _moment(text, place)


def _moment(text: str, place: str) -> datetime:
    """A time with its offset, or in `place`."""
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(place))
    except (ValueError, OverflowError):
        raise Known(_("{text} is no time: like 2026-03-29T02:30:00", text=text[:60])) from None


def _shared(element: Element, place: str, misfire: Misfire) -> dict[str, Any]:
    end, delay = element.value("EndBoundary"), element.value("RandomDelay")
    shared: dict[str, Any] = {"misfire": misfire, "valid_from": _start(element, place)}
    if delay:
        shared["jitter"] = span_of(delay)
    if end:
        shared["valid_until"] = _moment(end, place)
    return shared


def _require_no_repetition(element: Element) -> None:
    if element.find("Repetition", "Interval") is not None:
        raise Known(_("a repetition after the start of the machine can't be taken"))


_MADE: Mapping[str, Callable[[Element, str, Misfire], Trigger]] = {
    "BootTrigger": _boot,
    "TimeTrigger": _time,
    "CalendarTrigger": _calendar,
}
_SCHEDULES: Mapping[str, Callable[[Element], tuple[str, str, str, int]]] = {
    "ScheduleByDay": _by_day,
    "ScheduleByWeek": _by_week,
    "ScheduleByMonth": _by_month,
}
