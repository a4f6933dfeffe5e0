"""Any other database by its SQLAlchemy URL. Reading only and stopping go as far as its driver goes."""

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from watchkeeper.plugin import Fail, _

from .bind import bound
from .session import STORE, Answer, one_line
from .split import Statement

if TYPE_CHECKING:
    from .target import Target

try:
    import sqlalchemy as sa
    from sqlalchemy import exc
    from sqlalchemy.pool import NullPool
except ImportError:
    raise Fail(_("this connection string needs sqlalchemy: pip install sqlalchemy")) from None


class OtherSession:
    """What SQLAlchemy makes of it."""

    errors: tuple[type[Exception], ...] = (exc.SQLAlchemyError,)

    def __init__(self, target: "Target") -> None:
        try:
            self._engine = sa.create_engine(target.url or "", poolclass=NullPool)
        except exc.NoSuchModuleError:
            raise Fail(_("SQLAlchemy knows no database of this kind: install its dialect")) from None
        except ImportError as error:
            raise Fail(_("the driver {driver} is missing: pip install it", driver=str(error.name))) from None
        except (exc.SQLAlchemyError, ValueError):
            raise Fail(_("the connection string can't be read")) from None
        self._connection: Any = None

    def open(self, *, may_write: bool, seconds: float) -> None:
        self._connection = self._engine.connect()

    def tables(self) -> set[str]:
        return set(sa.inspect(self._connection).get_table_names()) & set(STORE)

    def run(self, statement: Statement, values: Mapping[str, Any]) -> Answer:
        sent = bound(statement, lambda name, _number: f":{name}", lambda text: text.replace(":", r"\:"))
        streamed = self._connection.execution_options(stream_results=True, max_row_buffer=100)
        found = streamed.execute(sa.text(sent.text), {name: values[name] for name in sent.names})
        if not found.returns_rows:
            return Answer(affected=lambda: max(found.rowcount, 0))
        return Answer(tuple(found.keys()), found)

    def commit(self) -> None:
        self._connection.commit()

    def rollback(self) -> None:
        self._connection.rollback()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def stop(self) -> None:
        """By the driver's own word for it; a driver without one is only waited for."""
        line = getattr(self._connection, "connection", None)
        raw = getattr(line, "dbapi_connection", None)
        for word in ("cancel", "interrupt"):
            if (end := getattr(raw, word, None)) is not None:
                with contextlib.suppress(Exception):
                    end()

    def is_timeout(self, error: Exception) -> bool:
        return False

    def words_of(self, error: Exception) -> str:
        return one_line(getattr(error, "orig", None) or error)

    def place_of(self, error: Exception, statement: Statement) -> int | None:
        return None

    def has_answered(self, error: Exception) -> bool:
        return isinstance(error, exc.IntegrityError | exc.DataError | exc.ProgrammingError)
