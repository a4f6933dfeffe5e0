"""The application: Qt, its loop, its look and its language; shows the window and returns when it has ended."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from watchkeeper.action.desk import Desk
from watchkeeper.model.text import chosen_language
from watchkeeper.ui import icons, input_method
from watchkeeper.ui.crash import Reporter
from watchkeeper.ui.garbage import Garbage
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.session import Session
from watchkeeper.ui.single import hand_over
from watchkeeper.ui.theme import Density, Motion, Theme, look
from watchkeeper.ui.words import speak


@dataclass(frozen=True)
class Opened:
    """The desk of the engine that is shown."""

    desk: Desk
    #: The engine is inside this program, and ends with it.
    is_embedded: bool


#: Gives the desk, on the window's loop, as long as it is open.
Opening = Callable[[], AbstractAsyncContextManager[Opened]]


def show(home: Path, opening: Opening, person: str, words: Sequence[str] = ()) -> bool:
    """Show the console of the workspace at `home` until it is quit; whether an engine is to go on without it.

    `words` may be a link. Where a console shows this workspace already, the words are handed to it.
    """
    app = make_application()
    if hand_over(home, words):
        return False
    memory = Memory(home / "console.json")
    begin(memory)
    reporter = Reporter(home)
    reporter.begin()
    garbage = Garbage(app)
    garbage.begin()
    loop = WindowLoop(app)
    loop.set_exception_handler(reporter.take_from_loop)
    asyncio.set_event_loop(loop)
    try:
        with loop:
            session = Session(home, memory, person, reporter)
            loop.run_until_complete(session.shown(opening, words))
            return session.engine_continues
    finally:
        garbage.end()
        reporter.end()


def make_application() -> QApplication:
    """The one QApplication of this process."""
    input_method.mend()
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
    theme, density = memory.get("theme", "system"), memory.get("density", "comfortable")
    look().begin(Theme(theme), Density(density), Motion(memory.get("motion", "system")))
