"""Whether a moment lies in a calendar: as a clock on the wall and a calendar beside it would say."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchkeeper.model.calendar import (
    CalendarSpec,
    Country,
    Dates,
    Event,
    Include,
    Monthly,
    Rule,
    Weekly,
    Which,
    dates_of,
    hours_of,
    weekdays_of,
)
from watchkeeper.model.days import Held, opened, require_whole
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.schedule import next_after
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
#: Summer time from midnight to one, a day that never was, half an hour of summer time, a common one, none.
ZONES = ("Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "America/New_York", "Africa/Casablanca", "UTC")
#: When the clocks of one of them are set, and the turn of a year.
CHANGES = (
    datetime(2026, 3, 28, 22, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
)
MINUTE = timedelta(minutes=1)


def held(*holds: Rule, but_not: tuple[Rule, ...] = (), zone: str = BERLIN, **others: CalendarSpec) -> Held:
    return opened({"a": CalendarSpec("a", zone=zone, holds=holds, but_not=but_not), **others})["a"]


def on_the_wall(rule: Weekly | Dates | Monthly, local: datetime) -> bool:
    """Whether a rule holds what the wall shows, by looking."""
    days = [local.date(), local.date() - timedelta(days=1)]
    parts = hours_of(rule.hours) if rule.hours else ((timedelta(), timedelta(days=1)),)
    since = [(day, local - datetime.combine(day, time())) for day in days]
    return any(_is_picked(rule, day) for day, span in since for begin, end in parts if begin <= span < end)


def _is_picked(rule: Rule, day: date) -> bool:
    match rule:
        case Weekly():
            return day.weekday() in weekdays_of(rule.days)
        case Dates():
            return any([*dates_of(text).within(day, day)] for text in rule.dates)
        case Monthly():
            left = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - day
            return day.day in rule.monthly or -left.days in rule.monthly
    raise AssertionError


hours = st.sampled_from([None, "22:00-06:00", "00:30-02:30", "23:59-00:01,12:00-13:00", "02:00-24:00", "06:00-05:00"])
rules = st.one_of(
    st.builds(Weekly, days=st.sampled_from(["*", "mon-fri", "sat,sun", "thu"]), hours=hours),
    st.builds(
        Dates, dates=st.sampled_from([("03-29",), ("12-24..01-02",), ("2011-12-29..2011-12-31", "11-01")]), hours=hours
    ),
    st.builds(Monthly, monthly=st.sampled_from([(1,), (-1, 15), (29, -3)]), hours=hours),
)


@settings(max_examples=150)
@given(
    holds=st.lists(rules, min_size=1, max_size=2),
    but_not=st.lists(rules, max_size=1),
    zone=st.sampled_from(ZONES),
    around=st.sampled_from(CHANGES),
    shift=st.integers(-300, 300),
)
def test_it_holds_what_the_clock_on_the_wall_shows(
    holds: list[Rule], but_not: list[Rule], zone: str, around: datetime, shift: int
) -> None:
    calendar = held(*holds, but_not=tuple(but_not), zone=zone)
    for step in range(0, 180, 7):
        moment = around + (shift + step * 10) * MINUTE
        local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        wanted = any(on_the_wall(rule, local) for rule in holds) and not any(
            on_the_wall(rule, local) for rule in but_not
        )
        assert calendar.holds(moment) is wanted, (moment, local)


@settings(max_examples=60)
@given(rule=rules, zone=st.sampled_from(ZONES), around=st.sampled_from(CHANGES))
def test_a_change_is_where_it_turns_and_nowhere_before(rule: Rule, zone: str, around: datetime) -> None:
    calendar = held(rule, zone=zone)
    moment, end = around - timedelta(days=1), around + timedelta(days=1)
    while (change := calendar.change_after(moment)) is not None and change < end:
        assert change > moment
        assert calendar.holds(change) is not calendar.holds(change - timedelta(microseconds=1))
        between = moment + (change - moment) / 3
        assert calendar.holds(between) is calendar.holds(moment)
        moment = change
    step = moment
    while step < end:
        assert calendar.holds(step) is calendar.holds(moment)
        step += 5 * MINUTE


def test_an_hour_that_comes_twice_is_held_twice_and_one_that_is_skipped_costs_nothing() -> None:
    calendar = held(Weekly(hours="02:00-03:00"))
    assert _hours(calendar, datetime(2026, 10, 25, tzinfo=UTC)) == 2
    assert _hours(calendar, datetime(2026, 3, 29, tzinfo=UTC)) == 0
    assert _hours(calendar, datetime(2026, 7, 1, tzinfo=UTC)) == 1


def _hours(calendar: Held, day: datetime) -> float:
    """The hours that it holds from noon before to noon of that UTC day, by the minute."""
    moments = (day + timedelta(minutes=minute) for minute in range(-720, 720))
    return sum(calendar.holds(moment) for moment in moments) / 60


def test_a_whole_day_is_as_long_as_it_is_there() -> None:
    calendar = held(Dates(dates=("2026-03-29", "2026-10-25")))
    spring = calendar.change_after(datetime(2026, 3, 1, tzinfo=UTC))
    assert spring is not None
    assert calendar.change_after(spring) == spring + timedelta(hours=23)
    autumn = calendar.change_after(datetime(2026, 10, 1, tzinfo=UTC))
    assert autumn is not None
    assert calendar.change_after(autumn) == autumn + timedelta(hours=25)


def test_what_never_changes_says_so() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert held(Weekly()).holds(now) and held(Weekly()).change_after(now) is None
    assert not held().holds(now) and held().change_after(now) is None
    assert held(Dates(dates=("2020-01-01",))).change_after(now) is None
    assert held(Weekly(), zone=SHANGHAI).change_after(datetime(1890, 1, 1, tzinfo=UTC)) is not None
    assert not held(Weekly()).holds(datetime(9999, 12, 31, tzinfo=UTC))


def test_a_change_may_lie_years_ahead() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert held(Dates(dates=("02-29",)), zone="UTC").change_after(now) == datetime(2028, 2, 29, tzinfo=UTC)
    assert held(Weekly(), but_not=(Dates(dates=("2040-06-01",)),), zone="UTC").change_after(now) == datetime(
        2040, 6, 1, tzinfo=UTC
    )


def test_calendars_add_up_each_in_its_own_zone() -> None:
    inner = CalendarSpec("inner", zone=SHANGHAI, holds=(Dates(dates=("2026-05-01",)),))
    calendar = held(Include("inner"), but_not=(Weekly(hours="00:00-12:00"),), inner=inner)
    assert not calendar.holds(datetime(2026, 4, 30, 22, tzinfo=UTC))  # midnight in Berlin
    assert calendar.holds(datetime(2026, 5, 1, 10, tzinfo=UTC))  # noon in Berlin, evening in Shanghai
    assert calendar.holds(datetime(2026, 4, 30, 16, tzinfo=UTC))  # the first of May begins in Shanghai
    assert not calendar.holds(datetime(2026, 5, 1, 16, tzinfo=UTC))  # and ends


def test_the_last_workday_of_a_month_is_counted_by_the_dates_of_the_workdays() -> None:
    work = CalendarSpec("work", zone=SHANGHAI, holds=(Country(country="CN", which=Which.WORKING, hours="09:00-18:00"),))
    calendar = held(Monthly(monthly=(-1,), of="work"), zone="UTC", work=work)
    found, moment = [], datetime(2026, 1, 1, tzinfo=UTC)
    while len(found) < 4:
        moment = calendar.change_after(moment) or moment
        if calendar.holds(moment):
            found.append(moment.date())
    assert found == [date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_events_last_as_long_as_they_last_and_come_again() -> None:
    weekly = Event("2026-03-22T01:30:00", Span(hours=2), zone=BERLIN, repeat="FREQ=WEEKLY", besides=("2026-04-05",))
    calendar = held(weekly, zone=SHANGHAI)
    found, moment = [], datetime(2026, 3, 20, tzinfo=UTC)
    for _count in range(3):
        begin = calendar.change_after(moment)
        assert begin is not None and calendar.holds(begin)
        moment = calendar.change_after(begin) or begin
        found.append((begin, moment - begin))
    assert found == [
        (datetime(2026, 3, 22, 0, 30, tzinfo=UTC), timedelta(hours=2)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), timedelta(hours=2)),
        (datetime(2026, 4, 11, 23, 30, tzinfo=UTC), timedelta(hours=2)),
    ]


def test_an_event_over_the_turn_of_the_year_is_one() -> None:
    calendar = held(Event("2026-12-20", Span(days=30)), zone="UTC")
    assert calendar.change_after(datetime(2026, 12, 25, tzinfo=UTC)) == datetime(2027, 1, 19, tzinfo=UTC)
    assert calendar.holds(datetime(2027, 1, 1, tzinfo=UTC))


def test_a_trigger_steps_over_what_is_closed() -> None:
    calendars = {"nights": held(Weekly(hours="22:00-06:00")), "off": held(Weekly(days="sat,sun"))}
    every = Interval(every=Span(minutes=1), not_on=("nights", "off"))
    friday_night = datetime(2026, 3, 27, 22, tzinfo=ZoneInfo(BERLIN))
    assert next_after(every, friday_night, calendars) == datetime(2026, 3, 30, 6, tzinfo=ZoneInfo(BERLIN))
    never = Cron("0 23 * * *", zone=BERLIN, not_on=("nights",))
    assert next_after(never, friday_night, calendars) is None


@pytest.mark.parametrize("names", [("a",), ("b",), ("c",)])
def test_a_calendar_that_needs_itself_is_refused_with_the_path(names: tuple[str, ...]) -> None:
    specs = {
        "a": CalendarSpec("a", holds=(Include("b"),)),
        "b": CalendarSpec("b", but_not=(Include("c"),)),
        "c": CalendarSpec("c", holds=(Monthly(monthly=(1,), of="a"),)),
    }
    with pytest.raises(Conflict, match=r"needs itself: \w → \w → \w → \w"):
        require_whole(specs, names)


def test_a_calendar_may_be_needed_twice_but_must_be_there_and_not_too_deep() -> None:
    deep = {f"c{n}": CalendarSpec(f"c{n}", holds=(Include(f"c{n + 1}"), Include(f"c{n + 1}"))) for n in range(20)}
    require_whole({**deep, "c20": CalendarSpec("c20")}, ["c0"])
    with pytest.raises(NotFound, match=r"holds\[0\].calendar: there is no calendar c20: did you mean c2"):
        require_whole(deep, ["c0"])
    deeper = {**deep, "c20": CalendarSpec("c20", holds=(Include("c21"),)), "c21": CalendarSpec("c21")}
    with pytest.raises(Known, match="deeper than 20"):
        require_whole(deeper, ["c0"])


def test_a_year_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = held(Country(country="CN", which=Which.OFF), zone=SHANGHAI)
    moment = datetime(2026, 10, 1, 4, tzinfo=UTC)
    assert calendar.holds(moment)
    monkeypatch.setattr(Held, "of_rule", None)
    assert calendar.holds(moment + timedelta(days=3)) and not calendar.holds(moment + timedelta(days=29))
