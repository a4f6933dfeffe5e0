"""A `key:value` chip, painted."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from watchkeeper.model.job_filter import pieces
from watchkeeper.ui import icons
from watchkeeper.ui.theme import Role, faded, font, tokens

HEIGHT = 24
_SIDE = 8
#: The ✕ and what is around it: as large as a pointer needs.
CROSS = 24


def width_of(chip: str) -> float:
    """How wide it is, whole."""
    key, value = _parts(chip)
    return _SIDE + _wide(key, Role.SMALL) + _wide(value, Role.SMALL_STRONG) + CROSS


def cross_of(rect: QRectF) -> QRectF:
    """Where a press takes it away."""
    return QRectF(rect.right() - CROSS, rect.top(), CROSS, rect.height())


def paint_chip(painter: QPainter, rect: QRectF, chip: str, *, is_current: bool) -> None:
    """Into its rectangle, cut where that is too narrow; `is_current` for the one that keys are for."""
    t, (key, value) = tokens(), _parts(chip)
    painter.setPen(t.accent if is_current else faded(t.accent, 0.28))
    painter.setBrush(t.selection)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    room = QRectF(rect.left() + _SIDE, rect.top(), rect.width() - _SIDE - CROSS, rect.height())
    painter.setFont(font(Role.SMALL, key))
    painter.setPen(t.text_2)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, key)
    room.setLeft(room.left() + _wide(key, Role.SMALL))
    drawn = font(Role.SMALL_STRONG, value)
    painter.setFont(drawn)
    painter.setPen(t.text)
    cut = QFontMetricsF(drawn).elidedText(value, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room.adjusted(0, 0, 2, 0), Qt.AlignmentFlag.AlignVCenter, cut)
    middle = cross_of(rect).center() - QPointF(6, 6)
    icons.paint(painter, "ui/close", t.text_2, QRectF(middle.x(), middle.y(), 12, 12))


def _parts(chip: str) -> tuple[str, str]:
    """The key with its colon, and the values without their quotes."""
    piece = next(pieces(chip))
    values = ", ".join(value.text or '""' for value in piece.values)
    return chip[: piece.at], values


def _wide(words: str, role: Role) -> float:
    return QFontMetricsF(font(role, words)).horizontalAdvance(words)
