"""A box with one sentence that explains something, under a small title."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.words import Button, Label

#: Words, and what they lead to.
Way = tuple[Text, Callable[[], object]]


class ReasonBox(QWidget):
    """Hidden while there is nothing to explain."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._words = Label("", Role.SMALL, ink=2), Label("", Role.BODY)
        self._words.setWordWrap(True)
        self._follow: Callable[[], object] = _nothing
        self.link = Button("", self._go, kind="inline")
        self.link.hide()
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(30, 12, 30, 12)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self._words)
        self.hide()

    def tell(self, title: Text | None, words: Text | str, link: Way | None = None) -> None:
        """Show it; None hides it. `link`: words, and what they lead to."""
        self.setVisible(title is not None)
        self._title.say(title or "")
        self._words.say(words)
        self.link.setVisible(link is not None)
        if link is not None:
            self.link.say(link[0])
            self._follow = link[1]

    def text(self) -> str:
        """The sentence that is shown."""
        return self._words.text() if not self.isHidden() else ""

    def _go(self) -> None:
        self._follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(16.5, 4.5, self.width() - 33, self.height() - 9)
        painter.setPen(t.border_soft)
        painter.setBrush(t.surface_2)
        painter.drawRoundedRect(box, 6, 6)
        bar: QColor = t.warning
        painter.fillRect(QRectF(16, 9, 2, self.height() - 18), bar)


def _nothing() -> None:
    """Nothing to follow."""
