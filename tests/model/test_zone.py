"""Zones by name, and the moment at which one changes its clocks."""

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.model.zone import system_zone, transition_after, zone


def test_a_misspelt_zone_is_refused_with_the_nearest() -> None:
    with pytest.raises(Known, match="did you mean Europe/Berlin"):
        zone("Europe/Berlln")


@pytest.mark.parametrize(
    ("name", "day", "change"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T01:00"),
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-04T15:00"),
        ("America/New_York", "2026-11-01", "2026-11-01T06:00"),
    ],
)
def test_a_change_is_found_to_the_second(name: str, day: str, change: str) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    found = transition_after(ZoneInfo(name), start, start + timedelta(days=1))
    assert found == datetime.fromisoformat(change).replace(tzinfo=UTC)


@pytest.mark.parametrize(("said", "found"), [("Asia/Shanghai", "Asia/Shanghai"), (":Asia/Tokyo", "Asia/Tokyo")])
def test_the_machines_zone_is_the_one_the_environment_names(
    said: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", said)
    assert system_zone() == found


def test_a_zone_that_is_none_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TZ", "Mars/Crater")
    assert ZoneInfo(system_zone())
