"""A vault in a file whose passphrase costs next to nothing to try, and what every test of the page does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ui.waiting import read
from watchkeeper.action.desk import Desk
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.credentials.page import CredentialsPage
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.vault.file_place import Cost, FilePlace
from watchkeeper.vault.sealing import new_key

WORDS = "a few good words"
VALUE = "correct-horse-battery"


@pytest.fixture
async def vault(desk: Desk, tmp_path: Path) -> Desk:
    """The desk of a workspace with an open vault."""
    place = FilePlace(tmp_path / "home", "", {}, Cost(memory_kib=64, passes=1, lanes=1))
    await asyncio.to_thread(place.keep, new_key(), WORDS)
    await desk.do("vault.init", place="file", passphrase=WORDS)
    return desk


@asynccontextmanager
async def window_over(desk: Desk, memory: Memory) -> AsyncIterator[Window]:
    """One with a memory of its own, or for somebody else."""
    bridge = Bridge(desk)
    window = Window(desk, bridge, memory, "Li Wei")
    bridge.start()
    window.show()
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        await bridge.close()


async def opened(window: Window, place: str = "credentials") -> CredentialsPage:
    window.go(place)
    page = window.page
    assert isinstance(page, CredentialsPage)
    await read(page)
    return page


def dialog(window: Window) -> Any:
    """What lies over the window."""
    return next((veil.panel for veil in window.findChildren(Veil) if veil.isVisible()), None)


async def value_of(desk: Desk, name: str) -> str:
    leave = await desk.do("secret.ticket", name=name)
    return str((await desk.do("secret.reveal", name=name, ticket=leave.ticket)).value)
