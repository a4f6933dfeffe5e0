"""The first error of a log, pinned above it."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.log.block import BAR
from watchkeeper.ui.log.lines import Line
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.widgets.words import Button
from watchkeeper.ui.words import Spoken, locale, shown

HEIGHT = 58
_LEFT = 34
_RIGHT = 26
_KEY = "e"


class Pinned(Spoken, QWidget):
    """Hidden until there is one."""

    #: A person wants to see it in its place.
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: Line | None = None
        self._number: int | None = None
        self._attempt: int | None = None
        self._button = Button(_("Go to line"), self._go, kind="link", parent=self)
        self._button.setFont(font(Role.SMALL_STRONG))
        self._button.setFixedHeight(24)
        self.setFixedHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def tell(self, line: Line, number: int | None, attempt: int | None) -> None:
        """Show this error; `attempt` None where there is only one."""
        if (line, number, attempt) != (self._line, self._number, self._attempt):
            self._line, self._number, self._attempt = line, number, attempt
            self.retranslate()
            self.show()

    def retranslate(self) -> None:
        if self._line is not None:
            self.setAccessibleName(f"{shown(_('First error'))}: {shown(self._where())}: {self._message()}")
        self._place()
        self.update()

    def _where(self) -> Text:
        """Where it stands."""
        line = self._line
        clock = line.stamp.clock.split(".")[0] if line is not None and line.stamp is not None else ""
        number = locale().toString(self._number) if self._number is not None else ""
        if self._attempt is not None and clock:
            return _("line {number}, attempt {attempt}, {clock}", number=number, attempt=self._attempt, clock=clock)
        if self._attempt is not None:
            return _("line {number}, attempt {attempt}", number=number, attempt=self._attempt)
        return _("line {number}, {clock}", number=number, clock=clock) if clock else _("line {number}", number=number)

    def _message(self) -> str:
        return self._line.text[self._line.cut :] if self._line is not None else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.error_ground)
        painter.fillRect(QRectF(0, 0, BAR, HEIGHT - 1), t.failed)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), t.border)
        icons.paint(painter, "ui/pin", t.text_2, QRectF(14, 10, 14, 14))
        title = shown(_("First error"))
        end = self._write(painter, Role.SMALL_TITLE, title, _LEFT, 17, self.width())
        painter.setPen(t.text_2)
        room = self._button.x() - 30 - end
        self._write(painter, Role.SMALL, shown(self._where()), end + 10, 17, room)
        painter.setPen(t.text)
        self._write(painter, Role.MONO_STRONG, self._message(), _LEFT, 40, self.width() - _LEFT - _RIGHT)
        key_cap(painter, _KEY, QPointF(self._button.x() - key_cap_width(_KEY) - 1, 8))
        painter.end()

    def _write(self, painter: QPainter, role: Role, words: str, left: float, middle: float, room: float) -> float:
        face = font(role, words)
        metrics = QFontMetricsF(face)
        words = metrics.elidedText(words[:2000], Qt.TextElideMode.ElideRight, max(0.0, room))
        if role is Role.SMALL_TITLE:
            painter.setPen(tokens().text)
        painter.setFont(face)
        painter.drawText(QPointF(left, round(middle + metrics.capHeight() / 2)), words)
        return left + metrics.horizontalAdvance(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button stays at the right."""
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """All of it is a button."""
        self.wanted.emit()

    def _place(self) -> None:
        self._button.adjustSize()
        self._button.move(self.width() - _RIGHT - self._button.width(), 4)

    def _go(self) -> None:
        self.wanted.emit()
