"""The schema on a server: made once, and migrated while no engine is at work."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.postgresql import Server
from tests.store.making import NEXT, WITH_A_NOTE, migration
from watchkeeper.model.errors import Conflict, StoreDown
from watchkeeper.store import driver, schema
from watchkeeper.store.head import HEAD
from watchkeeper.store.tables import metadata


def test_machines_that_make_the_same_store_at_once_make_one(server: Server) -> None:
    server.sql("CREATE DATABASE raced")
    code = "import sys; from watchkeeper.store.schema import create; sys.stdin.read(); create(sys.argv[1], {})"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", code, server.url("raced")],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env,
        )
        for _ in range(3)
    ]  # fmt: skip
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.close()
        maker.stdin = None
    assert [maker.communicate()[1] for maker in makers] == [""] * 3
    assert [maker.returncode for maker in makers] == [0] * 3
    assert server.sql("SELECT count(*) FROM facts", "raced") == [(1,)]
    assert server.sql("SELECT epoch FROM lease", "raced") == [(0,)]
    server.sql("DROP DATABASE raced")


def test_a_store_is_not_migrated_under_an_engine_and_one_that_slept_through_it_writes_nothing(
    server: Server, server_database: str, newer_program: Path
) -> None:
    newer_program.write_text(migration(WITH_A_NOTE))
    url = driver.url_of(server.url(server_database))
    server.sql("UPDATE lease SET epoch = 7, holder = 'one', expires_at = 9000000000000000", server_database)
    with pytest.raises(Conflict, match="the engine one holds this workspace"):
        schema.bring_up_to_date(url)
    assert schema.version_of(url) == HEAD
    server.sql("UPDATE lease SET expires_at = 0", server_database)
    schema.bring_up_to_date(url)
    assert schema.version_of(url) == NEXT
    assert server.sql("SELECT epoch FROM lease", server_database) == [(8,)]


def test_a_migration_that_fails_leaves_a_server_as_it_was(
    server: Server, server_database: str, newer_program: Path
) -> None:
    newer_program.write_text(migration(WITH_A_NOTE + '    raise RuntimeError("half way")\n'))
    url = driver.url_of(server.url(server_database))
    with pytest.raises(RuntimeError, match="half way"):
        schema.bring_up_to_date(url)
    assert schema.version_of(url) == HEAD
    assert server.sql("SELECT * FROM pools", server_database) == []
    server.sql("INSERT INTO pools (name, size) VALUES ('p', 1)", server_database)
    assert server.sql("SELECT * FROM pools", server_database) == [("p", 1)]


def _is_for_a_server(thing: Any, _name: str | None, kind: str, *_rest: object) -> bool:
    """The list of jobs has its indexes on SQLite only (tables.py says why)."""
    return kind != "index" or thing.table.name != "job_list"


def test_a_fresh_schema_is_the_migrated_one(server: Server, server_database: str) -> None:
    engine = driver.writing_engine(driver.url_of(server.url(server_database)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_for_a_server})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_server_that_does_not_answer_is_a_sentence_without_a_password() -> None:
    with pytest.raises(StoreDown, match="can't be opened") as refused:
        schema.require_current(driver.url_of("postgresql://keeper:secret@127.0.0.1:1/none"))
    assert "secret" not in str(refused.value)
