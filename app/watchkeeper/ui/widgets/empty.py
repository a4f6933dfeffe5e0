"""A page with nothing to show: what it is, one thing to do, one thing to read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label


class Empty(QWidget):
    """Centred; the link below the button."""

    def __init__(self, title: Text, text: Text, *buttons: Button) -> None:
        super().__init__()
        self._title, self._text = Label(title, Role.PANEL_TITLE), Label(text, Role.BODY, ink=2)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setFixedWidth(520)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._title, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        # Without an alignment of its own, so that it is as high as its words.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._text)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addSpacing(12)
        for button in buttons:
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(self, title: Text, text: Text) -> None:
        """Other words."""
        self._title.say(title)
        self._text.say(text)
