"""What the dashboard asks of runs: counts, what holds room, which jobs ran last, how long they usually take."""

from datetime import timedelta
from typing import Any

from tests.store.making import START, brought_to, intended, new, saved, spec
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.pulse import Slots
from watchkeeper.model.run import State
from watchkeeper.store import audit, durations, jobs, leases, runs
from watchkeeper.store.audit import Filter
from watchkeeper.store.store import Store
from watchkeeper.store.tx import Tx

S = State


async def test_the_pulse_of_the_store_counts_by_place(store: Store) -> None:
    await store.write(lambda tx: leases.take(tx, "me", {"local": 4, "inside": 8}, timedelta(hours=1)))
    for state in (S.RUNNING, S.UNKNOWN, S.QUEUED, S.QUEUED, S.WAITING, S.SUCCEEDED):
        await brought_to(store, state)
    run = new()
    await store.move([run])
    await store.move([intended(run, host=None)])
    found = await store.read(runs.pulse)
    assert found.slots == (Slots("local", 2, 4), Slots("inside", 1, 8))
    assert (found.queued, found.waiting) == (2, 1)
    assert await store.read(runs.count_live) == {
        S.RUNNING: 1, S.UNKNOWN: 1, S.QUEUED: 2, S.WAITING: 1, S.DISPATCHING: 1
    }  # fmt: skip


async def test_what_holds_room_comes_by_its_start_and_what_waits_by_its_age(store: Store) -> None:
    late, early = new(), new()
    await store.move([late, early])
    await store.move([intended(late, started_at=to_us(START + timedelta(minutes=1))), intended(early)])
    first, second = await brought_to(store, S.QUEUED), await brought_to(store, S.WAITING)
    await brought_to(store, S.FAILED)
    assert [run.id for run in await store.read(lambda tx: runs.holding(tx, 9))] == [early.id, late.id]
    assert [run.id for run in await store.read(lambda tx: runs.waiting(tx, 9))] == [first.id, second.id]
    assert len(await store.read(lambda tx: runs.holding(tx, 1))) == 1


async def test_the_jobs_that_ran_last_come_once_each(store: Store) -> None:
    def one(job_id: str, hours: int, ended: int | None = None) -> Any:
        at = START + timedelta(hours=hours)
        end = None if ended is None else to_us(START + timedelta(hours=ended))
        state = S.QUEUED if end is None else S.SUCCEEDED
        return new(state, job_id=job_id, created_at=to_us(at), ended_at=end)

    rows = [one("long", 0, 5), one("over", 1, 1), one("live", 2), one("a", 4, 4), one("b", 5, 5), one("a", 6, 6)]
    assert await store.move(rows) == []
    since = START + timedelta(hours=3)
    assert await store.read(lambda tx: runs.jobs_of_newest(tx, 6, since, 100)) == ["a", "b", "live", "long"]
    assert await store.read(lambda tx: runs.jobs_of_newest(tx, 5, since, 2)) == ["b", "a"]


async def test_the_usual_duration_passes_over_failures_and_a_clock_that_was_set_back(store: Store) -> None:
    def took(seconds: float | None, state: State = S.SUCCEEDED) -> Any:
        began = None if seconds is None else to_us(START)
        return new(state, started_at=began, ended_at=to_us(START + timedelta(seconds=seconds or 0)))

    rows = [took(9), took(1), took(3), took(2), took(99, S.FAILED), took(None), took(-5)]
    assert await store.move(rows) == []
    found = await store.read(lambda tx: durations.usual(tx, JobId("j1")))
    assert (found.p50, found.p95, found.count) == (timedelta(seconds=2), timedelta(seconds=9), 4)
    none = await store.read(lambda tx: durations.usual(tx, JobId("j9")))
    assert (none.p50, none.p95, none.count) == (None, None, 0)


async def test_the_last_success_before_a_run_is_found_or_the_newest_of_all(store: Store) -> None:
    rows = [new(state) for state in (S.FAILED, S.SUCCEEDED, S.FAILED, S.SUCCEEDED)]
    assert await store.move(rows) == []

    def before(tx: Tx, place: int) -> int | None:
        found = runs.success_before(tx, runs.get(tx, rows[place].id))
        return None if found is None else found.number

    assert [await store.read(lambda tx, p=place: before(tx, p)) for place in range(4)] == [4, 4, 2, 2]
    await store.write(lambda tx: runs.give_verdict(tx, RunId(rows[1].id), S.FAILED, "ann", "seen"))
    assert await store.read(lambda tx: before(tx, 3)) is None


async def test_names_are_told_of_the_jobs_that_exist(store: Store) -> None:
    job = await saved(store, spec("a"))
    await saved(store, spec("off", is_enabled=False))
    assert await store.read(lambda tx: jobs.names_of(tx, [job.id, JobId("none")])) == {job.id: "a"}
    assert await store.read(jobs.count_disabled) == 1


async def test_the_trail_is_searched_in_all_that_it_says(store: Store) -> None:
    await store.write(lambda tx: audit.record(tx, "ann", "job.save", "ETL 100%", "ok", {"reason": "new disk"}))
    await store.write(lambda tx: audit.record(tx, "bob", "run.cancel", None, "refused", {}))

    async def found(**given: Any) -> list[str]:
        return [entry.actor for entry in await store.read(lambda tx: audit.page(tx, Filter(**given)))]

    assert await found(text="etl 100%") == await found(text="DISK") == await found(object="ETL 100%") == ["ann"]
    assert await found(text="100_") == []
    assert await found(actions=("job.save", "run.cancel")) == ["bob", "ann"]
    assert await found(outcome="refused", text="run.") == ["bob"]
    assert await found(since=START, until=START + timedelta(seconds=1)) == ["bob", "ann"]
    assert await found(since=START + timedelta(seconds=1)) == await found(until=START) == []
