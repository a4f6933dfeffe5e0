"""The controls of fields: each shows a plain value, tells what was entered, and says what it can't make sense of."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit, QWidget

from watchkeeper.model.form import ABSENT, Control, FormField
from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.chips import Chips
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.code import CodeEdit
from watchkeeper.ui.widgets.pairs import Pairs
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.widgets.span import read_span, shown_span
from watchkeeper.ui.widgets.toggle import Toggle
from watchkeeper.ui.words import shown

HEIGHT = 32
SHORT, MIDDLE = 132, 264


class Entry(QObject):
    """`widget` goes into a row; `is_wide` when it takes all the room."""

    #: What was entered, as plain data; ABSENT when nothing was.
    edited = Signal(object)

    widget: QWidget
    is_wide = False

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field
        #: What is entered and can't be a value at all.
        self.fault: Text | None = None

    def show_value(self, value: Any) -> None:
        """Show a value, the default for ABSENT, without telling."""

    def retranslate(self) -> None:
        """Say anew what is written in the window's language."""

    def _or_default(self, value: Any) -> Any:
        return self.field.default if value is ABSENT else value

    def _tell(self, value: Any) -> None:
        is_default = (
            not self.field.is_required and value == self.field.default and type(value) is type(self.field.default)
        )
        self.edited.emit(ABSENT if is_default else value)


class LineEntry(Entry):
    """One line of text."""

    def __init__(self, field: FormField, width: int = 0) -> None:
        super().__init__(field)
        self.line = QLineEdit()
        self.line.setFont(font(Role.BODY))
        self.line.setFixedHeight(HEIGHT)
        self.line.setPlaceholderText(field.placeholder)
        if field.is_secret and not field.is_secret_name:
            self.line.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        if width:
            self.line.setFixedWidth(width)
        self.is_wide = not width
        self.widget = self.line
        self.line.setAccessibleName(shown(field.label))
        self.line.textEdited.connect(self._take)

    def offer(self, words: Sequence[str]) -> None:
        """Complete what is typed by these."""
        completer = QCompleter(list(words), self.line)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.line.setCompleter(completer)
        completer.activated.connect(self._take)

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        words = "" if found is None else found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        self.show_words(words)

    def show_words(self, words: str) -> None:
        """Show words, if they are not there already: the cursor stays."""
        if words != self.line.text():
            self.line.setText(words)

    def retranslate(self) -> None:
        self.line.setAccessibleName(shown(self.field.label))

    def _take(self, words: str) -> None:
        self._tell(self.read(words))

    def read(self, words: str) -> Any:
        """The value of what is typed."""
        return words if words or not (self.field.is_optional or self.field.is_required) else ABSENT


class NumberEntry(LineEntry):
    """A number, whole or not."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field, 96)

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        is_typing = self.line.hasFocus() and self.read(self.line.text()) == value
        self.fault = self._fault_of(found) if isinstance(found, str) else None
        if not is_typing:
            self.show_words("" if found is None else f"{found:g}" if isinstance(found, float) else str(found))

    def read(self, words: str) -> Any:
        if not words.strip():
            return ABSENT
        try:
            return int(words) if self.field.control is Control.WHOLE else float(words)
        except ValueError:
            return words

    def _take(self, words: str) -> None:
        value = self.read(words)
        self.fault = self._fault_of(words) if isinstance(value, str) else None
        self._tell(value)

    def _fault_of(self, words: str) -> Text:
        if self.field.control is Control.WHOLE:
            return _("{text} is no whole number: write digits only", text=words[:40])
        return _("{text} is no number: write it like 1.5", text=words[:40])


class SpanEntry(LineEntry):
    """A span of time in the words of the window's language."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field, SHORT)
        if not field.placeholder and field.is_optional:
            self.line.setPlaceholderText(shown(_("no limit")))
        self.line.editingFinished.connect(self._tidy)
        self._value: Any = ABSENT

    def show_value(self, value: Any) -> None:
        self._value = value
        found = self._or_default(value)
        if self.line.hasFocus() and self.read(self.line.text()) == value:
            return
        self.show_words("" if found is None else shown_span(str(found)))

    def retranslate(self) -> None:
        super().retranslate()
        if not self.field.placeholder and self.field.is_optional:
            self.line.setPlaceholderText(shown(_("no limit")))
        self._tidy()

    def read(self, words: str) -> Any:
        return read_span(words) if words.strip() else ABSENT

    def _tidy(self) -> None:
        found = self._or_default(self._value)
        self.show_words("" if found is None else shown_span(str(found)))


class LinesEntry(Entry):
    """Several lines of text."""

    is_wide = True

    def __init__(self, field: FormField, height: int = 84) -> None:
        super().__init__(field)
        self.lines = QPlainTextEdit()
        self.lines.setFont(font(Role.BODY))
        self.lines.setTabChangesFocus(True)
        self.lines.setFixedHeight(height)
        self.lines.setPlaceholderText(field.placeholder)
        self.lines.setAccessibleName(shown(field.label))
        self.lines.setUndoRedoEnabled(False)
        self.widget = self.lines
        self._is_quiet = False
        self.lines.textChanged.connect(self._take)

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        words = "" if found is None else str(found)
        if words != self.lines.toPlainText():
            self._is_quiet = True
            self.lines.setPlainText(words)
            self._is_quiet = False

    def _take(self) -> None:
        if not self._is_quiet:
            words = self.lines.toPlainText()
            self._tell(words if words or not self.field.is_optional else ABSENT)


class CodeEntry(Entry):
    """A script."""

    is_wide = True

    def __init__(self, field: FormField, language: str, height: int = 0) -> None:
        super().__init__(field)
        self.code = CodeEdit(field.label, language)
        self.code.setUndoRedoEnabled(False)
        self.code.setPlaceholderText(field.placeholder)
        if height:
            self.code.setFixedHeight(height)
        self.widget = self.code
        self._is_quiet = False
        self.code.textChanged.connect(self._take)

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        self._is_quiet = True
        self.code.show_text(self.words_of(found))
        self._is_quiet = False

    def words_of(self, value: Any) -> str:
        """A value as it stands in the field."""
        return "" if value is None else value if isinstance(value, str) else str(value)

    def read(self, words: str) -> Any:
        """The value of what stands in the field."""
        return words if words or not self.field.is_optional else ABSENT

    def _take(self) -> None:
        if not self._is_quiet:
            self._tell(self.read(self.code.toPlainText()))


class DataEntry(CodeEntry):
    """Plain data as JSON."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field, "json", 132)

    def show_value(self, value: Any) -> None:
        is_typing = value is not ABSENT and self.code.hasFocus() and self.read(self.code.toPlainText()) == value
        if not is_typing:
            self.fault = None
            super().show_value(value)

    def words_of(self, value: Any) -> str:
        return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)

    def read(self, words: str) -> Any:
        self.fault = None
        if not words.strip():
            return ABSENT
        try:
            return json.loads(words)
        except ValueError as error:
            self.fault = _("this is not JSON: {error}", error=str(error)[:120])
            return words


class SwitchEntry(Entry):
    """On or off."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.toggle = Toggle(field.label)
        self.widget = self.toggle
        self.toggle.clicked.connect(self._tell)

    def show_value(self, value: Any) -> None:
        self.toggle.setChecked(bool(self._or_default(value)))


class ChoiceEntry(Entry):
    """One of many; `options` may be read later."""

    def __init__(self, field: FormField, width: int = MIDDLE) -> None:
        super().__init__(field)
        self.choice = Choice(field.label, [(each.value, each.label) for each in field.options], width)
        self.widget = self.choice
        self.choice.picked.connect(self._pick)

    def offer(self, options: Sequence[tuple[Any, Text | str]]) -> None:
        """Other options."""
        self.choice.offer(options)

    def show_value(self, value: Any) -> None:
        self.choice.show_value(self._or_default(value))

    def _pick(self, value: Any) -> None:
        self._tell(ABSENT if value is None else value)


class SegmentsEntry(Entry):
    """One of a few, side by side."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        options = [(str(each.value), each.label) for each in field.options]
        self.row = Segmented(options, self._take, name=field.label)
        self.widget = self.row

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        if found in [option.value for option in self.field.options]:
            self.row.show_choice(found)

    def _take(self) -> None:
        self._tell(self.row.chosen)


class ListEntry(Entry):
    """Words or numbers, one after the other."""

    is_wide = True

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.chips = Chips(field.label, field.placeholder)
        self.widget = self.chips
        self.chips.edited.connect(self._take)

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        words = [str(each) for each in found] if isinstance(found, list | tuple) else []
        if words != self.chips.words:
            self.chips.show_value(words)

    def _take(self, words: list[str]) -> None:
        values = [int(word) if self.field.has_numbers and _is_whole(word) else word for word in words]
        self.edited.emit(values if values else ABSENT)


class TableEntry(Entry):
    """Text by name."""

    is_wide = True

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.pairs = Pairs(field.label)
        self.widget = self.pairs
        self.pairs.edited.connect(self._take)

    def show_value(self, value: Any) -> None:
        found = self._or_default(value)
        self.pairs.show_value(found if isinstance(found, dict) else {})

    def _take(self, pairs: dict[str, str]) -> None:
        twice = self.pairs.twice
        self.fault = _("{name} stands twice: keep one of them", name=twice) if twice else None
        self.pairs.mark(twice)
        self.edited.emit(pairs or ABSENT)


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isdecimal() and word.isascii()


_MADE: dict[Control, Callable[[FormField], Entry]] = {
    Control.TEXT: LineEntry,
    Control.LINES: LinesEntry,
    Control.WHOLE: NumberEntry,
    Control.DECIMAL: NumberEntry,
    Control.SPAN: SpanEntry,
    Control.MOMENT: lambda field: LineEntry(field, MIDDLE),
    Control.SWITCH: SwitchEntry,
    Control.CHOICE: ChoiceEntry,
    Control.LIST: ListEntry,
    Control.TABLE: TableEntry,
    Control.DATA: DataEntry,
}


def entry_of(field: FormField) -> Entry:
    """The control that a field asks for."""
    return _MADE[field.control](field)
