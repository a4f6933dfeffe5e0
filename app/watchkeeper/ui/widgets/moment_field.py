"""A moment as people write it: `2026-11-24 08:30`, `08:30`, `yesterday 14:00`, `3h ago`, in the zone of the window."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from watchkeeper.model.errors import Known
from watchkeeper.model.span import parse
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.widgets.pairs import set_wrong
from watchkeeper.ui.widgets.span import read_span
from watchkeeper.ui.words import Spoken, shown

WIDTH = 184

#: Whatever a person can mean.
_YEARS = range(1970, 3000)
_DAYS = {"today": 0, "yesterday": 1, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
_NOW = ("now", "现在", "此刻")
_AGO = re.compile(r"-\s*(.+)|(.+?)\s*(?:ago|前|以前|之前)$")
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")


def read_moment(text: str, zone: str, at: datetime, *, is_end: bool = False) -> datetime | None:
    """The moment that is meant, None for nothing; Known for what is none. `is_end`: a day alone means its end."""
    words = text.strip().lower()
    if not words:
        return None
    if words in _NOW:
        return at
    if (ago := _AGO.fullmatch(words)) is not None:
        return at - _span(ago[1] or ago[2], text)
    return _on_a_day(words, text, ZoneInfo(zone), at, is_end=is_end)


def written(moment: datetime, zone: str) -> str:
    """To the minute, or to the second where it is not a whole one."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


class MomentField(Spoken, QLineEdit):
    """Up and Down go an hour on or back, with Shift a day."""

    #: The person has written something else; `problem` tells whether it is a moment.
    changed = Signal()

    def __init__(
        self, name: Text, zone: Callable[[], str], *, is_end: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._zone, self._is_end = name, zone, is_end
        #: Why it is none; None while it is right.
        self.problem: Text | None = None
        self.setFixedSize(WIDTH, 32)
        self.textEdited.connect(self._look)
        self.retranslate()

    @property
    def moment(self) -> datetime | None:
        """What is meant; Known when it is none."""
        return read_moment(self.text(), self._zone(), now(), is_end=self._is_end)

    def show_moment(self, moment: datetime | None) -> None:
        """Show one without telling."""
        self.setText("" if moment is None else written(moment, self._zone()))
        self._judge()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        self.setPlaceholderText(shown(_("14:00, 3h ago, 11-24 8:30")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            return super().keyPressEvent(event)
        is_day = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._judge()
        if self.problem is None:
            self.show_moment((self.moment or now()) + step * timedelta(days=is_day, hours=not is_day))
            self._look()

    def _look(self) -> None:
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        try:
            _moment = self.moment
            self.problem = None
        except Known as refusal:
            self.problem = refusal.text
        set_wrong(self, self.problem is not None)


def _on_a_day(words: str, text: str, zone: ZoneInfo, at: datetime, *, is_end: bool) -> datetime:
    day_part, clock_part = _parted(words)
    day = at.astimezone(zone).date() if day_part == "" else _day(day_part, text, at.astimezone(zone).date())
    if clock_part:
        return datetime.combine(day, _clock(clock_part, text), zone).astimezone(UTC)
    return datetime.combine(day + timedelta(days=1) if is_end else day, time(), zone).astimezone(UTC)


def _parted(words: str) -> tuple[str, str]:
    """The day and the time of day; either may be missing."""
    found = re.search(r"[\sT]*(\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)$", words, re.IGNORECASE)
    return (words[: found.start()].strip(), found[1]) if found else (words, "")


def _day(words: str, text: str, today: date) -> date:
    if words in _DAYS:
        return today - timedelta(days=_DAYS[words])
    found = _DATE.fullmatch(words)
    if found is None:
        raise _refusal(text)
    year = int(found[1] or today.year)
    try:
        return date(year if year in _YEARS else 0, int(found[2]), int(found[3]))
    except ValueError:
        raise Known(_("{text}: there is no such day", text=text[:40])) from None


def _clock(words: str, text: str) -> time:
    found = _TIME.fullmatch(words)
    try:
        hour, minute, second = (int(part or 0) for part in (found.groups() if found else ("99", "", "")))
        return time(hour, minute, second)
    except ValueError:
        raise Known(_("{text}: a day goes from 00:00 to 23:59", text=text[:40])) from None


def _span(words: str, text: str) -> timedelta:
    try:
        return parse(read_span(words))
    except Known:
        raise _refusal(text) from None


def _refusal(text: str) -> Known:
    return Known(_("{text} is no moment: write it like 2026-11-24 08:30, yesterday 14:00 or 3h ago", text=text[:40]))
