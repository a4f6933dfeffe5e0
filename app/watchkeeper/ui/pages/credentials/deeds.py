"""What can be done on the page, for menus, keys and palette."""

from typing import TYPE_CHECKING

from watchkeeper.model.text import _
from watchkeeper.ui.commands import Command
from watchkeeper.ui.pages.credentials.vault_bar import can_lock, can_unlock, has_passphrase

if TYPE_CHECKING:
    from watchkeeper.ui.pages.credentials.page import CredentialsPage


def commands_of(page: "CredentialsPage") -> list[Command]:
    """The secrets', and the vault's."""
    has_row, may = page.can_change_row, page.can_change
    return [
        Command("secret.add", _("Add a secret…"), page.add, ("Ctrl+N",), "ui/plus", "file", "secret.add", page.can_add),
        Command(
            "secret.rotate", _("Rotate the secret…"), page.rotate, ("R",), "ui/retry", "edit", "secret.rotate", has_row
        ),
        Command(
            "secret.replace",
            _("Replace the value…"),
            page.replace,
            ("E",),
            "ui/edit",
            "edit",
            "secret.replace",
            has_row,
        ),
        Command("secret.test", _("Test the secret"), page.test, ("T",), "ui/check", "edit", "secret.test", has_row),
        Command("secret.reveal", _("Show the value…"), page.reveal, (), "ui/eye", "edit", "secret.reveal", has_row),
        Command(
            "secret.revert",
            _("Give the earlier value back…"),
            page.revert,
            (),
            "ui/undo",
            "edit",
            "secret.revert",
            page.has_earlier,
        ),
        Command(
            "secret.delete",
            _("Delete the secret…"),
            page.delete,
            (),
            "ui/trash",
            "edit",
            "secret.delete",
            page.can_delete,
        ),
        Command(
            "vault.unlock",
            _("Unlock the vault…"),
            page.unlock,
            ("U",),
            "ui/lock",
            "edit",
            "vault.unlock",
            lambda: may() and can_unlock(page.vault),
        ),
        Command(
            "vault.lock",
            _("Lock the vault…"),
            page.doing.lock,
            (),
            "ui/lock",
            "edit",
            "vault.lock",
            lambda: may() and can_lock(page.vault),
        ),
        Command(
            "vault.passphrase",
            _("Change the passphrase of the vault…"),
            page.doing.change_passphrase,
            (),
            "ui/lock",
            "edit",
            "vault.passphrase",
            lambda: may() and has_passphrase(page.vault),
        ),
        Command(
            "vault.init", _("Choose the vault…"), page.choose, (), "ui/lock", "edit", "vault.init", page.can_choose
        ),
        Command("actions", _("Menu of the secret"), page.open_actions, (".",), "ui/more", "view"),
        Command("secret.find", _("Filter"), page.field.setFocus, ("/",), "ui/search", "edit"),
    ]


def menu_of(page: "CredentialsPage") -> list[Command]:
    """What stands in the menu of a secret: what can be done with that one."""
    return [command for command in commands_of(page) if command.action.startswith("secret.")]
