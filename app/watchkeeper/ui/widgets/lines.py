"""A list of lines, painted: glyph, words, a fact, a time at the right, and links that do something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import Role, density, font, tokens
from watchkeeper.ui.words import Spoken, shown

_SIDE, _GAP = 16, 12


@dataclass(frozen=True)
class Link:
    """Words that can be clicked."""

    text: Text
    follow: Callable[[], object]


@dataclass(frozen=True)
class Line:
    """One row."""

    text: Text | str
    icon: str = ""
    fact: Text | str = ""
    #: At the right.
    when: Text | str = ""
    links: tuple[Link, ...] = ()
    #: What Enter or a double click does.
    open: Callable[[], object] | None = None
    is_mono: bool = False
    #: Before the words, in a column of its own.
    lead: str = ""
    #: A glyph behind the words.
    mark: str = ""
    #: It stands over those that follow, and is not chosen.
    is_heading: bool = False

    def told(self) -> str:
        """All of it in a row, for whoever hears it."""
        parts = (self.lead, self.text, self.fact, self.when)
        return ", ".join(words for part in parts if (words := shown(part)))


class Lines(Spoken, QAbstractScrollArea):
    """`empty`: what is said when there is none."""

    def __init__(self, empty: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty
        self._name: Text | str = ""
        self.lines: list[Line] = []
        self.current = -1
        self._hovered = -1
        self._follows_end = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def say_empty(self, empty: Text) -> None:
        """Other words for when there is none."""
        self._empty = empty

    def set_lines(self, lines: Sequence[Line], *, follows_end: bool = False) -> None:
        """Show these; `follows_end`: the last is seen unless somebody has scrolled up."""
        self._follows_end = follows_end
        was_at_end = self._is_at_end()
        self.lines = list(lines)
        self.current = min(self.current, len(self.lines) - 1)
        self._fit(was_at_end)
        self.retranslate()

    def call(self, name: Text | str) -> None:
        """What it is called when it is read aloud."""
        self._name = name
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))
        if 0 <= self.current < len(self.lines):
            self.setAccessibleDescription(self.lines[self.current].told())
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.lines:
            painter.setPen(tokens().text_2)
            words = shown(self._empty)
            painter.setFont(font(Role.BODY, words))
            painter.drawText(QRectF(self.viewport().rect()), Qt.AlignmentFlag.AlignCenter, words)
            return
        first, last = self._visible()
        for number in range(first, last):
            self._paint_line(painter, number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(self._is_at_end())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._at(event.position().y())
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if self._link_at(event.position()) else Qt.CursorShape.ArrowCursor
        )
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._select(self._at(event.position().y()))
        if (link := self._link_at(event.position())) is not None:
            link.follow()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._open(self._at(event.position().y()))

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_J: 1}.get(Qt.Key(event.key()))
        if step is not None and self.lines:
            self._select(self._beside(step))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.current)
        else:
            super().keyPressEvent(event)

    def _beside(self, step: int) -> int:
        """The next line that is no heading; where there is none, where the keys are."""
        number = self.current + step
        while 0 <= number < len(self.lines) and self.lines[number].is_heading:
            number += step
        return number if 0 <= number < len(self.lines) else max(self.current, 0)

    def _select(self, number: int) -> None:
        if 0 <= number < len(self.lines) and self.lines[number].is_heading:
            return
        self.current = number
        row, bar = density().row, self.verticalScrollBar()
        if number >= 0:
            bar.setValue(max(min(bar.value(), number * row), (number + 1) * row - self.viewport().height()))
        self.retranslate()

    def _open(self, number: int) -> None:
        if 0 <= number < len(self.lines) and (opened := self.lines[number].open) is not None:
            opened()

    def _is_at_end(self) -> bool:
        return self.verticalScrollBar().value() >= self.verticalScrollBar().maximum() - 1

    def _fit(self, was_at_end: bool) -> None:
        row, room = density().row, self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, len(self.lines) * row - room))
        self.verticalScrollBar().setPageStep(room)
        self.verticalScrollBar().setSingleStep(row)
        if self._follows_end and was_at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _visible(self) -> tuple[int, int]:
        row, top = density().row, self.verticalScrollBar().value()
        return top // row, min(len(self.lines), (top + self.viewport().height()) // row + 1)

    def _at(self, y: float) -> int:
        number = int((y + self.verticalScrollBar().value()) // density().row)
        return number if 0 <= number < len(self.lines) else -1

    def _rect(self, number: int) -> QRectF:
        row = density().row
        return QRectF(0, number * row - self.verticalScrollBar().value(), self.viewport().width(), row)

    def _link_rects(self, number: int) -> list[tuple[Link, QRectF]]:
        """The links of a line from the left; they end at the right edge."""
        rect, placed = self._rect(number), list[tuple[Link, QRectF]]()
        right = rect.right() - _SIDE
        for link in reversed(self.lines[number].links):
            words = shown(link.text)
            width = QFontMetricsF(font(Role.SMALL_STRONG, words)).horizontalAdvance(words)
            placed.insert(0, (link, QRectF(right - width, rect.top(), width + 1, rect.height())))
            right -= width + _GAP
        return placed

    def _link_at(self, point: QPointF) -> Link | None:
        number = self._at(point.y())
        if number < 0:
            return None
        return next((link for link, rect in self._link_rects(number) if rect.contains(point)), None)

    def _paint_line(self, painter: QPainter, number: int) -> None:
        t, line, rect = tokens(), self.lines[number], self._rect(number)
        if line.is_heading:
            painter.fillRect(rect, t.surface_2)
        elif number == self.current and self.hasFocus():
            painter.fillRect(rect, t.selection)
            painter.fillRect(QRectF(0, rect.top(), 2, rect.height()), t.accent)
        elif number == self._hovered:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRectF(_SIDE, rect.bottom() - 1, rect.width() - 2 * _SIDE, 1), t.border_soft)
        x = rect.left() + _SIDE
        if line.icon:
            icons.paint(painter, line.icon, color_of(line.icon) or t.text_2, QRectF(x, rect.center().y() - 8, 16, 16))
            x += 16 + 8
        right = self._paint_right(painter, line, number, rect)
        if line.lead:
            _write(painter, line.lead, Role.BODY, t.text, QRectF(x, rect.top(), right - x, rect.height()))
            x += _lead_width(line.lead) + _GAP
        role = Role.SECTION if line.is_heading else Role.MONO if line.is_mono else Role.BODY
        mark = 14 + 6 if line.mark else 0
        room = QRectF(x, rect.top(), right - x - _GAP - mark, rect.height())
        x = _write(painter, shown(line.text), role, t.text, room)
        if line.mark:
            place = QRectF(x + 6, rect.center().y() - 7, 14, 14)
            icons.paint(painter, line.mark, color_of(line.mark) or t.text_2, place)
            x += mark
        fact = shown(line.fact)
        if fact:
            room = QRectF(x + _GAP, rect.top(), right - x - 2 * _GAP, rect.height())
            _write(painter, fact, Role.SMALL, t.text_2, room)

    def _paint_right(self, painter: QPainter, line: Line, number: int, rect: QRectF) -> float:
        t, right = tokens(), rect.right() - _SIDE
        for link, place in self._link_rects(number):
            words = shown(link.text)
            painter.setFont(font(Role.SMALL_STRONG, words))
            painter.setPen(t.accent)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
            right = min(right, place.left() - _GAP)
        words = shown(line.when)
        if words:
            drawn = font(Role.SMALL, words)
            width = QFontMetricsF(drawn).horizontalAdvance(words)
            _write(painter, words, Role.SMALL, t.text_2, QRectF(right - width, rect.top(), width + 1, rect.height()))
            right -= width
        return right


def _write(painter: QPainter, words: str, role: Role, color: object, room: QRectF) -> float:
    """Write it, cut to its room; its right end."""
    drawn = font(role, words)
    painter.setFont(drawn)
    painter.setPen(color)
    metrics = QFontMetricsF(drawn)
    cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, cut)
    return room.left() + metrics.horizontalAdvance(cut)


def _lead_width(lead: str) -> float:
    """Of what stands before the words: a time of day is as wide as any other."""
    metrics = QFontMetricsF(font(Role.BODY))
    return max(metrics.horizontalAdvance(lead), metrics.horizontalAdvance("00:00"))
