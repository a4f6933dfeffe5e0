"""Killing a run: the danger first, and afterwards the proof that nothing of it is left."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.glyphs import glyph_of_run
from watchkeeper.ui.pages.run.facts import proof_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.words import Button, Label
from watchkeeper.ui.words import Spoken, shown

WIDTH = 480


class KillDialog(Spoken, QWidget):
    """Put it under a Veil; `kill` does it, `take` is told what became of the run."""

    done = Signal()

    def __init__(self, run: Run, grace: Text | None, kill: Callable[[], None]) -> None:
        """`grace`: how long Stop would wait; None where that is not known."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._kill, self._title = kill, _("Kill run #{number}", number=run.number)
        self.has_killed = False
        self._glyph = Glyph("status/late", 16)
        self.words = Label(_danger(grace), Role.BODY, ink=2)
        self.words.setWordWrap(True)
        self.cancel, self.ok = Button(_("Cancel"), self.done.emit), Button(_("Kill it now"), self._do)
        text = QHBoxLayout()
        text.setSpacing(10)
        glyph = QVBoxLayout()
        glyph.setContentsMargins(0, 2, 0, 0)
        glyph.addWidget(self._glyph)
        glyph.addStretch(1)
        text.addLayout(glyph)
        text.addWidget(self.words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.ok)
        buttons.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(Label(self._title, Role.PANEL_TITLE))
        layout.addLayout(text)
        layout.addLayout(buttons)
        self.setFocusProxy(self.cancel)
        self.retranslate()
        self.adjustSize()

    def retranslate(self) -> None:
        self.setAccessibleName(shown(self._title))

    def take(self, run: Run) -> None:
        """Once it has been killed and has ended: what proves it."""
        if not self.has_killed or run.is_live:
            return
        self._glyph.show_icon(glyph_of_run(run))
        self.words.say(proof_of(run) or run.reason or _("It has ended"))
        self.cancel.say(_("Close"))

    def _do(self) -> None:
        self.has_killed = True
        self.ok.hide()
        self.cancel.say(_("Close"))
        self.cancel.setFocus()
        self._glyph.show_icon("status/running")
        self.words.say(_("Killing it, and looking whether anything is left…"))
        self._kill()


def _danger(grace: Text | None) -> Text:
    if grace is None:
        return _(
            "It gets no time to clean up: files may be left half written, and locks taken."
            " Stop asks it to end by itself first."
        )
    return _(
        "It gets no time to clean up: files may be left half written, and locks taken."
        " Stop asks it to end by itself first, and kills only what is left after {grace}.",
        grace=grace,
    )
