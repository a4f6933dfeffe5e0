"""What the bars of a run's course mean: those kinds that are drawn."""

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.ui.pages.run.course import Kind
from watchkeeper.ui.pages.run.segments import WORDS, paint_kind
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 34


class Legend(Spoken, QWidget):
    """One line; what finds no room is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: list[Kind] = []
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_kinds(self, kinds: Iterable[Kind]) -> None:
        """Explain these."""
        wanted = set(kinds)
        self._kinds = [kind for kind in Kind if kind in wanted]
        self.update()

    def retranslate(self) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, x = tokens(), QPainter(self), 16.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, self.width(), 1), t.border_soft)
        for kind in self._kinds:
            words = shown(WORDS[kind])
            painter.setFont(font(Role.SMALL, words))
            width = QFontMetricsF(painter.font()).horizontalAdvance(words)
            if x + 20 + width > self.width() - 8:
                return
            self._paint_key(painter, kind, x)
            painter.setPen(t.text_2)
            painter.drawText(QRectF(x + 20, 0, width + 1, HEIGHT), Qt.AlignmentFlag.AlignVCenter, words)
            x += 20 + width + 16

    def _paint_key(self, painter: QPainter, kind: Kind, x: float) -> None:
        middle = HEIGHT / 2
        if kind is Kind.RETRY:
            painter.setPen(QPen(tokens().warning, 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, middle, x + 14, middle))
            return
        height = 4 if kind is Kind.QUEUED else 12
        paint_kind(painter, kind, QRectF(x, middle - height / 2, 14, height), self.devicePixelRatioF())
