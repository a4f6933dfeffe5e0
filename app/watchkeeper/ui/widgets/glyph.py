"""A status glyph or icon as a widget; a running one turns, unless motion is not wanted."""

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import look, tokens

#: Milliseconds between two frames of what turns, and for one turn.
FRAME, TURN = 100, 1_600


class Glyph(QWidget):
    """`size` logical px."""

    def __init__(self, icon: str, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._size, self._angle = icon, size, 0.0
        self.setFixedSize(size, size)
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME)
        self._clock.timeout.connect(self._turn)
        look().changed.connect(self._move_or_rest)

    def show_icon(self, icon: str) -> None:
        """Show another one."""
        if icon != self._icon:
            self._icon = icon
            self._move_or_rest()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def showEvent(self, event: QShowEvent) -> None:
        self._move_or_rest()

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._angle:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(self._size / 2, self._size / 2)
            painter.rotate(self._angle)
            painter.translate(-self._size / 2, -self._size / 2)
        color: QColor = color_of(self._icon) or tokens().text_2
        icons.paint(painter, self._icon, color, QRectF(0, 0, self._size, self._size))

    def _move_or_rest(self) -> None:
        self._angle = 0.0
        if self._icon == "status/running" and self.isVisible() and not look().is_motion_reduced:
            self._clock.start()
        else:
            self._clock.stop()
        self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + 360 * FRAME / TURN) % 360
        self.update()
