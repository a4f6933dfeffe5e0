"""On or off."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.theme.style import draw_focus
from watchkeeper.ui.words import Spoken, shown

WIDTH, HEIGHT = 30, 18


class Toggle(Spoken, QAbstractButton):
    """A switch of 30x18 in a target of 36x24; `clicked` tells."""

    def __init__(self, name: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setCheckable(True)
        self.setFixedSize(WIDTH + 6, HEIGHT + 6)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH + 6, HEIGHT + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(3, 3, WIDTH, HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.text_disabled if not self.isEnabled() else t.accent if self.isChecked() else t.border_strong)
        painter.drawRoundedRect(body, HEIGHT / 2, HEIGHT / 2)
        painter.setBrush(t.on_accent if self.isChecked() and t.is_dark else t.surface_1)
        left = body.right() - 16 if self.isChecked() else body.left() + 2
        painter.drawEllipse(QRectF(left, body.top() + 2, 14, 14))
        if self.hasFocus():
            draw_focus(painter, QRectF(self.rect()), 12)
