"""Carries out what is done on the page: asks for what it takes, says what becomes of it, and tells when it is done."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from shiboken6 import isValid

from watchkeeper.action import ACTIONS
from watchkeeper.action.secret_table import SecretTableRow
from watchkeeper.model.errors import Known
from watchkeeper.model.secret import Place, VaultStatus
from watchkeeper.model.text import _
from watchkeeper.ui.console import Console
from watchkeeper.ui.pages.credentials.questions import lock_question, removal_question, reveal_question
from watchkeeper.ui.pages.credentials.reveal import RevealedPanel
from watchkeeper.ui.pages.credentials.secret_dialogs import AddDialog, RevertDialog, ValueDialog
from watchkeeper.ui.pages.credentials.vault_dialogs import ChooseDialog, PassphraseDialog, UnlockDialog
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.widgets.input_dialog import Try
from watchkeeper.ui.widgets.reason_dialog import ReasonDialog


class Doing:
    """`done` is awaited with the name of the secret that was changed; "" when it was another thing, or one is gone."""

    def __init__(self, console: Console, tasks: Tasks, done: Callable[[str], Awaitable[None]]) -> None:
        self._console, self._tasks, self._done = console, tasks, done
        self._shown: RevealedPanel | None = None

    def add(self, names: Sequence[str]) -> None:
        """Ask for a new secret, beside those of these names."""
        tried = self._try("secret.add")
        self._console.lay_over(AddDialog(names, zone=self._console.zone, tasks=self._tasks, carry_out=tried))

    def rotate(self, row: SecretTableRow) -> None:
        """Ask for a new value in the place of one that was good."""
        self._ask_value(row, self._try("secret.rotate"), is_rotation=True)

    def replace(self, row: SecretTableRow) -> None:
        """Ask for another value in the place of one that was wrong."""
        self._ask_value(row, self._try("secret.replace"), is_rotation=False)

    def revert(self, row: SecretTableRow) -> None:
        """Ask which earlier value is to hold again."""
        self._console.lay_over(RevertDialog(row, self._console.zone, self._tasks, self._try("secret.revert")))

    def delete(self, row: SecretTableRow) -> None:
        """Ask, with what that means for the jobs."""
        self._tasks.start(self._ask_removal(row.name), "delete")

    def reveal(self, row: SecretTableRow) -> None:
        """Ask why, then once more, then show it."""
        text = _("Say why it has to be seen: that stands in the audit trail, beside your name.")
        title = _("Show the value of {name}", name=row.name)
        self._console.lay_over(ReasonDialog(title, text, partial(self._confirm, row.name)))

    def conceal(self) -> None:
        """Show no value any more."""
        if self._shown is not None and isValid(self._shown):
            self._shown.conceal()

    def choose(self) -> None:
        """Ask where the key is to lie."""
        self._console.lay_over(ChooseDialog(self._tasks, self._try("vault.init")))

    def unlock(self, vault: VaultStatus) -> None:
        """Ask for the passphrase, or let the keyring ask."""
        if vault.place is Place.FILE and not vault.credential:
            self._console.lay_over(UnlockDialog(self._tasks, self._try("vault.unlock")))
        else:
            self._tasks.start(self._acted("vault.unlock", {}), "vault")

    def change_passphrase(self) -> None:
        """Ask for the passphrase that holds, and for another one."""
        self._console.lay_over(PassphraseDialog(self._tasks, self._try("vault.passphrase")))

    def lock(self) -> None:
        """Ask, and forget the key."""
        self._console.lay_over(lock_question(partial(self._begin, "vault.lock", {})))

    def _try(self, action: str) -> Try:
        """For a dialog: carries it out and hands back why it was refused."""

        async def tried(given: Mapping[str, Any]) -> Known | None:
            (answer,) = await self._console.act_many(action, [given], ACTIONS[action].title)
            if isinstance(answer, Known):
                return answer
            await self._done(given.get("name", ""))
            return None

        return tried

    def _ask_value(self, row: SecretTableRow, tried: Try, *, is_rotation: bool) -> None:
        zone, tasks = self._console.zone, self._tasks
        self._console.lay_over(ValueDialog(row, is_rotation=is_rotation, zone=zone, tasks=tasks, carry_out=tried))

    def _begin(self, action: str, given: Mapping[str, Any]) -> None:
        self._tasks.start(self._acted(action, given), action)

    async def _acted(self, action: str, given: Mapping[str, Any]) -> None:
        if await self._console.act(action, **given) is not None:
            await self._done("")

    async def _ask_removal(self, name: str) -> None:
        users = await self._console.desk.ask("secret.used_by", name=name)
        given = {"name": name, "force": True} if users else {"name": name}
        action = "secret.delete"
        self._console.lay_over(removal_question(name, users, partial(self._begin, action, given)))

    def _confirm(self, name: str, reason: str) -> None:
        self._console.lay_over(reveal_question(name, reason, partial(self._reveal, name, reason)))

    def _reveal(self, name: str, reason: str) -> None:
        self._tasks.start(self._revealed(name, reason), "reveal")

    async def _revealed(self, name: str, reason: str) -> None:
        leave = await self._console.desk.do("secret.ticket", name=name, reason=reason)
        found = await self._console.act("secret.reveal", name=name, ticket=leave.ticket)
        if found is not None:
            self._shown = RevealedPanel(found, self._console.toast)
            self._console.lay_over(self._shown)
            await self._done(name)
