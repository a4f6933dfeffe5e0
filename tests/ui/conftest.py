"""A window without a screen: Qt draws into memory, coroutines run on the loop that the window has."""

import asyncio
import gc
import os
import signal

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.processes import keepers, payloads
from watchkeeper import boot
from watchkeeper.action.desk import Desk
from watchkeeper.boot.console import Embedded
from watchkeeper.ui import clock
from watchkeeper.ui.app import make_application
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Theme, look
from watchkeeper.ui.words import speak


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the program makes it."""
    return make_application()


@pytest.fixture(scope="session", autouse=True)
def loop_of_its_own() -> Iterator[None]:
    """Between a test and its fixtures pytest-qt lets Qt work: coroutines would be stepped without a loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pytestqt.plugin._process_events", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def garbage_of_this_thread() -> Iterator[None]:
    """As the console has it: what is of Qt's is destroyed in the thread of Qt (watchkeeper/ui/garbage.py)."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.collect()
    gc.unfreeze()
    gc.enable()


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """English in daylight; and no window may outlive its test."""
    speak("en")
    look().begin(Theme.LIGHT)
    yield
    clock.stand_still(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert not left, f"left open: {left}"


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """The desk of a real engine on a thread of its own, over an empty workspace."""
    home, host = tmp_path / "home", tmp_path / "host"
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(host))
    await asyncio.to_thread(boot.init_workspace, home)
    embedded = Embedded(home)
    yield await embedded.start()
    await asyncio.to_thread(embedded.stop)
    for pid in (*keepers(host), *payloads(host)):
        os.kill(pid, signal.SIGKILL)
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def window(desk: Desk) -> AsyncIterator[Window]:
    """The whole window over that engine."""
    bridge = Bridge(desk)
    window = Window(desk, bridge, Memory(None), "Li Wei")
    window.resize(1280, 800)
    bridge.start()
    window.show()
    yield window
    window.close()
    window.deleteLater()
    await bridge.close()
