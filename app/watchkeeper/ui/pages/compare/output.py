"""What the outputs of two runs say that is not the same; reading them can be given up."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.log_diff import LogDiff
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.compare.fields import hunks_of, notes_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.diff import DiffView
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown


class Output(Spoken, QWidget):
    """`again` reads them once more, `give_up` ends reading."""

    def __init__(self, again: Callable[[], None], give_up: Callable[[], None]) -> None:
        super().__init__()
        self._found: LogDiff | None = None
        self.note = Label("", Role.SMALL, ink=2)
        self.again = Button(_("Compare again"), again, kind="ghost")
        self.give_up = Button(_("Give up"), give_up, kind="ghost", icon="ui/close")
        self.diff = DiffView()
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 16, 6)
        row.addWidget(self.note, 1)
        row.addWidget(self.again)
        row.addWidget(self.give_up)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        inset = QHBoxLayout()
        inset.setContentsMargins(16, 0, 8, 0)
        inset.addWidget(self.diff)
        layout.addLayout(inset, 1)

    def wait(self) -> None:
        """They are being read."""
        self._say(_("The outputs are being compared…"), is_busy=True)

    def take(self, found: LogDiff) -> None:
        """Show what was found."""
        self._found = found
        self.diff.show_fields(hunks_of(found))
        self._say("", is_busy=False)
        self.retranslate()

    def refuse(self, text: Text) -> None:
        """Say why there is nothing to show."""
        self._found = None
        self.diff.show_fields(())
        self._say(text, is_busy=False)

    def retranslate(self) -> None:
        if self._found is not None:
            same = [_("The outputs say the same")] if not self._found.hunks else []
            self.note.say("  ·  ".join(shown(each) for each in (*same, *notes_of(self._found))))
            self.note.setToolTip(self.note.text())

    def _say(self, text: Text | str, *, is_busy: bool) -> None:
        self.note.say(text)
        self.give_up.setVisible(is_busy)
        self.again.setVisible(not is_busy)
