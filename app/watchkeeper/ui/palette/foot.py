"""The foot of the palette: the keys and what they do there."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.words import shown

HEIGHT = 40
_SIDE, _GAP = 16, 20

#: Keys as they are written on caps, and what they do.
Hints = Sequence[tuple[str, Text]]


class Foot(QWidget):
    """Only looks."""

    def __init__(self) -> None:
        super().__init__()
        self._hints: Hints = ()
        self.setFixedHeight(HEIGHT)

    def say(self, hints: Hints) -> None:
        """Other keys."""
        if hints != self._hints:
            self._hints = hints
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, self.width(), 1), t.border)
        note = shown(_("Chinese is found by pinyin initials"))
        drawn = font(Role.SMALL, note)
        room = self.width() - _SIDE - QFontMetricsF(drawn).horizontalAdvance(note)
        end = self._paint_hints(painter)
        if end < room:
            painter.setFont(drawn)
            painter.setPen(t.text_2)
            painter.drawText(QRectF(room, 0, self.width() - room, HEIGHT), Qt.AlignmentFlag.AlignVCenter, note)

    def _paint_hints(self, painter: QPainter) -> float:
        """From the left; where they end."""
        x = float(_SIDE)
        for keys, text in self._hints:
            words = shown(text)
            painter.setFont(font(Role.SMALL, words))
            width = painter.fontMetrics().horizontalAdvance(words)
            key_cap(painter, keys, QPointF(x, (HEIGHT - 18) / 2 + 1))
            x += key_cap_width(keys) + 8
            painter.setPen(tokens().text_2)
            painter.drawText(QRectF(x, 1, width + 2, HEIGHT - 1), Qt.AlignmentFlag.AlignVCenter, words)
            x += width + _GAP
        return x
