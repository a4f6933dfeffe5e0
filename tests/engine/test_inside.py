"""Handlers without a process: what they answer, and how they are held to their time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.engine.house import House, eventually
from watchkeeper.engine import inside
from watchkeeper.engine.live import Live
from watchkeeper.model import points
from watchkeeper.model.events import RunEnded, RunLost, RunQueued, RunStarted
from watchkeeper.model.job import Retry, Timeouts
from watchkeeper.model.points import Point
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.plugin.registry import Registry
from watchkeeper.store import runs

S = State


@pytest.mark.parametrize(
    ("handler", "state", "outputs", "reason"),
    [
        ("act.thread", S.SUCCEEDED, {"is_main": False}, None),
        ("act.fail", S.FAILED, {}, "it did not work"),
        ("act.cancel", S.CANCELLED, {}, "nothing to do"),
        ("act.crash", S.FAILED, {}, "the plugin broke: ZeroDivisionError: a bug"),
        ("act.wrong", S.FAILED, {}, "the handler answered with int: it must return a mapping of outputs or None"),
        ("act.nosuch", S.FAILED, {}, "there is no handler act.nosuch"),
        ("act.note", S.SUCCEEDED, {"attempt": 1}, None),
    ],
)
async def test_what_a_handler_answers_is_how_the_run_ends(
    house: House, handler: str, state: State, outputs: dict[str, Any], reason: str | None
) -> None:
    await house.start()
    run = await house.submit(await house.save(handler))
    ended = await house.becomes(run, state)
    assert ended.outputs == outputs
    assert (reason is None and ended.reason is None) or str(ended.reason).startswith(reason or "?")
    told = [type(event) for event in house.heard if getattr(event, "run_id", "") == run.id]
    assert told == [RunQueued, RunStarted, RunEnded]


async def test_a_wrong_parameter_fails_the_run_once_and_names_the_field(house: House) -> None:
    await house.start()
    job = await house.save("act.note", params={"flie": "x"}, retry=Retry(max_attempts=4))
    ended = await house.becomes(await house.submit(job), S.FAILED)
    assert "flie" in str(ended.reason) and ended.attempt == 1


async def test_a_handler_that_asks_for_it_is_tried_again_after_its_own_wait(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.retry", retry=Retry(max_attempts=3)))
    for attempt in (2, 3):
        waiting = await house.until(lambda found, n=attempt: found.attempt == n, run, f"attempt {attempt}")
        assert waiting.state is S.WAITING and str(waiting.reason) == "not yet"
        assert waiting.due_at == house.clock.now() + timedelta(seconds=30)
        house.clock.move(timedelta(seconds=30))
    ended = await house.becomes(run, S.SUCCEEDED)
    assert ended.outputs == {"attempt": 3}
    kept = await house.store.read(lambda tx: runs.attempts(tx, run.id))
    assert [(each.number, str(each.reason)) for each in kept] == [(1, "not yet"), (2, "not yet")]


async def test_a_run_is_not_tried_again_before_its_moment(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.retry", retry=Retry(max_attempts=3)))
    await house.becomes(run, S.WAITING)
    house.clock.move(timedelta(seconds=29))
    other = await house.submit(await house.save(name="other"))
    await house.becomes(other, S.SUCCEEDED)
    assert (await house.look(run)).state is S.WAITING


async def test_what_a_handler_logs_lies_in_the_workspace(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save())
    await house.becomes(run, S.SUCCEEDED)
    assert b"noted" in (house.logs.read(run.id, 1, 0, 1000) or b"")


async def test_a_handler_that_goes_on_is_seen_to_run(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.polite"))
    await house.becomes(run, S.RUNNING)
    await house.cancel(run)
    await house.becomes(run, S.CANCELLED)


async def test_a_polite_handler_ends_when_it_is_stopped(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.polite", retry=Retry(max_attempts=4)))
    await house.becomes(run, S.DISPATCHING, S.RUNNING)
    await house.cancel(run)
    ended = await house.becomes(run, S.CANCELLED)
    assert str(ended.reason) == "stopped by me"


async def test_a_run_can_be_stopped_from_the_moment_it_is_started(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = inside.Inside.start

    def stopped_at_once(calls: inside.Inside, live: Live) -> None:
        start(calls, live)
        live.cancelled_by = "li"
        calls.stop(live)

    monkeypatch.setattr(inside.Inside, "start", stopped_at_once)
    await house.start()
    run = await house.becomes(await house.submit(await house.save("act.polite")), S.CANCELLED)
    assert str(run.reason) == "stopped by li"


async def test_a_handler_that_finishes_although_it_was_stopped_has_succeeded(house: House) -> None:
    await house.start()
    run = await house.submit(await house.save("act.finishing"))
    await house.becomes(run, S.DISPATCHING, S.RUNNING)
    await house.cancel(run)
    assert (await house.becomes(run, S.SUCCEEDED, S.CANCELLED)).outputs == {"is_done": True}


async def test_a_deaf_handler_is_cut_after_its_grace(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "GRACE", 0.05)
    await house.start()
    run = await house.submit(await house.save("act.deaf"))
    await house.becomes(run, S.DISPATCHING, S.RUNNING)
    await house.cancel(run)
    await house.becomes(run, S.CANCELLED)


async def test_a_deaf_handler_that_is_killed_has_no_grace(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "GRACE", 600)
    await house.start()
    run = await house.submit(await house.save("act.deaf"))
    await house.becomes(run, S.DISPATCHING, S.RUNNING)
    await house.cancel(run)
    await house.cancel(run, Span())
    await house.becomes(run, S.CANCELLED)


@pytest.mark.parametrize("limit", ["hard", "soft"])
@pytest.mark.parametrize("handler", ["act.deaf", "act.polite"])
async def test_a_handler_that_runs_too_long_is_timed_out(
    house: House, monkeypatch: pytest.MonkeyPatch, handler: str, limit: str
) -> None:
    monkeypatch.setattr(inside, "GRACE", 0.05)
    await house.start()
    timeouts = Timeouts(**{limit: Span(milliseconds=20)})
    run = await house.submit(await house.save(handler, timeouts=timeouts))
    await house.becomes(run, S.TIMED_OUT)


@pytest.fixture
def release(registry: Registry) -> Iterator[None]:
    """Lets the handlers' threads go when the test ends."""
    event = registry.handler("act.thread_deaf").fn.__globals__["RELEASE"]
    event.clear()
    yield
    event.set()


async def test_a_thread_that_ignores_its_timeout_is_unknown(house: House, release: None) -> None:
    await house.start()
    job = await house.save("act.thread_deaf", timeouts=Timeouts(hard=Span(milliseconds=20)))
    run = await house.submit(job)
    await house.becomes(run, S.UNKNOWN)
    assert any(isinstance(event, RunLost) for event in house.heard)


async def test_a_thread_is_asked_to_end_at_its_hard_timeout(house: House, release: None) -> None:
    await house.start()
    timeouts = Timeouts(hard=Span(seconds=1))  # time enough for a thread to begin, also on a busy machine
    params = {"file": str(house.home / "ledger")}
    run = await house.submit(await house.save("act.thread_polite", params=params, timeouts=timeouts))
    await house.becomes(run, S.UNKNOWN)
    await eventually(lambda: house.effects() == ["begun", "asked to end"], "the thread's end")


async def test_a_thread_that_outlasts_its_engine_is_asked_to_end(
    house: House, release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inside, "GRACE", 0.05)
    await house.start()
    params = {"file": str(house.home / "ledger")}
    await house.submit(await house.save("act.thread_polite", params=params))
    await eventually(lambda: house.effects() == ["begun"], "the thread's start")
    await house.stop()
    await eventually(lambda: house.effects() == ["begun", "asked to end"], "the thread's end")


async def test_slots_inside_are_never_exceeded(house: House) -> None:
    await house.start(inside_slots=2)
    job = await house.save("act.finishing")
    wanted = [await house.submit(job) for _ in range(4)]
    for run in wanted[:2]:
        await house.becomes(run, S.DISPATCHING, S.RUNNING)
    assert [(await house.look(run)).state for run in wanted[2:]] == [S.QUEUED, S.QUEUED]
    for run in wanted:
        await house.becomes(run, S.DISPATCHING, S.RUNNING)
        await house.cancel(run)
        await house.becomes(run, S.SUCCEEDED)


async def test_a_run_whose_intent_is_written_while_the_engine_ends_waits_for_the_next(house: House) -> None:
    engine = await house.start()
    points.observe(lambda reached: engine.stop() if reached is Point.BEFORE_INTENT_COMMIT else None)
    run = await house.submit(await house.save())
    await house.running
    points.observe(None)
    assert ((await house.look(run)).state, house.effects()) == (S.QUEUED, [])
    await house.start()
    await house.becomes(run, S.SUCCEEDED)


async def test_a_stopped_engine_leaves_no_run_half_written(house: House) -> None:
    await house.start()
    job = await house.save()
    wanted = [await house.submit(job) for _ in range(20)]
    await house.stop()
    states = [(await house.look(run)).state for run in wanted]
    assert set(states) <= {S.SUCCEEDED, S.QUEUED, S.DISPATCHING}
    done = [run.id for run, state in zip(wanted, states, strict=True) if state is S.SUCCEEDED]
    await eventually(lambda: len(house.effects()) >= len(done), "effects")
