"""A cron expression in words. What has no short form is told by its numbers, which is plain but never wrong."""

from collections.abc import Callable, Sequence

from watchkeeper.model.cron_fields import Fields, MonthDays, Weekdays
from watchkeeper.model.text import Text, _, plural

_WEEKDAYS = (_("Sunday"), _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"))
_MONTHS = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
    *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
)
_ORDINALS = (_("1st"), _("2nd"), _("3rd"), _("4th"), _("5th"))
#: More times of day than this are told by their fields.
_MOST_TIMES = 6


def cron_words(fields: Fields) -> Text:
    """When an expression fires; the star that makes a job follow elapsed time is told by `every`."""
    times = _wild_times(fields) if fields.is_wild else _fixed_times(fields)
    days = _day_words(fields.days, fields.weekdays)
    if days is None:
        said = times if fields.is_wild else _("{times} every day", times=times)
    elif fields.days.is_star and fields.weekdays.plain:
        said = _("{times}, {days}", times=times, days=days)
    else:
        said = _("{times} {days}", times=times, days=days)
    if len(fields.months) == 12:
        return said
    return _("{when}, only in {months}", when=said, months=_listed(fields.months, lambda month: _MONTHS[month - 1]))


def weekday_words(weekdays: Weekdays) -> Text | None:
    """The days that a weekday field alone leaves; None when it leaves all."""
    if len(weekdays.plain) == 7:
        return None
    if weekdays.plain:
        # A week begins on Monday and ends on Sunday.
        return _listed(sorted((day - 1) % 7 for day in weekdays.plain), lambda day: _WEEKDAYS[(day + 1) % 7])
    return _("on {days} of the month", days=_joined(_numbered_weekdays(weekdays)))


def _numbered_weekdays(weekdays: Weekdays) -> list[Text | str]:
    nth = [
        _("the {nth} {weekday}", nth=_ORDINALS[nth - 1], weekday=_WEEKDAYS[day]) for day, nth in sorted(weekdays.nth)
    ]
    return [*nth, *(_("the last {weekday}", weekday=_WEEKDAYS[day]) for day in sorted(weekdays.last))]


def _day_words(days: MonthDays, weekdays: Weekdays) -> Text | None:
    """The days of an expression; None for every day."""
    of_month, of_week = _month_day_words(days), weekday_words(weekdays)
    if days.is_star or weekdays.is_star:
        if of_month is None or of_week is None:
            return of_month or of_week
        return _("{days}, if that is also {weekdays}", days=of_month, weekdays=of_week)
    if of_month is None or of_week is None:
        return None
    return _("{days} or {weekdays}", days=of_month, weekdays=of_week)


def _month_day_words(days: MonthDays) -> Text | None:
    if len(days.plain) == 31:
        return None
    said = list[Text | str]()
    if days.plain:
        listed = _listed(sorted(days.plain))
        said.append(plural("day {days}", "days {days}", len(days.plain), days=listed))
    if days.has_last:
        said.append(_("the last day"))
    if days.nearest_to is not None:
        said.append(_("the working day nearest to day {day}", day=days.nearest_to))
    return _("on {days} of the month", days=_joined(said))


def _fixed_times(fields: Fields) -> Text:
    count = len(fields.hour) * len(fields.minute) * len(fields.second)
    if count > _MOST_TIMES:
        return _by_fields(fields)
    times = [(hour, minute, second) for hour in fields.hour for minute in fields.minute for second in fields.second]
    return _("at {times}", times=_joined([_clock(*time) for time in times]))


def _wild_times(fields: Fields) -> Text:
    said = _every(fields)
    return said if said is not None else _("{times}, by elapsed time", times=_by_fields(fields))


def _every(fields: Fields) -> Text | None:
    """The short form of the usual wildcards."""
    second, minute, hour = fields.second, fields.minute, fields.hour
    if len(minute) == 60 and len(hour) == 24 and (step := _step(second, 60)):
        return _("every second") if step == 1 else _("every {n} seconds", n=step)
    if second != (0,):
        return None
    if step := _step(minute, 60):
        return _every_minutes(step, hour)
    if len(minute) == 1 and (step := _step(hour, 24)):
        hours = _("every hour") if step == 1 else _("every {n} hours", n=step)
        return hours if minute == (0,) else _("{hours} at minute {minute}", hours=hours, minute=minute[0])
    return None


def _every_minutes(step: int, hour: tuple[int, ...]) -> Text | None:
    minutes = _("every minute") if step == 1 else _("every {n} minutes", n=step)
    if len(hour) == 24:
        return minutes
    if hour[-1] - hour[0] + 1 != len(hour):
        return None
    return _("{every} from {first} to {last}", every=minutes, first=_clock(hour[0], 0), last=_clock(hour[-1], 59))


def _step(values: tuple[int, ...], size: int) -> int | None:
    """The n of "every n", if `values` are that all around the clock, and more than one."""
    step = size // len(values)
    return step if len(values) > 1 and values == tuple(range(0, size, step)) and size % step == 0 else None


def _by_fields(fields: Fields) -> Text:
    minutes = plural("minute {list}", "minutes {list}", len(fields.minute), list=_listed(fields.minute))
    hours = plural("hour {list}", "hours {list}", len(fields.hour), list=_listed(fields.hour))
    if fields.second == (0,):
        return _("at {minutes} of {hours}", minutes=minutes, hours=hours)
    seconds = plural("second {list}", "seconds {list}", len(fields.second), list=_listed(fields.second))
    return _("at {seconds} of {minutes} of {hours}", seconds=seconds, minutes=minutes, hours=hours)


def _clock(hour: int, minute: int, second: int = 0) -> str:
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _number(value: int) -> Text:
    return Text(str(value))


def _listed(values: Sequence[int], name: Callable[[int], Text] = _number) -> Text:
    """Rising values by name, three or more in a row as first to last."""
    parts, start = list[Text | str](), 0
    for end in range(1, len(values) + 1):
        if end == len(values) or values[end] != values[end - 1] + 1:
            parts += _run([name(value) for value in values[start:end]])
            start = end
    return _joined(parts)


def _run(names: Sequence[Text]) -> list[Text | str]:
    return list(names) if len(names) < 3 else [_("{first} to {last}", first=names[0], last=names[-1])]


def _joined(parts: Sequence[Text | str]) -> Text:
    said = parts[0] if isinstance(parts[0], Text) else Text(parts[0])
    for part in parts[1:]:
        said = _("{first}, {rest}", first=said, rest=part)
    return said
