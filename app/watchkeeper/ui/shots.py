"""Pictures of every page, offscreen, for the README, for review and for tests."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLineEdit

from watchkeeper.action.attention import Attention
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.ui import clock, pages
from watchkeeper.ui.app import WindowLoop, make_application
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.garbage import Garbage
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.palette import Palette
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Theme, look
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import speak

#: Who sits before the window.
PERSON = "Li Wei"
#: The picture of the dashboard before there is a job.
FIRST_RUN = "first-run"
#: Seconds that a page may take to be complete.
PATIENCE = 10.0


def prepare(scale: float) -> None:
    """Before the application: draw into memory, at a scale."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)


@dataclass(frozen=True)
class Scene:
    """A place, and what is done there before the picture is taken."""

    place: str
    set: Callable[[Window], object] = lambda window: None


@dataclass(frozen=True)
class Desks:
    """Of a workspace with a history, and of one without a job."""

    filled: Desk
    empty: Desk


def take(
    desks: Desks, folder: Path, *, now: datetime, names: Sequence[str], theme: str, language: str, size: tuple[int, int]
) -> list[Path]:
    """Write a PNG of each page called so (all when none is named); their files."""
    clock.stand_still(now)
    app = make_application()
    speak(language)
    look().begin(Theme(theme))
    garbage = Garbage(app)
    garbage.begin()
    loop = WindowLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        files: list[Path] = loop.run_until_complete(_taken(desks, folder, names, QSize(*size), f"{theme}-{language}"))
    return files


async def _taken(desks: Desks, folder: Path, names: Sequence[str], size: QSize, suffix: str) -> list[Path]:
    found = await every_scene(desks.filled)
    known = (*found, FIRST_RUN)
    for name in names:
        if name not in known:
            raise Known(_("there is no page {name}; there are {known}", name=name, known=", ".join(known)))
    chosen = [(name, found[name]) for name in names or found if name in found]
    files = await _taken_of(desks.filled, folder, chosen, size, suffix)
    if not names or FIRST_RUN in names:
        files += await _taken_of(desks.empty, folder, [(FIRST_RUN, Scene("dashboard"))], size, suffix)
    return files


async def _taken_of(
    desk: Desk, folder: Path, scenes: Sequence[tuple[str, Scene]], size: QSize, suffix: str
) -> list[Path]:
    bridge = Bridge(desk)
    window = Window(desk, bridge, Memory(None), PERSON)
    window.resize(size)
    window.show()
    window.activateWindow()
    files = []
    for name, scene in scenes:
        window.go(scene.place)
        await _complete(window)
        scene.set(window)
        await _complete(window)
        files.append(folder / f"{name}-{suffix}.png")
        window.grab().save(str(files[-1]))
        for veil in window.findChildren(Veil):
            veil.close_veil()
    window.close()
    await bridge.close()
    return files


async def every_scene(desk: Desk) -> dict[str, Scene]:
    """A scene of every page by the page's name, and what lies over pages."""
    found = {noun: Scene(noun) for group in pages.RAIL for noun, _icon, _title in group}
    found |= {"diagnostics": Scene("diagnostics"), "away": Scene("away")}
    attention: Attention = await desk.ask("attention.list", limit=1)
    for cause in attention.rows:
        found["run"] = Scene(f"run/{cause.number}")
        found["compare"] = Scene(f"compare/{cause.number}")
        found["job"] = Scene(f"job/{cause.job_id}")
        found["job-schedule"] = Scene(f"job/{cause.job_id}#schedule")
    for secret in (await desk.ask("secret.list"))[:1]:
        found["credential"] = Scene(f"credentials/{secret.name}")
    for row in await desk.ask("calendar.table"):
        found["calendar"] = Scene(f"calendars/{row.name}")
    return found | {"palette": Scene("jobs", _search), "keys": Scene("jobs", Window.open_keys)}


def _search(window: Window) -> None:
    """By the initials of a Chinese name."""
    window.open_palette()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.setText("sjk")


async def _complete(window: Window) -> None:
    """Wait until the page has read what it shows, and has painted it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await window.page.tasks.idle()
            for palette in window.findChildren(Palette):
                await palette.settled()
    await asyncio.sleep(0.1)
