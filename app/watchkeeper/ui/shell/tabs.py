"""The row of tabs, painted: icon, title, close button or the dot of what is not saved."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.words import IconButton
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 36
PADDING = 16
ICON = 16
#: A title that is longer is cut.
WIDEST = 220
#: The least that is left of a tab, room for another one, and room for the buttons at the right.
NARROWEST, PLUS, SIDE = 42.0, 32, 76


@dataclass
class Tab:
    title: Text | str
    icon: str
    is_dirty: bool = False
    is_closable: bool = True


class TabRow(Spoken, QWidget):
    """Knows the titles; the window knows the pages."""

    chosen = Signal(int)
    closing = Signal(int)
    adding = Signal()
    #: A tab was dragged out or its menu asked for a window of its own.
    parting = Signal(int)
    moved = Signal(int, int)

    def __init__(self, toggle_panel: Callable[[], object], toggle_inspector: Callable[[], object]) -> None:
        super().__init__()
        self._buttons = (
            IconButton("ui/panel-bottom", _("Show or hide the panel"), toggle_panel, parent=self),
            IconButton("ui/panel-right", _("Show or hide the inspector"), toggle_inspector, parent=self),
        )
        self.tabs: list[Tab] = []
        self.current = -1
        self._hovered = -1
        self._dragged = -1
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(", ".join(shown(tab.title) for tab in self.tabs))
        self.update()

    def set_tabs(self, tabs: list[Tab], current: int) -> None:
        """Show these tabs."""
        self.tabs, self.current = tabs, current
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def rects(self) -> list[QRectF]:
        """Where each tab is; where there is no room for all, the others than the current one are narrower."""
        found, x = [], 0.0
        for width in self._widths():
            found.append(QRectF(x, 0, width, HEIGHT))
            x += width
        return found

    def _widths(self) -> list[float]:
        wanted = [self._width(tab, number == self.current) for number, tab in enumerate(self.tabs)]
        missing = sum(wanted) - (self.width() - PLUS - SIDE)
        if missing <= 0 or len(wanted) < 2:
            return wanted
        others = sum(wanted) - wanted[self.current]
        share = max(0.0, 1 - missing / others)
        return [
            width if number == self.current else max(NARROWEST, float(int(width * share)))
            for number, width in enumerate(wanted)
        ]

    def plus_rect(self) -> QRectF:
        """Where the button for another tab is."""
        right = self.rects()[-1].right() if self.tabs else 0
        return QRectF(right, 0, PLUS, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for place, button in enumerate(reversed(self._buttons)):
            button.move(self.width() - 10 - 28 * (place + 1), (HEIGHT - 28) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.rect(), t.surface_0)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), t.border)
        for number, rect in enumerate(self.rects()):
            self._paint_tab(painter, number, rect)
        icons.paint(painter, "ui/plus", t.text_2, _square(self.plus_rect().center().x(), HEIGHT / 2, 16))

    def _paint_tab(self, painter: QPainter, number: int, rect: QRectF) -> None:
        t, tab, is_current = tokens(), self.tabs[number], number == self.current
        if is_current:
            painter.fillRect(rect, t.surface_1)
            painter.fillRect(QRectF(rect.left(), HEIGHT - 2, rect.width(), 2), t.accent)
            painter.fillRect(QRectF(rect.right() - 1, 0, 1, HEIGHT), t.border)
            if number > 0:
                painter.fillRect(QRectF(rect.left(), 0, 1, HEIGHT), t.border)
        elif number + 1 != self.current:
            painter.fillRect(QRectF(rect.right() - 1, 10, 1, 16), t.border)
        x = rect.left() + PADDING
        if tab.icon:
            color = color_of(tab.icon) or (t.text if is_current else t.text_2)
            icons.paint(painter, tab.icon, color, QRectF(x, 10, ICON, ICON))
            x += ICON + 6
        right = rect.right() - (PADDING + 14 if self._has_mark(tab, is_current) else PADDING)
        _write(painter, shown(tab.title), is_current, t.text if is_current else t.text_2, x, right)
        self._paint_mark(painter, tab, rect, number)

    def _paint_mark(self, painter: QPainter, tab: Tab, rect: QRectF, number: int) -> None:
        t, is_current = tokens(), number == self.current
        if not self._has_mark(tab, is_current):
            return
        spot = self._mark_rect(rect)
        if tab.is_dirty and self._hovered != number:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.text_2)
            painter.drawEllipse(_square(spot.center().x(), spot.center().y(), 7))
        else:
            icons.paint(painter, "ui/close", t.text_2, _square(spot.center().x(), spot.center().y(), 14))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().x())
        if event.button() is Qt.MouseButton.MiddleButton and number >= 0 and self.tabs[number].is_closable:
            self.closing.emit(number)
        elif event.button() is Qt.MouseButton.LeftButton and number >= 0:
            if self._has_mark(self.tabs[number], number == self.current) and self._mark_rect(
                self.rects()[number]
            ).contains(event.position()):
                self.closing.emit(number)
                return
            self._dragged = number
            self.chosen.emit(number)
        elif self.plus_rect().contains(event.position()):
            self.adding.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position().x())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setToolTip(shown(self.tabs[hovered].title) if hovered >= 0 else "")
            self.update()
        if self._dragged >= 0 and event.buttons() & Qt.MouseButton.LeftButton:
            if abs(event.position().y() - HEIGHT / 2) > 2 * HEIGHT:
                number, self._dragged = self._dragged, -1
                self.parting.emit(number)
            elif hovered >= 0 and hovered != self._dragged:
                number, self._dragged = self._dragged, hovered
                self.moved.emit(number, hovered)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = -1

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.update()

    def _at(self, x: float) -> int:
        return next((number for number, rect in enumerate(self.rects()) if rect.left() <= x < rect.right()), -1)

    def _has_mark(self, tab: Tab, is_current: bool) -> bool:
        return tab.is_closable and (is_current or tab.is_dirty)

    def _mark_rect(self, rect: QRectF) -> QRectF:
        return QRectF(rect.right() - PADDING - 16, 6, 24, 24)

    def _width(self, tab: Tab, is_current: bool) -> float:
        words = shown(tab.title)
        metrics = QFontMetricsF(font(Role.STRONG if is_current else Role.BODY, words))
        wide = min(metrics.horizontalAdvance(words), WIDEST)
        mark = 20 if self._has_mark(tab, is_current) else 0
        return float(round(2 * PADDING + wide + (ICON + 6 if tab.icon else 0) + mark))


def _write(painter: QPainter, words: str, is_current: bool, color: QColor, left: float, right: float) -> None:
    drawn = font(Role.STRONG if is_current else Role.BODY, words)
    painter.setFont(drawn)
    painter.setPen(color)
    cut = QFontMetricsF(drawn).elidedText(words, Qt.TextElideMode.ElideRight, right - left + 1)
    painter.drawText(QRectF(left, 0, right - left + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, cut)


def _square(x: float, y: float, size: float) -> QRectF:
    return QRectF(x - size / 2, y - size / 2, size, size)
