"""Pictures of every page, offscreen, for the README, for review and for tests."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize

from watchkeeper.action.attention import Attention
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.ui import clock, pages
from watchkeeper.ui.app import WindowLoop, make_application
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.garbage import Garbage
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Theme, look
from watchkeeper.ui.words import speak

#: Who sits before the window.
PERSON = "Li Wei"
#: Seconds that a page may take to be complete.
PATIENCE = 10.0


def prepare(scale: float) -> None:
    """Before the application: draw into memory, at a scale."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(scale)


def take(
    desk: Desk, folder: Path, *, now: datetime, names: Sequence[str], theme: str, language: str, size: tuple[int, int]
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
        files: list[Path] = loop.run_until_complete(_taken(desk, folder, names, QSize(*size), f"{theme}-{language}"))
    return files


async def _taken(desk: Desk, folder: Path, names: Sequence[str], size: QSize, suffix: str) -> list[Path]:
    bridge = Bridge(desk)
    window = Window(desk, bridge, Memory(None), PERSON)
    window.resize(size)
    window.show()
    found = await _places(desk)
    for name in names:
        if name not in found:
            raise Known(_("there is no page {name}; there are {known}", name=name, known=", ".join(found)))
    files = []
    for name in names or found:
        window.go(found[name])
        await _complete(window)
        file = folder / f"{name}-{suffix}.png"
        window.grab().save(str(file))
        files.append(file)
    window.close()
    await bridge.close()
    return files


async def _places(desk: Desk) -> dict[str, str]:
    """A place of every page by the page's name."""
    found = {noun: noun for group in pages.RAIL for noun, _icon, _title in group} | {"away": "away"}
    found["diagnostics"] = "diagnostics"
    attention: Attention = await desk.ask("attention.list", limit=1)
    for cause in attention.rows:
        found["run"] = f"run/{cause.number}"
        found["job"] = f"job/{cause.job_id}"
        found["job-schedule"] = f"job/{cause.job_id}#schedule"
    return found


async def _complete(window: Window) -> None:
    """Wait until the page has read what it shows, and has painted it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await window.page.tasks.idle()
    await asyncio.sleep(0.1)
