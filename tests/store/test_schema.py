"""The schema: fresh is migrated, newer and foreign files are refused, nothing is migrated without a copy."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.store.making import NEXT, WITH_A_NOTE, migration
from watchkeeper.model.errors import Known
from watchkeeper.store import schema
from watchkeeper.store.driver import said, url_of, writing_engine
from watchkeeper.store.head import HEAD
from watchkeeper.store.tables import metadata

pytestmark = pytest.mark.usefixtures("on_sqlite")


def described(place: Path) -> dict[str, object]:
    """Everything that the database says of its tables, in a stable form."""
    engine = writing_engine(url_of(place))
    inspector = sa.inspect(engine)
    tables = [name for name in sorted(inspector.get_table_names()) if name != "alembic_version"]
    found = {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted((i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in inspector.get_indexes(name)),
            sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(name)),
            sorted(tuple(u["column_names"]) for u in inspector.get_unique_constraints(name)),
            [(f["constrained_columns"], f["referred_table"], f["options"]) for f in inspector.get_foreign_keys(name)],
        )
        for name in tables
    }
    engine.dispose()
    return found


def partial_indexes(place: Path) -> list[str]:
    with sqlite3.connect(place) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")
        found = sorted(" ".join(sql.split()) for (sql,) in rows)
    connection.close()
    return found


def test_a_fresh_schema_is_the_migrated_one(place: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.db"
    engine = writing_engine(url_of(fresh))
    metadata.create_all(engine)
    engine.dispose()
    assert described(fresh) == described(place)
    assert partial_indexes(fresh) == partial_indexes(place)
    assert len(partial_indexes(place)) == 9


def test_autogenerate_finds_nothing_to_migrate(place: Path) -> None:
    engine = writing_engine(url_of(place))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_store_has_this_programs_version(place: Path) -> None:
    assert schema.version_of(url_of(place)) == HEAD


def test_creating_twice_keeps_the_first_id_and_zone(place: Path) -> None:
    before = facts(place)
    schema.create(place, {"zone": "Asia/Shanghai"})
    assert facts(place) == before


def facts(place: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(place) as connection:
        found = connection.execute("SELECT name, value FROM facts ORDER BY name").fetchall()
    connection.close()
    return found


def execute(place: Path, sql: str) -> None:
    with sqlite3.connect(place) as connection:
        connection.execute(sql)
    connection.close()


def test_a_newer_database_is_refused_and_stays_as_it_is(place: Path) -> None:
    execute(place, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Known, match=r"written by a newer Watchkeeper.*9999.*update the program"):
        schema.require_current(url_of(place))
    assert schema.version_of(url_of(place)) == "9999"


def test_a_missing_file_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Known, match=r"there is no workspace at .*workspace init"):
        schema.require_current(url_of(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()


def test_an_empty_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(Known, match="there is no workspace at"):
        schema.require_current(url_of(tmp_path / "empty.db"))


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is not a database\n" * 100)
    with pytest.raises(Known, match=r"is damaged \(file is not a database\)"):
        schema.require_current(url_of(tmp_path / "text.db"))
    assert (tmp_path / "text.db").read_text().startswith("this is not a database")


def test_a_torn_file_is_refused_in_a_sentence(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:1000])
    with pytest.raises(Known, match="is damaged"):
        schema.require_current(url_of(place))


def test_an_older_database_is_migrated_after_a_backup_that_opens(place: Path, newer_program: Path) -> None:
    newer_program.write_text(migration(WITH_A_NOTE))
    before = facts(place)
    schema.bring_up_to_date(url_of(place))
    assert schema.version_of(url_of(place)) == NEXT
    (backup,) = place.parent.glob("*.before-migration-*.db")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert schema.version_of(url_of(backup)) == HEAD
    assert facts(place) == before
    assert [fact for fact in facts(backup) if fact[0] != "backup_made_at"] == before


def test_an_older_database_is_not_migrated_by_the_way(place: Path, newer_program: Path) -> None:
    newer_program.write_text(migration(WITH_A_NOTE))
    with pytest.raises(Known, match=rf"older Watchkeeper \(schema {HEAD}, this one has {NEXT}\).*workspace init"):
        schema.require_current(url_of(place))
    assert schema.version_of(url_of(place)) == HEAD
    assert not list(place.parent.glob("*before-migration*"))


def test_a_migration_that_fails_leaves_the_database_as_it_was(place: Path, newer_program: Path) -> None:
    newer_program.write_text(migration(WITH_A_NOTE + '    raise RuntimeError("half way")\n'))
    before = described(place)
    with pytest.raises(RuntimeError, match="half way"):
        schema.bring_up_to_date(url_of(place))
    assert schema.version_of(url_of(place)) == HEAD
    assert described(place) == before


def test_a_servers_password_is_never_said() -> None:
    told = said(url_of("postgresql://keeper:secret@db/watch"))
    assert "secret" not in told and told == "postgresql://keeper:***@db/watch"
