"""A line across the page: a glyph, a sentence, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui import icons
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.widgets.words import Button, Label


class Banner(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._glyph = "status/late"
        self.sentence = Label("")
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(46, 6, 20, 6)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.sentence, 1)
        self.buttons: list[Button] = []
        self.hide()

    def say(
        self, text: Text | None, choices: tuple[tuple[Text, Callable[[], object]], ...] = (), glyph: str = "status/late"
    ) -> None:
        """Say a sentence with its buttons, or nothing."""
        self._glyph = glyph
        for button in self.buttons:
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self.buttons = [Button(words, do) for words, do in choices]
        for button in self.buttons:
            self._layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.setVisible(text is not None)
        if text is not None:
            self.sentence.say(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), t.surface_2)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.border)
        color = color_of(self._glyph)
        if color is not None:
            icons.paint(painter, self._glyph, color, QRectF(20, (self.height() - 16) / 2, 16, 16))
