"""Nothing moves where the person or the desktop does not want it, from that moment on."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QStyle

from tests.ui.shell.desktop import connected, portal, session_bus
from tests.ui.waiting import eventually
from watchkeeper.ui.desktop_wishes import DesktopWishes
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import Motion, look
from watchkeeper.ui.widgets.glyph import Glyph

GNOME = "org.gnome.desktop.interface enable-animations"


@pytest.fixture
def glyph() -> Iterator[Glyph]:
    """Of something that runs."""
    made = Glyph("status/running")
    made.show()
    yield made
    made.close()
    look().set_motion(Motion.SYSTEM)
    look().take_wish(False)


async def test_what_runs_turns_or_stands_still_as_the_person_wishes(window: Window, glyph: Glyph) -> None:
    duration = QStyle.StyleHint.SH_Widget_Animation_Duration
    assert glyph._clock.isActive()
    command = window.commands.get("motion.reduced")
    assert command is not None
    command.run()
    assert not glyph._clock.isActive()
    assert QApplication.style().styleHint(duration) == 0
    assert window.console.memory.get("motion", "") == "reduced"
    look().take_wish(True)
    window.choose_motion(Motion.FULL)
    assert glyph._clock.isActive()
    window.choose_motion(Motion.SYSTEM)
    assert not glyph._clock.isActive()


@pytest.mark.parametrize(
    ("settings", "is_still"),
    [
        ({}, False),
        ({GNOME: True}, False),
        ({GNOME: False}, True),
        ({"org.freedesktop.appearance reduced-motion": 1, GNOME: True}, True),
        ({"org.kde.kdeglobals.KDE AnimationDurationFactor": "0"}, True),
    ],
)
async def test_the_desktop_is_asked_by_its_portal(settings: dict[str, object], is_still: bool, qapp: object) -> None:
    owner, told = QObject(), list[bool]()
    with session_bus() as address, portal(address, settings), connected(address) as bus:
        DesktopWishes(bus, Tasks(lambda text: None), owner).told.connect(told.append)
        await eventually(lambda: told, "the desktop has answered")
        assert told == [is_still]


async def test_a_change_on_the_desktop_holds_at_once(glyph: Glyph) -> None:
    with session_bus() as address, portal(address, {GNOME: True}) as server, connected(address) as bus:
        wishes, told = DesktopWishes(bus, Tasks(lambda text: None), glyph), list[bool]()
        wishes.told.connect(told.append)
        wishes.told.connect(look().take_wish)
        await eventually(lambda: told, "the desktop has answered")
        assert glyph._clock.isActive()
        server.send(*GNOME.split(), "false")
        await eventually(lambda: not glyph._clock.isActive(), "it stands still")


def test_what_was_chosen_is_remembered() -> None:
    from watchkeeper.ui.app import begin

    memory = Memory(None)
    memory.put("motion", "reduced")
    begin(memory)
    assert look().is_motion_reduced
    look().set_motion(Motion.SYSTEM)
