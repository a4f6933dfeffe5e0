"""A page with nothing to show: what it is, one thing to do, one thing to read."""
"""What stands where nothing is: a title, a sentence, one button, one link."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

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
        self._text.setMaximumWidth(520)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._title, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addWidget(self._text, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(12)
        for button in buttons:
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(self, title: Text, text: Text) -> None:
        """Other words."""
        self._title.say(title)
        self._text.say(text)
Deed = tuple[Text, Callable[[], object]]


class EmptyState(QWidget):
    """In the middle of the room that it is given."""

    def __init__(self, title: Text, sentence: Text | str, button: Deed, link: Deed | None = None) -> None:
        super().__init__()
        self.title, self.sentence = Label(title, Role.PANEL_TITLE), Label(sentence, ink=2)
        self.sentence.setWordWrap(True)
        self.sentence.setFixedWidth(480)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = Button(button[0], button[1], kind="primary")
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self.title, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.sentence, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        if link is not None:
            layout.addWidget(Button(link[0], link[1], kind="link"), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(self, sentence: Text | str) -> None:
        """Another sentence."""
        self.sentence.say(sentence)
