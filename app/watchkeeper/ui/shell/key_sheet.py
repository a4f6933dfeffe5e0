"""The sheet of keys for the page that is shown, searched and changed; opened by a question mark."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Commands
from watchkeeper.ui.palette.rows import Rows
from watchkeeper.ui.shell.key_rows import awaiting, rows_of
from watchkeeper.ui.shell.keys import MODIFIERS, keys_of
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.words import Button, Label, line
from watchkeeper.ui.words import shown

WIDTH, HEAD, FOOT = 640, 60, 52
#: The list is not higher.
HIGHEST = 480
_HINT = _("Enter changes the keys of a command; they hold at once, and are remembered.")


class KeySheet(QWidget):
    """Put it under a Veil."""

    done = Signal()
    #: Below the window's upper edge.
    top = 72

    def __init__(self, commands: Commands, page_title: Text | str) -> None:
        super().__init__()
        self._commands, self._page_title = commands, page_title
        #: Whose new keys are about to be pressed; "" for none.
        self._asked = ""
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(shown(_("Keys")))
        self.field = QLineEdit()
        self.field.setPlaceholderText(shown(_("Search commands and keys")))
        self.field.setAccessibleName(shown(_("Search commands and keys")))
        self.field.setFixedSize(260, 32)
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.setFocusProxy(self.field)
        self.rows = Rows()
        self.rows.chosen.connect(self._select)
        self.rows.moved.connect(self._tell_current)
        self.sentence = Label(_HINT, Role.SMALL, ink=2)
        self.sentence.setWordWrap(True)
        self.default = Button(_("Default"), self.restore, hint=_("Give the command its own keys back"))
        self.change = Button(_("Change"), self.ask, kind="primary")
        self._area = QScrollArea()
        self._area.setWidget(self.rows)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self._look()

    def ask(self) -> None:
        """Let the next keys that are pressed be those of the selected command."""
        offer = self.rows.offer
        if offer is None:
            return
        self._asked = offer.id
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show(_("Press the new keys. Esc leaves them as they are."))

    def restore(self) -> None:
        """Give the selected command its own keys back."""
        if (offer := self.rows.offer) is not None:
            self._take(offer.id, None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """New keys while they are asked for; else those that move in the list."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if self._asked:
            self._press(event)
            return True
        match event.key():
            case Qt.Key.Key_Down:
                self.rows.move_by(1)
            case Qt.Key.Key_Up:
                self.rows.move_by(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.ask()
            case _:
                return False
        return True

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEAD + HIGHEST + FOOT + 2)

    def _press(self, event: QKeyEvent) -> None:
        if event.key() in MODIFIERS:
            return
        if event.key() == Qt.Key.Key_Escape:
            self._asked = ""
            return self._show(_HINT)
        is_restoring = event.key() == Qt.Key.Key_Backspace and not event.modifiers()
        self._take(self._asked, None if is_restoring else keys_of(event))

    def _take(self, command_id: str, keys: str | None) -> None:
        """Other keys, or None for its own; what is wrong with them is said, and they are waited for again."""
        try:
            if keys is None:
                self._commands.forget_keys(command_id)
            else:
                self._commands.rebind(command_id, (keys,))
        except Known as refusal:
            return self._show(refusal.text)
        self._asked = ""
        self._show(_HINT)

    def _look(self) -> None:
        self._asked = ""
        self._show(_HINT)

    def _show(self, sentence: Text) -> None:
        hits = rows_of(self._commands, self._page_title, self.field.text().strip())
        kept = self._asked or (self.rows.offer.id if self.rows.offer is not None else "")
        self.rows.set_hits([awaiting(hit) if hit.offer.id == self._asked else hit for hit in hits], kept)
        self.sentence.say(sentence if hits else _("Nothing fits. Fewer letters find more."))
        self.change.setEnabled(bool(hits))
        self._tell_current()

    def _select(self, number: int) -> None:
        self.rows.move_by(number - self.rows.current)
        self.field.setFocus(Qt.FocusReason.MouseFocusReason)

    def _tell_current(self) -> None:
        offer = self.rows.offer
        self.default.setEnabled(offer is not None and self._commands.is_rebound(offer.id))
        if offer is None:
            return
        self.field.setAccessibleDescription(f"{shown(offer.title)}: {', '.join(offer.keys)}")
        rect = self.rows.row_rect(self.rows.current)
        self._area.ensureVisible(0, round(rect.center().y()), 0, 60)

    def _lay_out(self) -> None:
        head, foot = QWidget(), QWidget()
        above, below = QHBoxLayout(head), QHBoxLayout(foot)
        head.setFixedHeight(HEAD)
        foot.setFixedHeight(FOOT)
        above.setContentsMargins(20, 0, 16, 0)
        above.addWidget(Label(_("Keys"), Role.PANEL_TITLE), 1)
        above.addWidget(self.field)
        below.setContentsMargins(20, 0, 16, 0)
        below.setSpacing(8)
        below.addWidget(self.sentence, 1)
        below.addWidget(self.default)
        below.addWidget(self.change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(line())
        layout.addWidget(self._area, 1)
        layout.addWidget(line())
        layout.addWidget(foot)
        self.resize(self.sizeHint())
