"""One plugin file beside the table: what it is, what is wrong with it, what has changed, and what can be done."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from watchkeeper.action.plugins import PluginDetail, PluginRow
from watchkeeper.model.text import _
from watchkeeper.ui.pages.plugins.words import GLYPHS, UNDECIDED, WORDS, about, changes_of, name_of, origin_of, text_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.detail import Detail
from watchkeeper.ui.widgets.diff import Changed, DiffView
from watchkeeper.ui.widgets.words import Button, Label, plain

WIDTH = 376


class PluginPanel(QWidget):
    """For the inspector. Signals tell what was asked for."""

    allow_asked = Signal()
    forbid_asked = Signal()
    try_asked = Signal()

    def __init__(self, close: Callable[[], object]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        #: The file that is shown.
        self.row: PluginRow | None = None
        self.detail = Detail(close)
        self.about, self.diff = Label("", Role.SECTION), DiffView()
        self.about.setWordWrap(True)
        self.allow = Button(_("Allow"), self.allow_asked.emit, kind="primary", icon="ui/check")
        self.forbid = Button(_("Forbid"), self.forbid_asked.emit, icon="ui/lock")
        self.attempt = Button(_("Try it"), self.try_asked.emit, icon="ui/flask")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(15, 0, 12, 12)
        buttons.setSpacing(8)
        for button in (self.allow, self.forbid, self.attempt):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._source = QWidget()
        source = QVBoxLayout(self._source)
        source.setContentsMargins(15, 0, 12, 8)
        source.setSpacing(6)
        source.addWidget(self.about)
        source.addWidget(self.diff, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.detail, 1)
        layout.addWidget(self._source, 1)
        layout.addLayout(buttons)

    def show_row(self, row: PluginRow) -> None:
        """Show a file, and what can be done with it."""
        self.row = row
        fact = _("{state}, {origin}", state=WORDS[row.state], origin=origin_of(row))
        self.detail.show_thing(GLYPHS[row.state], name_of(row), fact, text_of(row))
        can_decide = bool(row.hash) and not row.is_bundled
        self.allow.setVisible(can_decide and row.state in UNDECIDED)
        self.forbid.setVisible(can_decide and row.state != "forbidden")
        self.attempt.setVisible(row.state == "loaded")
        # Nothing is allowed before its text is there to be looked at.
        self.allow.setEnabled(False)
        self.about.say("")
        self.diff.show_fields(())
        self._source.setVisible(row.state in UNDECIDED)

    def show_source(self, detail: PluginDetail) -> None:
        """Its text: what a person who is to allow the file has to look at."""
        has_text = bool(detail.source or detail.changes)
        self.allow.setEnabled(has_text)
        self._source.setVisible(has_text or detail.state in UNDECIDED)
        self.about.say(about(detail))
        self.diff.show_fields([Changed(name_of(detail), detail.hash[:12], changes_of(detail))])
