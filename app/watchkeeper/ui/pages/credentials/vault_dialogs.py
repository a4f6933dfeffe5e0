"""Choosing the vault of the workspace, and opening one that lies in a file."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit

from watchkeeper.model.secret import Place
from watchkeeper.model.text import Text, _
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Role, font
from watchkeeper.ui.widgets.choice import Choice
from watchkeeper.ui.widgets.dialog import WIDE
from watchkeeper.ui.widgets.form import Row
from watchkeeper.ui.widgets.input_dialog import InputDialog, Try
from watchkeeper.ui.widgets.masked import MaskedLine

#: Letters of a passphrase that is worth its name; the engine looks at it too.
LEAST = 12

_WAYS: tuple[tuple[str, Text], ...] = (
    ("keyring", _("In the keyring of the system")),
    ("file", _("In a file, under a passphrase")),
    ("credential", _("In a file, the passphrase from systemd")),
)
_ONCE = _("Secrets lie sealed in the database. What opens them is one key; where that lies is chosen once.")
_TOLD = {
    "keyring": _("GNOME Keyring, KWallet, Keychain or Windows Credential Manager: it opens with your login."),
    "file": _("For machines without a desktop: somebody types the passphrase after each start of the engine."),
    "credential": _("The unit of the engine has LoadCredential=NAME:FILE, and nobody types anything."),
}


class UnlockDialog(InputDialog):
    """Asks for the passphrase of a vault in a file."""

    def __init__(self, tasks: Tasks, carry_out: Try) -> None:
        text = _("What waits for a secret starts by itself once the vault is open.")
        super().__init__(_("Unlock the vault"), text, _("Unlock"), tasks, carry_out)
        self.passphrase = MaskedLine(_("Passphrase"))
        self.passphrase.entered.connect(self.take)
        self.add("passphrase", Row(_("Passphrase"), self.passphrase, is_wide=True))
        self.setFocusProxy(self.passphrase.line)
        self.fit()

    def values(self) -> Mapping[str, Any]:
        return {"passphrase": self.passphrase.value}

    def faults(self) -> Mapping[str, Text]:
        return {} if self.passphrase.value else {"passphrase": _("type the passphrase of the vault")}


class PassphraseDialog(InputDialog):
    """Asks for the passphrase that holds, and twice for the one that is to hold."""

    def __init__(self, tasks: Tasks, carry_out: Try) -> None:
        text = _(
            "Key and secrets stay as they are. A copy of the file that was made before opens with the old passphrase."
        )
        super().__init__(_("Change the passphrase of the vault"), text, _("Change"), tasks, carry_out, WIDE)
        self.former, self.new = MaskedLine(_("Passphrase so far")), MaskedLine(_("New passphrase"))
        self.again = MaskedLine(_("Once more"))
        named = {"passphrase": self.former, "new": self.new, "again": self.again}
        titles = (_("Passphrase so far"), _("New passphrase"), _("Once more"))
        for (name, field), title in zip(named.items(), titles, strict=True):
            field.entered.connect(self.take)
            self.add(name, Row(title, field, is_wide=True))
        self.setFocusProxy(self.former.line)
        self.fit()

    def values(self) -> Mapping[str, Any]:
        return {"passphrase": self.former.value, "new": self.new.value}

    def faults(self) -> Mapping[str, Text]:
        if not self.former.value:
            return {"passphrase": _("type the passphrase of the vault")}
        if len(self.new.value) < LEAST:
            return {"new": _("at least {least} characters are wanted, a few words are best", least=LEAST)}
        if self.new.value != self.again.value:
            return {"again": _("these are two different passphrases: type the same one twice")}
        return {}


class ChooseDialog(InputDialog):
    """Where the key is to lie that opens every secret: nothing is chosen unasked."""

    def __init__(self, tasks: Tasks, carry_out: Try) -> None:
        super().__init__(_("Choose the vault"), _ONCE, _("Make the vault"), tasks, carry_out, WIDE)
        self.way = Choice(_("Keep the key"), _WAYS)
        self.way.show_value("keyring")
        self.way.picked.connect(self._turn)
        self.passphrase, self.again = MaskedLine(_("Passphrase")), MaskedLine(_("Once more"))
        self.credential = QLineEdit()
        self.credential.setFont(font(Role.BODY))
        self.credential.setFixedHeight(32)
        self.credential.setPlaceholderText("watchkeeper")
        for field in (self.passphrase, self.again):
            field.entered.connect(self.take)
        self.add("place", Row(_("Keep the key"), self.way, is_wide=True))
        self.add("passphrase", Row(_("Passphrase"), self.passphrase, is_wide=True))
        self.add("again", Row(_("Once more"), self.again, is_wide=True))
        self.add("credential", Row(_("Credential"), self.credential, is_wide=True))
        self.setFocusProxy(self.way)
        self._turn()

    def values(self) -> Mapping[str, Any]:
        match self.way.value:
            case "keyring":
                return {"place": Place.KEYRING}
            case "file":
                return {"place": Place.FILE, "passphrase": self.passphrase.value}
        return {"place": Place.FILE, "credential": self.credential.text().strip()}

    def faults(self) -> Mapping[str, Text]:
        match self.way.value:
            case "file" if len(self.passphrase.value) < LEAST:
                return {"passphrase": _("at least {least} characters are wanted, a few words are best", least=LEAST)}
            case "file" if self.passphrase.value != self.again.value:
                return {"again": _("these are two different passphrases: type the same one twice")}
            case "credential" if not self.credential.text().strip():
                return {"credential": _("say what the unit calls the credential")}
        return {}

    def _turn(self, _way: object = None) -> None:
        """Ask for what this way needs."""
        way = self.way.value
        self.rows["place"].complain(None)
        self.rows["passphrase"].setVisible(way == "file")
        self.rows["again"].setVisible(way == "file")
        self.rows["credential"].setVisible(way == "credential")
        self.words.say(_("{text} {way}", text=_ONCE, way=_TOLD[way]))
        self.fit()
