"""The writer's transactions: opened, fenced and committed, and asked after when the answer to a commit was lost.

Decision: on a server every writing transaction begins by taking the lease's row, whoever it belongs to.
Question: what keeps several processes on several machines from writing past each other?
Why: one comes after the other then, as in a file of SQLite: what an action has read is true until it commits, and a
frozen engine's last transaction is over before its successor has the lease. Held for milliseconds; one that idles for
five seconds is ended, by the server or, in the midst of a batch, by who waits for it. A row lock ends with its
transaction, so PgBouncer may lie between.
Alternatives: SERIALIZABLE (every action can fail and must be replayed), a share lock for engines only (actions race).
State: in force.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from watchkeeper.model.errors import LeaseLost, StoreDown
from watchkeeper.model.events import Event
from watchkeeper.model.text import _
from watchkeeper.store import told
from watchkeeper.store.thrift import give_back
from watchkeeper.store.tx import Tx

#: Seconds between two tries to learn what became of a commit.
AGAIN = 0.5

#: The fact in which an engine's transaction leaves its mark, so that it can be asked for when the answer was lost.
_MARK = "mark"

_LOCKED = "SELECT epoch FROM lease WHERE id = 1 FOR UPDATE"
_LOCKED_AND_MARKED = (
    f"WITH held AS ({_LOCKED}), marked AS (INSERT INTO facts (name, value) SELECT '{_MARK}', :mark FROM held "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value) SELECT epoch FROM held"
)

#: Ends sessions that hold the lease's row and have waited for their client since their last query, so many seconds ago.
_END_FROZEN = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN pg_locks USING (pid) "
    "WHERE relation = CAST('lease' AS regclass) AND mode = 'RowShareLock' AND granted AND wait_event = 'ClientRead' "
    "AND usename = current_user AND query_start < clock_timestamp() - CAST(:patience AS interval)"
)
FROZEN = "5s"

_LOCK_TIMEOUT = "55P03"


class Transactions:
    """Of one connection, one at a time. `on_doubt` is called when a commit's fate is not known yet."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], on_doubt: Callable[[], None]) -> None:
        self._connection: Connection = engine.connect()
        self._clock = clock
        self._on_doubt = on_doubt
        self._is_shared = engine.dialect.name != "sqlite"
        self._count = 0
        #: The lease's epoch under which this process writes; None while it has no lease.
        self.epoch: int | None = None
        #: Set when there is no time left to wait for the database.
        self.ending = threading.Event()

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction, committed at its end. LeaseLost when another engine has taken over; StoreDown in doubt."""
        transaction, tx = self._begun()
        try:
            yield tx
        except BaseException:
            self._roll_back(transaction)
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            self._roll_back(transaction)
            if not (self._is_shared and error.connection_invalidated):
                raise
            self._find_out(error)
        give_back(self._connection)

    def leave(self, tx: Tx, events: Sequence[Event]) -> None:
        """What is told without a lease on a shared store is for an engine elsewhere, and travels as rows."""
        if self._is_shared and self.epoch is None:
            told.leave(tx, events)

    def close(self) -> None:
        self._connection.close()

    def _begun(self) -> tuple[Any, Tx]:
        """A transaction whose turn it is, under our lease."""
        try:
            return self._fenced()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_TIMEOUT:
                raise
        self._end_frozen()
        return self._fenced()

    def _fenced(self) -> tuple[Any, Tx]:
        transaction = self._opened()
        try:
            tx = Tx(self._connection, self._clock())
            self._require_lease(tx)
        except BaseException:
            self._roll_back(transaction)
            raise
        return transaction, tx

    def _end_frozen(self) -> None:
        """The server does not notice a client that froze in the midst of a batch; it holds up everybody."""
        with self._opened():
            Tx(self._connection, self._clock()).rows(_END_FROZEN, patience=FROZEN)

    def _opened(self) -> Any:
        try:
            return self._connection.begin()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The server was restarted while nothing was written: it has not seen anything of this one yet.
            return self._connection.begin()

    def _require_lease(self, tx: Tx) -> None:
        epoch = self._epoch_found(tx)
        if self.epoch is not None and epoch != self.epoch:
            raise _lease_lost()

    def _epoch_found(self, tx: Tx) -> int | None:
        """The store's epoch; on a shared store it cannot change before this transaction's end."""
        if not self._is_shared:
            return None if self.epoch is None else tx.value("SELECT epoch FROM lease WHERE id = 1")
        if self.epoch is None:
            return tx.value(_LOCKED)  # type: ignore[no-any-return]  # a number
        self._count += 1
        return tx.value(_LOCKED_AND_MARKED, mark=self._own_mark)  # type: ignore[no-any-return]  # a number

    @property
    def _own_mark(self) -> str:
        return f"{self.epoch}.{self._count}"

    def _roll_back(self, transaction: Any) -> None:
        try:
            transaction.rollback()
        except SQLAlchemyError:
            self._connection.invalidate()

    def _find_out(self, error: BaseException) -> None:
        """Return if the commit that got no answer was carried out; raise `error` if it was not."""
        if self.epoch is None:
            raise _in_doubt() from error
        self._on_doubt()
        epoch, mark = self._asked_after()
        if mark == self._own_mark:
            return
        raise error if epoch == self.epoch else _lease_lost()

    def _asked_after(self) -> tuple[int, str]:
        """The store's epoch and the last mark, once the database answers and the transaction in doubt is over."""
        while True:
            try:
                with self._opened():
                    tx = Tx(self._connection, self._clock())
                    return tx.value(_LOCKED), tx.value(f"SELECT value FROM facts WHERE name = '{_MARK}'")
            except DBAPIError:
                if self.ending.wait(AGAIN):
                    raise _in_doubt() from None


def _lease_lost() -> LeaseLost:
    return LeaseLost(_("another engine has taken over this workspace; this one has stopped writing"))


def _in_doubt() -> StoreDown:
    return StoreDown(
        _("the database went away while this was being written, and perhaps it was: look before you do it again")
    )
