"""What goes and what stays when the old is pruned."""

from datetime import timedelta

from tests.store.making import START, attempt_ended, brought_to, ended, intended, new, retry
from watchkeeper.model.ids import RunId
from watchkeeper.model.instant import to_us
from watchkeeper.model.run import LIVE, State
from watchkeeper.store import execution_ids, retention, runs
from watchkeeper.store.moves import Shelved, Unshelved
from watchkeeper.store.store import Store

S = State
LATER = START + timedelta(days=1)


async def prune(store: Store, limit: int = 100) -> list[str]:
    return await store.write(lambda tx: retention.prune(tx, LATER, limit))


async def test_only_what_has_ended_before_the_moment_goes(store: Store) -> None:
    live = [await brought_to(store, state) for state in sorted(LIVE)]
    old = [await brought_to(store, state) for state in (S.SUCCEEDED, S.FAILED, S.SKIPPED, S.MISSED, S.CANCELLED)]
    young = new(S.SKIPPED, ended_at=to_us(LATER))
    await store.move([young])
    assert await prune(store) == [run.id for run in old]
    left = await store.read(lambda tx: {run.id for run in runs.page(tx, limit=100)})
    assert left == {run.id for run in live} | {young.id}


async def test_it_goes_oldest_first_and_a_few_at_a_time(store: Store) -> None:
    old = [(await brought_to(store, S.SUCCEEDED)).id for _ in range(5)]
    await store.move([new()])
    assert [await prune(store, 2) for _ in range(4)] == [old[:2], old[2:4], old[4:], []]


async def test_when_all_history_is_old_no_number_is_given_twice(store: Store) -> None:
    for _ in range(3):
        newest = (await brought_to(store, S.SUCCEEDED)).id
    await prune(store)
    before = await store.read(lambda tx: runs.get(tx, newest).number)
    after = new()
    await store.move([after])
    assert await store.read(lambda tx: runs.get(tx, after.id).number) > before


async def test_attempts_go_with_their_run(store: Store) -> None:
    run = await brought_to(store, S.QUEUED)
    await store.move([intended(run)])
    await store.move([retry(run)], [attempt_ended(run)])
    await store.write(lambda tx: tx.run("UPDATE runs SET state = 'QUEUED' WHERE id = :id", id=run.id))
    await store.move([intended(run, attempt=2)])
    await store.move([ended(run, attempt=2)], [new()])
    assert await prune(store) == [run.id]
    assert await store.read(lambda tx: runs.attempts(tx, RunId(run.id))) == []


async def test_a_run_whose_log_is_still_on_its_host_stays(store: Store) -> None:
    run = await brought_to(store, S.SUCCEEDED)
    await store.move([Shelved(run.id, 1, "local", "k.1")], [new()])
    assert await prune(store) == []
    await store.move([Unshelved(run.id, 1)])
    assert await prune(store) == [run.id]


async def test_a_callers_id_outlives_its_run(store: Store) -> None:
    run = await brought_to(store, S.SUCCEEDED)
    until = LATER + timedelta(days=30)
    await store.write(lambda tx: execution_ids.claim(tx, "order-7", "hash", RunId(run.id), until))
    await prune(store)
    again = await store.write(lambda tx: execution_ids.claim(tx, "order-7", "hash", RunId("other"), until))
    assert again == run.id
