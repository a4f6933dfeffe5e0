"""The row below the table: how many fit, how many are selected, and the keys of the rows."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.widgets.keycap import key_cap, key_cap_width
from watchkeeper.ui.words import Spoken, shown

HEIGHT = 28
_KEYS: tuple[tuple[str, Text], ...] = (
    ("R", _("run")),
    ("P", _("pause")),
    ("L", _("log")),
    ("E", _("edit")),
    (".", _("actions")),
)


class Foot(Spoken, QWidget):
    """Painted."""

    def __init__(self) -> None:
        super().__init__()
        self._matches, self._total, self._chosen = 0, 0, 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def take(self, matches: int, total: int, chosen: int) -> None:
        """Show the counts."""
        self._matches, self._total, self._chosen = matches, total, chosen
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(_("{matches} of {total} jobs match", matches=self._matches, total=self._total)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self._write(painter, 16, _("{matches} of {total} jobs match", matches=self._matches, total=self._total))
        if self._chosen:
            self._write(painter, x + 16, _("{n} selected", n=self._chosen), is_strong=True)
        right = self.width() - 16.0
        for keys, text in reversed(_KEYS):
            words = shown(text)
            drawn = font(Role.SMALL, words)
            width = QFontMetricsF(drawn).horizontalAdvance(words)
            painter.setFont(drawn)
            painter.setPen(t.text_2)
            painter.drawText(QRectF(right - width, 0, width + 1, HEIGHT), Qt.AlignmentFlag.AlignVCenter, words)
            right -= width + 8 + key_cap_width(keys)
            key_cap(painter, keys, QPointF(right, 5))
            right -= 16

    def _write(self, painter: QPainter, x: float, text: Text, *, is_strong: bool = False) -> float:
        words = shown(text)
        drawn = font(Role.SMALL_STRONG if is_strong else Role.SMALL, words)
        painter.setFont(drawn)
        painter.setPen(tokens().text if is_strong else tokens().text_2)
        width = QFontMetricsF(drawn).horizontalAdvance(words)
        painter.drawText(QRectF(x, 0, width + 1, HEIGHT), Qt.AlignmentFlag.AlignVCenter, words)
        return x + width
