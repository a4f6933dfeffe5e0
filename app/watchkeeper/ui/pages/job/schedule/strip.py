"""Five weeks, a column for each day and a bar for each run."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from watchkeeper.action.preview import DayOutlook
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.hatch import hatch
from watchkeeper.ui.theme import Role, faded, font, tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.widgets.weekdays import short_day
from watchkeeper.ui.words import Spoken, language, locale, shown

HEAD, BODY, FOOT = 20, 42, 18
#: More runs of a day are one block.
MOST_BARS = 6
HEIGHT = HEAD + BODY + FOOT


class Strip(Spoken, QWidget):
    """Left and right walk through the days; what is told of the chosen one is its description."""

    def __init__(self) -> None:
        super().__init__()
        self.days: tuple[DayOutlook, ...] = ()
        self._chosen = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    def show_days(self, days: Sequence[DayOutlook]) -> None:
        """Show these days, the first is today."""
        self.days = tuple(days)
        self._chosen = min(self._chosen, max(0, len(days) - 1))
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("The next 35 days")))
        self.setAccessibleDescription(told_of(self.days[self._chosen]) if self.days else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def rect_of(self, number: int) -> QRectF:
        """The body of a day's column."""
        pitch = self.width() / max(1, len(self.days))
        return QRectF(number * pitch + 2, HEAD, pitch - 4, BODY)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, day in enumerate(self.days):
            self._paint_words(painter, number, day)
            self._paint_body(painter, number, day)
        if self.hasFocus() and self.days:
            draw_focus(painter, self.rect_of(self._chosen).adjusted(-3, -3, 3, 3))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            number = int(event.pos().x() // (self.width() / max(1, len(self.days))))
            words = told_of(self.days[number]) if 0 <= number < len(self.days) else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # Qt hands an event over

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step or not self.days:
            super().keyPressEvent(event)
            return
        self._chosen = min(max(self._chosen + step, 0), len(self.days) - 1)
        self.retranslate()
        rect = self.rect_of(self._chosen).toRect()
        QToolTip.showText(self.mapToGlobal(rect.bottomLeft()), told_of(self.days[self._chosen]), self)

    def _paint_words(self, painter: QPainter, number: int, day: DayOutlook) -> None:
        t, body = tokens(), self.rect_of(number)
        weekday = short_day(day.day.isoweekday())[: 1 if language() == "zh_CN" else 2]
        painter.setFont(font(Role.CAPTION, weekday))
        painter.setPen(t.text_2)
        painter.drawText(QRectF(body.left() - 4, 0, body.width() + 8, HEAD - 2), Qt.AlignmentFlag.AlignCenter, weekday)
        is_marked = number == 0 or day.day.day == 1
        painter.setFont(font(Role.CAPTION_STRONG if is_marked else Role.CAPTION))
        painter.setPen(t.text if is_marked else t.text_3)
        below = QRectF(body.left() - 4, HEAD + BODY + 2, body.width() + 8, FOOT - 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(day.day.day))

    def _paint_body(self, painter: QPainter, number: int, day: DayOutlook) -> None:
        t, rect = tokens(), self.rect_of(number)
        runs = day.passed + day.count
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.selection if runs else t.surface_2)
        painter.drawRoundedRect(rect, 3, 3)
        if not runs and day.excluded:
            _hatch(painter, rect)
        elif not runs:
            painter.setPen(QPen(t.border_soft, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        elif runs > MOST_BARS:
            share = min(1.0, 0.55 + runs / 2000)
            painter.setBrush(t.warning if day.meeting else t.accent)
            painter.setOpacity(share)
            painter.drawRoundedRect(rect.adjusted(3, 4, -3, -4), 2, 2)
            painter.setOpacity(1)
        else:
            self._paint_bars(painter, rect, day, runs)
        if number == 0:
            painter.setPen(QPen(t.text, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 4, 4)

    def _paint_bars(self, painter: QPainter, rect: QRectF, day: DayOutlook, runs: int) -> None:
        t = tokens()
        pitch = min(7.0, (BODY - 6) / runs)
        top = rect.top() + (BODY - pitch * runs) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        for run in range(runs):
            meets = run - day.passed in day.meeting
            color = t.warning if meets else t.accent
            painter.setBrush(faded(color, 0.35) if run < day.passed else color)
            painter.drawRoundedRect(
                QRectF(rect.left() + 3, top + run * pitch + (pitch - 3) / 2, rect.width() - 6, 3), 1, 1
            )


class Legend(Spoken, QWidget):
    """What the marks of the strip mean; only those that are there."""

    def __init__(self) -> None:
        super().__init__()
        self._days: tuple[DayOutlook, ...] = ()
        self.setFixedHeight(22)

    def show_days(self, days: Sequence[DayOutlook]) -> None:
        """Explain these days."""
        self._days = tuple(days)
        self.update()

    def retranslate(self) -> None:
        self.update()

    def items(self) -> list[tuple[str, Text]]:
        """Mark and words."""
        found: list[tuple[str, Text]] = []
        runs = [day for day in self._days if day.count]
        if any(day.count + day.passed <= MOST_BARS for day in runs):
            found.append(("run", _("each bar is a run")))
        if any(day.count + day.passed > MOST_BARS for day in runs):
            found.append(("block", _("more than {n} runs", n=MOST_BARS)))
        if any(not day.count and not day.passed and not day.excluded for day in self._days):
            found.append(("none", _("no run")))
        closed = [day for day in self._days if day.excluded and not day.count]
        if closed:
            first = closed[0]
            said = _("{calendar}, the first on {day}", calendar=", ".join(first.calendars), day=_short(first.day))
            found.append(("hatch", said))
        if any(day.meeting for day in self._days):
            found.append(("meets", _("meets another job")))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, left = tokens(), QPainter(self), 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark, text in self.items():
            box = QRectF(left, 5, 12, 12)
            painter.setPen(Qt.PenStyle.NoPen)
            if mark == "hatch":
                _hatch(painter, box)
            elif mark == "none":
                painter.setPen(t.border)
                painter.setBrush(t.surface_2)
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            elif mark == "block":
                painter.setBrush(faded(t.accent, 0.6))
                painter.drawRoundedRect(box, 2, 2)
            else:
                painter.setBrush(t.warning if mark == "meets" else t.accent)
                for y in (7, 12):
                    painter.drawRoundedRect(QRectF(left, y, 12, 3), 1, 1)
            words = shown(text)
            painter.setFont(font(Role.SMALL, words))
            painter.setPen(t.text_2)
            painter.drawText(QPointF(left + 18, 15.5), words)
            left += 18 + QFontMetricsF(painter.font()).horizontalAdvance(words) + 16


def told_of(day: DayOutlook) -> str:
    """A day in words."""
    parts = [locale().toString(QDate(day.day.year, day.day.month, day.day.day), locale().FormatType.LongFormat)]
    parts.append(shown(plural("{n} run", "{n} runs", day.count)) if day.count else shown(_("no run")))
    if day.excluded:
        parts.append(shown(_("{n} taken out by {calendars}", n=day.excluded, calendars=", ".join(day.calendars))))
        named = day.holidays.get(language()) or day.holidays.get("en_US") or next(iter(day.holidays.values()), "")
        parts += [named] if named else [shown(why) for why in day.why[:3]]
    if day.meeting:
        parts.append(shown(plural("{n} of them meets another job", "{n} of them meet another job", len(day.meeting))))
    if day.is_changed:
        parts.append(shown(_("the clocks are changed on this day")))
    return "\n".join(parts)


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _hatch(painter: QPainter, rect: QRectF) -> None:
    t = tokens()
    painter.setPen(QPen(t.border_strong, 1))
    painter.setBrush(hatch(t.surface_1, t.planned, painter.device().devicePixelRatio()))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
