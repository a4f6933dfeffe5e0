"""The log view in a window of its own: <folder> live | open | tail | search | stop; prints figures as JSON."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtCore import QObject, Qt, QTimer

from watchkeeper.ui import app
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.source import FileSource
from watchkeeper.ui.log.view import LogView
from watchkeeper.ui.memory import Memory

LINES = 100_000
#: Lines of 500 bytes: 100,000 of them are 50 MB.
_WRITER = """
import sys, time
line = "2026-11-23 08:34:09,812 {level} load_orders: {number} rows of orders staged " + "x" * 420 + chr(10)
with open(sys.argv[1], "a") as log:
    for number in range(0, int(sys.argv[2]), 250):
        rows = range(number, number + 250)
        log.write("".join(line.format(level="ERROR" if row % 1000 == 7 else "INFO", number=row) for row in rows))
        log.flush()
        time.sleep(0.01)
"""
PATTERN = r"refused|timeout"


class Gaps(QObject):
    """How long the window did not answer: the gaps between the beats of a timer of 16 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._at = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(16)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self._at = max(self.longest, now - self._at), now


def made(file: Path, megabytes: int) -> Path:
    """A log of that size, with a hit and an error in each megabyte."""
    lines = [
        f"2026-11-23 08:34:{n % 60:02},{n % 1000:03} INFO load_orders: {n} rows staged in orders.parquet\n"
        for n in range(13_000)
    ]
    lines[700] = "2026-11-23 08:34:09,812 ERROR failed: connection refused\n"
    block = "".join(lines).encode()[: 1024 * 1024 - 1] + b"\n"
    with file.open("wb") as out:
        for _number in range(megabytes):
            out.write(block)
    return file


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.002)


@asynccontextmanager
async def shown(source: FileSource) -> AsyncIterator[LogView]:
    log = Log()
    log.add(source)
    view = LogView(log, Memory(None))
    view.resize(800, 720)
    view.show()
    yield view
    view.close_log()
    view.close()


async def live(folder: Path) -> dict[str, float]:
    """The longest gap while lines are written and followed, and how long it took."""
    file = folder / "live.log"
    file.touch()
    async with shown(FileSource(file, is_closed=False)) as view:
        await asyncio.sleep(0.5)
        gaps, begun = Gaps(), time.perf_counter()
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(file), str(LINES)]) as writer:
            await until(lambda: writer.poll() is not None)
        await until(lambda: view.reading.index.lines == LINES and view.sheet.arrangement.is_at_end)
        return {"gap": gaps.longest, "seconds": time.perf_counter() - begun}


async def opened(folder: Path, is_closed: bool) -> dict[str, float]:
    """The time to the first rows of a gigabyte, and the longest gap while it is indexed."""
    file = made(folder / "large.log", 1024)
    begun = time.perf_counter()
    async with shown(FileSource(file, is_closed=is_closed)) as view:
        await until(lambda: bool(view.sheet.arrangement.blocks))
        view.grab()
        first, gaps = time.perf_counter() - begun, Gaps()
        await until(lambda: view.reading.is_indexed)
        return {"first": first, "gap": gaps.longest, "seconds": time.perf_counter() - begun}


async def search(folder: Path) -> dict[str, float]:
    """The time to find all hits in 100 MB, the longest gap meanwhile, and the same by one expression in memory."""
    file = made(folder / "100.log", 100)
    async with shown(FileSource(file)) as view:
        await until(lambda: view.reading.is_indexed)
        gaps, begun = Gaps(), time.perf_counter()
        found = view.reading.search
        found.begin(PATTERN)
        await until(lambda: not found.is_running)
        seconds, gap = time.perf_counter() - begun, gaps.longest
        assert found.count == 100, found.count
    data, begun = file.read_bytes(), time.perf_counter()
    assert len(re.findall(PATTERN.encode(), data)) == 100
    return {"seconds": seconds, "gap": gap, "reference": time.perf_counter() - begun}


async def stopped(folder: Path) -> dict[str, float]:
    """How long it takes to end a search amid 100 MB by an expression that would never end."""
    file = made(folder / "100.log", 100)
    async with shown(FileSource(file)) as view:
        await until(lambda: view.reading.is_indexed)
        view.reading.search.begin(r"(\w+\s?)+$x")
        await asyncio.sleep(0.5)
        assert view.reading.search.is_running
        begun = time.perf_counter()
        view.reading.search.stop()
        return {"seconds": time.perf_counter() - begun}


def main() -> None:
    folder, what = Path(sys.argv[1]), sys.argv[2]
    measures = {
        "live": lambda: live(folder),
        "open": lambda: opened(folder, is_closed=True),
        "tail": lambda: opened(folder, is_closed=False),
        "search": lambda: search(folder),
        "stop": lambda: stopped(folder),
    }
    loop = qasync.QEventLoop(app.make_application())
    asyncio.set_event_loop(loop)
    app.begin(Memory(None))
    with loop:
        print(json.dumps(loop.run_until_complete(measures[what]())))


if __name__ == "__main__":
    main()
