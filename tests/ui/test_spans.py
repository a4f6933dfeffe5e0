"""Moments and spans are said as the language says them."""

from datetime import UTC, datetime, timedelta

import pytest

from watchkeeper.ui.spans import ago, ahead, countdown, day, duration, long_day, offset
from watchkeeper.ui.words import shown, speak

NOW = datetime(2026, 11, 24, 0, 41, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0.0s"), (0.34, "0.3s"), (7, "0m 07s"), (242, "4m 02s"), (3840, "1h 04m"), (266_400, "3d 02h")],
)
def test_durations_stand_in_columns(seconds: float, written: str) -> None:
    assert duration(timedelta(seconds=seconds)) == written


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [(30, "30 s ago", "30 秒前"), (240, "4 min ago", "4 分钟前"), (4800, "1 h 20 min ago", "1 小时 20 分钟前")],
)
def test_how_long_ago_is_said_in_both_languages(seconds: int, english: str, chinese: str) -> None:
    text = ago(NOW - timedelta(seconds=seconds), NOW)
    assert shown(text) == english
    speak("zh_CN")
    assert shown(text) == chinese


def test_what_comes_is_said_in_both_languages() -> None:
    text = ahead(NOW + timedelta(days=6, hours=1), NOW)
    assert shown(text) == "in 6 days"
    speak("zh_CN")
    assert shown(text) == "6 天后"


def test_a_countdown_has_days_when_it_needs_them() -> None:
    assert countdown(timedelta(seconds=192)) == "00:03:12"
    assert countdown(timedelta(days=2, seconds=1)) == "2d 00:00:01"
    assert countdown(timedelta(seconds=-5)) == "00:00:00"


def test_days_are_written_by_the_language() -> None:
    assert day(NOW, "Asia/Shanghai") == "Tue 24 Nov"
    assert long_day(NOW, "Asia/Shanghai") == "Tuesday, 24 November 2026"
    speak("zh_CN")
    assert day(NOW, "Asia/Shanghai") == "11月24日 周二"
    assert long_day(NOW, "Asia/Shanghai") == "2026年11月24日 星期二"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Shanghai", "CST  UTC+8"),
        ("UTC", "UTC"),
        ("Asia/Kolkata", "IST  UTC+5:30"),
        ("America/Sao_Paulo", "UTC−3"),
    ],
)
def test_a_zone_is_told_with_its_offset(zone: str, said: str) -> None:
    assert offset(NOW, zone) == said
