"""A question with a few answers, over the window; the last one is the default."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import shown

WIDTH = 480


class Question(QWidget):
    """Put it under a Veil. `remember`: words of a box; its state is given to the answer."""

    done = Signal()

    def __init__(
        self,
        title: Text,
        text: Text,
        answers: Sequence[tuple[Text, Callable[[bool], None]]],
        remember: Text | None = None,
    ) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        words = Label(text, Role.BODY, ink=2)
        words.setWordWrap(True)
        self._box = QCheckBox("" if remember is None else shown(remember))
        self._box.setVisible(remember is not None)
        row = QHBoxLayout()
        row.addStretch(1)
        self.buttons: list[Button] = []
        for number, (answer, follow) in enumerate(answers):
            kind = "primary" if number == len(answers) - 1 else "secondary"
            button = Button(answer, partial(self._answer, follow), kind=kind)
            self.buttons.append(button)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(14)
        layout.addWidget(Label(title, Role.PANEL_TITLE))
        layout.addWidget(words)
        if remember is not None:
            layout.addWidget(self._box)
        layout.addLayout(row)
        self.setFocusProxy(self.buttons[-1])
        self.adjustSize()

    def _answer(self, follow: Callable[[bool], None]) -> None:
        self.done.emit()
        follow(self._box.isChecked())
