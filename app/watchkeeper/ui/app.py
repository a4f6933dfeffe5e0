"""The application: Qt, its loop, its look and its language; shows the window and returns when it has ended."""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from watchkeeper.action.desk import Desk
from watchkeeper.model.text import chosen_language
from watchkeeper.ui import icons
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Density, Theme, look
from watchkeeper.ui.words import speak

#: Gives the desk of the engine that is to be shown, on the window's loop.
Opening = Callable[[], AbstractAsyncContextManager[Desk]]


def show(home: Path, opening: Opening, person: str) -> int:
    """Show the console of the workspace at `home` until it is quit; its exit code."""
    app = make_application()
    memory = Memory(home / "console.json")
    begin(memory)
    loop = WindowLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_shown(opening, memory, person))
    return 0


def make_application() -> QApplication:
    """The one QApplication of this process."""
    _mend_input_method()
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Watchkeeper")
    app.setDesktopFileName("io.github.watchkeeper.Watchkeeper")
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(icons.app_icon())
    return app


class WindowLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    """The window's loop: Qt's own, with plain threads for what blocks; use it by `with`."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="window")
        self.set_default_executor(self._threads)

    def run_until_complete(self, future: Any) -> Any:
        """Qasync lets Qt work once more after the end, when no loop runs that its coroutines could be stepped by."""
        task = asyncio.ensure_future(future, loop=self)
        task.add_done_callback(self._stop_at_end)
        try:
            self.run_forever()
        finally:
            task.remove_done_callback(self._stop_at_end)
        if not task.done():
            raise RuntimeError("the window's loop was stopped before its time")
        return task.result()

    def _stop_at_end(self, _task: object) -> None:
        self.stop()

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for what the threads are at."""
        self._threads.shutdown()


def begin(memory: Memory) -> None:
    """Dress the application as the person left it."""
    speak(memory.get("language", chosen_language(os.environ)))
    look().begin(Theme(memory.get("theme", "system")), Density(memory.get("density", "comfortable")))


async def _shown(opening: Opening, memory: Memory, person: str) -> None:
    ended = asyncio.Event()
    async with opening() as desk:
        bridge = Bridge(desk)
        window = Window(desk, bridge, memory, person)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.destroyed.connect(ended.set)
        bridge.start()
        window.show()
        await ended.wait()
        await bridge.close()


def _mend_input_method() -> None:
    """Qt's wheels bring no fcitx; fcitx5 answers as ibus does (X11 only, on Wayland the compositor sees to it)."""
    if sys.platform == "linux" and not os.environ.get("WAYLAND_DISPLAY"):
        if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
            os.environ["QT_IM_MODULE"] = "ibus"
