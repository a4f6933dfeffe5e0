"""The field for a secret's value: a line of dots, or several lines for what is a PEM, typed, pasted or from a file."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from watchkeeper.action.system import reason_of
from watchkeeper.model.errors import Known
from watchkeeper.model.secret import SecretKind
from watchkeeper.model.text import Text, _
from watchkeeper.ui.home import without_home
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.masked import MOST, MaskedLine, MaskedText
from watchkeeper.ui.widgets.words import Button
from watchkeeper.ui.words import shown

PEM = (SecretKind.KEY, SecretKind.CERTIFICATE)
#: Fewer letters can't be kept apart from other words; the engine looks at it too.
LEAST = 6
_HEIGHT = 112


class ValueField(QWidget):
    """`kind` decides how many lines it has."""

    entered = Signal()
    #: A file could not be taken, and why.
    refused = Signal(object)

    def __init__(self, tasks: Tasks, kind: SecretKind) -> None:
        super().__init__()
        self._tasks = tasks
        self.kind = kind
        self.line = MaskedLine(_("Value"))
        self.lines = MaskedText(_("Value"), _HEIGHT)
        self.line.entered.connect(self.entered)
        self.file = Button(_("From a file…"), self.choose_file, icon="ui/file")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.line, self.lines, self.file):
            layout.addWidget(widget)
        self.show_kind(kind)

    @property
    def is_pem(self) -> bool:
        """Whether it is of a kind that comes as PEM, with a passphrase perhaps."""
        return self.kind in PEM

    @property
    def input(self) -> QWidget:
        """What takes the keyboard."""
        return self.lines.text if self.is_pem else self.line.line

    @property
    def value(self) -> str:
        """What was given."""
        return self.lines.value if self.is_pem else self.line.value

    def show_kind(self, kind: SecretKind) -> None:
        """Ask for another kind; what was given already stays."""
        value, self.kind = self.value, kind
        former, field = (self.line, self.lines) if self.is_pem else (self.lines, self.line)
        if value and not field.value:
            field.put(value)
        former.clear()
        self.line.setVisible(not self.is_pem)
        self.lines.setVisible(self.is_pem)
        self.file.setVisible(self.is_pem)
        self.setFocusProxy(self.input)

    def fault(self) -> Text | None:
        """What is wrong with the value as far as that is seen here; never the value itself."""
        if not self.value.strip():
            return _("fill in the value")
        if len(self.value.strip()) < LEAST:
            return _("the value has fewer than {least} characters: nothing so short can be kept apart", least=LEAST)
        if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in self.value):
            return _("the value holds something that is no text: only text can be kept")
        return None

    def choose_file(self) -> None:
        """Ask for a file, and read it."""
        dialog = QFileDialog(self, shown(_("Read the value from a file")), str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.read_file)
        dialog.open()

    def read_file(self, file: str) -> None:
        """Take what is in a file as if it had been pasted."""
        self._tasks.start(self._read(Path(file)), "file")

    async def _read(self, file: Path) -> None:
        try:
            self.lines.put(await asyncio.to_thread(_text_of, file))
            self.refused.emit(None)
        except Known as refusal:
            self.refused.emit(refusal.text)


def _text_of(file: Path) -> str:
    """What is in a file; Known when it can't be read, is too large or no text."""
    told = without_home(str(file))
    try:
        with file.open("rb") as source:
            data = source.read(MOST + 1)
        if len(data) > MOST:
            raise Known(
                _("{file} is larger than {most} KiB: choose the file of the secret", file=told, most=MOST >> 10)
            )
        return data.decode("utf-8")
    except OSError as error:
        raise Known(_("{file} can't be read: {why}", file=told, why=reason_of(error))) from None
    except UnicodeDecodeError:
        raise Known(_("{file} is no text: only what is text can be kept", file=told)) from None
