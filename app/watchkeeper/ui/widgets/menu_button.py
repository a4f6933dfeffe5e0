"""A button that opens a menu: a chevron at its right says so."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent

from watchkeeper.ui import icons
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.words import Button

WIDEST = 200


class MenuButton(Button):
    """Made with `kind="menu"`, or `kind="menu-field"` for one that is as high as a field."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), WIDEST), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        spot = QRectF(self.width() - 22, (self.height() - 14) / 2, 14, 14)
        icons.paint(QPainter(self), "ui/chevron-down", tokens().text_2, spot)
