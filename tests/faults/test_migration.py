"""A migration that is killed at a random moment leaves the store as it was, and the next one carries it out."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import IS_LONG, SECONDS
from tests.faults.site import PATIENCE
from watchkeeper.model.errors import Known
from watchkeeper.model.points import Upkeep
from watchkeeper.store import backup, schema
from watchkeeper.store.driver import sqlite_module, url_of
from watchkeeper.store.head import HEAD

NEXT = f"{int(HEAD) + 1:04}"
ROWS = 100_000
#: The share of the time in which migrations are killed, and the fewest kills.
SHARE, FEWEST = 0.05 if IS_LONG else 0.01, 3

#: Rewrites every row, as a migration of a long history does.
MIGRATION = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{NEXT}", "{HEAD}"


def upgrade():
    op.add_column("runs", sa.Column("note", sa.Text()))
    op.execute("UPDATE runs SET note = job_name || '-' || number, outputs = '{{}}'")
    op.create_index("ix_runs_note", "runs", ["note"])
"""

#: A newer program, which brings a store up to date.
NEWER = """
import sys
from pathlib import Path
from tests.faults.victim import arm
from watchkeeper.store import schema
if sys.argv[4:]:
    arm(sys.argv[4], 1)
schema._MIGRATIONS, schema.HEAD = Path(sys.argv[1]), sys.argv[2]
schema.bring_up_to_date(schema.url_of(Path(sys.argv[3])))
"""


class Newer:
    """The next version of this program and a store with a long history."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder / "home", folder / "home" / "watchkeeper.db"
        self._migrations, self._kept = folder / "migrations", folder / "kept.db"
        shutil.copytree(schema._MIGRATIONS, self._migrations, ignore=shutil.ignore_patterns("__pycache__"))
        (self._migrations / "versions" / f"v{NEXT}_test.py").write_text(MIGRATION)
        self.folder.mkdir()
        schema.create(self._kept, {"zone": "UTC"})
        with closing(sqlite_module().connect(self._kept)) as connection, connection:
            connection.executemany(
                "INSERT INTO runs (id, job_id, job_name, job_version, origin, state, attempt, priority, created_at, "
                "due_at, ended_at, has_warning, log_size, log_dropped, missed_count, actor) "
                "VALUES (?, 'j', 'job', 1, 'fire', 'SUCCEEDED', 1, 5, 0, 0, 0, 0, 0, 0, 0, 'test')",
                [(f"run-{number}",) for number in range(ROWS)],
            )
        with closing(sqlite_module().connect(self._kept)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def begin_anew(self) -> None:
        """The store as it was before any migration."""
        for file in self.folder.iterdir():
            file.unlink()
        shutil.copyfile(self._kept, self.database)

    def start(self, *points: str) -> "subprocess.Popen[bytes]":
        """Carry it out, or die at a point."""
        words = [sys.executable, "-c", NEWER, str(self._migrations), NEXT, str(self.database), *points]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.Popen(words, stderr=subprocess.PIPE, env=env)

    def migrated(self) -> float:
        """Carry it out; the seconds that it took."""
        begun = time.monotonic()
        _out, said = self.start().communicate(timeout=PATIENCE)
        assert schema.version_of(url_of(self.database)) == NEXT, said.decode()
        return time.monotonic() - begun

    def count(self, what: str) -> int:
        with closing(sqlite_module().connect(self.database)) as connection:
            return int(connection.execute(f"SELECT count({what}) FROM runs").fetchone()[0])


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Newer:
    return Newer(tmp_path_factory.mktemp("newer"))


def test_a_migration_that_is_killed_midway_is_as_if_it_had_not_begun(newer: Newer) -> None:
    newer.begin_anew()
    longest = newer.migrated()
    until = time.monotonic() + SECONDS * SHARE
    fates: list[str] = []
    while len(fates) < FEWEST or time.monotonic() < until:
        newer.begin_anew()
        fates.append(killed(newer, random.uniform(0.3 * longest, longest)))
        newer.migrated()
        assert (newer.count("*"), newer.count("note")) == (ROWS, ROWS)
        assert not [file for file in newer.folder.iterdir() if ".part" in file.name or ".migrating" in file.name]
        assert len(list(newer.folder.glob("*.before-migration-*.db"))) == 1
    print(f"\n{len(fates)} kills within {longest:.1f} s: {dict(Counter(fates))}")


@pytest.mark.parametrize(
    ("point", "version"), [(Upkeep.BEFORE_MIGRATION_COMMIT, HEAD), (Upkeep.AFTER_MIGRATION_COMMIT, NEXT)]
)
def test_of_a_migration_that_is_killed_again_and_again_one_copy_is_left(newer: Newer, point: str, version: str) -> None:
    newer.begin_anew()
    for _kill in range(2):
        newer.start(point).communicate(timeout=PATIENCE)
        assert schema.version_of(url_of(newer.database)) == version
    newer.migrated()
    (copy,) = newer.folder.glob("*.before-migration-*.db")
    assert backup.inspected(copy).is_sealed
    assert not [file for file in newer.folder.iterdir() if ".migrating" in file.name or ".part" in file.name]


def killed(newer: Newer, after: float) -> str:
    """Kill a migration; the version of the store, which is one or the other and sound, as is every copy."""
    process = newer.start()
    time.sleep(after)
    process.kill()
    process.communicate()
    version = schema.version_of(url_of(newer.database))
    with closing(sqlite_module().connect(newer.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        columns = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
    assert (version, "note" in columns) in ((HEAD, False), (NEXT, True))
    assert newer.count("*") == ROWS
    for copy in newer.folder.glob("*.before-migration-*.db"):
        assert backup.inspected(copy).schema == HEAD
    return version or ""


def test_a_store_of_a_newer_program_is_refused_by_this_one_and_stays_as_it_is(newer: Newer) -> None:
    newer.begin_anew()
    newer.migrated()
    before = newer.database.read_bytes()
    for refusing in (schema.require_current, schema.bring_up_to_date):
        with pytest.raises(Known, match=rf"written by a newer Watchkeeper \(schema {NEXT}, this one knows {HEAD}\)"):
            refusing(url_of(newer.database))
    assert newer.database.read_bytes() == before
