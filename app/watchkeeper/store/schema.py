"""Brings a database to this program's version, and refuses what it can't read."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from watchkeeper.model.errors import Known
from watchkeeper.model.ids import uuid7
from watchkeeper.model.text import _
from watchkeeper.store import backup
from watchkeeper.store.driver import url_of, writing_engine
from watchkeeper.store.tables import HEAD

_MIGRATIONS = Path(__file__).parent / "migrations"


def require_current(url: sa.URL) -> None:
    """Raise Known unless the database is there in this program's version."""
    version = _present_version(url)
    if version < HEAD:
        raise Known(
            _(
                "the workspace at {place} was written by an older Watchkeeper (schema {version}, this one has {head}): "
                "bring it up to date with `watchkeeper workspace init`, or start the engine",
                place=_said(url),
                version=version,
                head=HEAD,
            )
        )


def bring_up_to_date(url: sa.URL) -> None:
    """Migrate an older database, after a backup. For whoever holds `engine.lock`: nobody else uses it meanwhile."""
    if _present_version(url) < HEAD:
        back_up(url)
        migrate(url)


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
        raise Known(_("there is no workspace at {place}: make one with `watchkeeper workspace init`", place=_said(url)))
    refuse_newer(version, _said(url))
    return version


def create(place: str | Path, facts: dict[str, str]) -> None:
    """A new store with `facts` (time zone and so on) and an id of its own; one that exists keeps what it has."""
    url = url_of(place)
    if version_of(url) is None:
        migrate(url)
    engine = writing_engine(url)
    with engine.begin() as connection:
        for name, value in {"id": uuid7(), **facts}.items():
            statement = sa.text("INSERT INTO facts (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
            connection.execute(statement, {"name": name, "value": value})
    engine.dispose()


def version_of(url: sa.URL) -> str | None:
    """The schema's version; None when there is no database or nothing in it."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
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
        raise Known(_("the store at {place} can't be opened: {why}", place=_said(url), why=why)) from None
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
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def back_up(url: sa.URL) -> Path | None:
    """A copy of an SQLite database beside it; None for a server, which has its own."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    now = datetime.now(UTC)
    target = Path(url.database).with_suffix(f".before-migration-{now:%Y%m%dT%H%M%S.%f}.db")
    backup.copy(Path(url.database), target, now)
    return target


def _said(url: sa.URL) -> str:
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
