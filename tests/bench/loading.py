"""Plans everything that a store holds, as an engine does when it starts: <database>. Seconds and megabytes as JSON."""

import asyncio
import json
import sys
import time
from pathlib import Path

from watchkeeper.engine.arrivals import Arrivals
from watchkeeper.engine.book import Book
from watchkeeper.engine.clock import SystemClock
from watchkeeper.engine.hold import Hold
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.planner import Begin, Planner
from watchkeeper.store.store import Store


async def planned(database: Path) -> float:
    """Seconds from the first look at the triggers to the last one planned."""
    store, clock = await Store.open(database), SystemClock()
    book, jobs, hold = Book(clock, {}), Jobs(store), Hold(store, clock)
    # Nothing is fired here, so nobody is needed who does it.
    nobody: object = None
    arrivals = Arrivals(book, jobs, nobody, hold)  # type: ignore[arg-type]
    planner = Planner(store, book, jobs, nobody, hold, arrivals, nobody)  # type: ignore[arg-type]
    began = time.perf_counter()
    await planner.load(Begin(clock.now_us(), clock.now_us()))
    took = time.perf_counter() - began
    await store.close()
    return took


def resident_megabytes() -> float:
    fields = Path("/proc/self/status").read_text().split()
    return int(fields[fields.index("VmRSS:") + 1]) / 1024


if __name__ == "__main__":
    seconds = asyncio.run(planned(Path(sys.argv[1])))
    print(json.dumps({"seconds": seconds, "megabytes": resident_megabytes()}))
