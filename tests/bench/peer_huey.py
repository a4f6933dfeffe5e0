"""huey on SQLite (WAL, synchronous FULL), tasks queued beforehand, no results: <folder> noop|process <count> <threads>.

It keeps no history and takes a task off its queue before it runs: what is under way when it dies is lost.
"""

import sys
import threading
import time
from pathlib import Path

from huey import SqliteHuey

from bench.work import KINDS


def throughput(folder: Path, kind: str, count: int, threads: int) -> float:
    """Runs per second."""
    huey = SqliteHuey("bench", filename=str(folder / "huey.db"), results=False, fsync=True)
    done = threading.Semaphore(0)

    @huey.task()
    def task() -> None:
        KINDS[kind]()
        done.release()

    for _ in range(count):
        task()
    consumer = huey.create_consumer(workers=threads, periodic=False, initial_delay=0.001, max_delay=0.01)
    began = time.perf_counter()
    consumer.start()
    for _ in range(count):
        done.acquire()
    took = time.perf_counter() - began
    consumer.stop(graceful=True)
    return count / took


def main() -> None:
    folder, kind, count, threads = sys.argv[1:]
    print(throughput(Path(folder), kind, int(count), int(threads)))


if __name__ == "__main__":
    main()
