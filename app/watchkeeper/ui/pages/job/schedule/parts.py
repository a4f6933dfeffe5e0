"""Smaller controls of the schedule: which trigger, which calendars, and nothing at all."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.words import Button, Label


class TriggerTabs(QWidget):
    """One for each trigger of a job that has several."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._row: Segmented | None = None
        self._count = 0
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def offer_options(self, options: Sequence[tuple[int, Text]], current: int) -> None:
        """Show so many."""
        if self._row is None or self._count != len(options):
            if self._row is not None:
                self._row.setParent(None)
                self._row.deleteLater()
            self._count = len(options)
            self._row = Segmented([(str(n), text) for n, text in options], self._tell, name=_("Triggers"))
            self._layout.addWidget(self._row)
        self._row.show_choice(str(current))

    def _tell(self) -> None:
        if self._row is not None:
            self.picked.emit(int(self._row.chosen))


class Skip(QWidget):
    """A check box for each calendar."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 6, 0, 6)
        self._layout.setSpacing(12)
        self._lines: list[QHBoxLayout] = []

    def show_value(self, calendars: Sequence[str], chosen: Sequence[str]) -> None:
        """Show these calendars, and those among them that are chosen; one that is gone stays to be taken out."""
        names = list(dict.fromkeys([*calendars, *map(str, chosen)]))
        if list(self.boxes) != names:
            self._fill(names)
        for name, box in self.boxes.items():
            box.setChecked(name in chosen)

    def _fill(self, names: list[str]) -> None:
        for box in self.boxes.values():
            box.setParent(None)
            box.deleteLater()
        self.boxes = {}
        for number, name in enumerate(names):
            if number % 3 == 0:
                row = QHBoxLayout()
                row.setSpacing(20)
                row.addStretch(1)
                self._layout.addLayout(row)
                self._lines.append(row)
            box = QCheckBox(name.replace("&", "&&"))
            box.setMinimumHeight(20)
            box.clicked.connect(self._tell)
            self.boxes[name] = box
            self._lines[-1].insertWidget(self._lines[-1].count() - 1, box)

    def _tell(self) -> None:
        self.edited.emit([name for name, box in self.boxes.items() if box.isChecked()])


class Empty(QWidget):
    """Nothing starts the job."""

    def __init__(self, add: Callable[[], object]) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 24, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label(_("Nothing starts this job by itself"), Role.PANEL_TITLE))
        layout.addWidget(Label(_("It runs when a person or a program asks for it."), ink=2))
        layout.addSpacing(4)
        layout.addWidget(Button(_("Add a schedule"), add, kind="secondary", icon="ui/plus"))
