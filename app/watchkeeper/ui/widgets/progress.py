"""How far something has come: a bar over a sentence."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.words import Label

HEIGHT = 6


class Bar(QWidget):
    """A share from 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        for color, width in ((t.track, whole.width()), (t.accent, whole.width() * self.share)):
            painter.setBrush(color)
            painter.drawRoundedRect(QRectF(0, 0, width, HEIGHT), HEIGHT / 2, HEIGHT / 2)


class Progress(QWidget):
    """Tell it how far it is."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.bar, self._label = Bar(), Label(text, Role.BODY, ink=2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._label)
        layout.addWidget(self.bar)

    def tell(self, share: float, text: Text) -> None:
        """So far, in words too."""
        self.bar.share = min(max(share, 0.0), 1.0)
        self.bar.setAccessibleName(f"{self.bar.share:.0%}")
        self.bar.update()
        self._label.say(text)
