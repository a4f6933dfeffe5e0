"""The forms for a new secret, and for another value of one that there is. Nothing of them is kept but by the vault."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QCompleter, QLineEdit

from watchkeeper.action.secret_table import SecretTableRow
from watchkeeper.model.secret import Earlier, SecretKind
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.pages.credentials.value_field import ValueField
from watchkeeper.ui.pages.credentials.words import KINDS, day_of
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.dialog import WIDE
from watchkeeper.ui.widgets.form import Row
from watchkeeper.ui.widgets.input_dialog import InputDialog, Try
from watchkeeper.ui.widgets.masked import MaskedLine
from watchkeeper.ui.widgets.moment_field import MomentField

#: Days for which an earlier value can be kept.
_KEEPS = (1, 7, 30, 90, 365)
_KEEP = 30


class ValueDialog(InputDialog):
    """Another value: `is_rotation` when the old one was good and is kept for a time that is chosen."""

    def __init__(
        self, row: SecretTableRow, *, is_rotation: bool, zone: Callable[[], str], tasks: Tasks, carry_out: Try
    ) -> None:
        title = _("Rotate {name}", name=row.name) if is_rotation else _("Replace the value of {name}", name=row.name)
        super().__init__(title, _effect(row, is_rotation), _("Save"), tasks, carry_out, WIDE)
        self._name, self._is_rotation = row.name, is_rotation
        self.value = ValueField(tasks, row.kind)
        self.passphrase = MaskedLine(_("Passphrase"))
        self.expires = MomentField(_("Expires"), zone, is_end=True)
        self.keep = Choice(_("Keep the old one"), [(days, _days(days)) for days in _KEEPS], 184)
        self.keep.show_value(_KEEP)
        _add_value(self, self.value, self.passphrase, self.expires, zone)
        self.add("keep", Row(_("Keep the old one"), self.keep, help=_("Until then it can be given back")))
        self.rows["keep"].setVisible(is_rotation)
        _turn_to(self, row.kind)
        self.setFocusProxy(self.value.input)
        self.fit()

    def values(self) -> Mapping[str, Any]:
        kept = {"keep": self.keep.value} if self._is_rotation else {}
        return {"name": self._name, **_value_of(self), **kept}

    def faults(self) -> Mapping[str, Text]:
        return _faults_of(self)


class AddDialog(InputDialog):
    """A new secret. `taken`: the names that there are; their folders are offered."""

    def __init__(self, taken: Sequence[str], *, zone: Callable[[], str], tasks: Tasks, carry_out: Try) -> None:
        text = _("The value goes into the vault. Jobs name the secret, and only their runs are given the value.")
        super().__init__(_("Add a secret"), text, _("Add"), tasks, carry_out, WIDE)
        self._taken = frozenset(taken)
        self.name, self.note = _line(), _line()
        self.name.setPlaceholderText("finance/database")
        self.name.setMaxLength(200)
        self.note.setMaxLength(200)
        folders = sorted({f"{name.rpartition('/')[0]}/" for name in taken if "/" in name})
        self.name.setCompleter(QCompleter(folders, self.name))
        self.kind = Choice(_("Kind"), list(KINDS.items()), 232)
        self.kind.show_value(SecretKind.PASSWORD)
        self.kind.picked.connect(self._turn)
        self.value = ValueField(tasks, SecretKind.PASSWORD)
        self.passphrase = MaskedLine(_("Passphrase"))
        self.expires = MomentField(_("Expires"), zone, is_end=True)
        self.add("name", Row(_("Name"), self.name, is_wide=True, help=_("As folder/name; folders need not be made")))
        self.add("kind", Row(_("Kind"), self.kind))
        _add_value(self, self.value, self.passphrase, self.expires, zone)
        self.add("note", Row(_("Note"), self.note, is_wide=True, help=_("A line on what it is for")))
        _turn_to(self, SecretKind.PASSWORD)
        self.setFocusProxy(self.name)
        self.fit()

    def values(self) -> Mapping[str, Any]:
        named = {"name": self.name.text().strip(), "kind": self.kind.value, "note": self.note.text().strip()}
        return {**named, **_value_of(self)}

    def faults(self) -> Mapping[str, Text]:
        name = self.name.text().strip()
        faults = dict(_faults_of(self))
        if not name:
            faults["name"] = _("a secret wants a name, like finance/database")
        elif name in self._taken:
            faults["name"] = _("there is a secret {name} already: give that one another value", name=name[:60])
        return faults

    def _turn(self, _kind: object = None) -> None:
        _turn_to(self, self.kind.value)
        self.fit()


class RevertDialog(InputDialog):
    """Which earlier value is to hold again."""

    def __init__(self, row: SecretTableRow, zone: Callable[[], str], tasks: Tasks, carry_out: Try) -> None:
        title = _("Give {name} an earlier value back", name=row.name)
        text = _("The value that holds now is kept for a week, so that this can be taken back.")
        super().__init__(title, text, _("Give back"), tasks, carry_out)
        self._name = row.name
        self.version = Choice(_("Version"), [(each.version, _saved(each, zone())) for each in row.earlier])
        self.version.show_value(row.earlier[0].version)
        self.add("version", Row(_("Version"), self.version, is_wide=True))
        self.setFocusProxy(self.version)
        self.fit()

    def values(self) -> Mapping[str, Any]:
        return {"name": self._name, "version": self.version.value}


Dialog = AddDialog | ValueDialog


def _add_value(
    dialog: InputDialog, value: ValueField, passphrase: MaskedLine, expires: MomentField, zone: Callable[[], str]
) -> None:
    expires.setPlaceholderText(day_of(now() + timedelta(days=365), zone()))
    dialog.add("value", Row(_("Value"), value, is_wide=True))
    dialog.add(
        "passphrase", Row(_("Passphrase"), passphrase, is_wide=True, help=_("Of the private key, if it has one"))
    )
    dialog.add("expires", Row(_("Expires"), expires, unit=_("you are warned 30 days before")))
    value.entered.connect(dialog.take)
    passphrase.entered.connect(dialog.take)
    value.refused.connect(dialog.rows["value"].complain)


def _turn_to(dialog: Dialog, kind: SecretKind) -> None:
    """Ask for what this kind has: a certificate tells itself when it expires."""
    dialog.value.show_kind(kind)
    dialog.rows["value"].complain(None)
    dialog.rows["passphrase"].setVisible(dialog.value.is_pem)
    dialog.rows["expires"].setVisible(kind is not SecretKind.CERTIFICATE)


def _value_of(dialog: Dialog) -> dict[str, Any]:
    given: dict[str, Any] = {"value": dialog.value.value}
    if dialog.value.is_pem and dialog.passphrase.value:
        given["passphrase"] = dialog.passphrase.value
    if dialog.value.kind is not SecretKind.CERTIFICATE and (at := dialog.expires.moment) is not None:
        given["expires"] = at
    return given


def _faults_of(dialog: Dialog) -> Mapping[str, Text]:
    faults: dict[str, Text] = {}
    if (fault := dialog.value.fault()) is not None:
        faults["value"] = fault
    if dialog.expires.isHidden() or dialog.value.kind is SecretKind.CERTIFICATE:
        return faults
    if dialog.expires.problem is not None:
        faults["expires"] = dialog.expires.problem
    elif (at := dialog.expires.moment) is not None and at <= now():
        faults["expires"] = _("{text} is past: write a day that comes", text=dialog.expires.text()[:40])
    return faults


def _effect(row: SecretTableRow, is_rotation: bool) -> Text:
    """What another value means for the jobs, said before it is given."""
    users = plural(
        "{n} job uses it: its next run is given the new value.",
        "{n} jobs use it: their next runs are given the new value.",
        row.job_count,
    )
    if is_rotation:
        kept = _("The old one is kept for a time and then wiped.")
    else:
        kept = _("The old one, which was wrong, is kept for a week and then wiped.")
    return _("{users} {kept}", users=users if row.job_count else _("No job uses it."), kept=kept)


def _saved(each: Earlier, zone: str) -> Text:
    saved, until = day_of(each.saved_at, zone), day_of(each.until, zone)
    return _("v{version} of {day}, kept until {until}", version=each.version, day=saved, until=until)


def _days(days: int) -> Text:
    return plural("for {n} day", "for {n} days", days)


def _line() -> QLineEdit:
    made = QLineEdit()
    made.setFont(font(Role.BODY))
    made.setFixedHeight(32)
    return made
