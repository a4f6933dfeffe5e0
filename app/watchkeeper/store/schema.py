"""Brings a database to this program's version, and refuses what it can't read."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from watchkeeper.model.errors import Conflict, Known, StoreDown
from watchkeeper.model.ids import uuid7
from watchkeeper.model.points import Upkeep, reach
from watchkeeper.model.text import _
from watchkeeper.store import migration_copy
from watchkeeper.store.damage import damaged
from watchkeeper.store.driver import file_of, said, url_of, writing_engine
from watchkeeper.store.faults import is_damage
from watchkeeper.store.head import HEAD

#: Every writing transaction on a server takes the lease's row first (see transactions.py), so there has to be one.
_NO_LEASE = "INSERT INTO lease (id, epoch, holder, slots, expires_at) VALUES (1, 0, '', '{}', 0) ON CONFLICT DO NOTHING"
_LIVING_HOLDER = (
    "SELECT holder, expires_at > extract(epoch FROM clock_timestamp()) * 1000000 AS is_living "
    "FROM lease WHERE id = 1 FOR UPDATE"
)

_MIGRATIONS = Path(__file__).parent / "migrations"


def require_current(url: sa.URL) -> None:
    """Raise Known unless the database is there in this program's version."""
    version = _present_version(url)
    if version < HEAD:
        raise Known(
            _(
                "the workspace at {place} was written by an older Watchkeeper (schema {version}, this one has {head}): "
                "bring it up to date with `watchkeeper workspace init`, or start the engine",
                place=said(url),
                version=version,
                head=HEAD,
            )
        )


def bring_up_to_date(url: sa.URL) -> None:
    """Migrate an older database, after a backup. For whoever holds `engine.lock`: nobody else uses it meanwhile."""
    version = _present_version(url)
    database = file_of(url)
    if database is None:
        if version < HEAD:
            migrate(url)
        return
    migration_copy.clear(database, version)
    if version < HEAD:
        copy = migration_copy.make(database, version)
        migrate(url)
        migration_copy.keep(copy)


def refuse_newer(version: str, place: str) -> None:
    """Raise Known when a database was written by a newer program."""
    if version > HEAD:
        raise Known(
            _(
                "the workspace at {place} was written by a newer Watchkeeper (schema {version}, "
                "this one knows {head}): update the program",
                place=place,
                version=version,
                head=HEAD,
            )
        )


def _present_version(url: sa.URL) -> str:
    version = version_of(url)
    if version is None:
        raise Known(_("there is no workspace at {place}: make one with `watchkeeper workspace init`", place=said(url)))
    refuse_newer(version, said(url))
    return version


def create(place: str | Path, facts: dict[str, str]) -> None:
    """A new store with `facts` (time zone and so on) and an id of its own; one that exists keeps what it has."""
    url = url_of(place)
    if version_of(url) is None:
        _make(url)
    engine = writing_engine(url)
    with engine.begin() as connection:
        for name, value in {"id": uuid7(), **facts}.items():
            statement = sa.text("INSERT INTO facts (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
            connection.execute(statement, {"name": name, "value": value})
        if not _is_file(url):
            connection.execute(sa.text(_NO_LEASE))
    engine.dispose()


def _make(url: sa.URL) -> None:
    try:
        migrate(url)
    except DatabaseError:
        # On a server another machine may have made it at the same moment.
        if _is_file(url) or version_of(url) is None:
            raise


def version_of(url: sa.URL) -> str | None:
    """The schema's version; None when there is no database or nothing in it."""
    if _is_file(url) and not Path(url.database or "").is_file():
        return None
    engine = writing_engine(url)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            return None if version is None else str(version)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        if is_damage(error):
            raise damaged(url.database, why) from None
        kind = Known if _is_file(url) else StoreDown
        raise kind(_("the store at {place} can't be opened: {why}", place=said(url), why=why)) from None
    finally:
        engine.dispose()


def migrate(url: sa.URL) -> None:
    """Carry out every migration that is missing, all in one transaction."""
    from alembic import command
    from alembic.config import Config

    engine = writing_engine(url)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if not _is_file(url):
            _turn_engines_away(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        reach(Upkeep.BEFORE_MIGRATION_COMMIT)
    reach(Upkeep.AFTER_MIGRATION_COMMIT)
    engine.dispose()


def _turn_engines_away(connection: sa.Connection) -> None:
    """On a server other machines may be at work: Conflict while an engine is, and one that only sleeps comes too late.

    The lease's row keeps everybody else from writing until the migration is over.
    """
    if not sa.inspect(connection).has_table("lease"):
        return
    found = connection.execute(sa.text(_LIVING_HOLDER)).first()
    if found is not None and found.is_living:
        raise Conflict(_("the engine {holder} holds this workspace: stop it first", holder=found.holder))
    connection.execute(sa.text("UPDATE lease SET epoch = epoch + 1 WHERE id = 1 AND epoch > 0"))


def _is_file(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"
