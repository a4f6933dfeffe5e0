"""Hands runs the secrets that their parameters name, and holds back those that name one while the vault is shut."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from watchkeeper.bus import Bus
from watchkeeper.engine.book import Book
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.limits import VAULT
from watchkeeper.engine.live import Live
from watchkeeper.engine.masks import Masks
from watchkeeper.engine.tasks import Tasks
from watchkeeper.model.errors import Known, StoreBusy
from watchkeeper.model.events import SecretsChanged, VaultChanged
from watchkeeper.model.ids import RunId
from watchkeeper.model.run import State
from watchkeeper.model.secret import PART, WITHHELD, Choice, VaultState, VaultStatus
from watchkeeper.model.text import Text, _
from watchkeeper.store import secrets
from watchkeeper.store.moves import Withheld
from watchkeeper.store.rows import stored
from watchkeeper.store.secrets import Sealed
from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)

#: Seconds between two looks at the vault.
BEAT = 2.0
#: A secret that is used all the time is noted as used once in so many seconds.
NOTE_EVERY = 60.0


class Opener(Protocol):
    """The vault as the engine sees it; `vault.Vault` is such."""

    @property
    def choice(self) -> Choice | None: ...
    @property
    def status(self) -> VaultStatus: ...
    def take(self, choice: Choice | None) -> None: ...
    def look(self) -> VaultStatus:
        """How it stands now; blocks for some seconds at most."""

    def parts(self, sealed: Sequence[Sealed]) -> Mapping[str, str]:
        """What runs may ask for by name; Known when a seal is broken."""

    def maskable(self, sealed: Sealed) -> Sequence[str]:
        """What is to be masked of a secret; Known when it can't be opened."""


class NotNow(Exception):
    """The vault is shut: the run is to wait."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


class Secrets:
    """The engine's side of the vault."""

    def __init__(
        self,
        store: Store,
        vault: Opener,
        bus: Bus,
        book: Book,
        contexts: Contexts,
        tasks: Tasks,
        give: Callable[[RunId, Iterable[str]], None],
        masks: Masks,
    ) -> None:
        """`give` is told what a run is about to be given, so that `masks` masks it."""
        self._give, self._masks = give, masks
        self._store, self._vault, self._bus = store, vault, bus
        self._book, self._contexts, self._tasks = book, contexts, tasks
        self._told = vault.status
        self._is_to_look = asyncio.Event()
        self._is_open = asyncio.Event()
        self._noted: dict[str, float] = {}
        book.limits.needs_vault = lambda live: bool(contexts.secrets_of(live))
        book.on_withheld = self._withhold
        self._bar(vault.status)

    async def opened(self, live: Live) -> Mapping[str, str]:
        """The values that the run may ask for, by name; NotNow while the vault is shut, Known where one is missing."""
        names = self._contexts.secrets_of(live)
        if not names:
            return {}
        self._require_own(live, names)
        self._require_open()
        found = await self._store.read(lambda tx: secrets.values(tx, [_bare(name) for name in names]))
        try:
            given = self._vault.parts(found)
            masked = [value for each in found for value in self._vault.maskable(each)]
        except Known:
            self._require_open()
            raise
        self._require_all(names, given)
        self._note(found, live.job.name)
        values = {name: given[name] for name in names}
        self._give(live.id, masked)
        # What is to be masked is made ready here, where it keeps nobody waiting.
        await asyncio.to_thread(self._masks.of, live.id)
        return values

    async def opened_patiently(self, live: Live) -> Mapping[str, str]:
        """The same for a run whose process has ended already, once the vault is ready; without what is not there."""
        while True:
            try:
                return await self.opened(live)
            except NotNow:
                await self._is_open.wait()
            except Known:
                return {}

    def listen(self, bus: Bus) -> None:
        """Hear from now on of what is done with the vault."""
        bus.listen(VaultChanged, self._on_vault_changed)
        bus.listen(SecretsChanged, lambda event: self._noted.clear())

    def _on_vault_changed(self, event: VaultChanged) -> None:
        if event.state is not self._told.state:
            self._is_to_look.set()

    async def run(self) -> None:
        """Look at the vault on a beat and when it is told of, until cancelled."""
        self._is_to_look.set()
        while True:
            if self._is_to_look.is_set():
                self._is_to_look.clear()
                self._vault.take(await self._store.read(secrets.choice))
            await self._look()
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT if self._vault.status.place else None):
                    await self._is_to_look.wait()

    def _withhold(self, live: Live) -> None:
        """A run was found to wait for the vault: it is told why."""
        self._tell([live], withheld(self._vault.status))

    async def _look(self) -> None:
        status = self._vault.status
        if status.place is not None:
            status = await asyncio.to_thread(self._vault.look)
        self._bar(status)
        if status != self._told:
            self._told = status
            self._bus.publish(VaultChanged(status.state, status.sentence))
            self._turn(status)

    def _bar(self, status: VaultStatus) -> None:
        self._book.limits.is_vault_shut = status.is_shut
        if status.state is VaultState.READY:
            self._is_open.set()
        else:
            self._is_open.clear()

    def _turn(self, status: VaultStatus) -> None:
        """Let go of the runs that waited, or tell them of the new reason."""
        queued = [live for live in self._book.runs.values() if live.state is State.QUEUED]
        lives = [live for live in queued if self._contexts.secrets_of(live)]
        if status.is_shut:
            return self._tell(lives, withheld(status))
        self._tell(lives, None)
        while self._book.queue.unpark(VAULT):
            pass
        self._book.room.set()

    def _tell(self, lives: Sequence[Live], why: Text | None) -> None:
        if lives:
            self._tasks.spawn(self._write([Withheld(live.id, live.attempt, stored(why)) for live in lives]))

    async def _write(self, rows: Sequence[Withheld]) -> None:
        try:
            await self._store.move(rows)
        except StoreBusy as error:
            _log.warning("it could not be noted why runs wait for the vault: %s", error)

    def _require_own(self, live: Live, names: Sequence[str]) -> None:
        """Whoever may start a job is not thereby given every secret: those of the job are chosen by its author."""
        foreign = set(names) - set(self._contexts.secrets_of_job(live)) if live.params else set()
        if foreign:
            raise Known(
                _(
                    "the run was started with the secret {name}, which its job does not name: put it into the job",
                    name=min(foreign),
                )
            )

    def _require_open(self) -> None:
        status = self._vault.status
        if status.is_shut:
            self._bar(status)
            self._is_to_look.set()
            raise NotNow(withheld(status))

    def _require_all(self, names: Sequence[str], given: Mapping[str, str]) -> None:
        missing = [name for name in names if name not in given]
        if not missing:
            return
        if self._vault.status.state is VaultState.NONE:
            raise Known(_("it needs the secret {name}, and {why}", name=missing[0], why=self._vault.status.sentence))
        raise Known(
            _(
                "there is no secret {name}, which its parameters name: put it there with `watchkeeper secret add`",
                name=missing[0],
            )
        )

    def _note(self, found: Sequence[Sealed], job: str) -> None:
        now = asyncio.get_running_loop().time()
        used = [each.secret_id for each in found if now - self._noted.get(each.secret_id, -NOTE_EVERY) >= NOTE_EVERY]
        if used:
            self._noted.update(dict.fromkeys(used, now))
            self._tasks.spawn(self._write_use(used, job))

    async def _write_use(self, used: Sequence[str], job: str) -> None:
        try:
            await self._store.write(lambda tx: secrets.note_use(tx, used, job))
        except StoreBusy as error:
            _log.warning("it could not be noted that secrets were used: %s", error)


def withheld(status: VaultStatus) -> Text:
    """Why something waits for the vault."""
    return Text(WITHHELD.message, {"why": status.sentence})


def _bare(name: str) -> str:
    return name.partition(PART)[0]
