"""The ground of what floats: rounded, on the highest surface, with a soft shadow below."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from watchkeeper.ui.theme import faded, tokens

#: Rings of which a shadow is made; each a little fainter.
_RINGS = 10


def paint_floating(painter: QPainter, rect: QRectF, radius: float) -> None:
    """A ground without a shadow: the widget fills its rectangle."""
    t = tokens()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(t.border_strong if t.is_dark else t.border, 1))
    painter.setBrush(t.surface_3)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_shadow(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The shadow around `rect`, painted once per resize by whoever keeps it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for ring in range(_RINGS, 0, -1):
        grown = 2.4 * ring
        painter.setBrush(faded(tokens().shadow, (1 - ring / (_RINGS + 1)) ** 2 * 0.35))
        painter.drawRoundedRect(rect.adjusted(-grown, 6 - grown, grown, 6 + grown), radius + grown, radius + grown)
    painter.restore()
