"""A restored store: refusals leave everything as it was; gaps are recorded; nothing that may have run runs again."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.processes import keepers
from tests.store.making import START, attempt_ended, brought_to, ended, intended, new, retry, saved, spec
from watchkeeper.engine.restore import restore
from watchkeeper.hosts.host import Start
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.hosts.local import LocalHost
from watchkeeper.model.backup import Restored
from watchkeeper.model.errors import Conflict, Known
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import LIVE, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval, Misfire, Pace
from watchkeeper.store import backup, pause, runs, schema, workspace
from watchkeeper.store.driver import sqlite_module
from watchkeeper.store.moves import Shelved
from watchkeeper.store.store import Store

MINUTELY = Interval(every=Span(minutes=1))
AFTER_A_MINUTE = Interval(every=Span(minutes=1), pace=Pace.FIXED_DELAY)
#: Runs tomorrow's occurrence whatever happens: the policy would make up for everything.
GREEDY = Cron(cron="* * * * *", zone="UTC", misfire=Misfire.RUN_ALL, grace=Span(days=9999))


OUTBOX = "INSERT INTO outbox (id, topic, run_id, body, created_at, attempts, due_at) VALUES (:id, '', '', '', 0, 0, 0)"


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

    def tear(self, name: str) -> None:
        """Write over the first page of a table."""
        (row,) = self.rows(f"SELECT rootpage FROM sqlite_master WHERE name = '{name}'")
        with self.database.open("r+b") as content:
            content.seek(4096 * (row["rootpage"] - 1))
            content.write(b"\xff" * 4096)

    def execute(self, file: Path, sql: str) -> None:
        with closing(sqlite_module().connect(file)) as connection, connection:
            connection.execute(sql)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    yield made
    for pid in keepers(made.host_root):
        os.kill(pid, signal.SIGKILL)
    await asyncio.get_running_loop().shutdown_default_executor()


def content(place: Place) -> bytes:
    return place.database.read_bytes()


async def one_in_each_state(place: Place) -> dict[State, str]:
    store = await place.opened()
    made = {state: (await brought_to(store, state)).id for state in State if state is not State.UPSTREAM_FAILED}
    await store.close()
    return made


def states(place: Place, made: dict[State, str]) -> dict[State, str]:
    found = {row["id"]: row["state"] for row in place.rows("SELECT id, state FROM runs")}
    return {state: found[run_id] for state, run_id in made.items()}


def in_doubt(made: dict[State, str]) -> dict[State, State]:
    return {state: State.UNKNOWN if state in LIVE else state for state in made}


async def test_after_a_damage_every_live_run_is_in_doubt_and_every_ended_one_stays_as_it_was(place: Place) -> None:
    made = await one_in_each_state(place)
    place.back_up()
    place.tear("audit")
    answer = await place.restored()
    assert states(place, made) == in_doubt(made)
    assert {row["ground"] for row in place.rows("SELECT ground FROM runs")} == {None}
    assert (answer.doubted, answer.held) == (len(LIVE), 0)


async def test_what_a_sound_store_says_of_live_runs_is_true(place: Place) -> None:
    made = await one_in_each_state(place)
    place.back_up()
    answer = await place.restored()
    assert states(place, made) == {state: state for state in made}
    assert (answer.doubted, answer.held) == (1, 2)


async def test_what_has_happened_since_is_told_by_the_store_that_is_replaced(place: Place) -> None:
    store = await place.opened()
    key = {"concurrency_key": "k"}
    first, second, again = new(**key), new(**key), new()
    for run in (first, second, again):
        await store.move([run])
    await store.move([intended(first, held_key="k"), intended(again)])
    place.back_up()
    await store.move([ended(first)], [Shelved(first.id, 1, "local", "k.1")])
    await store.move([intended(second, held_key="k")])
    await store.move([retry(again)], [attempt_ended(again)])
    await store.close()
    answer = await place.restored()
    found = {row["id"]: row for row in place.rows("SELECT * FROM runs")}
    assert (found[first.id]["state"], found[first.id]["held_key"]) == (State.SUCCEEDED, None)
    assert (found[second.id]["state"], found[second.id]["held_key"]) == (State.DISPATCHING, "k")
    assert (found[again.id]["state"], found[again.id]["attempt"]) == (State.WAITING, 2)
    assert [row["run_id"] for row in place.rows("SELECT run_id FROM attempts")] == [again.id]
    assert [row["run_id"] for row in place.rows("SELECT run_id FROM shelf")] == [first.id]
    assert (answer.doubted, answer.held) == (0, 1)


async def test_an_ending_that_the_replaced_store_tells_is_what_its_jobs_last_run_came_to(place: Place) -> None:
    store = await place.opened()
    job = await saved(store)
    run = new(job_id=job.id)
    await store.move([run])
    await store.move([intended(run)])
    place.back_up()
    await store.move([ended(run, State.FAILED)])
    await store.close()
    await place.restored()
    (row,) = place.rows("SELECT last_run, last_state FROM job_list")
    assert (row["last_run"], row["last_state"]) == (run.id, State.FAILED)


async def test_of_a_run_that_the_replaced_store_knows_no_more_nothing_is_proved(place: Place) -> None:
    store = await place.opened()
    gone, holder = new(concurrency_key="k"), new(concurrency_key="k")
    await store.move([gone])
    await store.move([intended(gone, held_key="k")])
    await store.move([holder])
    place.back_up()
    await store.move([ended(gone)])
    await store.move([intended(holder, held_key="k")])
    await store.write(lambda tx: tx.run("DELETE FROM runs WHERE id = :id", id=gone.id))
    await store.close()
    await place.restored()
    found = {row["id"]: (row["state"], row["held_key"]) for row in place.rows("SELECT * FROM runs")}
    assert found == {gone.id: (State.UNKNOWN, None), holder.id: (State.DISPATCHING, "k")}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE lease SET epoch = 6",
        "DELETE FROM runs WHERE number = (SELECT max(number) FROM runs)",
    ],
)
async def test_a_store_that_has_not_gone_on_from_the_copy_proves_nothing(place: Place, sql: str) -> None:
    made = await one_in_each_state(place)
    place.execute(place.database, "INSERT INTO lease VALUES (1, 7, 'old', '{}', 0)")
    place.back_up()
    place.execute(place.database, sql)
    await place.restored()
    assert states(place, made) == in_doubt(made)


async def test_a_run_in_doubt_comes_to_the_attempt_that_its_host_has(place: Place) -> None:
    store = await place.opened()
    workspace_id = await store.read(workspace.identity)
    run = await brought_to(store, State.RUNNING)
    await store.close()
    place.back_up()
    place.tear("audit")
    host = LocalHost(place.host_root)
    await host.connect(workspace_id, 1)
    keys = [attempt_key(workspace_id, run.id, 2), attempt_key(workspace_id, "of another run", 1)]
    await host.start([Start(key, ("/bin/sh", "{script}"), script="true") for key in keys])
    await host.close()
    answer = await place.restored()
    assert place.rows("SELECT state, attempt FROM runs")[0][:] == (State.UNKNOWN, 2)
    assert [stranger.key for stranger in answer.strangers] == keys[1:]


async def test_a_notice_that_may_have_been_delivered_is_not_delivered_again(place: Place) -> None:
    store = await place.opened()
    for notice in ("sent", "waiting"):
        await store.write(lambda tx, notice=notice: tx.run(OUTBOX, id=notice))
    place.back_up()
    await store.write(lambda tx: tx.run("DELETE FROM outbox WHERE id = 'sent'"))
    await store.close()
    await place.restored()
    assert [row["id"] for row in place.rows("SELECT id FROM outbox")] == ["waiting"]
    place.tear("audit")
    await place.restored()
    assert place.rows("SELECT id FROM outbox") == []


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
