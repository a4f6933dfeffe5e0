"""The axis of the timeline: zoomed and moved, its days, and the days on which clocks are put."""

from datetime import UTC, datetime, timedelta

import pytest

from watchkeeper.ui.pages.dashboard.scale import LONGEST, SHORTEST, Reach, Scale

NOW = datetime(2026, 11, 24, 8, 41, tzinfo=UTC)
HOUR = timedelta(hours=1)


def scale(since: datetime, span: timedelta) -> Scale:
    return Scale(since, since + span, 200, 1200)


def test_what_goes_with_the_time_shows_as_much_of_the_past_as_of_the_future() -> None:
    assert Reach(12 * HOUR).of(NOW) == (NOW - 6 * HOUR, NOW + 6 * HOUR)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2])
def test_the_moment_under_the_pointer_stays_there_when_it_is_zoomed(factor: float) -> None:
    about = NOW - 4 * HOUR
    before, zoomed = Reach(12 * HOUR), Reach(12 * HOUR).zoomed(factor, about, NOW)
    places = [Scale(*reach.of(NOW), 0, 1000).x_of(about) for reach in (before, zoomed)]
    assert places[0] == pytest.approx(places[1], abs=0.01)
    assert zoomed.span == 12 * HOUR * factor


def test_zooming_around_now_goes_on_with_the_time_and_has_its_bounds() -> None:
    reach = Reach(12 * HOUR)
    for _step in range(60):
        reach = reach.zoomed(0.5, NOW, NOW)
    assert reach == Reach(SHORTEST)
    for _step in range(60):
        reach = reach.zoomed(2, NOW, NOW)
    assert reach == Reach(LONGEST)


def test_who_has_moved_away_comes_back_to_now() -> None:
    moved = Reach(12 * HOUR).panned(-0.25, NOW)
    assert moved.of(NOW + HOUR) == (NOW - 9 * HOUR, NOW + 3 * HOUR)
    assert moved.at_now() == Reach(12 * HOUR)


@pytest.mark.parametrize(
    ("span", "first", "second"), [(12, "16:00", "18:00"), (1, "14:45", "15:00"), (24 * 14, "00:00", "00:00")]
)
def test_ticks_stand_at_full_times_of_the_zones_clocks(span: int, first: str, second: str) -> None:
    marks = Scale(NOW - 2 * HOUR, NOW + (span - 2) * HOUR, 200, 800).ticks("Asia/Shanghai")
    shanghai = timedelta(hours=8)
    told = [f"{mark.at + shanghai:%H:%M}" for mark in marks[:2]]
    assert told == [first, second]
    assert all(mark.is_day for mark in marks) is (span > 100)


def test_days_begin_at_the_zones_midnight() -> None:
    assert list(scale(NOW, 48 * HOUR).days("Asia/Shanghai")) == [
        datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
        datetime(2026, 11, 25, 16, 0, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("since", "at", "minutes"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 60),
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, tzinfo=UTC), -60),
    ],
)
def test_where_clocks_are_put_is_known_to_the_minute(since: datetime, at: datetime, minutes: int) -> None:
    (shift,) = scale(since, 24 * HOUR).shifts("Europe/Berlin")
    assert (shift.at, shift.by) == (at, timedelta(minutes=minutes))
    assert scale(since, 24 * HOUR).shifts("Asia/Shanghai") == []
    assert scale(since, 10 * HOUR).shifts("Europe/Berlin") == []
