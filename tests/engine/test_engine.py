"""The whole engine on real processes: started, retried, replaced, timed out, stopped."""

import asyncio
import threading
from datetime import timedelta

import pytest

from tests.engine.house import House, eventually
from watchkeeper.model.errors import LeaseLost
from watchkeeper.model.events import EngineStarted, EngineStopped
from watchkeeper.model.job import Concurrency, Policy, Retry, Timeouts
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.store import leases, pools, runs

S = State
#: Ends when it is killed, and not before.
LONG = "sleep 600"


async def test_a_process_is_started_recorded_and_its_log_kept(house: House) -> None:
    await house.start(has_host=True)
    job = await house.save("shell", script='echo "out"; echo "err" >&2; echo "n=7" >> "$WATCHKEEPER_OUTPUT"')
    ended = await house.becomes(await house.submit(job), S.SUCCEEDED)
    assert (ended.exit_code, ended.outputs, ended.host, ended.log_size) == (0, {"n": "7"}, "local", 8)
    await eventually(lambda: house.logs.read(ended.id, 1, 0, 100) == b"out\nerr\n", "its log")


async def test_a_process_knows_its_run(house: House) -> None:
    await house.start(has_host=True)
    script = 'for name in EXECUTION_ID RUN_ID ATTEMPT SCHEDULED_AT; do eval echo "\\$WATCHKEEPER_$name"; done'
    run = await house.submit(await house.save("shell", script=script), caller_execution_id="order-7")
    await house.becomes(run, S.SUCCEEDED)
    expected = f"order-7\n{run.id}\n1\n{run.created_at.isoformat()}\n".encode()
    await eventually(lambda: house.logs.read(run.id, 1, 0, 500) == expected, "what it was told")


async def test_every_attempt_is_a_process_of_its_own_with_its_own_log(house: House) -> None:
    await house.start(has_host=True)
    script = 'echo "attempt $WATCHKEEPER_ATTEMPT"; exit 3'
    job = await house.save("shell", script=script, retry=Retry(max_attempts=2, delay=Span(seconds=10)))
    run = await house.submit(job)
    await house.becomes(run, S.WAITING)
    house.clock.move(timedelta(seconds=10))
    ended = await house.becomes(run, S.FAILED)
    assert (ended.attempt, ended.exit_code) == (2, 3)
    (first,) = await house.store.read(lambda tx: runs.attempts(tx, run.id))
    assert (first.number, first.exit_code) == (1, 3)
    for number in (1, 2):
        expected = f"attempt {number}\n".encode()
        await eventually(lambda n=number, e=expected: house.logs.read(run.id, n, 0, 99) == e, f"log {number}")


async def test_what_runs_for_a_moment_is_marked_running(house: House) -> None:
    await house.start(has_host=True)
    run = await house.submit(await house.save("shell", script=LONG))
    assert (await house.becomes(run, S.RUNNING)).host == "local"


async def test_a_stopped_process_is_killed_with_proof_and_not_tried_again(house: House) -> None:
    await house.start(has_host=True)
    run = await house.submit(await house.save("shell", script=LONG, retry=Retry(max_attempts=4)))
    await house.becomes(run, S.RUNNING)
    await house.cancel(run)
    ended = await house.becomes(run, S.CANCELLED)
    assert "stopped by me" in str(ended.reason) and "gone" in str(ended.reason)


async def test_a_process_that_does_not_end_when_asked_is_killed_at_once_when_that_is_wished(house: House) -> None:
    await house.start(has_host=True)
    deaf = "trap '' TERM; while :; do sleep 0.1; done"
    job = await house.save("shell", script=deaf, timeouts=Timeouts(grace=Span(minutes=10)))
    run = await house.submit(job)
    await house.becomes(run, S.RUNNING)
    await house.cancel(run)
    await house.cancel(run, Span())
    assert "gone" in str((await house.becomes(run, S.CANCELLED)).reason)


async def test_a_run_that_is_stopped_the_moment_it_is_asked_for_does_not_go_on(house: House) -> None:
    await house.start(has_host=True)
    job = await house.save("shell", script=LONG)
    for _time in range(10):
        run = await house.submit(job)
        await house.cancel(run)
        await house.becomes(run, S.CANCELLED)


async def test_a_hard_timeout_ends_a_process(house: House) -> None:
    await house.start(has_host=True)
    job = await house.save("shell", script=LONG, timeouts=Timeouts(hard=Span(milliseconds=100)))
    ended = await house.becomes(await house.submit(job), S.TIMED_OUT)
    assert "hard timeout" in str(ended.reason)


async def test_replace_kills_the_one_that_runs_and_starts_the_new_one_after_its_end(house: House) -> None:
    await house.start(has_host=True)
    job = await house.save("shell", script=LONG, concurrency=Concurrency(policy=Policy.REPLACE))
    first = await house.submit(job)
    await house.becomes(first, S.RUNNING)
    second = await house.submit(job)
    await house.becomes(second, S.RUNNING)
    ended = await house.look(first)
    assert ended.state is S.CANCELLED and "replace" in str(ended.reason)


async def test_a_run_waits_for_its_pool_and_starts_when_it_grows(house: House) -> None:
    await house.store.write(lambda tx: pools.save(tx, "db", 0))
    await house.start()
    run = await house.submit(await house.save(pool="db"))
    other = await house.submit(await house.save(name="other"))
    await house.becomes(other, S.SUCCEEDED)
    assert (await house.look(run)).state is S.QUEUED
    await house.store.write(lambda tx: pools.save(tx, "db", 1))
    await house.becomes(run, S.SUCCEEDED)


async def test_a_full_pool_holds_up_nobody_else(house: House) -> None:
    await house.store.write(lambda tx: pools.save(tx, "db", 1))
    await house.start()
    job = await house.save("act.finishing", pool="db")
    first, second = await house.submit(job), await house.submit(job)
    await house.becomes(await house.submit(await house.save(name="other")), S.SUCCEEDED)
    assert (await house.look(second)).state is S.QUEUED
    for run in (first, second):
        await house.becomes(run, S.DISPATCHING, S.RUNNING)
        await house.cancel(run)
        await house.becomes(run, S.SUCCEEDED)


async def test_a_run_that_waits_too_long_expires(house: House) -> None:
    await house.store.write(lambda tx: pools.save(tx, "db", 0))
    await house.start()
    run = await house.submit(await house.save(pool="db", timeouts=Timeouts(queue=Span(seconds=30))))
    await house.becomes(await house.submit(await house.save(name="other")), S.SUCCEEDED)
    house.clock.move(timedelta(seconds=30))
    assert "30s" in str((await house.becomes(run, S.EXPIRED)).reason)


async def test_a_resolved_run_gives_its_key_to_the_next(house: House) -> None:
    job = await house.save(concurrency=Concurrency(policy=Policy.QUEUE))
    unknown = await house.left(job)
    await house.start()
    await house.becomes(unknown, S.UNKNOWN)
    waiting = await house.submit(job)
    await house.becomes(await house.submit(await house.save(name="other")), S.SUCCEEDED)
    assert (await house.look(waiting)).state is S.QUEUED
    await house.store.write(lambda tx: runs.resolve(tx, unknown.id, S.FAILED, "me", "I looked"))
    await house.becomes(waiting, S.SUCCEEDED)


async def test_an_engine_that_stops_leaves_no_task_and_lets_go_of_its_lease(house: House) -> None:
    before = asyncio.all_tasks()
    await house.start(has_host=True)
    job = await house.save("shell")
    await house.becomes(await house.submit(job), S.SUCCEEDED)
    for _run in range(5):
        await house.submit(job)
    await house.stop()
    await eventually(lambda: asyncio.all_tasks() <= before, "its tasks end")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("handler")]
    lease = await house.store.read(leases.find)
    assert lease is not None and lease.expires_at <= house.clock.now()
    assert [type(event) for event in house.heard if isinstance(event, EngineStarted | EngineStopped)] == [
        EngineStarted,
        EngineStopped,
    ]


async def test_what_runs_goes_on_when_the_engine_stops_and_is_found_by_the_next(house: House) -> None:
    await house.start(has_host=True)
    gate = house.home / "gate"
    run = await house.submit(await house.save("shell", script=f"while [ ! -e {gate} ]; do sleep 0.02; done"))
    await house.becomes(run, S.RUNNING)
    await house.stop()
    gate.touch()
    await house.start(has_host=True)
    assert (await house.becomes(run, S.SUCCEEDED)).attempt == 1


async def test_an_engine_whose_lease_was_taken_stops_writing_and_says_why(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.polite"))
    await house.becomes(run, S.DISPATCHING, S.RUNNING)
    house.store.epoch = None
    house.clock.move(timedelta(seconds=20))
    await house.store.write(lambda tx: leases.take(tx, "another", {}, timedelta(minutes=1)))
    house.store.epoch = 1
    await _fail_a_write(house)
    with pytest.raises(LeaseLost, match="another engine has taken over"):
        await house.running
    house.engine = None
    assert (await house.look(run)).state in (S.DISPATCHING, S.RUNNING)


async def _fail_a_write(house: House) -> None:
    """Whatever the engine writes next is refused: here the ending of a handler that is asked to end."""
    live = next(iter(house.engine._book.runs.values()))  # type: ignore[union-attr]  # it runs
    live.cancelled_by = "me"
    house.engine._inside.stop(live)  # type: ignore[union-attr]  # it runs


async def test_many_runs_at_once_are_each_run_once(house: House) -> None:
    await house.start(inside_slots=8)
    job = await house.save()
    wanted = [await house.submit(job) for _ in range(150)]
    for run in wanted:
        await house.becomes(run, S.SUCCEEDED)
    assert sorted(house.effects()) == sorted(f"{run.id} 1" for run in wanted)
