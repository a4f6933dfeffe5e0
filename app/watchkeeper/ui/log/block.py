"""A row on screen: laid out once, painted often."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTextLayout, QTextLine, QTextOption

from watchkeeper.model.first_error import Level
from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.log.inks import format_of
from watchkeeper.ui.log.lines import Line
from watchkeeper.ui.theme import Role, Tokens, font, mixed, tokens
from watchkeeper.ui.words import shown

HEIGHT = 20
GLYPH = 13
BAR = 3
_TAB = 8
#: The right edge of numbers of up to five digits; more push the columns to the right.
_NUMBERS = 44
_TIMES = 12


@dataclass(frozen=True)
class Columns:
    """Where things stand; logical px from the left."""

    numbers: float
    times: float
    glyph: float
    text: float

    @classmethod
    def of(cls, lines: int, has_times: bool) -> "Columns":
        """For a log of so many lines."""
        digits = len(str(max(lines, 1)))
        numbers = max(_NUMBERS, round(digits * advance(Role.MONO_SMALL)) + 8)
        glyph = numbers + 14 + (round(_TIMES * advance(Role.MONO)) + 12 if has_times else 0)
        return cls(numbers, numbers + 14, glyph, glyph + GLYPH + 7)


@dataclass(eq=False)
class Block:
    """A row with what stands above it."""

    line: Line
    level: Level
    layout: QTextLayout
    headings: tuple[Text, ...]
    number: int | None = None
    time: str = ""
    top: float = 0
    #: Characters that are hits, and which of them is the current one.
    hits: list[tuple[int, int, bool]] = field(default_factory=list)

    @property
    def height(self) -> int:
        return HEIGHT * (len(self.headings) + max(1, self.layout.lineCount()))

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def text_top(self) -> float:
        return self.top + HEIGHT * len(self.headings)

    def index_at(self, point: QPointF) -> int:
        """Before which character of the row's text a point is, seen from the text's top left."""
        count = self.layout.lineCount()
        if not count:
            return len(self.line.text)
        part = self.layout.lineAt(max(0, min(count - 1, int(point.y() // HEIGHT))))
        found = part.xToCursor(point.x())
        return self.line.cut + (found[0] if isinstance(found, tuple) else found)

    def areas(self, low: int, high: int) -> list[QRectF]:
        """Where these characters of the row's text stand, seen from the text's top left."""
        areas = []
        low, high = low - self.line.cut, high - self.line.cut
        for number in range(self.layout.lineCount()):
            part = self.layout.lineAt(number)
            first, last = part.textStart(), part.textStart() + part.textLength()
            if low < last and high > first:
                left, right = _x(part, max(low, first)), _x(part, min(high, last))
                areas.append(QRectF(left, number * HEIGHT, right - left, HEIGHT))
        return areas


def laid_out(line: Line, headings: tuple[Text, ...], width: float | None, *, is_error: bool = False) -> Block:
    """A block; wrapped at `width`, or one line however long. `is_error`: it is one, whatever it says of itself."""
    t = tokens()
    level = Level.ERROR if is_error else line.level
    layout = QTextLayout(line.text[line.cut :], font(Role.MONO_STRONG if level is Level.ERROR else Role.MONO))
    layout.setTextOption(_option(width is not None))
    layout.setCacheEnabled(True)
    layout.setFormats(_formats(line, t))
    layout.beginLayout()
    top = 0
    while (part := layout.createLine()).isValid():
        part.setLineWidth(width if width is not None else 1e7)
        part.setPosition(QPointF(0, top + baseline(Role.MONO, HEIGHT) - part.ascent()))
        top += HEIGHT
    layout.endLayout()
    return Block(line, level, layout, headings)


def paint(painter: QPainter, block: Block, columns: Columns, left: float, width: float) -> None:
    """All of it but grounds: headings, bar, number, time, glyph and text; `left` is how far text is scrolled."""
    t = tokens()
    for number, heading in enumerate(block.headings):
        paint_heading(painter, shown(heading), block.top + number * HEIGHT, width)
    top = block.text_top
    low = top + baseline(Role.MONO, HEIGHT)
    grave = _GRAVE.get(block.level)
    if grave is not None:
        glyph, color = grave[0], getattr(t, grave[1])
        painter.fillRect(QRectF(0, top, BAR, block.bottom - top), color)
        icons.paint(painter, glyph, color, QRectF(columns.glyph, top + 4, GLYPH, GLYPH))
    painter.setPen(t.text_3)
    if block.number is not None and block.line.is_line_start:
        digits = str(block.number)
        painter.setFont(font(Role.MONO_SMALL))
        painter.drawText(QPointF(columns.numbers - len(digits) * advance(Role.MONO_SMALL), low), digits)
    if block.time:
        painter.setFont(font(Role.MONO))
        painter.drawText(QPointF(columns.times, low), block.time)
    painter.save()
    painter.setClipRect(QRectF(columns.text - 2, top, width, block.bottom - top))
    _paint_hits(painter, block, QPointF(columns.text - left, top), t)
    painter.setPen(t.text_2 if block.level is Level.DEBUG else t.text)
    block.layout.draw(painter, QPointF(columns.text - left, top))
    painter.restore()


def paint_heading(painter: QPainter, words: str, top: float, width: float) -> None:
    """A hairline with a sentence."""
    t = tokens()
    face = font(Role.CAPTION_STRONG, words)
    middle = round(top + HEIGHT / 2)
    metrics = QFontMetricsF(face)
    painter.setPen(QPen(t.border, 1))
    painter.drawLine(QLineF(16, middle + 0.5, 52, middle + 0.5))
    room = max(0.0, width - 62 - 26)
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    end = 62 + metrics.horizontalAdvance(words) + 10
    painter.drawLine(QLineF(end, middle + 0.5, width - 15, middle + 0.5))
    painter.setPen(t.text_2)
    painter.setFont(face)
    painter.drawText(QPointF(62, round(top + (HEIGHT + metrics.capHeight()) / 2)), words)


def paint_selected(painter: QPainter, block: Block, chosen: tuple[int, int], at: QPointF) -> None:
    """The ground of selected characters, with the text's top left at `at`."""
    t = tokens()
    color = mixed(t.accent, t.field, 0.28)
    for area in block.areas(*chosen):
        painter.fillRect(area.translated(at), color)


def _paint_hits(painter: QPainter, block: Block, at: QPointF, t: Tokens) -> None:
    for low, high, is_current in block.hits:
        for area in block.areas(low, high):
            box = area.translated(at).adjusted(-1, 2, 1, -2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(t.warning, 1) if is_current else Qt.PenStyle.NoPen)
            painter.setBrush(t.search_hit)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if is_current else box, 2, 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


@lru_cache(maxsize=8)
def baseline(role: Role, height: int) -> float:
    """Where letters stand in a line, so that capitals are in its middle."""
    return float(round((height + QFontMetricsF(font(role)).capHeight()) / 2))


@lru_cache(maxsize=8)
def advance(role: Role) -> float:
    """How wide a digit is."""
    return QFontMetricsF(font(role)).horizontalAdvance("0")


@lru_cache(maxsize=2)
def _option(is_wrapped: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if is_wrapped else QTextOption.WrapMode.NoWrap)
    option.setTabStopDistance(_TAB * advance(Role.MONO))
    # A log can't turn the direction of what stands around it.
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    return option


def _formats(line: Line, t: Tokens) -> list[QTextLayout.FormatRange]:
    formats = []
    for span in line.spans:
        start = span.start - line.cut
        made = QTextLayout.FormatRange()
        made.start, made.length = max(0, start), span.length + min(0, start)
        made.format = format_of(span.ink, t)
        if made.length > 0:
            formats.append(made)
    return formats


def _x(part: QTextLine, index: int) -> float:
    found: Any = part.cursorToX(index)
    return float(found[0] if isinstance(found, tuple) else found)


_GRAVE: dict[Level, tuple[str, str]] = {
    Level.ERROR: ("status/failed", "failed"),
    Level.WARNING: ("status/late", "warning"),
}
