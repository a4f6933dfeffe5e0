"""What would be started, as facts under each other: a label, and the value as a machine has it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

LABEL = 84
PITCH = 26


class Fact(NamedTuple):
    """One line; `tail` stands at the right, small."""

    label: Text | str
    value: str
    tail: Text | str = ""
    is_mono: bool = True


class Facts(Spoken, QWidget):
    """Painted; long values are cut in the middle."""

    def __init__(self, label: int = LABEL) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()
        self._label = label
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        self._facts = tuple(facts)
        self.setFixedHeight(PITCH * len(facts))
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName("; ".join(f"{shown(fact.label)}: {fact.value}" for fact in self._facts))
        self.setToolTip("\n".join(f"{shown(f.label)}: {f.value}" for f in self._facts if len(f.value) > 40)[:2_000])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, PITCH * len(self._facts))

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        for number, fact in enumerate(self._facts):
            rect = QRectF(0, number * PITCH, self.width(), PITCH)
            label, tail = shown(fact.label), shown(fact.tail)
            painter.setFont(font(Role.SMALL, label))
            painter.setPen(t.text_2)
            metrics = QFontMetricsF(painter.font())
            told = metrics.elidedText(label, Qt.TextElideMode.ElideRight, self._label - 8)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, told)
            end = self.width()
            if tail:
                painter.setPen(t.text_3)
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, tail)
                end -= round(metrics.horizontalAdvance(tail)) + 8
            painter.setFont(font(Role.MONO if fact.is_mono else Role.SMALL, fact.value))
            painter.setPen(t.text)
            room = end - self._label
            cut = QFontMetricsF(painter.font()).elidedText(fact.value, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(QRectF(self._label, rect.top(), room, PITCH), Qt.AlignmentFlag.AlignVCenter, cut)
