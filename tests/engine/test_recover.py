"""What an engine finds when it starts: one test for each way in which the one before may have died."""

import asyncio
import time
from datetime import timedelta

import pytest

from tests.engine.house import House, eventually
from tests.store.making import ended
from watchkeeper.engine import inside
from watchkeeper.hosts.host import Phase
from watchkeeper.model.errors import Conflict
from watchkeeper.model.ids import TriggerId
from watchkeeper.model.job import OnUnknown, Retry
from watchkeeper.model.run import Ground, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Interval
from watchkeeper.store import leases, outbox, restore, runs, shelf
from watchkeeper.store.rows import stored

S = State


def append(house: House) -> str:
    return f"echo ran >> {house.home / 'ledger'}\n"


async def test_before_the_occurrence_commit_it_is_computed_again_from_the_cursor(house: House) -> None:
    await house.save(triggers=(Interval(every=Span(seconds=61)),))
    house.clock.move(timedelta(seconds=305))
    await house.start()
    await eventually(lambda: len(house.effects()) == 1, "the one that is caught up on")
    missed, fired = await house.all_runs()
    assert (missed.state, missed.missed_count) == (S.MISSED, 4)
    assert missed.last_missed_at == fired.nominal_at - timedelta(seconds=61)


async def test_after_it_the_run_stands_in_the_queue_and_no_attempt_is_spent(house: House) -> None:
    job = await house.save()
    fields = {"trigger_id": TriggerId("t1"), "nominal_at": house.clock.now()}
    run = house.new_run(job, **fields)
    await house.store.write(lambda tx: runs.insert(tx, run))
    await house.start()
    assert (await house.becomes(run, S.SUCCEEDED)).attempt == 1
    assert house.effects() == [f"{run.id} 1"]


async def test_an_intent_whose_call_was_not_made_is_carried_out_in_the_same_attempt(house: House) -> None:
    host = house.host()
    ground = await host.connect("w", 1)
    job = await house.save("shell", script=append(house))
    run = await house.left(job, ground)
    await house.start(has_host=True)
    assert (await house.becomes(run, S.SUCCEEDED)).attempt == 1
    assert house.effects() == ["ran"]


async def test_what_still_runs_is_adopted_and_ends_as_it_would_have(house: House) -> None:
    host = house.host()
    ground = await host.connect("w", 1)
    gate = house.home / "gate"
    run = await house.left(await house.save("shell"), ground)
    wait = f"echo begun; while [ ! -e {gate} ]; do sleep 0.02; done\n"
    await house.started(host, run, append(house) + wait + 'echo "n=7" >> "$WATCHKEEPER_OUTPUT"')
    await host.close()
    await house.start(has_host=True)
    await house.becomes(run, S.RUNNING)
    gate.touch()
    found = await house.becomes(run, S.SUCCEEDED)
    assert (found.attempt, found.outputs, found.exit_code) == (1, {"n": "7"}, 0)
    assert house.effects() == ["ran"]
    await eventually(lambda: house.logs.read(run.id, 1, 0, 100) == b"begun\n", "its log")


@pytest.mark.parametrize(("exit_code", "state"), [(0, S.SUCCEEDED), (3, S.FAILED)])
async def test_what_ended_meanwhile_is_recorded_with_its_exit_code(house: House, exit_code: int, state: State) -> None:
    host = house.host()
    ground = await host.connect("w", 1)
    run = await house.left(await house.save("shell"), ground)
    over: list[str] = []
    host.on_ended = lambda statuses: over.extend(status.key for status in statuses)
    key = await house.started(host, run, f"{append(house)}exit {exit_code}")
    await eventually(lambda: key in over, "its end")
    await host.close()
    await house.start(has_host=True)
    assert (await house.becomes(run, state)).exit_code == exit_code
    assert house.effects() == ["ran"]


@pytest.mark.parametrize(("exit_code", "state"), [(0, S.SUCCEEDED), (3, S.UNKNOWN)])
async def test_of_a_run_that_a_restore_has_put_in_doubt_an_end_is_recorded_and_no_retry_follows_a_failure(
    house: House, exit_code: int, state: State
) -> None:
    """The other attempts may have been since the copy was made."""
    host = house.host()
    ground = await host.connect("w", 1)
    job = await house.save("shell", retry=Retry(max_attempts=3, delay=Span(0)))
    run = await house.left(job, ground)
    await house.started(host, run, f"{append(house)}exit {exit_code}")
    await eventually(lambda: house.effects() == ["ran"], "its effect")
    await house.store.write(lambda tx: restore.doubt(tx, _("restored")))
    await host.close()
    await house.start(has_host=True)
    other = await house.submit(await house.save("shell", "other"))
    await house.becomes(other, S.SUCCEEDED)
    assert (await house.becomes(run, state)).attempt == 1
    assert house.effects() == ["ran"]


UNKNOWN_CASES = [
    ({}, S.UNKNOWN, 1),
    ({"on_unknown": OnUnknown.FAIL}, S.FAILED, 1),
    ({"on_unknown": OnUnknown.RETRY}, S.UNKNOWN, 1),
    ({"on_unknown": OnUnknown.RETRY, "is_idempotent": True, "retry": Retry(max_attempts=2)}, S.WAITING, 2),
]


@pytest.mark.parametrize(("fields", "state", "attempt"), UNKNOWN_CASES)
async def test_after_a_reboot_nobody_knows_and_the_job_says_what_follows(
    house: House, fields: dict[str, object], state: State, attempt: int
) -> None:
    host = house.host()
    ground = await host.connect("w", 1)
    run = await house.left(await house.save("shell", **fields), Ground("an-earlier-boot", ground.folder_id))
    await house.start(has_host=True)
    found = await house.becomes(run, state)
    assert found.attempt == attempt
    assert "is not known" in str(found.reason)


@pytest.mark.parametrize(("fields", "state", "attempt"), UNKNOWN_CASES)
async def test_a_handler_without_a_process_left_no_evidence(
    house: House, fields: dict[str, object], state: State, attempt: int
) -> None:
    run = await house.left(await house.save(**fields))
    await house.start()
    assert (await house.becomes(run, state)).attempt == attempt
    assert house.effects() == []


async def test_a_repeatable_handler_is_called_again_as_the_same_attempt(house: House) -> None:
    run = await house.left(await house.save("wait", params={"span": "1s"}))
    await house.start()
    ended = await house.becomes(run, S.SUCCEEDED)
    assert (ended.attempt, ended.outputs and ended.outputs["is_met"]) == (1, True)


async def test_a_repeatable_handler_whose_run_was_to_be_stopped_is_not_called_again(house: House) -> None:
    run = await house.left(await house.save("wait", params={"until": "2999-01-01T00:00Z"}))
    await house.cancel(run)
    await house.start()
    await house.becomes(run, S.CANCELLED)


async def test_a_repeatable_handler_does_not_hold_up_the_engines_end(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("wait", params={"until": "2999-01-01T00:00Z"}))
    await house.becomes(run, S.RUNNING)
    begun = time.monotonic()
    await house.stop()
    assert time.monotonic() - begun < inside.GRACE - 1
    await house.start()
    await house.becomes(run, S.RUNNING)
    await house.cancel(run)
    assert (await house.becomes(run, S.CANCELLED)).attempt == 1


async def test_a_recorded_ending_whose_notice_was_not_sent_is_told_once(house: House) -> None:
    run = await house.left(await house.save())
    row = ended(run, S.FAILED, reason=stored(_("it broke")))
    assert await house.store.move([row]) == []
    await house.start()
    await eventually(lambda: house.parcels, "the notice")
    await house.stop()
    assert [parcel.run_id for parcel in house.parcels] == [run.id]
    house.clock.move(timedelta(days=1))
    assert await house.store.read(lambda tx: outbox.due(tx, 10)) == []


async def test_a_retry_that_was_planned_waits_on(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.retry", retry=Retry(max_attempts=3)))
    await house.becomes(run, S.WAITING)
    await house.stop()
    await house.start()
    house.clock.move(timedelta(seconds=29))
    assert (await house.look(run)).state is S.WAITING
    house.clock.move(timedelta(seconds=1))
    await house.until(lambda found: found.attempt == 3, run, "the next attempt")


async def test_a_wish_to_stop_is_kept_over_a_crash(house: House) -> None:
    host = house.host()
    ground = await host.connect("w", 1)
    going = await house.left(await house.save("shell", "going"), ground)
    await house.started(host, going, "sleep 600")
    queued = await house.submit(await house.save(name="queued"))
    for run in (going, queued):
        await house.cancel(run)
    await host.close()
    await house.start(has_host=True)
    assert "gone" in str((await house.becomes(going, S.CANCELLED)).reason)
    await house.becomes(queued, S.CANCELLED)
    assert house.effects() == []


async def test_logs_that_were_left_on_the_host_are_taken_and_their_folders_go(house: House) -> None:
    await house.start(has_host=True)
    job = await house.save("shell", script="echo words")
    run = await house.submit(job)
    await house.becomes(run, S.SUCCEEDED)
    await house.stop()
    await house.start(has_host=True)
    await eventually(lambda: house.logs.read(run.id, 1, 0, 100) == b"words\n", "its log")
    await eventually(lambda: not list((house.home / "host" / "runs").glob("*.1")), "its folder goes")
    async with asyncio.timeout(30):
        while await house.store.read(lambda tx: shelf.waiting(tx, 10)):
            await asyncio.sleep(0.01)


async def test_a_second_engine_waits_outside_while_the_first_holds_the_lease(house: House) -> None:
    span = timedelta(seconds=15)
    await house.store.write(lambda tx: leases.take(tx, "another", {}, span))
    with pytest.raises(Conflict, match="the engine another holds this workspace"):
        await house.start()
    house.engine = None
    house.clock.move(span + timedelta(seconds=1))
    await house.start()


async def test_what_was_never_seen_to_start_is_absent_on_the_host(house: House) -> None:
    """The premise of all of the above: an unknown key is ABSENT, and asking makes nothing."""
    host = house.host()
    await host.connect("w", 1)
    (status,) = await host.stat(["0" * 32 + ".1"])
    assert status.phase is Phase.ABSENT
    assert not list((house.home / "host" / "runs").glob("*"))
