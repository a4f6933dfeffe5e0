"""What the work asks of a database, whichever it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from watchkeeper.plugin import Fail, _

from .split import Statement

#: Seconds until a server has to have taken a connection.
CONNECT = 10
#: Tables that no other program has together: a store of Watchkeeper.
STORE = ("execution_ids", "facts", "job_versions", "lease", "outbox")


@dataclass(frozen=True)
class Answer:
    """What came back of one statement; `rows` is read once, and comes from the server meanwhile."""

    columns: tuple[str, ...] = ()
    rows: Iterable[Sequence[Any]] = ()
    #: How many rows it changed; asked when all rows were read.
    affected: Callable[[], int] = lambda: 0


class Session(Protocol):
    """One connection with one transaction. All of it is called in one thread, `stop` from any other."""

    #: What its driver raises.
    errors: tuple[type[Exception], ...]

    def open(self, *, may_write: bool, seconds: float) -> None:
        """Connect and begin; `seconds` is what a statement may take."""

    def tables(self) -> set[str]:
        """Those of STORE that are there."""

    def run(self, statement: Statement, values: Mapping[str, Any]) -> Answer: ...

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Also when rows are still to come: they are not waited for."""

    def close(self) -> None: ...

    def stop(self) -> None:
        """End what the server is doing for us, now."""

    def is_timeout(self, error: Exception) -> bool:
        """Whether the server stopped the statement since it took too long."""

    def words_of(self, error: Exception) -> str:
        """What the server said, in one line."""

    def place_of(self, error: Exception, statement: Statement) -> int | None:
        """Where in the source it was at fault, if the server told."""

    def has_answered(self, error: Exception) -> bool:
        """Whether the server itself said no, so that nothing is changed."""


def missing(driver: str, extra: str) -> Fail:
    """The sentence for a driver that is not installed."""
    return Fail(_("the driver {driver} is missing: pip install 'watchkeeper[{extra}]'", driver=driver, extra=extra))


def one_line(text: object) -> str:
    """The first line of a message, cut."""
    return next((line.strip() for line in str(text).splitlines() if line.strip()), "?")[:500]
