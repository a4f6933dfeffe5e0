"""Hatching for what failed, collides or is under maintenance: readable without colour."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

#: Pixels from one stroke to the next.
PITCH = 5


def hatch(ground: QColor, stroke: QColor, ratio: float = 1.0) -> QBrush:
    """A brush of 45° strokes on a ground."""
    return QBrush(_tile(ground.rgba(), stroke.rgba(), ratio))


@lru_cache(maxsize=60)
def _tile(ground: int, stroke: int, ratio: float) -> QPixmap:
    size = round(PITCH * 2 * ratio)
    tile = QPixmap(size, size)
    tile.fill(QColor.fromRgba(ground))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(stroke), 1.4 * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    step = size / 2
    for start in (-2, -1, 0, 1, 2):
        painter.drawLine(round(start * step) - 2, size + 2, round(start * step) + size + 2, -2)
    painter.end()
    tile.setDevicePixelRatio(ratio)
    return tile
