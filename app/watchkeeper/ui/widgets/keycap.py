"""A key, drawn as a cap."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from watchkeeper.ui.theme import Role, font, tokens

HEIGHT = 18


def key_cap_width(keys: str) -> float:
    """How wide the cap of these keys is."""
    return float(max(18, round(QFontMetricsF(font(Role.CAPTION_STRONG)).horizontalAdvance(keys)) + 12))


def key_cap(painter: QPainter, keys: str, at: QPointF) -> None:
    """Draw a cap with its top left corner there."""
    t = tokens()
    rect = QRectF(at.x(), at.y(), key_cap_width(keys), HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(t.border)
    painter.setBrush(t.surface_2)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(t.text_2)
    painter.setFont(font(Role.CAPTION_STRONG))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, keys)
    painter.restore()
