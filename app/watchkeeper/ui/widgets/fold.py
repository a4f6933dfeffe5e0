"""A title that shows and hides the rows under it; folded it tells how many of them are set."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.form import column
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

_OPEN, _SHUT = "ui/chevron-down", "ui/chevron-right"


class Fold(Spoken, QWidget):
    """Rows go into `rows`."""

    def __init__(self, title: Text) -> None:
        super().__init__()
        self._title = title
        self._count = 0
        self.is_open = False
        self.head = Button(title, self.toggle, kind="fold", icon=_SHUT)
        self._told = Label("", Role.SMALL, ink=2, parent=self)
        self._inside = QWidget(self)
        self.rows = column()
        self._inside.setLayout(self.rows)
        self._inside.hide()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.head)
        top.addWidget(self._told, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._inside)
        self.retranslate()

    def toggle(self) -> None:
        """Show the rows, or hide them."""
        self.set_open(not self.is_open)

    def set_open(self, is_open: bool) -> None:
        """Show the rows, or hide them."""
        self.is_open = is_open
        self.head.set_icon(_OPEN if is_open else _SHUT)
        self._inside.setVisible(is_open)
        self.retranslate()

    def tell(self, count: int) -> None:
        """How many of the rows are set."""
        self._count = count
        self.retranslate()

    def retranslate(self) -> None:
        told = plural("{n} field is set", "{n} fields are set", self._count) if self._count else _("nothing is set")
        self._told.say("" if self.is_open else told)
        self.head.setAccessibleName(shown(self._title))
        self.head.setAccessibleDescription(shown(_("unfolded") if self.is_open else told))
