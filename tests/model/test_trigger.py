"""When each kind of trigger fires next, and what its modifiers leave of it."""

import time
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchkeeper.model.codec import convert
from watchkeeper.model.errors import Known
from watchkeeper.model.schedule import count_after, last_before, lateness, next_after
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import ByClock, Cron, Fold, Gap, Interval, Manual, Once, Pace, Trigger, Window

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.timedeltas(min_value=timedelta(milliseconds=10), max_value=timedelta(days=400)), MOMENTS)
def test_a_fixed_rate_fires_at_its_anchor_plus_whole_multiples(
    moment: datetime, every: timedelta, anchor: datetime
) -> None:
    found = next_after(Interval(Span(seconds=every.total_seconds()), anchor=anchor), moment)
    step = Span(seconds=every.total_seconds())
    assert found is not None and found > moment
    assert (found - anchor) % step == timedelta()
    assert found - step <= moment or found == anchor


def test_without_an_anchor_a_fixed_rate_counts_from_1970() -> None:
    assert next_after(Interval(Span(minutes=5)), AT + timedelta(seconds=1)) == AT + timedelta(minutes=5)
    assert next_after(Interval(Span(minutes=5)), AT) == AT + timedelta(minutes=5)


def test_once_fires_once() -> None:
    assert next_after(Once(AT), AT - timedelta(microseconds=1)) == AT
    assert next_after(Once(AT), AT) is None


def test_once_is_told_in_utc() -> None:
    there = convert({"kind": "once", "at": "2026-03-01T20:00:00+08:00"}, Trigger)  # type: ignore[arg-type]
    assert next_after(there, AT - timedelta(days=1)) == AT


@pytest.mark.parametrize("trigger", [Manual(), Interval(Span(minutes=1), pace=Pace.FIXED_DELAY)])
def test_what_waits_for_something_else_has_no_next_moment(trigger: Trigger) -> None:
    assert next_after(trigger, AT) is None


def test_cron_without_a_zone_means_utc() -> None:
    assert next_after(Cron("0 0 * * *"), AT) == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("every", ["0s", "9ms", 0])
def test_an_interval_that_would_never_let_go_is_refused(every: str | int) -> None:
    with pytest.raises(Known, match="too often: use 10ms or more"):
        convert({"kind": "interval", "every": every}, Interval)


def fires(trigger: Trigger, after: datetime, count: int) -> list[datetime]:
    found = list[datetime]()
    while len(found) < count and (moment := next_after(trigger, found[-1] if found else after)) is not None:
        found.append(moment)
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("gap", "fold", "spring", "autumn"),
    [
        (Gap.NEXT, Fold.FIRST, "2026-03-29T03:00+02:00", ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]),
        (Gap.SKIP, Fold.SECOND, "2026-03-30T02:30+02:00", ["2026-10-25T02:30+01:00", "2026-10-26T02:30+01:00"]),
        (Gap.NEXT, Fold.BOTH, "2026-03-29T03:00+02:00", ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"]),
    ],
)
def test_the_operators_word_decides_in_gap_and_fold(gap: Gap, fold: Fold, spring: str, autumn: list[str]) -> None:
    trigger = Cron("30 2 * * *", zone="Europe/Berlin", dst_gap=gap, dst_fold=fold)
    assert next_after(trigger, at("2026-03-28T12:00+01:00")) == at(spring)
    assert fires(trigger, at("2026-10-24T12:00+02:00"), 2) == [at(moment) for moment in autumn]


def test_the_second_pass_of_a_fold_is_not_lost_where_nothing_follows_for_a_year() -> None:
    trigger = Cron("30 2 25 10 *", zone="Europe/Berlin", dst_fold=Fold.BOTH)
    moments = fires(trigger, at("2026-10-01T00:00+02:00"), 3)
    assert moments == [
        at(f"{m}:30{o}")
        for m, o in (("2026-10-25T02", "+02:00"), ("2026-10-25T02", "+01:00"), ("2027-10-25T02", "+02:00"))
    ]


@pytest.mark.parametrize("gap", Gap)
@pytest.mark.parametrize("fold", Fold)
def test_a_wildcard_follows_elapsed_time_whatever_the_operator_says(gap: Gap, fold: Fold) -> None:
    trigger = Cron("*/30 * * * *", zone="Europe/Berlin", dst_gap=gap, dst_fold=fold)
    for start in ("2026-03-28T23:00+01:00", "2026-10-24T23:00+02:00"):
        moments = fires(trigger, at(start), 12)
        assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(minutes=30)}


def test_a_window_fires_from_its_start_to_its_end_on_its_days() -> None:
    trigger = Window(every=Span(minutes=45), start="9:00", end="10:30", days="mon-fri", zone="Asia/Shanghai")
    friday = [f"2026-03-06T{time}+08:00" for time in ("09:00", "09:45", "10:30")]
    assert fires(trigger, at("2026-03-06T00:00+08:00"), 4) == [at(m) for m in (*friday, "2026-03-09T09:00+08:00")]


def test_a_windows_times_in_a_gap_fire_once_after_it_and_those_in_a_fold_once() -> None:
    trigger = Window(every=Span(minutes=20), start="02:00", end="03:00", zone="Europe/Berlin")
    assert fires(trigger, at("2026-03-29T00:00+01:00"), 2) == [
        at("2026-03-29T03:00+02:00"),
        at("2026-03-30T02:00+02:00"),
    ]
    autumn = [f"2026-10-25T{time}" for time in ("02:00+02:00", "02:20+02:00", "02:40+02:00", "03:00+01:00")]
    assert fires(trigger, at("2026-10-25T00:00+02:00"), 4) == [at(moment) for moment in autumn]


FROM = at("2026-03-01T12:10+00:00")


@pytest.mark.parametrize(
    ("trigger", "first", "step"),
    [
        (Cron("0 9 * * *", zone="UTC", every_nth=3, valid_from=FROM), "2026-03-02T09:00+00:00", timedelta(days=3)),
        (Cron("0 9 * * *", zone="UTC", every_nth=3), "2026-03-02T09:00+00:00", timedelta(days=3)),
        (Interval(Span(hours=2), every_nth=5, valid_from=FROM), "2026-03-01T14:00+00:00", timedelta(hours=10)),
        (Interval(Span(hours=2), every_nth=2, anchor=FROM), "2026-03-01T12:10+00:00", timedelta(hours=4)),
        (
            Window(every=Span(hours=12), start="00:00", end="12:00", zone="UTC", every_nth=4, valid_from=FROM),
            "2026-03-02T00:00+00:00",
            timedelta(days=2),
        ),
    ],
)
def test_every_nth_is_counted_from_the_validity_the_anchor_or_1970(
    trigger: Trigger, first: str, step: timedelta
) -> None:
    assert fires(trigger, FROM - timedelta(seconds=1), 3) == [at(first) + step * n for n in range(3)]


def test_every_second_day_stays_every_second_day_over_a_change_of_the_clock() -> None:
    trigger = Cron("30 2 * * *", zone="Europe/Berlin", every_nth=2, valid_from=at("2026-03-27T00:00+01:00"))
    moments = fires(trigger, at("2026-03-26T00:00+01:00"), 150)
    assert moments[1] == at("2026-03-29T03:00+02:00")
    assert {(later.date() - earlier.date()).days for earlier, later in pairwise(moments)} == {2}


def test_the_validity_takes_in_both_its_ends() -> None:
    trigger = Cron(
        "0 * * * *", zone="UTC", valid_from=at("2026-03-01T13:00+00:00"), valid_until=at("2026-03-01T15:00Z")
    )
    assert [moment.hour for moment in fires(trigger, AT - timedelta(days=9), 9)] == [13, 14, 15]
    assert count_after(trigger, AT - timedelta(days=9), AT + timedelta(days=9)) == 3
    assert last_before(trigger, AT + timedelta(days=9), AT - timedelta(days=9)) == at("2026-03-01T15:00Z")


class Weekend:
    """A calendar that holds Saturdays and Sundays in UTC."""

    def holds(self, moment: datetime) -> bool:
        return moment.weekday() >= 5

    def change_after(self, moment: datetime) -> datetime | None:
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=7 - moment.weekday() if self.holds(moment) else 5 - moment.weekday())


def test_what_calendars_take_out_is_passed_over_both_ways() -> None:
    calendars = {"weekend": Weekend()}
    workdays = Cron("0 9 * * *", zone="UTC", not_on=("weekend",))
    friday, monday = at("2026-03-06T09:00Z"), at("2026-03-09T09:00Z")
    assert next_after(workdays, friday, calendars) == monday
    assert last_before(workdays, monday, friday, calendars) == friday
    assert next_after(Cron("0 9 * * *", zone="UTC", only_on=("weekend",)), friday, calendars) == at("2026-03-07T09:00Z")


def test_what_calendars_never_let_through_ends_the_search() -> None:
    trigger = Cron("0 9 * * 1", zone="UTC", only_on=("weekend",))
    assert next_after(trigger, AT, {"weekend": Weekend()}) is None


TRIGGERS: list[ByClock] = [
    Cron("* * * * *", zone="Europe/Berlin"),
    Cron("*/20 30 2 L * *", zone="America/Sao_Paulo", every_nth=3),
    Window(every=Span(milliseconds=10), start="00:00", end="23:59", zone="Asia/Shanghai"),
    Interval(Span(days=36_500), every_nth=10_000),
    Interval(Span(milliseconds=10), anchor=datetime.max.replace(tzinfo=UTC)),
    Interval(Span(days=1), anchor=datetime.min.replace(tzinfo=UTC), every_nth=3, valid_from=AT),
    Once(datetime.max.replace(tzinfo=UTC)),
    Once(datetime.min.replace(tzinfo=UTC)),
    Cron("0 0 * * *", zone="UTC", valid_from=datetime.max.replace(tzinfo=UTC)),
    Cron("0 0 * * *", zone="UTC", valid_from=datetime.min.replace(tzinfo=UTC), every_nth=2),
    Cron("0 0 * * *", zone="UTC", valid_until=datetime.min.replace(tzinfo=UTC)),
]
ZONES = [timezone(timedelta(hours=hours)) for hours in (-14, -5, 0, 14)]
ANY = st.datetimes(timezones=st.sampled_from(ZONES)) | st.sampled_from(
    [edge.replace(tzinfo=zone) for edge in (datetime.min, datetime.max, datetime(1970, 1, 1)) for zone in ZONES]
)


@settings(max_examples=300)
@given(st.sampled_from(TRIGGERS), ANY)
def test_at_any_moment_of_the_calendar_there_is_an_answer(trigger: ByClock, moment: datetime) -> None:
    began = time.thread_time()
    found = next_after(trigger, moment)
    assert found is None or (found > moment and found.utcoffset() == timedelta())
    before = last_before(trigger, moment, AT)
    assert before is None or AT <= before < moment
    if found is not None and found > AT:
        assert last_before(trigger, found, AT) in (before, None) or moment < AT
    assert count_after(trigger, moment, found or moment) == (found is not None)
    assert time.thread_time() - began < 1.0


@given(st.text(min_size=1), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_trigger_is_late_by_its_own_stable_part_of_its_jitter(trigger_id: str, jitter: timedelta) -> None:
    trigger = Interval(Span(minutes=1), jitter=Span(seconds=jitter.total_seconds()))
    late = lateness(trigger, trigger_id)
    assert late == lateness(trigger, trigger_id)
    assert timedelta(0) <= late < trigger.jitter or late == trigger.jitter == timedelta(0)


def test_jitter_spreads_triggers_over_all_of_it() -> None:
    trigger = Cron("0 0 * * *", jitter=Span(minutes=10))
    parts = [lateness(trigger, f"{n:032x}") // timedelta(minutes=1) for n in range(1_000)]
    assert all(70 < parts.count(minute) < 130 for minute in range(10))
