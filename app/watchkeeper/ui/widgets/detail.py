"""One thing in full, for the inspector: a title, a fact in a line, and a text that can be read and copied."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import IconButton, Label
from watchkeeper.ui.words import Spoken, shown


class Detail(Spoken, QWidget):
    """`close` takes it out of the inspector."""

    def __init__(self, close: Callable[[], object]) -> None:
        super().__init__()
        self._glyph, self.title = Glyph("status/success", 20), Label("", Role.PANEL_TITLE)
        self.fact = Label("", Role.SMALL, ink=2)
        self.title.setWordWrap(True)
        self.fact.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(font(Role.MONO))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._glyph)
        top.addWidget(self.title, 1)
        top.addWidget(IconButton("ui/close", _("Close"), close, size=14))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 14, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.fact)
        layout.addWidget(self.text, 1)
        self.retranslate()

    def show_thing(self, icon: str, title: Text | str, fact: Text | str, text: str) -> None:
        """Show something else."""
        self._glyph.show_icon(icon)
        self.title.say(title)
        self.fact.say(fact)
        self.text.setPlainText(text)

    def retranslate(self) -> None:
        self.text.setAccessibleName(shown(_("Details")))
