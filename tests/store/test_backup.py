"""A copy of the store is whole or not there, shows one moment of a busy store, and is looked at before it is used."""

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.making import START
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.store import backup
from watchkeeper.store.head import HEAD
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

pytestmark = pytest.mark.usefixtures("on_sqlite")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "copy.db"


def put_pair(tx: Tx, number: int) -> None:
    """Two rows that stand and fall together, and some weight."""
    for name in (f"a{number}", f"b{number}"):
        tx.run("INSERT INTO facts (name, value) VALUES (:name, :value)", name=name, value="x" * 5_000)


def pairs(file: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(file)) as connection:
        row = connection.execute("SELECT sum(name GLOB 'a[0-9]*'), sum(name GLOB 'b[0-9]*') FROM facts").fetchone()
    return int(row[0]), int(row[1])


def test_a_copy_tells_what_it_is_a_copy_of(place: Path, target: Path) -> None:
    made = backup.copy(place, target, START)
    assert backup.inspected(target) == made
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("SELECT value FROM facts WHERE name = 'id'").fetchone() == (made.workspace,)
    assert (made.schema, made.made_at, made.size) == (HEAD, START, target.stat().st_size)


def test_a_copy_is_its_owners_alone_and_leaves_nothing_else(place: Path, target: Path) -> None:
    backup.copy(place, target, START)
    found = {file.name: file.stat().st_mode & 0o777 for file in target.parent.iterdir()}
    assert found == {"copy.db": 0o600, "copy.db.sha256": 0o600}
    assert target.parent.stat().st_mode & 0o777 == 0o700


def test_the_seal_is_one_that_everybody_can_check(place: Path, target: Path) -> None:
    backup.copy(place, target, START)
    command = ["sha256sum", "--check", "copy.db.sha256"]
    assert subprocess.run(command, cwd=target.parent, capture_output=True, text=True).stdout == "copy.db: OK\n"


async def test_a_copy_of_a_busy_store_shows_one_moment(
    place: Path, target: Path, opened: Callable[[], Awaitable[Store]]
) -> None:
    store = await opened()
    for number in range(1_000):
        await store.write(lambda tx, number=number: put_pair(tx, number))
    steps: list[int] = []
    loop = asyncio.get_running_loop()

    def told(copied: int, total: int) -> None:
        """Every step of the copy is followed by a commit, before the next one."""
        steps.append(copied)
        number = 1_000 + len(steps)
        asyncio.run_coroutine_threadsafe(store.write(lambda tx: put_pair(tx, number)), loop).result()

    await asyncio.to_thread(backup.copy, place, target, START, told=told)
    assert len(steps) > 1 and steps == sorted(steps)
    assert pairs(target) == (1_000, 1_000)
    assert await store.read(lambda tx: tx.value("SELECT count(*) FROM facts WHERE name GLOB 'a[0-9]*'")) > 1_000


def test_a_name_that_is_taken_is_not_written_over(place: Path, target: Path) -> None:
    target.parent.mkdir()
    target.write_text("mine")
    with pytest.raises(Known, match=r"copy\.db exists already: name another file"):
        backup.copy(place, target, START)
    assert target.read_text() == "mine"


def test_a_copy_that_would_fill_the_disk_is_refused_before_it_begins(place: Path, target: Path) -> None:
    with pytest.raises(Known, match=r"no room for a copy of .*: \d+ MiB are needed and \d+ MiB are free"):
        backup.copy(place, target, START, spare=1 << 60)
    assert list(target.parent.iterdir()) == []


def test_a_damaged_store_gives_no_copy(place: Path, target: Path) -> None:
    spoil(place)
    with pytest.raises(Known, match=r"damaged|can't be read"):
        backup.copy(place, target, START)
    assert list(target.parent.iterdir()) == []


def spoil(file: Path) -> None:
    """Write over every page but the first three."""
    with file.open("r+b") as content:
        content.seek(4096 * 3)
        content.write(b"\xa5" * (file.stat().st_size - 4096 * 3))


def test_a_copy_that_was_changed_is_refused(place: Path, target: Path) -> None:
    backup.copy(place, target, START)
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("UPDATE facts SET value = 'UTC' WHERE name = 'zone'")
    with pytest.raises(Known, match="not as it was when it was made"):
        backup.inspected(target)


def test_a_damaged_copy_is_refused(place: Path, target: Path) -> None:
    backup.copy(place, target, START)
    spoil(target)
    with pytest.raises(Known, match=r"damaged|can't be read"):
        backup.inspected(target)


def test_a_copy_without_its_seal_is_taken_for_what_it_says(place: Path, target: Path) -> None:
    made = backup.copy(place, target, START)
    (target.parent / "copy.db.sha256").unlink()
    found = backup.inspected(target)
    assert (found.workspace, found.sha256, found.is_sealed) == (made.workspace, made.sha256, False)


def test_an_empty_seal_is_none(place: Path, target: Path) -> None:
    backup.copy(place, target, START)
    (target.parent / "copy.db.sha256").write_text("")
    with pytest.raises(Known, match="SHA-256"):
        backup.inspected(target)


@pytest.mark.parametrize("content", [b"", b"this is no database\n" * 500])
def test_what_is_no_store_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(content)
    with pytest.raises(Known, match=r"other\.db"):
        backup.inspected(tmp_path / "other.db")


def test_another_programs_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE t (a)")
    with pytest.raises(Known, match=r"other\.db can't be read as a store: no such table"):
        backup.inspected(tmp_path / "other.db")


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"there is no file .*none\.db"):
        backup.inspected(tmp_path / "none.db")


def test_a_copy_is_named_after_its_moment_beside_the_store() -> None:
    named = backup.default_name(Path("home/watchkeeper.db"), datetime(2026, 3, 1, 12, 30, tzinfo=UTC), backup.DAILY)
    assert named == Path("home/backups/daily-watchkeeper-20260301T123000Z.db")


def test_a_copy_that_was_killed_is_swept_away_and_one_that_is_being_made_is_not(tmp_path: Path) -> None:
    own, made, left = (tmp_path / f".{name}.db.part" for name in ("daily-w", "w-of-a-command", "w-of-last-week"))
    for file in (own, made, left):
        file.touch()
    os.utime(left, (0, 0))
    backup.sweep(tmp_path, "daily-")
    assert list(tmp_path.iterdir()) == [made]
