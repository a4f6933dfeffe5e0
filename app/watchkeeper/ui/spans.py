"""Moments and spans as people read them: `4m 02s`, `in 3 min`, `4 min ago`, `08:41`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate

from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.words import language, locale

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(span: timedelta) -> str:
    """Compact, for columns: `0.3s`, `4m 02s`, `1h 04m`, `3d 02h`."""
    seconds = max(0.0, span.total_seconds())
    if seconds < 1:
        return f"{seconds:.1f}s"
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02d}s"
    if whole < _DAY:
        return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02d}m"
    return f"{whole // _DAY}d {whole % _DAY // _HOUR:02d}h"


def span(value: timedelta) -> Text:
    """In words of the language: `3 min`, `1 h 20 min`."""
    whole = int(abs(value.total_seconds()))
    if whole < _MINUTE:
        return _("{n} s", n=whole)
    if whole < _HOUR:
        return _("{n} min", n=whole // _MINUTE)
    if whole < 10 * _HOUR:
        minutes = whole % _HOUR // _MINUTE
        return _("{hours} h {minutes} min", hours=whole // _HOUR, minutes=minutes) if minutes else _hours(whole)
    if whole < 2 * _DAY:
        return _hours(whole)
    return plural("{n} day", "{n} days", whole // _DAY)


def _hours(seconds: int) -> Text:
    return _("{n} h", n=seconds // _HOUR)


def ago(moment: datetime, now: datetime) -> Text:
    """`4 min ago`, `just now`."""
    if (now - moment).total_seconds() < 5:
        return _("just now")
    return _("{span} ago", span=span(now - moment))


def ahead(moment: datetime, now: datetime) -> Text:
    """`in 3 min`, `now`."""
    if (moment - now).total_seconds() < 1:
        return _("now")
    return _("in {span}", span=span(moment - now))


def countdown(value: timedelta) -> str:
    """`00:03:12`; days before it where there are some."""
    whole = max(0, int(value.total_seconds()))
    days, rest = divmod(whole, _DAY)
    clock = f"{rest // _HOUR:02d}:{rest % _HOUR // _MINUTE:02d}:{rest % _MINUTE:02d}"
    return f"{days}d {clock}" if days else clock


def clock(moment: datetime, zone: str, *, has_seconds: bool = False) -> str:
    """The time of day in a zone."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S" if has_seconds else "%H:%M")


def day(moment: datetime, zone: str) -> str:
    """The day in a zone, written by the language: `Tue 24 Nov`, `11月24日 周二`."""
    local = moment.astimezone(ZoneInfo(zone))
    pattern = "M月d日 ddd" if language() == "zh_CN" else "ddd d MMM"
    return locale().toString(QDate(local.year, local.month, local.day), pattern)


def weekday(moment: datetime, zone: str) -> str:
    """The day of the week in a zone: `Tue`, `周二`."""
    local = moment.astimezone(ZoneInfo(zone))
    return locale().toString(QDate(local.year, local.month, local.day), "ddd")


def long_day(moment: datetime, zone: str) -> str:
    """`Tuesday, 24 November 2026`, `2026年11月24日 星期二`."""
    local = moment.astimezone(ZoneInfo(zone))
    pattern = "yyyy年M月d日 dddd" if language() == "zh_CN" else "dddd, d MMMM yyyy"
    return locale().toString(QDate(local.year, local.month, local.day), pattern)


def moment(at: datetime, zone: str, now: datetime) -> str:
    """The time of day, with the day before it unless it is today."""
    here = ZoneInfo(zone)
    if at.astimezone(here).date() == now.astimezone(here).date():
        return clock(at, zone, has_seconds=True)
    return f"{day(at, zone)} {clock(at, zone)}"


def offset(moment: datetime, zone: str) -> str:
    """`CST UTC+8`: the zone's short name and its offset at a moment."""
    local = moment.astimezone(ZoneInfo(zone))
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // _MINUTE)
    sign, (hours, rest) = "−" if minutes < 0 else "+", divmod(abs(minutes), 60)
    shown = f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "UTC"
    name = local.tzname() or ""
    return shown if name in ("", "UTC") or name[0] in "+-" else f"{name}  {shown}"
