"""The values that are masked in what runs say: all that the vault has and had, and what live runs were given.

Decision. Question: which secrets may stand in a run's log? Decision: any of the vault's, in every version that is still
kept; a run that names none may read a file that another has written. Why: to mask one too many costs nothing.
Alternatives: those that the run was given (what a job prints of its neighbour's stays readable). State: in force. While
the vault is shut and its values are not known yet, the output of runs that name secrets is not shown at all.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from watchkeeper.bus import Bus
from watchkeeper.engine.secrets import Opener, withheld
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.events import SecretsChanged, VaultChanged
from watchkeeper.model.ids import RunId
from watchkeeper.model.run import Run
from watchkeeper.model.secret import VaultState
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of, secrets_of
from watchkeeper.store import jobs, secrets
from watchkeeper.store.secrets import Sealed
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

T = TypeVar("T")


class Carrier(Protocol):
    """`Store.look` and `Store.read` are such."""

    def __call__(self, fn: Callable[[Tx], T], /) -> Awaitable[T]: ...


#: More runs than can live at once.
_MOST_GIVEN = 10_000


class KnownValues:
    """One for a house; it forgets nothing while it lives, so that what was shown masked stays so."""

    def __init__(self, store: Store, vault: Opener, registry: Registry) -> None:
        self._store, self._vault, self._registry = store, vault, registry
        self._values: frozenset[str] = frozenset()
        #: All that the vault has is among them; and once it was so.
        self._is_whole = self._was_whole = False
        self._turn = asyncio.Lock()
        #: How often something in the vault has changed.
        self._changes = 0
        #: Runs that are over, and whose secrets can't be had.
        self._hidden: set[RunId] = set()
        #: Live runs that have been given theirs.
        self._given: OrderedDict[RunId, None] = OrderedDict()
        #: Whether a live run names secrets; the engine knows.
        self.names_secrets: Callable[[RunId], bool] = lambda run_id: False

    def listen(self, bus: Bus) -> None:
        """Read the vault again when something in it has changed."""
        bus.listen(SecretsChanged, lambda _event: self._forget())
        bus.listen(VaultChanged, lambda _event: self._forget())

    def give(self, run_id: RunId, values: Iterable[str]) -> None:
        """What a run is about to be given."""
        self._values |= frozenset(values)
        self._given[run_id] = None
        if len(self._given) > _MOST_GIVEN:
            self._given.popitem(last=False)

    def of(self, run_id: RunId) -> Collection[str]:
        """What to mask in what the run says; Known when its secrets can't be had. From any thread."""
        if run_id in self._hidden or (self._is_behind and run_id not in self._given and self.names_secrets(run_id)):
            raise Known(withheld(self._vault.status))
        return self._values

    async def learn(self, run: Run) -> None:
        """Know what there is to know before something of a run is shown."""
        await self._read(self._store.look)
        if self._is_behind and await self._store.look(lambda tx: self._names(tx, run)):
            self._hidden.add(run.id)
        else:
            self._hidden.discard(run.id)

    async def read(self) -> None:
        """Everything of the vault, if it is ready; waits while the database is out of reach."""
        await self._read(self._store.read)

    @property
    def _is_behind(self) -> bool:
        """There is a vault, and it has not been ready yet."""
        return self._vault.choice is not None and not self._was_whole

    async def _read(self, ask: Carrier) -> None:
        """Whole it is only when all values are there: whoever comes meanwhile waits for them."""
        async with self._turn:
            if self._is_whole:
                return
            changes = self._changes
            self._vault.take(await ask(secrets.choice))
            if self._vault.choice is None:
                return
            status = self._vault.status
            if status.state is not VaultState.READY:
                status = await asyncio.to_thread(self._vault.look)
            if status.state is VaultState.READY:
                self._values |= frozenset(await asyncio.to_thread(self._opened, await ask(secrets.every)))
                self._was_whole, self._is_whole = True, changes == self._changes

    def _opened(self, sealed: Sequence[Sealed]) -> list[str]:
        values: list[str] = []
        for each in sealed:
            # Whatever another hand has changed is of no run.
            with suppress(Known):
                values += self._vault.maskable(each)
        return values

    def _names(self, tx: Tx, run: Run) -> bool:
        """Whether the run's parameters name a secret; where they can't be read any more they may have."""
        try:
            spec = jobs.version(tx, run.job_id, run.job_version).spec
            given = {**spec.params, **(run.params or {})}
            return bool(secrets_of(params_of(self._registry.handler(spec.handler), given)))
        except NotFound:
            return True
        except Known:
            return False

    def _forget(self) -> None:
        self._changes += 1
        self._is_whole = False
