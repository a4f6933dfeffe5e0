"""Many selected jobs beside the table: what can be done with them, and what would come of it before it is done."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.job_effect import Deed, Effect
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.pages.jobs.effects import TITLES, sentences_of
from watchkeeper.ui.pages.jobs.inspector import WIDTH
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line, plain


class BulkPanel(QWidget):
    """`do` carries a deed out, `tag` asks for a tag first, `close` selects nothing any more."""

    def __init__(
        self,
        do: Callable[[Deed], None],
        tag: Callable[[], None],
        close: Callable[[], None],
        zone: Callable[[], str],
    ) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        self._zone = zone
        self._title = Label("", Role.PANEL_TITLE)
        self.buttons = {
            deed: Button(TITLES[deed], partial(do, deed), kind="primary" if deed is Deed.RUN else "secondary")
            for deed in (Deed.RUN, Deed.ENABLE, Deed.DISABLE, Deed.DELETE)
        }
        self._tag = Button(_("Tag…"), tag)
        self._told = QVBoxLayout()
        self._told.setSpacing(12)
        #: What deeds would do; empty while that is not known.
        self.effects: Sequence[Effect] = ()
        self.parts: list[_Part] = []
        self._lay_out(close)

    def begin(self, count: int) -> None:
        """Other jobs are selected: what deeds would do is not known yet."""
        self._title.say(plural("{n} job selected", "{n} jobs selected", count))
        self.take([])

    def take(self, effects: Sequence[Effect], refusal: Text | None = None) -> None:
        """Tell what deeds would do, or why that can't be told."""
        self.effects = effects
        for part in self.parts:
            part.hide()
            part.deleteLater()
        told = [(TITLES[each.deed], list(sentences_of(each, self._zone))) for each in effects]
        if refusal is not None:
            told = [(_("Too many"), [refusal])]
        self.parts = [_Part(title, sentences) for title, sentences in told]
        for part in self.parts:
            self._told.addWidget(part)
        for effect in effects:
            self.buttons[effect.deed].setEnabled(bool(effect.jobs))

    def _lay_out(self, close: Callable[[], None]) -> None:
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self._title, 1)
        title.addWidget(IconButton("ui/close", _("Select nothing"), close, size=14, keys="Esc"))
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, buttons in (
            (first, (self.buttons[Deed.RUN], self.buttons[Deed.ENABLE], self.buttons[Deed.DISABLE])),
            (second, (self._tag, self.buttons[Deed.DELETE])),
        ):
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 14, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(title)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(line())
        layout.addWidget(Label(_("What each would do"), Role.SECTION))
        layout.addLayout(self._told)
        layout.addStretch(1)


class _Part(QWidget):
    """One deed with its sentences."""

    def __init__(self, title: Text, sentences: Sequence[Text]) -> None:
        super().__init__()
        words = QVBoxLayout()
        words.setSpacing(2)
        self.labels = [Label(sentence, Role.SMALL, ink=1 if n == 0 else 2) for n, sentence in enumerate(sentences)]
        for label in self.labels:
            label.setWordWrap(True)
            words.addWidget(label)
        name = Label(title, Role.SMALL, ink=2)
        name.setFixedWidth(84)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(name, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
