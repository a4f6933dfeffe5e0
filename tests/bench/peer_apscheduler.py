"""APScheduler 3 with its SQLAlchemy job store on SQLite: <folder> noop|process <count> <threads>.

Every run is a job of its own that is due at once, as a person who wants each run kept would have it. The job store is
at its best (WAL, synchronous NORMAL); APScheduler keeps no history, so a durable row per run is added.
"""

import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event

from bench.history import History
from bench.work import KINDS

_done = threading.Semaphore(0)
_history: list[History] = []


def job(kind: str, number: int) -> None:
    """One run, recorded."""
    started_at = time.time()
    exit_code = KINDS[kind]()
    _history[0].add(str(number), started_at, time.time(), exit_code)
    _done.release()


def throughput(folder: Path, kind: str, count: int, threads: int) -> float:
    """Runs per second."""
    history = History(folder / "history.db")
    _history.append(history)
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=_engine(folder / "jobs.db"))},
        executors={"default": ThreadPoolExecutor(threads)},
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    due_at = datetime.now().astimezone() - timedelta(seconds=1)
    for number in range(count):
        scheduler.add_job(job, "date", run_date=due_at, args=(kind, number), id=str(number))
    began = time.perf_counter()
    scheduler.resume()
    for _ in range(count):
        _done.acquire()
    kept = history.close()
    took = time.perf_counter() - began
    scheduler.shutdown()
    assert kept == count, f"{kept} of {count} runs recorded"
    return count / took


def _engine(path: Path) -> Any:
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine


def main() -> None:
    folder, kind, count, threads = sys.argv[1:]
    print(throughput(Path(folder), kind, int(count), int(threads)))


if __name__ == "__main__":
    main()
