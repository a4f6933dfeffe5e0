"""The one writing thread: drains everything queued into one transaction, then wakes the loop once."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from watchkeeper.model.errors import LeaseLost, StoreBusy, StoreDown
from watchkeeper.model.events import Event, StoreRecovered, StoreStalled
from watchkeeper.model.text import Text, _
from watchkeeper.store.compiled import compile_moves
from watchkeeper.store.damage import damaged
from watchkeeper.store.faults import Fault, fault_of, is_damage
from watchkeeper.store.round import Done, EndingStep, Item, Mismatch, Round
from watchkeeper.store.transactions import Transactions

#: Items of one transaction at the most.
ROUND = 1_000

#: Seconds between two tries while the disk is full or the database is away.
PATIENCE = 0.5


class Writer:
    """Owns the only connection that writes and checkpoints. Items are given on `loop`'s thread and answered there."""

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop, clock: Callable[[], datetime]) -> None:
        self._loop = loop
        self._inbox: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._transactions = Transactions(engine, clock, lambda: self._tell_stall(_busy()))
        #: Functions that run inside every ending's transaction.
        self.steps: list[EndingStep] = []
        #: Called on the loop with what was told, after the commit.
        self.on_told: Callable[[Sequence[Event]], None] = lambda events: None
        self._broken: StoreDown | None = None
        self._database = engine.url.database
        #: Items that have not been answered yet.
        self.pending = 0
        #: Why what is patient waits; None when nothing does.
        self._stalled_for: StoreBusy | None = None
        self._round = Round(self._transactions, compile_moves(engine.dialect), self.steps)
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def epoch(self) -> int | None:
        """The lease's epoch under which this process writes; None while it has no lease."""
        return self._transactions.epoch

    @epoch.setter
    def epoch(self, epoch: int | None) -> None:
        self._transactions.epoch = epoch
        self._round.forget()

    def put(self, item: Item) -> None:
        """Queue an item; its future is done once its transaction is on disk."""
        self.pending += 1
        self._inbox.put(item)

    async def close(self) -> None:
        """Write what is queued, checkpoint, close."""
        self._inbox.put(None)
        self._transactions.ending.set()
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        stalled: list[Item] = []
        is_open = True
        while is_open or stalled:
            fresh, is_open = self._take(PATIENCE if stalled else None)
            done, stalled = self._write([*stalled, *fresh])
            if stalled and not is_open:
                done, stalled = [*done, *(Done(item, error=self._stalled_for) for item in stalled)], []
            self._answer(done)
        self._transactions.close()

    def _take(self, wait: float | None) -> tuple[list[Item], bool]:
        items: list[Item] = []
        try:
            item = self._inbox.get(timeout=wait)
            while item is not None:
                items.append(item)
                if len(items) >= ROUND:
                    return items, True
                item = self._inbox.get_nowait()
        except queue.Empty:
            return items, True
        return items, False

    def _write(self, items: list[Item]) -> tuple[list[Done], list[Item]]:
        """What is done, and what has to wait for the disk."""
        if not items:
            return [], []
        if self._broken is not None:
            return [Done(item, error=self._broken) for item in items], []
        try:
            done = self._round.together(items)
        except Mismatch:
            done = [self._round.alone(item) for item in items]
        except Exception as error:  # an item's own error is found out item by item
            if fault_of(error) in (Fault.FULL, Fault.BUSY, Fault.BROKEN) or isinstance(error, (LeaseLost, StoreDown)):
                done = [Done(item, error=error) for item in items]
            else:
                done = [self._round.alone(item) for item in items]
        return self._sorted_out(done)

    def _sorted_out(self, done: list[Done]) -> tuple[list[Done], list[Item]]:
        stalled: list[Item] = []
        finished: list[Done] = []
        why: StoreBusy | None = None
        for each in done:
            fault = fault_of(each.error) if each.error is not None else None
            if fault is Fault.BROKEN and each.error is not None:
                self._broken = self._how_broken(each.error)
            if fault in (Fault.FULL, Fault.BUSY) and each.item.is_patient:
                stalled.append(each.item)
                why = _disk_full() if fault is Fault.FULL else _busy()
            else:
                finished.append(self._said(each, fault))
        self._tell_stall(why)
        return finished, stalled

    def _how_broken(self, error: BaseException) -> StoreDown:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        return damaged(self._database, why) if is_damage(error) else StoreDown(_broken_sentence(why))

    def _said(self, done: Done, fault: Fault | None) -> Done:
        if fault is Fault.BROKEN:
            return Done(done.item, error=self._broken)
        if fault is Fault.FULL:
            return Done(done.item, error=_disk_full())
        if fault is Fault.BUSY:
            return Done(done.item, error=_busy())
        return done

    def _tell_stall(self, why: StoreBusy | None) -> None:
        was_stalled, self._stalled_for = self._stalled_for is not None, why
        if was_stalled != (why is not None):
            event: Event = StoreRecovered() if why is None else StoreStalled(why.text)
            self._loop.call_soon_threadsafe(self.on_told, [event])

    def _answer(self, done: list[Done]) -> None:
        if done:
            self._loop.call_soon_threadsafe(self._resolve, done)

    def _resolve(self, done: list[Done]) -> None:
        self.pending -= len(done)
        events = [event for each in done for event in each.events]
        for each in done:
            if each.item.future.done():
                continue
            if each.error is not None:
                each.item.future.set_exception(each.error)
            else:
                each.item.future.set_result(each.result)
        if events:
            self.on_told(events)


def wall_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def _disk_full() -> StoreBusy:
    return StoreBusy(_("the disk of the workspace is full: free some space, waiting work goes on by itself"))


def _busy() -> StoreBusy:
    return StoreBusy(_("the store is locked by another program or out of reach: try again in a moment"))


def _broken_sentence(why: str) -> Text:
    return _("the store can't be written any more ({why}): nothing was acknowledged; check the disk", why=why[:200])
