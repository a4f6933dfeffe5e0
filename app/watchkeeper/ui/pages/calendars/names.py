"""What days and rules are called on the page."""

from datetime import date

from PySide6.QtCore import QDate

from watchkeeper.action.calendar_preview import CalendarDay
from watchkeeper.model.calendar import Which
from watchkeeper.model.text import Text, _
from watchkeeper.ui.words import language, locale, shown

WHICH: tuple[tuple[str, Text], ...] = (
    (Which.HOLIDAYS, _("Public holidays")),
    (Which.OFF, _("Days off: weekends and holidays")),
    (Which.WORKING, _("Workdays, with make-up days")),
    (Which.MAKE_UP, _("Make-up workdays only")),
)


def long_date(day: date) -> str:
    """`Thursday, 1 January 2026`, `2026年1月1日 星期四`."""
    pattern = "yyyy年M月d日 dddd" if language() == "zh_CN" else "dddd, d MMMM yyyy"
    return locale().toString(QDate(day.year, day.month, day.day), pattern)


def short_date(day: date) -> str:
    """`Thu 1 Jan 2026`, `2026年1月1日 周四`."""
    pattern = "yyyy年M月d日 ddd" if language() == "zh_CN" else "ddd d MMM yyyy"
    return locale().toString(QDate(day.year, day.month, day.day), pattern)


def holiday_name(day: CalendarDay) -> str:
    """In the window's language, else as the country has it; "" for no holiday."""
    return day.holiday.get(language()) or day.holiday.get("en") or next(iter(day.holiday.values()), "")


def told_of(day: CalendarDay) -> list[str]:
    """A day in words, a line each, the date first."""
    lines = [long_date(day.day)]
    if name := holiday_name(day):
        lines.append(name)
    if day.is_make_up:
        lines.append(shown(_("make-up workday")))
    if day.is_whole:
        lines.append(shown(_("held: {why}", why=_joined(day.why))))
    elif day.hours:
        lines.append(shown(_("held {hours}: {why}", hours=", ".join(day.hours), why=_joined(day.why))))
    else:
        lines.append(shown(_("not held")))
    if day.taken and not day.is_whole:
        lines.append(shown(_("taken out: {why}", why=_joined(day.taken))))
    return lines


def _joined(parts: tuple[Text, ...]) -> str:
    return ("；" if language() == "zh_CN" else "; ").join(shown(part) for part in parts)
