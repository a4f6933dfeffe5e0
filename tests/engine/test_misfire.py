"""What is owed for the past: against a stepper that counts instant by instant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watchkeeper.engine import misfire
from watchkeeper.engine.misfire import Due, due_between
from watchkeeper.model.schedule import next_after
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import ByClock, CatchUp, Cron, Fold, Gap, Interval, Misfire, Once, Window

START = datetime(2026, 3, 27, 10, tzinfo=UTC)

CRONS = (
    "* * * * *",
    "*/15 * * * *",
    "0 * * * *",
    "30 2 * * *",
    "0 9-18 * * 1-5",
    "0 0 1 * *",
    "0 0 31 * *",
    "0 0 29 2 *",
    "59 23 * * 0",
)
ZONES = ("UTC", "Europe/Berlin", "Australia/Lord_Howe")


def counted(trigger: ByClock, first: datetime, now: datetime) -> Due:
    """The rule in plain words: list what is late, fire what the policy lets, record the rest."""
    late: list[datetime] = []
    step: datetime | None = first
    while step is not None and step <= now:
        late.append(step)
        step = next_after(trigger, step)
    fires = [instant for instant in late if now - instant <= trigger.grace]
    if trigger.misfire is Misfire.RUN_LATEST and not fires:
        fires = [late[-1]]
    if trigger.misfire is Misfire.RUN_ALL:
        fires = [instant for instant in late if now - instant <= max(trigger.grace, trigger.catch_up.window)]
    fires = fires[-trigger.catch_up.most :]
    missed = late[: len(late) - len(fires)]
    return Due(tuple(fires), *((missed[0], missed[-1], len(missed)) if missed else ()))


policies = {
    "misfire": st.sampled_from(Misfire),
    "grace": st.sampled_from([Span(0), Span(seconds=60), Span(hours=3)]),
    "catch_up": st.builds(
        CatchUp,
        most=st.sampled_from([1, 2, 7, 100]),
        window=st.sampled_from([Span(minutes=5), Span(hours=8), Span(days=40)]),
    ),
}
crons = st.builds(
    Cron,
    cron=st.sampled_from(CRONS),
    zone=st.sampled_from(ZONES),
    dst_gap=st.sampled_from(Gap),
    dst_fold=st.sampled_from(Fold),
    every_nth=st.sampled_from([1, 1, 2]),
    **policies,
)
intervals = st.builds(
    Interval,
    every=st.sampled_from([Span(seconds=7), Span(minutes=1), Span(hours=5), Span(days=9)]),
    anchor=st.none() | st.just(START + timedelta(seconds=3)),
    **policies,
)

windows = st.builds(
    Window,
    every=st.sampled_from([Span(minutes=7), Span(hours=1)]),
    start=st.sampled_from(["00:00", "02:15"]),
    end=st.just("04:00"),
    days=st.sampled_from(["*", "sat,sun"]),
    zone=st.sampled_from(ZONES),
    every_nth=st.sampled_from([1, 3]),
    **policies,
)


def away(longest: timedelta) -> st.SearchStrategy[timedelta]:
    return st.timedeltas(timedelta(0), longest)


@settings(max_examples=150)
@example(Cron(cron="0 * * * *", zone="UTC"), timedelta(hours=3, minutes=30), timedelta(0))
@example(Cron(cron="0 0 1 * *", zone="UTC", misfire=Misfire.SKIP), timedelta(days=100), timedelta(0))
@given(crons | intervals | windows, away(timedelta(hours=5)) | away(timedelta(days=4)), away(timedelta(days=60)))
def test_what_is_owed_is_what_counting_finds(trigger: ByClock, absence: timedelta, offset: timedelta) -> None:
    first = next_after(trigger, START + offset)
    assert first is not None
    now = first + absence
    assert due_between(trigger, first, now) == counted(trigger, first, now)


@pytest.mark.parametrize("text", ["0 0 29 2 *", "0 0 31 * *", "0 0 * * 1", "0 12 * * *"])
@pytest.mark.parametrize("years", [1, 3, 9])
def test_years_of_absence_end_at_an_instant_of_the_trigger(text: str, years: int) -> None:
    trigger = Cron(cron=text, zone="Europe/Berlin")
    first = next_after(trigger, START)
    assert first is not None
    now = first + timedelta(days=365 * years + 17, hours=5)
    assert due_between(trigger, first, now) == counted(trigger, first, now)


def test_a_gap_of_very_many_is_counted_to_the_last() -> None:
    trigger = Cron(cron="* * * * *", zone="UTC")
    now = START + timedelta(days=30)
    due = due_between(trigger, START, now)
    assert (due.fires, due.missed_first) == ((now - timedelta(minutes=1), now), START)
    assert (due.missed_last, due.missed_count) == (now - timedelta(minutes=2), 30 * 24 * 60 - 1)


class Always:
    """A calendar that holds everything."""

    def holds(self, moment: datetime) -> bool:
        return True

    def change_after(self, moment: datetime) -> datetime | None:
        return None


def test_a_gap_of_very_many_is_counted_up_to_a_limit_where_calendars_are_asked() -> None:
    trigger = Cron(cron="* * * * *", zone="UTC", only_on=("always",))
    now = START + timedelta(days=30)
    due = due_between(trigger, START, now, {"always": Always()})
    assert (due.missed_last, due.missed_count) == (now - timedelta(minutes=2), misfire.MOST_COUNTED)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=60), timedelta(days=9)])
@pytest.mark.parametrize("policy", Misfire)
def test_a_single_occasion_fires_late_or_is_recorded(late: timedelta, policy: Misfire) -> None:
    due = due_between(Once(at=START, misfire=policy), START, START + late)
    reach = {Misfire.RUN_LATEST: timedelta.max, Misfire.RUN_ALL: timedelta(days=1), Misfire.SKIP: timedelta(seconds=60)}
    is_fired = late <= reach[policy]
    assert due == (Due((START,)) if is_fired else Due((), START, START, 1))
