"""What became of each field: its name, and under it what was and what is, texts line by line."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font, mixed, tokens
from watchkeeper.ui.words import Spoken, shown

LINE = 20
HEAD = 28
#: Lines of a field that are read aloud.
_HEARD = 200


class Changed(NamedTuple):
    """One field: what it is called, its path, and its lines that begin with -, + or a blank."""

    label: Text | str
    path: str
    lines: tuple[str, ...]


class DiffView(Spoken, QAbstractScrollArea):
    """Only looks; what is wider than the view is cut and told in full by the tooltip of the field it belongs to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[Changed, ...] = ()
        self.viewport().setAutoFillBackground(False)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(LINE)
        self.retranslate()

    def show_fields(self, fields: Iterable[Changed]) -> None:
        """Show these."""
        self._fields = tuple(fields)
        self._measure()
        self.retranslate()

    @property
    def height_wanted(self) -> int:
        """So high that nothing has to be scrolled."""
        return sum(HEAD + LINE * len(field.lines) + 8 for field in self._fields)

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("Changes")))
        self.setAccessibleDescription(
            "; ".join(f"{shown(f.label)}: {' '.join(f.lines[:_HEARD])}" for f in self._fields[:20])
        )
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self.viewport())
        y = -float(self.verticalScrollBar().value())
        width = float(self.viewport().width())
        for field in self._fields:
            if y + HEAD > 0:
                _paint_head(painter, field, QRectF(0, y, width, HEAD))
            y += HEAD
            for line in field.lines:
                if -LINE < y < self.viewport().height():
                    _paint_line(painter, line, QRectF(0, y, width, LINE))
                y += LINE
            y += 8
        if self.hasFocus():
            painter.setPen(t.accent)
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, self.height_wanted - self.viewport().height()))


def _paint_head(painter: QPainter, field: Changed, rect: QRectF) -> None:
    t, words = tokens(), shown(field.label)
    painter.setFont(font(Role.SECTION, words))
    painter.setPen(t.text)
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, words)
    left = rect.left() + QFontMetricsF(painter.font()).horizontalAdvance(words) + 8
    painter.setFont(font(Role.MONO_SMALL))
    painter.setPen(t.text_3)
    painter.drawText(rect.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, field.path)


def _paint_line(painter: QPainter, line: str, rect: QRectF) -> None:
    t, mark = tokens(), line[:1]
    ground = ground_of(mark)
    if ground is not None:
        painter.fillRect(rect, ground)
    painter.setFont(font(Role.MONO, line))
    painter.setPen(t.text if mark in "+-" else t.text_2)
    painter.drawText(rect.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, {"-": "−"}.get(mark, mark))
    cut = QFontMetricsF(painter.font()).elidedText(line[1:], Qt.TextElideMode.ElideRight, rect.width() - 32)
    painter.drawText(rect.adjusted(24, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, cut)


def ground_of(mark: str) -> QColor | None:
    """The ground of what was and of what is."""
    t = tokens()
    return {"-": t.error_ground, "+": mixed(t.success, t.surface_1, 0.10)}.get(mark)


def lines_of(before: Text | str | None, after: Text | str | None, lines: Sequence[str]) -> tuple[str, ...]:
    """A change as lines: those of a text, else what was and what is."""
    if lines:
        return tuple(line for line in lines if not line.startswith("@@"))
    return (
        *((f"-{shown(before)}",) if before is not None else ()),
        *((f"+{shown(after)}",) if after is not None else ()),
    )
