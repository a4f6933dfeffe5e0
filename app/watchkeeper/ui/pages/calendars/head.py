"""The page's header: which calendar it is, how it stands with the draft, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, IconButton, Label

HEIGHT = 52


class Head(QWidget):
    """Tells by signals what was asked for."""

    new_asked = Signal()
    import_asked = Signal()
    duplicate_asked = Signal()
    delete_asked = Signal()
    discard_asked = Signal()
    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.title = Label(_("Calendars"), Role.PAGE_TITLE)
        self.state = Label("", Role.BODY, ink=2)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.new = Button(_("New calendar"), self.new_asked.emit, kind="ghost", icon="ui/plus")
        self.take_in = Button(
            _("Import…"),
            self.import_asked.emit,
            kind="ghost",
            icon="ui/upload",
            hint=_("Takes the events of an iCalendar file in; says first what that changes"),
        )
        self.duplicate = IconButton("ui/copy", _("Duplicate"), self.duplicate_asked.emit, parent=self)
        self.delete = IconButton("ui/trash", _("Delete"), self.delete_asked.emit, parent=self)
        self.discard = Button(
            _("Discard changes"), self.discard_asked.emit, kind="ghost", hint=_("Back to what is saved; can be undone")
        )
        self.save = Button(_("Save"), self.save_asked.emit, kind="primary", hint="Ctrl+S")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addSpacing(4)
        layout.addWidget(self.state, 1)
        for widget in (self.discard, self.new, self.take_in, self.duplicate, self.delete, self.save):
            layout.addWidget(widget)

    def tell(self, state: Text | str, *, is_there: bool, is_dirty: bool, can_save: bool, can_delete: bool) -> None:
        """Show how it stands, and what can be done."""
        self.state.say(state)
        for widget in (self.take_in, self.duplicate, self.save):
            widget.setVisible(is_there)
        self.discard.setVisible(is_there and is_dirty)
        self.delete.setVisible(is_there and can_delete)
        self.save.setEnabled(can_save)
