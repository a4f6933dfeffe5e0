"""When jobs fire: at their instants, each once, whatever the clock and the engine do."""

import heapq
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.engine.house import House, eventually
from watchkeeper.engine.planner import _due_until
from watchkeeper.model.calendar import CalendarSpec, Dates, Rule, Weekly
from watchkeeper.model.events import OccurrencesMissed
from watchkeeper.model.job import Concurrency, Policy
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import CatchUp, Cron, Interval, Misfire, Once, Pace
from watchkeeper.store import calendars, jobs

S = State
MINUTELY = Interval(every=Span(seconds=60))
DELAYED = Interval(every=Span(seconds=60), pace=Pace.FIXED_DELAY)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def fired(house: House, count: int) -> list[Run]:
    """The runs, once there are `count` and all have ended."""
    await eventually(lambda: len(house.effects()) >= count, f"{count} effects")
    found = await house.all_runs()
    for run in found:
        await house.becomes(run, S.SUCCEEDED, S.MISSED, S.SKIPPED)
    return await house.all_runs()


async def marker(house: House, name: str) -> None:
    """Time for whatever the engine had to do: another run has passed through all of it."""
    await house.becomes(await house.submit(await house.save("act.thread", name)), S.SUCCEEDED)


async def test_a_job_fires_at_each_of_its_instants(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    start = house.clock.now()
    for number in (1, 2, 3):
        house.clock.move(MINUTE)
        await fired(house, number)
    assert [run.nominal_at for run in await house.all_runs()] == [start + n * MINUTE for n in (1, 2, 3)]


async def test_a_job_does_not_fire_before_its_instant(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.move(MINUTE - timedelta(microseconds=1))
    await marker(house, "a")
    assert house.effects() == []
    house.clock.move(timedelta(microseconds=1))
    await fired(house, 1)


async def test_a_clock_set_back_makes_no_instant_again(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.move(MINUTE)
    await fired(house, 1)
    house.clock.move(-3 * MINUTE)
    for name in "abc":
        house.clock.move(MINUTE)
        await marker(house, name)
    assert len(house.effects()) == 1
    house.clock.move(MINUTE)
    assert len({run.nominal_at for run in await fired(house, 2) if run.trigger_id}) == 2


async def test_a_clock_set_back_over_a_restart_makes_no_instant_again(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.move(MINUTE)
    await fired(house, 1)
    await house.stop()
    house.clock.move(-2 * MINUTE)
    await house.start()
    house.clock.move(2 * MINUTE)
    await marker(house, "a")
    assert len(house.effects()) == 1


async def test_a_gap_is_one_row_with_its_reason_and_its_count(house: House) -> None:
    await house.save(triggers=(MINUTELY,))
    await house.start()
    house.clock.move(10 * MINUTE + SECOND)
    missed, run = await fired(house, 1)
    assert (missed.state, missed.missed_count, run.nominal_at) == (S.MISSED, 9, house.clock.now() - SECOND)
    assert [event.count for event in house.heard if isinstance(event, OccurrencesMissed)] == [9]


async def test_what_is_late_within_its_grace_fires_as_often_as_it_was_due(house: House) -> None:
    await house.save(triggers=(Interval(every=Span(seconds=20)),))
    await house.start()
    house.clock.move(MINUTE)
    assert [run.state for run in await fired(house, 3)] == [S.SUCCEEDED] * 3


async def test_run_all_makes_up_for_what_lies_in_its_window_in_order(house: House) -> None:
    catch_up = CatchUp(most=4, window=Span(hours=1))
    await house.save(triggers=(Interval(every=Span(minutes=10), misfire=Misfire.RUN_ALL, catch_up=catch_up),))
    await house.start()
    start = house.clock.now()
    house.clock.move(timedelta(hours=3))
    missed, *runs = await fired(house, 4)
    assert (missed.state, missed.missed_count) == (S.MISSED, 14)
    assert [run.nominal_at for run in runs] == [start + timedelta(minutes=10 * n) for n in (15, 16, 17, 18)]


async def test_skip_records_what_is_later_than_its_grace_and_fires_the_rest(house: House) -> None:
    trigger = Interval(every=Span(minutes=10), misfire=Misfire.SKIP, grace=Span(seconds=60))
    await house.save(triggers=(trigger,))
    await house.start()
    house.clock.move(timedelta(minutes=15))
    await eventually(lambda: [e for e in house.heard if isinstance(e, OccurrencesMissed)], "the gap")
    assert house.effects() == []
    house.clock.move(timedelta(minutes=5, seconds=30))
    missed, run = await fired(house, 1)
    assert (missed.missed_count, run.state) == (1, S.SUCCEEDED)


async def test_a_late_cron_fires_at_an_instant_of_its_own(house: House) -> None:
    await house.save(triggers=(Cron(cron="0 * * * *", zone="UTC"),))
    await house.start()
    start = house.clock.now()
    house.clock.move(timedelta(hours=3, minutes=30))
    _missed, run = await fired(house, 1)
    assert run.nominal_at == start + timedelta(hours=3)


async def test_a_single_occasion_fires_once(house: House) -> None:
    await house.save(triggers=(Once(at=house.clock.now() + MINUTE),))
    await house.start()
    house.clock.move(MINUTE)
    await fired(house, 1)
    await house.stop()
    house.clock.move(timedelta(days=1))
    await house.start()
    await marker(house, "a")
    assert len(house.effects()) == 1


async def test_a_saved_job_is_planned_anew_at_once(house: House) -> None:
    await house.start()
    job = await house.save(triggers=(Interval(every=Span(hours=1)),))
    await house.save(triggers=(MINUTELY,))
    await marker(house, "a")
    house.clock.move(MINUTE)
    (run,) = [run for run in await fired(house, 1) if run.job_id == job.id]
    assert run.job_version == 2


async def test_a_disabled_and_a_deleted_job_fire_no_more(house: House) -> None:
    await house.start()
    off = await house.save("act.note", "off", triggers=(MINUTELY,))
    gone = await house.save("act.note", "gone", triggers=(MINUTELY,))
    await house.store.write(lambda tx: jobs.set_enabled(tx, off.id, False, "test"))
    await house.store.write(lambda tx: jobs.delete(tx, gone.id))
    await marker(house, "a")
    house.clock.move(MINUTE)
    await marker(house, "b")
    assert house.effects() == []


async def test_a_fixed_delay_counts_from_the_end_of_the_run_before(house: House) -> None:
    await house.save("act.finishing", triggers=(DELAYED,))
    await house.start()
    house.clock.move(MINUTE)
    (first,) = await _with_trigger(house, 1)
    house.clock.move(10 * MINUTE)
    await marker(house, "a")
    assert len([run for run in await house.all_runs() if run.trigger_id]) == 1
    await house.cancel(first)
    await house.becomes(first, S.SUCCEEDED)
    house.clock.move(MINUTE - timedelta(microseconds=1))
    await marker(house, "b")
    assert len([run for run in await house.all_runs() if run.trigger_id]) == 1
    house.clock.move(timedelta(microseconds=1))
    second = (await _with_trigger(house, 2))[1]
    assert second.nominal_at == house.clock.now()
    await house.cancel(second)
    await house.becomes(second, S.SUCCEEDED)


async def test_a_fixed_delay_keeps_its_moment_over_a_restart(house: House) -> None:
    await house.save(triggers=(DELAYED,))
    await house.start()
    house.clock.move(MINUTE)
    await fired(house, 1)
    await house.stop()
    await house.start()
    house.clock.move(timedelta(seconds=59))
    await marker(house, "a")
    assert len(house.effects()) == 1
    house.clock.move(timedelta(seconds=1))
    await fired(house, 2)


async def test_forbid_skips_what_is_due_while_the_one_before_runs(house: House) -> None:
    await house.save("act.finishing", triggers=(MINUTELY,), concurrency=Concurrency(policy=Policy.FORBID))
    await house.start()
    house.clock.move(MINUTE)
    await marker(house, "a")
    house.clock.move(MINUTE)
    first, second = await _with_trigger(house, 2)
    assert (await house.becomes(second, S.SKIPPED)).nominal_at == house.clock.now()
    await house.cancel(first)
    await house.becomes(first, S.SUCCEEDED)


async def _with_trigger(house: House, count: int) -> list[Run]:
    """The runs that triggers have made, once there are `count`."""
    found: list[Run] = []
    while len(found) < count:
        await marker(house, f"m{len(house.heard)}")
        found = [run for run in await house.all_runs() if run.trigger_id]
    return found


# Calendars.


async def keep(house: House, *specs: CalendarSpec) -> None:
    await house.store.write(lambda tx: calendars.save(tx, specs, "test"))


def shut(name: str, *rules: Rule) -> CalendarSpec:
    return CalendarSpec(name, zone="UTC", holds=rules)


async def test_an_excluded_instant_makes_no_run_and_is_not_missed(house: House) -> None:
    await keep(house, shut("sundays", Weekly(days="sun")))
    hourly = Cron(cron="0 * * * *", zone="UTC", misfire=Misfire.RUN_ALL, not_on=("sundays",))
    await house.save(triggers=(hourly,))
    await house.start()  # on Sunday, 1 March 2026, at noon
    house.clock.move(timedelta(hours=12) - SECOND)
    await marker(house, "a")
    assert [run for run in await house.all_runs() if run.trigger_id] == []
    house.clock.move(timedelta(hours=1, seconds=1))
    runs = [run for run in await fired(house, 2) if run.trigger_id]
    assert [(run.state, run.nominal_at) for run in runs] == [
        (S.SUCCEEDED, datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (0, 1)
    ]


async def test_what_is_excluded_is_not_counted_in_a_gap(house: House) -> None:
    await keep(house, shut("nights", Weekly(hours="20:00-08:00")))
    await house.save(triggers=(Interval(every=Span(hours=1), not_on=("nights",)),))
    await house.start()
    await house.stop()
    house.clock.move(timedelta(days=1, seconds=1))
    await house.start()
    missed, run = await fired(house, 1)
    # 13-19 o'clock and, on the next day, 8-11; the instant of 12 o'clock runs.
    assert (missed.state, missed.missed_count, run.nominal_at) == (S.MISSED, 11, house.clock.now() - SECOND)


async def test_a_blackout_that_is_saved_while_a_trigger_is_planned_is_honoured_and_its_end_too(house: House) -> None:
    await keep(house, shut("freeze"))
    await house.save(triggers=(Interval(every=Span(seconds=60), not_on=("freeze",)),))
    await house.start()
    await keep(house, shut("freeze", Dates(dates=("2026-03-01",))))
    await marker(house, "a")
    house.clock.move(10 * MINUTE)
    await marker(house, "b")
    assert house.effects() == []
    await keep(house, shut("freeze"))
    await marker(house, "c")
    house.clock.move(MINUTE)
    await fired(house, 1)


async def test_a_trigger_that_follows_a_calendar_fires_on_what_it_holds_only(house: House) -> None:
    await keep(house, shut("late", Weekly(hours="12:05-12:07")))
    await house.save(triggers=(Interval(every=Span(seconds=60), only_on=("late",)),))
    await house.start()
    start = house.clock.now()
    for number in range(1, 10):
        house.clock.move(MINUTE)
        await marker(house, f"m{number}")
    runs = [run for run in await house.all_runs() if run.trigger_id]
    assert [run.nominal_at for run in runs] == [start + 5 * MINUTE, start + 6 * MINUTE]


async def test_the_jobs_that_are_due_soon_are_read_before_they_are_due(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many, read = jobs.many, list[str]()
    monkeypatch.setattr(jobs, "many", lambda tx, job_ids: (read.extend(job_ids), many(tx, job_ids))[1])
    soon = await house.save(name="soon", triggers=(Interval(every=Span(seconds=15)),))
    await house.save(name="later", triggers=(Interval(every=Span(seconds=3600)),))
    await house.start()
    await eventually(lambda: read, "a job is read")
    house.clock.move(15 * SECOND)
    await fired(house, 1)
    assert read == [soon.id]


def test_of_a_heap_only_what_is_due_is_found() -> None:
    moments = [(37 * number) % 101 for number in range(101)]
    heap: list[Any] = []
    for number, moment in enumerate(moments):
        heapq.heappush(heap, (moment, number, moment, moment))
    for until in (-1, 0, 40, 100, 200):
        assert sorted(_due_until(heap, until)) == [moment for moment in range(101) if moment <= until]
