"""A moment is understood as people write it, in either language, and refused in a sentence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text
from watchkeeper.ui import clock
from watchkeeper.ui.widgets.moment_field import MomentField, read_moment

#: In Shanghai it is 08:41 of the 24th.
NOW = datetime(2026, 11, 24, 0, 41, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def local(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("now", NOW),
        ("现在", NOW),
        ("2026-11-20 08:30", local(20, 8, 30)),
        ("2026/11/20 8:30", local(20, 8, 30)),
        ("2026-11-20T08:30", local(20, 8, 30)),
        ("2026年11月20日 08:30", local(20, 8, 30)),
        ("11-20", local(20)),
        ("08:30", local(24, 8, 30)),
        ("yesterday", local(23)),
        ("Yesterday 14:00", local(23, 14)),
        ("昨天 14:00", local(23, 14)),
        ("3h ago", NOW - timedelta(hours=3)),
        ("-90m", NOW - timedelta(minutes=90)),
        ("3小时前", NOW - timedelta(hours=3)),
        ("2 days ago", NOW - timedelta(days=2)),
    ],
)
def test_it_is_understood_in_the_zone_of_the_window(text: str, expected: datetime | None) -> None:
    assert read_moment(text, ZONE, NOW) == expected


def test_a_day_alone_ends_when_the_next_one_begins() -> None:
    assert read_moment("2026-11-20", ZONE, NOW, is_end=True) == local(21)
    assert read_moment("2026-11-20 10:00", ZONE, NOW, is_end=True) == local(20, 10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("soon", "is no moment"),
        ("2026-02-30", "no such day"),
        ("9999-12-31", "no such day"),
        ("0001-01-01", "no such day"),
        ("2026-11-20 24:30", "from 00:00 to 23:59"),
        ("-soon", "is no moment"),
        ("ago", "is no moment"),
    ],
)
def test_what_is_none_is_refused_with_what_was_written(text: str, said: str) -> None:
    with pytest.raises(Known, match=said):
        read_moment(text, ZONE, NOW)


@given(st.text(max_size=30))
def test_anything_is_a_moment_or_is_refused(text: str) -> None:
    try:
        read_moment(text, ZONE, NOW)
    except Known:
        return


def test_arrows_go_an_hour_and_with_shift_a_day(qapp: object) -> None:
    clock.stand_still(NOW)
    field = MomentField(Text("From"), lambda: ZONE)
    told: list[datetime | None] = []
    field.changed.connect(lambda: told.append(field.moment))
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "2026-11-24 07:41"
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert field.text() == "2026-11-23 07:41"
    field.setText("soon")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.problem is not None
    assert (len(told), field.text()) == (2, "soon"), "what is no moment is left as it is"
    field.deleteLater()
