"""A fact of an inspector: its title, and its value beside it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Label


class Fact(QWidget):
    """A title with its value; hidden while there is none."""

    def __init__(self, title: Text) -> None:
        super().__init__()
        label = Label(title, Role.SMALL, ink=2)
        label.setFixedWidth(84)
        self.value = Label("", Role.SMALL)
        self.value.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(label, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.value, 1)

    def say(self, value: Text | str) -> None:
        """Show another value."""
        self.value.say(value)
        self.setVisible(bool(value))
