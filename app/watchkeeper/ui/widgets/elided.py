"""One line of words that is cut to its room; the whole is its tooltip."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.words import Spoken, shown


class Elided(Spoken, QWidget):
    """`ink` as with a Label."""

    def __init__(self, role: Role = Role.BODY, *, ink: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role, self._ink = role, ink
        self._text: Text | str = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, text: Text | str) -> None:
        """Show other words."""
        self._text = text
        self.retranslate()

    def text(self) -> str:
        """All of the words."""
        return shown(self._text)

    def retranslate(self) -> None:
        self.setAccessibleName(self.text())
        self.setToolTip(self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = self.text()
        metrics = QFontMetricsF(font(self._role, words))
        return QSize(round(metrics.horizontalAdvance(words)) + 2, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, words = tokens(), QPainter(self), self.text().replace("\n", " ")
        painter.setFont(font(self._role, words))
        painter.setPen(t.text if self._ink == 1 else t.text_2)
        cut = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter, cut)
