"""Whoever comes back to the screen is known to be back, and when they went."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from tests.ui.shell.desktop import connected, session_bus
from tests.ui.waiting import eventually
from watchkeeper.ui import clock
from watchkeeper.ui.presence import Presence

EVENING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def bus() -> Iterator[QDBusConnection]:
    with session_bus() as address, connected(address) as bus:
        yield bus


def tell(bus: QDBusConnection, path: str, face: str, signal: str, *given: object) -> None:
    message = QDBusMessage.createSignal(path, face, signal)
    message.setArguments(list(given))
    assert bus.send(message)


@pytest.mark.parametrize(
    ("path", "face", "gone", "back"),
    [
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", ("ActiveChanged", True), ("ActiveChanged", False)),
        ("/ScreenSaver", "org.freedesktop.ScreenSaver", ("ActiveChanged", True), ("ActiveChanged", False)),
        (
            "/org/freedesktop/login1",
            "org.freedesktop.login1.Manager",
            ("PrepareForSleep", True),
            ("PrepareForSleep", False),
        ),
        ("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", ("Lock",), ("Unlock",)),
    ],
)
async def test_an_unlock_or_a_wake_tells_when_somebody_went(
    bus: QDBusConnection, path: str, face: str, gone: tuple[object, ...], back: tuple[object, ...]
) -> None:
    told: list[datetime] = []
    clock.stand_still(EVENING)
    parent = QObject()
    presence = Presence(bus, bus, parent)
    presence.back.connect(told.append)
    tell(bus, path, face, *gone)
    await eventually(lambda: presence._left_at, "they have gone")
    clock.stand_still(EVENING + 14 * HOUR)
    tell(bus, path, face, *back)
    await eventually(lambda: told, "they are back")
    assert told == [EVENING]
    parent.deleteLater()


def test_a_sleep_is_seen_by_the_clock_where_nobody_tells_it() -> None:
    told: list[datetime] = []
    clock.stand_still(EVENING)
    parent = QObject()
    presence = Presence(None, None, parent)
    presence.back.connect(told.append)
    clock.stand_still(EVENING + timedelta(seconds=30))
    presence.look()
    assert told == []
    clock.stand_still(EVENING + 9 * HOUR)
    presence.look()
    assert told == [EVENING + timedelta(seconds=30)]
    presence.look()
    assert len(told) == 1
    parent.deleteLater()
