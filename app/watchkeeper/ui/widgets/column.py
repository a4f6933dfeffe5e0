"""A column of a table: what it says of a row, and how that is painted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import shown

R = TypeVar("R")

_SIDE = 8
#: What the first column stands farther from the edge: at a page's margin.
LEAD = 8
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Column(Generic[R]):
    """`text` is what a screen reader says and what is painted where nothing else is said."""

    name: str
    title: Text
    width: int
    text: Callable[[R], Text | str]
    #: Paints a cell into its rectangle, in place of the text.
    paint: Callable[[QPainter, QRectF, R], None] | None = None
    is_right: bool = False
    #: Takes what room is left.
    is_stretched: bool = False
    #: By what the list is sorted when its title is clicked; "" when it can't be.
    sort: str = ""
    #: The box by which rows are selected; it stands first and is no column to be chosen.
    is_check: bool = False
    #: Shown unless somebody wants it otherwise.
    is_usual: bool = True
    #: Columns that are left out where the room is narrow: the highest first, 0 never.
    gives_way: int = 0


def write(
    painter: QPainter, rect: QRectF, text: Text | str, *, role: Role = Role.SMALL, ink: int = 2, is_right: bool = False
) -> float:
    """Write into a cell, cut to its room; the right end of what was written."""
    t = tokens()
    room = rect.adjusted(_SIDE, 0, -_SIDE, 0)
    words = shown(text)
    if not words:
        return room.left()
    drawn, cut, width = _cut(words, role, max(0.0, room.width()))
    color: QColor = t.text if ink == 1 else t.text_2 if ink == 2 else t.text_3
    painter.setFont(drawn)
    painter.setPen(color)
    painter.drawText(room, _RIGHT if is_right else _LEFT, cut)
    return room.left() + width


@lru_cache(maxsize=1_000)
def width_of(words: str, role: Role) -> float:
    """How wide words are; for those that are said again and again."""
    return QFontMetricsF(font(role, words)).horizontalAdvance(words)


@lru_cache(maxsize=4_000)
def _cut(words: str, role: Role, room: float) -> tuple[QFont, str, float]:
    """The font of these words, what of them fits, and how wide that is; a table says the same words again and again."""
    drawn = font(role, words)
    metrics = QFontMetricsF(drawn)
    cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    return drawn, cut, metrics.horizontalAdvance(cut)


def glyph_and_words(painter: QPainter, rect: QRectF, icon: str, text: Text | str, *, role: Role = Role.BODY) -> float:
    """A glyph, and words after it; their right end."""
    icons.paint(
        painter, icon, color_of(icon) or tokens().text_2, QRectF(rect.left() + _SIDE, rect.center().y() - 8, 16, 16)
    )
    return write(painter, rect.adjusted(16 + 8, 0, 0, 0), text, role=role, ink=1)
