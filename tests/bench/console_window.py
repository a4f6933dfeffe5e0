"""The console's window over its engine: <home> filter | gaps <seconds> | memory <seconds> | idle <seconds> | switch.

Prints figures as JSON. As in the console, the engine is in this process, on a thread and a loop of its own.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from watchkeeper.boot.console import Embedded
from watchkeeper.ui import app, shots
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.garbage import Garbage
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Theme

#: Seconds until a page that was opened has come to rest.
SETTLED = 3.0
#: Milliseconds of the timer whose gaps are measured.
BEAT = 16
#: Seconds between two keys.
PAUSE = 0.1
#: What is typed into the filter, one key after the other.
TYPED = ("invoices", "report", "fx_rates_9")


class Beats(QObject):
    """The gaps between the beats of a timer, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._at = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._at) * 1e3)
        self._at = now


class Shown(QObject):
    """Notes when a table has painted rows that have come since `expect`."""

    def __init__(self, table: Any) -> None:
        super().__init__()
        self.expect()
        for changed in (table.model().modelReset, table.model().dataChanged, table.model().layoutChanged):
            changed.connect(self._take_rows)
        table.viewport().installEventFilter(self)

    def expect(self) -> None:
        """From now on."""
        self._has_rows, self._is_noted = False, False
        self._noted: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def at(self) -> float:
        """When it was; by a future, for whoever looks again and again takes time from what is measured."""
        return await self._noted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._has_rows and not self._is_noted:
            self._is_noted = True
            QTimer.singleShot(0, self._note)
        return False

    def _take_rows(self, *_what: object) -> None:
        self._has_rows = True

    def _note(self) -> None:
        self._noted.set_result(time.perf_counter())


async def filtered(window: Window) -> dict[str, list[float]]:
    """Milliseconds from each key in the filter of the jobs to the rows on the screen: as a tree, and flat."""
    await opened(window, "jobs")
    tree = [each for words in TYPED for each in await _typed(window, words)]
    _command(window, "jobs.form")()
    flat = [each for words in TYPED for each in await _typed(window, words)]
    return {"tree": tree, "flat": flat}


async def _typed(window: Window, words: str) -> list[float]:
    page: Any = window.page
    shown, found = Shown(page.table), list[float]()
    _command(window, "jobs.find")()
    field = window.focusWidget()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    await asyncio.sleep(SETTLED / 3)
    for letter in words:
        shown.expect()
        began = time.perf_counter()
        QTest.keyClick(field, letter)
        found.append((await shown.at() - began) * 1e3)
        await asyncio.sleep(PAUSE)
    shown.deleteLater()
    return found


def _command(window: Window, name: str) -> Callable[[], object]:
    command = window.commands.get(name)
    assert command is not None, name
    return command.run


async def gaps(window: Window, seconds: float) -> dict[str, list[float]]:
    """Of the timer, while the dashboard, the jobs and the live runs are shown for so many seconds each."""
    found = {}
    for place in ("dashboard", "jobs", "runs"):
        await opened(window, place)
        beats = Beats()
        await asyncio.sleep(seconds)
        found[place] = beats.gaps
        beats.deleteLater()
    return found


async def memory(window: Window, seconds: float) -> dict[str, Any]:
    """Megabytes of the process, once a second."""
    await asyncio.sleep(seconds / 4)
    found = []
    for _second in range(round(seconds)):
        await asyncio.sleep(1)
        found.append(_megabytes())
    return {"megabytes": found}


async def idle(window: Window, seconds: float) -> dict[str, float]:
    """What the whole process takes of a core, in percent."""
    await asyncio.sleep(SETTLED)
    before = time.process_time()
    await asyncio.sleep(seconds)
    return {"percent": (time.process_time() - before) / seconds * 100}


async def switch(window: Window) -> dict[str, list[float]]:
    """Milliseconds to another theme and to another language, with every page open."""
    for scene in (await shots.every_scene(window.console.desk)).values():
        await opened(window, scene.place)
    themes = [await _switched(window, lambda to=to: window.choose_theme(to)) for to in (Theme.DARK, Theme.LIGHT) * 3]
    tongues = [await _switched(window, lambda to=to: window.choose_language(to)) for to in ("zh_CN", "en") * 3]
    return {"theme": themes, "language": tongues}


async def _switched(window: Window, deed: Callable[[], None]) -> float:
    """Milliseconds until all that was posted by it is done and the window is painted."""
    began = time.perf_counter()
    deed()
    QCoreApplication.sendPostedEvents()
    await asyncio.sleep(0)
    QCoreApplication.sendPostedEvents()
    window.grab()
    return (time.perf_counter() - began) * 1e3


async def opened(window: Window, place: str) -> None:
    """Show a page and wait until it has come to rest."""
    window.go(place)
    await window.page.tasks.idle()
    await asyncio.sleep(SETTLED / 3)


@asynccontextmanager
async def console(home: Path) -> AsyncIterator[Window]:
    """The window as the program has it."""
    embedded = Embedded(home)
    desk = await embedded.start()
    bridge = Bridge(desk)
    window = Window(desk, bridge, Memory(None), "bench")
    window.resize(1280, 800)
    bridge.start()
    window.show()
    await window.page.tasks.idle()
    try:
        yield window
    finally:
        window.close()
        await bridge.close()
        await asyncio.to_thread(embedded.stop)


async def measured(home: Path, measure: Callable[[Window], Awaitable[Any]]) -> Any:
    async with console(home) as window:
        return await measure(window)


def _megabytes() -> float:
    fields = Path("/proc/self/status").read_text().split()
    return int(fields[fields.index("VmRSS:") + 1]) / 1024


def main() -> None:
    home, what, *words = sys.argv[1:]
    seconds = float(words[0]) if words else 0.0
    measures: dict[str, Callable[[Window], Awaitable[Any]]] = {
        "filter": filtered,
        "gaps": lambda window: gaps(window, seconds),
        "memory": lambda window: memory(window, seconds),
        "idle": lambda window: idle(window, seconds),
        "switch": switch,
    }
    application = app.make_application()
    app.begin(Memory(None))
    garbage = Garbage(application)
    garbage.begin()
    loop = app.WindowLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        print(json.dumps(loop.run_until_complete(measured(Path(home), measures[what]))))


if __name__ == "__main__":
    main()
