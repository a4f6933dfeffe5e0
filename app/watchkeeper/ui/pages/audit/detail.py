"""One entry of the audit trail, with everything that it tells: what it was like before, and after."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from watchkeeper.model import codec
from watchkeeper.model.audit import Entry
from watchkeeper.model.text import _
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import moment
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.words import IconButton, Label, plain
from watchkeeper.ui.words import shown

WIDTH = 336


class EntryDetail(QWidget):
    """For the inspector."""

    def __init__(self, zone: Callable[[], str], close: Callable[[], None]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        self._zone = zone
        self._title, self._fact = Label("", Role.PANEL_TITLE), Label("", Role.SMALL, ink=2)
        self._title.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(font(Role.MONO))
        self.text.setAccessibleName(shown(_("Details")))
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(IconButton("ui/close", _("Close"), close, size=14))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 14, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._fact)
        layout.addWidget(self.text, 1)

    def take(self, entry: Entry) -> None:
        """Show an entry."""
        self._title.say(f"{entry.action} {entry.object or ''}".strip())
        self._fact.say(f"{entry.actor}, {moment(entry.at, self._zone(), now())}")
        self.text.setPlainText(_told(entry.detail))


def _told(value: object, indent: int = 0) -> str:
    """Nested values as indented lines; nothing is cut."""
    pad = "  " * indent
    if isinstance(value, dict):
        lines = (
            f"{pad}{name}:\n{_told(each, indent + 1)}"
            if isinstance(each, dict | list) and each
            else f"{pad}{name}: {_flat(each)}"
            for name, each in value.items()
        )
        return "\n".join(lines)
    if isinstance(value, list):
        return "\n".join(f"{pad}- {_told(each, indent + 1).strip()}" for each in value)
    return pad + _flat(value)


def _flat(value: object) -> str:
    return value if isinstance(value, str) else codec.encode(value).decode()
