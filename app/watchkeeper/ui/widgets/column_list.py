"""Which columns a table shows and in which order, chosen by pointer or keys alone."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.header import Header
from watchkeeper.ui.widgets.words import Button, IconButton, Label
from watchkeeper.ui.words import shown

_ROW = 32


def column_dialog(header: Header) -> Dialog:
    """Changes the table at once."""
    columns = ColumnList(header)
    dialog = Dialog(_("Columns"), columns, (), close=_("Close"))
    dialog.setFocusProxy(columns.lines[1].box)
    return dialog


class ColumnList(QWidget):
    """A line for each column: Space shows or hides it, Alt with an arrow moves it, S sorts by it."""

    def __init__(self, header: Header) -> None:
        super().__init__()
        self._header = header
        self.lines: list[_Line] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(Label(_("Space shows or hides, Alt with ↑ or ↓ moves, S sorts."), Role.SMALL, ink=2))
        layout.addLayout(self._lines)
        usual = Button(_("Usual columns"), self._as_usual, kind="inline")
        layout.addWidget(usual, alignment=Qt.AlignmentFlag.AlignLeft)
        self._fill("")

    def _as_usual(self) -> None:
        self._header.arrange({})
        self._header.arranged.emit()
        self._fill("")

    def _fill(self, focused: str) -> None:
        for line in self.lines:
            line.hide()
            line.deleteLater()
        titles = {column.name: column for column in self._header.columns if not column.is_check}
        self.lines = [_Line(name, titles[name].title, self._take) for name in self._header.names() if name in titles]
        for line in self.lines:
            column = titles[line.name]
            line.box.setChecked(self._header.is_wanted(line.name))
            line.box.setEnabled(not column.is_stretched)
            line.sort.setVisible(bool(column.sort))
            self._lines.addWidget(line)
            if line.name == focused:
                line.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, name: str, deed: str) -> None:
        column = next(each for each in self._header.columns if each.name == name)
        match deed:
            case "up" | "down":
                self._header.move(name, -1 if deed == "up" else 1)
                self._fill(name)
            case "sort" if column.sort:
                self._header.sort_by(column.sort)
            case "turn" if not column.is_stretched:
                self._header.want(name, not self._header.is_wanted(name))


class _Line(QWidget):
    """One column."""

    def __init__(self, name: str, title: Text, take: Callable[[str, str], None]) -> None:
        super().__init__()
        self.name, self._take_deed = name, take
        self.setFixedHeight(_ROW)
        self.box = QCheckBox(shown(title))
        self.box.clicked.connect(partial(take, name, "turn"))
        self.sort = IconButton("ui/filter", _("Sort by this column"), partial(take, name, "sort"), keys="S")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.sort)
        layout.addWidget(IconButton("ui/chevron-up", _("Move up"), partial(take, name, "up"), size=14))
        layout.addWidget(IconButton("ui/chevron-down", _("Move down"), partial(take, name, "down"), size=14))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}.get(Qt.Key(event.key()))
        if deed is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._take_deed(self.name, deed)
        elif deed is not None:
            self.focusNextPrevChild(deed == "down")
        elif event.key() == Qt.Key.Key_S and not event.modifiers():
            self._take_deed(self.name, "sort")
        else:
            super().keyPressEvent(event)
