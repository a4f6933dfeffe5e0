"""What a store says of itself, for whoever asks what this program works with."""

import msgspec

from watchkeeper.store.tx import Tx

_SIZE = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"


class About(msgspec.Struct, frozen=True):
    """The database, its version and that of the schema in it."""

    #: SQLite or PostgreSQL.
    kind: str
    version: str
    schema: str
    #: Bytes.
    size: int
    #: Whether this SQLite is one whose WAL can't be torn by two connections; a server's is not one.
    is_mended: bool
    #: How SQLite keeps what is not yet in the file: `wal`; empty for a server.
    journal: str


def about(tx: Tx) -> About:
    """Cheap enough to be asked again and again."""
    schema = str(tx.value("SELECT version_num FROM alembic_version"))
    if tx.is_sqlite:
        version, size, journal = (tx.value(sql) for sql in ("SELECT sqlite_version()", _SIZE, "PRAGMA journal_mode"))
        # Commands that only know the shape of the answer do without the drivers.
        from watchkeeper.store.driver import MENDED, sqlite_module

        is_mended = sqlite_module().sqlite_version_info >= MENDED
        return About("SQLite", str(version), schema, int(size), is_mended, str(journal))
    size = int(tx.value("SELECT pg_database_size(current_database())"))
    return About("PostgreSQL", str(tx.value("SHOW server_version")).split()[0], schema, size, True, "")
