"""One round of the writer: everything queued in one transaction; if that fails, item by item."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from watchkeeper.model.errors import Stale
from watchkeeper.model.events import Event
from watchkeeper.model.text import _
from watchkeeper.store import last_runs
from watchkeeper.store.compiled import Compiled, shaped
from watchkeeper.store.faults import Fault, fault_of
from watchkeeper.store.moves import STATEMENTS, UNGUARDED, Dropped, Ended, NewRun, Remembered
from watchkeeper.store.transactions import Transactions
from watchkeeper.store.tx import Tx

#: A function of the ending's own transaction: gets every Ended and Dropped row, and every NewRun.
EndingStep = Callable[[Tx, Sequence[Any]], None]


@dataclass(eq=False)
class Item:
    """Something to be written, and the future of whoever waits for it."""

    future: asyncio.Future[Any]
    #: The hot lane: groups of rows by kind.
    groups: dict[type[Any], Sequence[Any]] = field(default_factory=dict)
    #: The cold lane: a function of the transaction.
    fn: Callable[[Tx], Any] | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def is_patient(self) -> bool:
        """Whether it is tried again by itself when the disk is full."""
        return self.fn is None


@dataclass(eq=False)
class Done:
    """What became of an item: its result or its error, and what is to be told."""

    item: Item
    result: Any = None
    error: BaseException | None = None
    events: Sequence[Event] = ()


class Mismatch(Exception):
    """A guarded group touched fewer rows than it has."""


class Round:
    """Carries out items, in transactions."""

    def __init__(
        self, transactions: Transactions, compiled: dict[type[Any], Compiled], steps: Sequence[EndingStep]
    ) -> None:
        self._transactions = transactions
        self._compiled = compiled
        self._steps = steps
        self._spans = last_runs.Spans()

    def together(self, items: Sequence[Item]) -> list[Done]:
        """All items in one transaction; raises when any of them can't be carried out as it stands."""
        with self._transaction() as tx:
            self._carry_out(tx, _merged(items))
            stepped = tx.told
            results = [self._call(tx, item) for item in items]
            events = [event for _result, told in results for event in told]
            self._transactions.leave(tx, [*events, *stepped])
        done = [Done(item, result, None, events) for item, (result, events) in zip(items, results, strict=True)]
        done[-1].events = [*done[-1].events, *stepped]
        return done

    def alone(self, item: Item) -> Done:
        """One item in its own transaction; of guarded rows the losers are the result, and the rest stands."""
        try:
            if item.fn is not None:
                return self.together([item])[0]
            with self._transaction() as tx:
                losers = self._row_by_row(tx, item)
                stepped = tx.told
            lost_ids = {getattr(row, "id", None) for row in losers}
            events = [event for event in item.events if getattr(event, "run_id", "") not in lost_ids]
            return Done(item, losers, None, [*events, *stepped])
        except Exception as error:  # the future's owner gets every error as it is
            if fault_of(error) is Fault.CONSTRAINT and item.fn is None:
                return Done(item, error=Stale(_("another run was first: {why}", why=_first_line(error))))
            return Done(item, error=error)

    def forget(self) -> None:
        """Somebody else may have written meanwhile."""
        self._spans.forget()

    @contextmanager
    def _transaction(self) -> Iterator[Tx]:
        try:
            with self._transactions.begin() as tx:
                yield tx
        except BaseException:
            self._spans.forget()
            raise

    def _call(self, tx: Tx, item: Item) -> tuple[Any, Sequence[Event]]:
        if item.fn is None:
            return [], item.events
        tx.told = []
        return item.fn(tx), tx.told

    def _carry_out(self, tx: Tx, groups: dict[type[Any], Sequence[Any]]) -> None:
        ended: list[Any] = []
        for kind, compiled in self._compiled.items():
            rows = groups.get(kind)
            if not rows:
                continue
            touched = tx.run_compiled(compiled.sql, shaped(compiled, rows))
            if kind not in UNGUARDED and touched != len(rows):
                raise Mismatch(kind.__name__)
            if kind in (Ended, Dropped, NewRun):
                ended.extend(rows)
        self._take_steps(tx, ended)

    def _row_by_row(self, tx: Tx, item: Item) -> list[Any]:
        losers: list[Any] = []
        lost_ids: set[str] = set()
        ended: list[Any] = []
        for kind in STATEMENTS:
            compiled = self._compiled[kind]
            for row in item.groups.get(kind, ()):
                if getattr(row, "run_id", None) in lost_ids:
                    continue
                touched = tx.run_compiled(compiled.sql, shaped(compiled, [row]))
                if kind not in UNGUARDED and touched != 1:
                    losers.append(row)
                    lost_ids.add(getattr(row, "id", ""))
                elif kind in (Ended, Dropped, NewRun):
                    ended.append(row)
        self._take_steps(tx, ended)
        return losers

    def _take_steps(self, tx: Tx, ended: Sequence[Any]) -> None:
        if ended:
            compiled, rows = self._compiled[Remembered], last_runs.of(tx, ended, self._spans)
            if rows:
                tx.run_compiled(compiled.sql, shaped(compiled, rows))
            for step in self._steps:
                step(tx, ended)


def _merged(items: Sequence[Item]) -> dict[type[Any], Sequence[Any]]:
    if len(items) == 1:
        return items[0].groups
    merged: dict[type[Any], list[Any]] = defaultdict(list)
    for item in items:
        for kind, rows in item.groups.items():
            merged[kind].extend(rows)
    return dict(merged)


def _first_line(error: BaseException) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0][:200]
