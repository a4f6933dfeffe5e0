"""The page's header: what is edited, how it stands with the draft, and what can be done with it."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role, tokens
from watchkeeper.ui.widgets.words import Button, IconButton, Label

HEIGHT = 52


class Head(QWidget):
    """Tells by signals what was asked for."""

    copy_asked = Signal()
    command_asked = Signal()
    discard_asked = Signal()
    dry_run_asked = Signal()
    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.title = Label("", Role.PAGE_TITLE)
        self.state = Label("", Role.BODY, ink=2)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        copied = _("The whole job, as `watchkeeper apply` takes it")
        self.copy = Button(_("Copy as YAML"), self.copy_asked.emit, kind="ghost", icon="ui/copy", hint=copied)
        self.command = IconButton(
            "ui/terminal", _("Copy as a command"), self.command_asked.emit, keys="Ctrl+Shift+C", parent=self
        )
        self.discard = Button(
            _("Discard changes"), self.discard_asked.emit, kind="ghost", hint=_("Back to what is saved; can be undone")
        )
        tried = _("What it would start, without starting it")
        self.dry_run = Button(_("Dry run"), self.dry_run_asked.emit, icon="ui/flask", hint=tried)
        self.save = Button(_("Save…"), self.save_asked.emit, kind="primary", hint=_("Shows what changes; Ctrl+S saves"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 20, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addSpacing(4)
        layout.addWidget(self.state, 1)
        for widget in (self.copy, self.command, self.discard, self.dry_run, self.save):
            layout.addWidget(widget)

    def tell(self, title: Text | str, state: Text | str) -> None:
        """Show the name, and how it stands with the draft."""
        self.title.say(title)
        self.state.say(state)

    def hide_deeds(self) -> None:
        """There is nothing that they could be done with."""
        for button in (self.copy, self.command, self.discard, self.dry_run, self.save):
            button.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), tokens().border)
