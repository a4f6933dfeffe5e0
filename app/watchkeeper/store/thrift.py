"""Connections that stay open for days give back the pages that they remember: SQLite fills each cache to its limit."""

import time
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection

#: Seconds between two times; what is in use is read again from the system's own cache.
PAUSE = 300.0

_GIVEN_BACK_AT = "watchkeeper.given_back_at"


def give_back(connection: Connection) -> None:
    """Let a connection that is in no transaction forget its pages, where the last time was PAUSE ago."""
    if connection.dialect.name != "sqlite" or connection.invalidated:
        return
    now = time.monotonic()
    if now - connection.info.setdefault(_GIVEN_BACK_AT, now) >= PAUSE:
        connection.info[_GIVEN_BACK_AT] = now
        driver: Any = connection.connection.dbapi_connection
        # An interrupt that was meant for a query before may hit this one.
        with suppress(connection.dialect.loaded_dbapi.Error):
            driver.execute("PRAGMA shrink_memory").close()
