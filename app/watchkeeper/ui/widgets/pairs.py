"""Names with their values, a line each; the last line is for one more."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.words import IconButton
from watchkeeper.ui.words import Spoken, shown


class _Pair(Spoken, QWidget):
    """One line; a value is completed by the words of a model that all lines share."""

    edited = Signal()
    dropped = Signal(QWidget)

    def __init__(self, name: str, value: str, known: QStringListModel) -> None:
        super().__init__()
        self.name, self.value = QLineEdit(name), QLineEdit(value)
        completer = QCompleter(known, self.value)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        # Its own slot writes the word into the line only after this one.
        completer.activated.connect(self.edited, Qt.ConnectionType.QueuedConnection)
        self.value.setCompleter(completer)
        self.drop = IconButton("ui/close", _("Remove"), self._drop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for field, stretch in ((self.name, 2), (self.value, 3)):
            field.setFont(font(Role.MONO))
            field.setFixedHeight(32)
            field.textEdited.connect(self.edited)
            layout.addWidget(field, stretch)
        layout.addWidget(self.drop)
        self.retranslate()

    def retranslate(self) -> None:
        for field, word in ((self.name, _("Name")), (self.value, _("Value"))):
            field.setAccessibleName(shown(word))
            field.setPlaceholderText(shown(word))

    def _drop(self) -> None:
        self.dropped.emit(self)


class Pairs(Spoken, QWidget):
    """A mapping of text to text."""

    edited = Signal(object)

    def __init__(self, name: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._known = QStringListModel(self)
        self.lines: list[_Pair] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_value({})
        self.retranslate()

    @property
    def value(self) -> dict[str, str]:
        """What is written; of a name that stands twice the last value."""
        return {line.name.text(): line.value.text() for line in self.lines if line.name.text() or line.value.text()}

    @property
    def twice(self) -> str:
        """A name that stands twice; "" when none does."""
        names = [line.name.text() for line in self.lines if line.name.text()]
        return next((name for number, name in enumerate(names) if name in names[:number]), "")

    def offer(self, words: Sequence[str]) -> None:
        """Complete what is typed as a value by these."""
        self._known.setStringList(list(words))

    def show_value(self, pairs: Mapping[str, str]) -> None:
        """Show other pairs without telling."""
        if self.lines and pairs == self.value:
            return
        for line in self.lines:
            line.setParent(None)
            line.deleteLater()
        self.lines = []
        for name, value in pairs.items():
            self._add(name, str(value))
        self._add("", "")

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._name))

    def mark(self, name: str) -> None:
        """Show which line is wrong; "" for none."""
        for line in self.lines:
            set_wrong(line.name, bool(name) and line.name.text() == name)

    def _add(self, name: str, value: str) -> None:
        line = _Pair(name, value, self._known)
        line.edited.connect(self._change)
        line.dropped.connect(self._drop)
        self.lines.append(line)
        self._layout.addWidget(line)

    def _drop(self, line: _Pair) -> None:
        if line is not self.lines[-1]:
            self.lines.remove(line)
            line.setParent(None)
            line.deleteLater()
        else:
            line.name.clear()
            line.value.clear()
        self._change()

    def _change(self) -> None:
        last = self.lines[-1]
        if last.name.text() or last.value.text():
            self._add("", "")
        self.edited.emit(self.value)


def set_wrong(widget: QWidget, is_wrong: bool) -> None:
    """Give a field the border of what is wrong, or take it away."""
    word = "true" if is_wrong else "false"
    if widget.property("is_wrong") != word:
        widget.setProperty("is_wrong", word)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
