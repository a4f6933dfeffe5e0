"""A restored store: refusals leave everything as it was; gaps are recorded; nothing that may have run runs again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.store.making import START, brought_to, new, saved, spec
from watchkeeper.engine.restore import restore
from watchkeeper.model.backup import Restored
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import LIVE, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval, Misfire, Pace
from watchkeeper.store import backup, pause, runs, schema
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.store import Store

MINUTELY = Interval(every=Span(minutes=1))
AFTER_A_MINUTE = Interval(every=Span(minutes=1), pace=Pace.FIXED_DELAY)
#: Runs tomorrow's occurrence whatever happens: the policy would make up for everything.
GREEDY = Cron(cron="* * * * *", zone="UTC", misfire=Misfire.RUN_ALL, grace=Span(days=9999))


class Place:
    """A store in a folder, and its copy."""

    def __init__(self, folder: Path) -> None:
        self.database, self.copy, self.host_root = folder / "watchkeeper.db", folder / "copy.db", folder / "host"
        schema.create(self.database, {"zone": "UTC"})

    async def opened(self) -> Store:
        return await Store.open(self.database, clock=lambda: START)

    def back_up(self) -> None:
        backup.copy(self.database, self.copy, START)

    async def restored(self) -> Restored:
        return await restore(self.database, self.copy, self.host_root, "test")

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite_module().connect(self.database)) as connection:
            connection.row_factory = sqlite_module().Row
            return list(connection.execute(sql))

    def execute(self, file: Path, sql: str) -> None:
        with closing(sqlite_module().connect(file)) as connection, connection:
            connection.execute(sql)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    yield Place(tmp_path)
    await asyncio.get_running_loop().shutdown_default_executor()


def content(place: Place) -> bytes:
    return place.database.read_bytes()


async def test_every_live_run_is_in_doubt_and_every_ended_one_stays_as_it_was(place: Place) -> None:
    store = await place.opened()
    runs = {state: await brought_to(store, state) for state in State if state is not State.UPSTREAM_FAILED}
    await store.close()
    place.back_up()
    answer = await place.restored()
    found = {row["id"]: row for row in place.rows("SELECT * FROM runs")}
    for state, run in runs.items():
        assert found[run.id]["state"] == (State.UNKNOWN if state in LIVE else state)
        assert found[run.id]["ground"] is None
    assert answer.doubted == len(LIVE)


async def test_all_that_was_due_since_is_one_missed_row_a_trigger(place: Place) -> None:
    store = await place.opened()
    job = await saved(store, spec(triggers=(MINUTELY, GREEDY)))
    off = await saved(store, spec("off", triggers=(MINUTELY,), is_enabled=False))
    await store.close()
    place.back_up()
    answer = await place.restored()
    rows = place.rows("SELECT * FROM runs ORDER BY number")
    assert [(row["state"], row["job_id"]) for row in rows] == [(State.MISSED, job.id)] * 2
    passed = (datetime.now(UTC) - START) // timedelta(minutes=1)
    for row in rows:
        assert row["nominal_at"] == to_us(START + timedelta(minutes=1))
        assert passed - 2 <= (row["last_missed_at"] - row["nominal_at"]) // 60_000_000 + 1 <= passed
    assert rows[0]["missed_count"] == (rows[0]["last_missed_at"] - rows[0]["nominal_at"]) // 60_000_000 + 1
    assert answer.missed == sum(row["missed_count"] for row in rows)
    cursors = {row["job_id"]: row["cursor_at"] for row in place.rows("SELECT job_id, cursor_at FROM triggers")}
    assert cursors[job.id] == cursors[off.id] > to_us(START) + 60_000_000 * (passed - 1)


async def test_a_fixed_delay_that_was_due_is_missed_and_begins_anew(place: Place) -> None:
    store = await place.opened()
    await saved(store, spec(triggers=(AFTER_A_MINUTE,)))
    await store.write(lambda tx: tx.run("UPDATE triggers SET next_at = :at", at=to_us(START)))
    await store.close()
    place.back_up()
    await place.restored()
    (row,) = place.rows("SELECT * FROM runs")
    assert (row["state"], row["nominal_at"], row["missed_count"]) == (State.MISSED, to_us(START), 1)
    (trigger,) = place.rows("SELECT * FROM triggers")
    assert trigger["next_at"] == trigger["cursor_at"] + 60_000_000


async def test_the_store_is_paused_with_the_reason(place: Place) -> None:
    place.back_up()
    await place.restored()
    store = await place.opened()
    found = await store.read(pause.find)
    await store.close()
    assert found is not None and found.until is None
    assert str(found.reason).startswith("restored from a backup of 2026-03-01 12:00:00 UTC")


async def test_the_next_epoch_is_above_all_that_were_ever_given(place: Place) -> None:
    place.execute(place.database, "INSERT INTO lease VALUES (1, 7, 'old', '{}', 0)")
    place.back_up()
    place.execute(place.database, "UPDATE lease SET epoch = 9000000000000000")
    await place.restored()
    first = place.rows("SELECT epoch FROM lease")[0]["epoch"]
    assert first > 9_000_000_000_000_000
    place.database.write_bytes(b"gone")
    await place.restored()
    second = place.rows("SELECT epoch FROM lease")[0]["epoch"]
    assert second > to_us(START)
    await place.restored()
    assert place.rows("SELECT epoch FROM lease")[0]["epoch"] > second


async def numbered(place: Place, count: int = 1) -> list[int]:
    """The numbers of new runs."""
    store = await place.opened()
    made = [new() for _ in range(count)]
    for run in made:
        await store.move([run])
    found = [await store.read(lambda tx, run=run: runs.get(tx, run.id).number) for run in made]
    await store.close()
    return found


async def test_numbers_go_on_above_all_that_were_given_before(place: Place) -> None:
    await numbered(place, 2)
    place.back_up()
    assert await numbered(place, 3) == [3, 4, 5]
    await place.restored()
    await place.restored()
    assert await numbered(place, 2) == [6, 7]
    await place.restored()
    assert await numbered(place, 2) == [8, 9]


@pytest.mark.parametrize("is_there", [True, False])
async def test_numbers_leap_over_those_that_a_damaged_store_may_have_given(place: Place, is_there: bool) -> None:
    await numbered(place, 2)
    place.back_up()
    place.database.write_bytes(b"\xa5" * 50_000)
    if not is_there:
        place.database.unlink()
    await place.restored()
    assert await numbered(place, 2) == [1_000_001, 1_000_002]


async def test_what_was_there_is_kept_and_opens(place: Place) -> None:
    place.back_up()
    store = await place.opened()
    await saved(store)
    await store.close()
    answer = await place.restored()
    assert place.rows("SELECT * FROM jobs") == []
    assert answer.kept is not None and Path(answer.kept).stat().st_mode & 0o777 == 0o600
    kept = backup.inspected(Path(answer.kept))
    assert kept.workspace == answer.backup.workspace
    with closing(sqlite3.connect(answer.kept)) as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (1,)


async def test_a_damaged_store_is_replaced_and_kept_as_it_is(place: Place) -> None:
    place.back_up()
    place.database.write_bytes(b"\xa5" * 50_000)
    answer = await place.restored()
    assert answer.kept is not None
    assert Path(answer.kept).read_bytes() == b"\xa5" * 50_000
    assert schema.version_of(schema.url_of(place.database)) == answer.backup.schema


async def test_a_log_that_a_killed_engine_left_goes_with_its_store(place: Place) -> None:
    place.back_up()
    store = await place.opened()
    await saved(store)
    parts = [place.database, place.database.with_name("watchkeeper.db-wal")]
    left = {part: part.read_bytes() for part in parts}
    await store.close()
    for part, bytes_ in left.items():
        part.write_bytes(bytes_)
    answer = await place.restored()
    assert place.rows("SELECT * FROM jobs") == []
    with closing(sqlite3.connect(answer.kept or "")) as connection:
        assert connection.execute("SELECT count(*) FROM jobs").fetchone() == (1,)


async def test_where_there_is_no_store_the_copy_becomes_one(place: Place) -> None:
    place.back_up()
    place.database.unlink()
    answer = await place.restored()
    assert answer.kept is None
    assert place.rows("SELECT value FROM facts WHERE name = 'id'")[0][0] == answer.backup.workspace


async def test_the_deed_is_in_the_audit_trail(place: Place) -> None:
    place.back_up()
    await place.restored()
    (entry,) = place.rows("SELECT * FROM audit")
    assert (entry["actor"], entry["action"], entry["object"]) == ("test", "workspace.restore", str(place.copy))


async def test_a_store_that_somebody_reads_is_not_replaced(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchkeeper.store.file._PATIENCE", 0.05)
    place.back_up()
    store = await place.opened()
    await store.read(lambda tx: tx.rows("SELECT * FROM facts"))
    before = content(place)
    with pytest.raises(Conflict, match=r"another program has .* open"):
        await place.restored()
    await store.close()
    assert content(place) == before
    assert not list(place.database.parent.glob("*restor*"))


async def test_refusals_leave_the_store_as_it_was(place: Place, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    stranger = Place(other)
    stranger.back_up()
    place.back_up()
    newer, torn = tmp_path / "newer.db", tmp_path / "torn.db"
    newer.write_bytes(place.copy.read_bytes())
    place.execute(newer, "UPDATE alembic_version SET version_num = '9999'")
    torn.write_bytes(place.copy.read_bytes()[:-5000])
    before = content(place)
    for file, sentence in {
        stranger.copy: r"is of another workspace .* --home",
        newer: "written by a newer Watchkeeper",
        torn: r"torn\.db",
        tmp_path / "none.db": "there is no file",
    }.items():
        with pytest.raises(Known, match=sentence):
            await restore(place.database, file, place.host_root, "test")
    assert content(place) == before
    assert not list(tmp_path.glob("*restor*"))
