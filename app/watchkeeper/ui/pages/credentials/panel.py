"""One secret beside the table: what can be done with it, what stands out, the facts, who uses it; never its value."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from watchkeeper.action import ACTIONS
from watchkeeper.action.secret_table import SecretTableRow
from watchkeeper.action.secret_users import SecretUser
from watchkeeper.model.audit import Entry
from watchkeeper.model.secret import VaultStatus
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.pages.credentials import words
from watchkeeper.ui.pages.credentials.vault_bar import NOT_ALLOWED
from watchkeeper.ui.spans import moment
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.fact import Fact
from watchkeeper.ui.widgets.form import Complaint
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.widgets.links import Links
from watchkeeper.ui.widgets.reason_box import ReasonBox
from watchkeeper.ui.widgets.words import Button, IconButton, Label, line, plain
from watchkeeper.ui.words import Spoken

WIDTH = 336
#: Jobs that are named.
MOST_NAMED = 12

_FACTS: tuple[tuple[str, Text], ...] = (
    ("kind", _("Kind")),
    ("kept", _("Kept in")),
    ("version", _("Version")),
    ("earlier", _("Earlier")),
    ("used", _("Last used")),
    ("expires", _("Expires")),
    ("note", _("Note")),
)


class Deeds:
    """What the buttons do; the page says how."""

    def __init__(
        self,
        *,
        rotate: Callable[[], None],
        test: Callable[[], None],
        reveal: Callable[[], None],
        more: Callable[[QWidget], None],
        go: Callable[[str], None],
        close: Callable[[], None],
    ) -> None:
        self.rotate, self.test, self.reveal, self.more = rotate, test, reveal, more
        self.go, self.close = go, close


class SecretPanel(Spoken, QWidget):
    """Shows the row that is given at once, and what has to be asked for when that is known."""

    def __init__(self, deeds: Deeds, zone: Callable[[], str]) -> None:
        super().__init__()
        plain(self, 1)
        self.setFixedWidth(WIDTH)
        self.row: SecretTableRow | None = None
        self._vault: VaultStatus | None = None
        self._deeds, self._zone = deeds, zone
        self._history: Sequence[Entry] | None = ()
        self.title = Label("", Role.PANEL_TITLE)
        self.title.setWordWrap(True)
        self.rotate = Button(_("Rotate…"), deeds.rotate, kind="primary", icon="ui/retry")
        self.test = Button(_("Test"), deeds.test)
        self.reveal = Button(_("Show…"), deeds.reveal, icon="ui/eye")
        self._more = IconButton("ui/more", _("Menu of the secret"), self._open_more, keys=".")
        self.tested = Complaint()
        self.advice = ReasonBox()
        self.facts = {name: Fact(title) for name, title in _FACTS}
        self._jobs = Links(deeds.go)
        self._entries = QVBoxLayout()
        self._entries.setSpacing(8)
        self._lay_out()

    def take(self, row: SecretTableRow, vault: VaultStatus | None, *, barred: Text | None) -> None:
        """Show a secret; what was asked for stays while it is the same one. `barred`: why nothing can be done."""
        if self.row is None or self.row.id != row.id:
            self.tested.say(None)
            self.learn([], [])
        self.row, self._vault = row, vault
        for button in (self.rotate, self.test, self.reveal):
            button.setEnabled(barred is None)
            button.hint(barred or "")
        self.retranslate()

    def learn(self, users: Sequence[SecretUser], history: Sequence[Entry] | None) -> None:
        """Show who uses it, and what was done with it; None where that may not be seen."""
        links = [(user.job, f"job/{user.job_id}") for user in users[:MOST_NAMED]]
        self._jobs.show_links(_("Jobs that use it"), links, len(users))
        if history != self._history:
            self._history = history
            self._tell_history()

    def tell_test(self, told: Text | None, glyph: str) -> None:
        """Show what a test has found."""
        self.tested.say(told, glyph)

    def retranslate(self) -> None:
        row = self.row
        if row is None:
            return
        self.title.say(row.name)
        advice = words.advice(row, now(), self._zone())
        self.advice.tell(None if advice is None else _("It wants a new value"), advice or "")
        for name, fact in self.facts.items():
            fact.say(self._fact(name, row))
        self._tell_history()

    def _fact(self, name: str, row: SecretTableRow) -> Text | str:
        match name:
            case "kind":
                return words.KINDS[row.kind]
            case "kept":
                place = None if self._vault is None else self._vault.place
                return "" if place is None else words.PLACES[place]
            case "version":
                at = moment(row.changed_at, self._zone(), now())
                return _("v{version}, by {who}, {when}", version=row.version, who=row.changed_by, when=at)
            case "earlier":
                return _earlier(row, self._zone())
            case "used":
                return self._used(row)
            case "expires":
                return "" if row.expires_at is None else words.day_of(row.expires_at, self._zone())
        return row.note

    def _used(self, row: SecretTableRow) -> Text:
        if row.last_used_at is None:
            return _("by no run yet")
        return _("{when}, by {job}", when=moment(row.last_used_at, self._zone(), now()), job=row.last_used_by)

    def _tell_history(self) -> None:
        while (item := self._entries.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                # One that was just laid out would else be shown once more, as a window.
                widget.hide()
                widget.deleteLater()
        if self._history is None:
            return self._entries.addWidget(_small(NOT_ALLOWED))
        for entry in self._history:
            self._entries.addWidget(self._told(entry))

    def _told(self, entry: Entry) -> QWidget:
        """What was done, by whom and when; of a value that was shown, why."""
        known = ACTIONS.get(entry.action)
        title = known.title if known is not None else entry.action
        at = moment(entry.at, self._zone(), now())
        why = entry.detail.get("reason")
        said = _("{who}, {when}: {why}", who=entry.actor, when=at, why=why) if why else None
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_small(title, ink=1))
        layout.addWidget(_small(said or _("{who}, {when}", who=entry.actor, when=at)))
        return holder

    def _open_more(self) -> None:
        self._deeds.more(self._more)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(Glyph("ui/credentials", 20))
        top.addSpacing(4)
        top.addWidget(self.title, 1)
        top.addWidget(IconButton("ui/close", _("Close"), self._deeds.close, size=14))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.rotate, self.test, self.reveal):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._more)
        facts = QVBoxLayout()
        facts.setSpacing(8)
        for fact in self.facts.values():
            facts.addWidget(fact)
        inner, scroll = QWidget(), QScrollArea(self)
        head, tail = _inset(10), _inset(10)
        head.addLayout(top)
        head.addLayout(buttons)
        head.addWidget(self.tested)
        tail.addLayout(facts)
        tail.addWidget(line())
        tail.addWidget(self._jobs)
        tail.addWidget(Label(_("What was done with it"), Role.SECTION))
        tail.addLayout(self._entries)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        # The box has the margins of a panel in itself.
        layout.addWidget(self.advice)
        layout.addLayout(tail)
        layout.addStretch(1)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)


def _inset(spacing: int) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setContentsMargins(15, 0, 15, 0)
    made.setSpacing(spacing)
    return made


def _earlier(row: SecretTableRow, zone: str) -> Text | str:
    if not row.earlier:
        return ""
    last = row.earlier[0]
    return _("v{version}, kept until {day}", version=last.version, day=words.day_of(last.until, zone))


def _small(text: Text | str, ink: int = 2) -> Label:
    made = Label(text, Role.SMALL, ink=ink)
    made.setWordWrap(True)
    return made
