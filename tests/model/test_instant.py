"""Instants in the store are exact to the microsecond."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model.instant import from_us, span_us, to_us


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_back_exactly(moment: datetime) -> None:
    assert from_us(to_us(moment)) == moment


def test_a_moment_of_another_zone_is_kept_as_the_same_instant() -> None:
    there = datetime(2026, 3, 1, 20, tzinfo=timezone(timedelta(hours=8)))
    assert from_us(to_us(there)) == there
    assert from_us(to_us(there)).utcoffset() == timedelta()


@given(st.timedeltas())
def test_a_span_comes_back_exactly(span: timedelta) -> None:
    assert timedelta(microseconds=span_us(span)) == span
