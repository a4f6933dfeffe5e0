"""When each kind of trigger fires next."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model.codec import convert
from watchkeeper.model.errors import Known
from watchkeeper.model.schedule import next_after
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Interval, Manual, Once, Pace, Trigger

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
