"""Every page of the window over a workspace that an engine has filled, in which time stands still."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ui.conftest import dressed, garbage_of_this_thread, loop_of_its_own, qapp
from watchkeeper.action.desk import Desk
from watchkeeper.boot.showcase import NOW, Showcase
from watchkeeper.ui import clock
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window

__all__ = ["dressed", "garbage_of_this_thread", "loop_of_its_own", "qapp"]

#: Of history; enough for failed, late and waiting runs.
DAYS = 0.1


@pytest.fixture
async def showcase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Its desk."""
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(tmp_path / "host"))
    made = Showcase(tmp_path / "home", DAYS)
    try:
        yield await asyncio.to_thread(made.start)
    finally:
        await asyncio.to_thread(made.stop)
        await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def window(showcase: Desk) -> AsyncIterator[Window]:
    """The whole window over it."""
    clock.stand_still(NOW)
    bridge = Bridge(showcase)
    window = Window(showcase, bridge, Memory(None), "Li Wei")
    window.resize(1280, 800)
    bridge.start()
    window.show()
    yield window
    window.close()
    window.deleteLater()
    await bridge.close()
