"""What stands where no rows are: why, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.reading import Reading
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label


class Blank(QWidget):
    """Lies over the rows while there are none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = Label("", Role.PANEL_TITLE, parent=self)
        self._sentence = Label("", Role.BODY, ink=2, parent=self)
        self._sentence.setWordWrap(True)
        self._sentence.setMaximumWidth(440)
        self._on_click: Callable[[], object] = lambda: None
        self._button = Button("", self._click, parent=self)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._title, self._sentence, self._button):
            if isinstance(part, Label):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.hide()

    def tell(self, reading: Reading, log: Log, *, is_patient: bool) -> None:
        """Say why there are no rows; `is_patient`: it is too early to say that the log is being read."""
        if reading.problem is not None:
            self.say(_("The log can't be read"), reading.problem, _("Try again"), reading.start)
        elif not log.size and log.is_closed:
            self.say(_("No output"), _("This run wrote nothing."))
        elif not log.size:
            self.say(_("No output yet"), _("It appears here as soon as the run writes something."))
        elif not is_patient:
            self.say(_("Reading the log…"), _("Its first lines are on their way."))

    def tell_level(self, show_all: Callable[[], object]) -> None:
        """Say that no line is of the level that is shown."""
        self.say(_("No such line"), _("The log has no line of this level so far."), _("Show all lines"), show_all)

    def say(
        self, title: Text, sentence: Text, button: Text | None = None, on_click: Callable[[], object] = lambda: None
    ) -> None:
        """Show this."""
        self._title.say(title)
        self._sentence.say(sentence)
        self._sentence.setMinimumWidth(min(440, max(0, self.width() - 64)))
        self._button.setVisible(button is not None)
        if button is not None:
            self._button.say(button)
        self._on_click = on_click
        self.show()
        self.raise_()

    def _click(self) -> None:
        self._on_click()
