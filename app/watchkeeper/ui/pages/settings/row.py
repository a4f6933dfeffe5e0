"""A setting on the page: label, control, the way back to its default, and below what it is for."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from watchkeeper.model.form import ABSENT, Control, FormField
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.settings.described import Held, Item
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.entries import Entry, LineEntry, SegmentsEntry, entry_of
from watchkeeper.ui.widgets.form import ERROR, WARNING, WIDEST, Row
from watchkeeper.ui.widgets.words import Button, IconButton, Label
from watchkeeper.ui.words import Spoken, shown

LABEL = 168
#: More choices do not stand side by side.
_MOST_SEGMENTS = 4


class Explained(QWidget):
    """A row with a sentence below, in line with the control."""

    row: Row
    note: Label

    def put(self, label: Text, row: Row, note: Text) -> None:
        """Let it be this row, with that below; `label` is what stands before it."""
        self._told = (label, note)
        self.row = row
        self.note = Label(note, Role.SMALL, ink=2)
        self.note.setWordWrap(True)
        self.note.setContentsMargins(LABEL, 0, 0, 0)
        self.setMaximumWidth(WIDEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(row)
        layout.addWidget(self.note)

    def words(self) -> tuple[str, str]:
        """Its label, and what it says besides, for whoever searches."""
        label, note = self._told
        return shown(label), shown(note)


class SettingRow(Spoken, Explained):
    """`entered` tells a value that is complete: a line of text when it is left or by Enter, the rest at once."""

    entered = Signal(str, object)

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.name, self._field = item.field.name, item.field
        self._held, self._typed, self._is_wrong = Held(item.field.default, True), None, False
        self.entry = _entry(item.field)
        self.back = IconButton("ui/undo", _("Give the default back"), self._reset)
        row = Row(item.field.label, self.entry.widget, more=(self.back,), is_wide=self.entry.is_wide, label_width=LABEL)
        self.put(item.field.label, row, _note(item))
        self.entry.setParent(self)
        self.entry.edited.connect(self._take)
        if isinstance(self.entry, LineEntry):
            self.entry.line.editingFinished.connect(self._finish)
        self.back.hide()

    def show_held(self, held: Held) -> None:
        """Show what it is now; what is being typed or is wrong stays until it is mended."""
        self._held = held
        self.back.setVisible(not held.is_default)
        if self._typed is None and not self._is_wrong:
            self.entry.show_value(ABSENT if held.is_default else held.value)
            self.row.complain(held.remark, WARNING)

    def complain(self, why: Text | None) -> None:
        """Say why what was entered was not taken, with the way back; None when it was."""
        self._is_wrong = why is not None
        if why is None:
            return self.row.complain(self._held.remark, WARNING)
        return self.row.complain(why, ERROR, _("Put it back"), self._put_back)

    def focus(self) -> None:
        """Give the keyboard to the control."""
        self.entry.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.entry.retranslate()

    def _take(self, value: Any) -> None:
        self._typed = value
        self.entry.show_value(value)
        if not isinstance(self.entry, LineEntry):
            self._finish()

    def _finish(self) -> None:
        typed, self._typed = self._typed, None
        if typed is not None and typed != self._now:
            self.entered.emit(self.name, typed)
        elif typed is not None:
            self._put_back()

    def _reset(self) -> None:
        self._put_back()
        self.entered.emit(self.name, ABSENT)

    def _put_back(self) -> None:
        self._typed, self._is_wrong = None, False
        self.entry.fault = None
        self.show_held(self._held)

    @property
    def _now(self) -> Any:
        return ABSENT if self._held.is_default else self._held.value


class DeedRow(Explained):
    """Something to do, with a button."""

    def __init__(self, label: Text, button: Text, run: Callable[[], object], note: Text) -> None:
        super().__init__()
        self.button = Button(button, run)
        self.put(label, Row(label, self.button, label_width=LABEL), note)

    def focus(self) -> None:
        """Give the keyboard to the button."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)


def _entry(field: FormField) -> Entry:
    if field.control is Control.CHOICE and len(field.options) <= _MOST_SEGMENTS:
        return SegmentsEntry(field)
    return entry_of(field)


def _note(item: Item) -> Text:
    told = item.field.help or Text("")
    return _("{help} It holds from the engine's next start.", help=told) if item.is_late else told
