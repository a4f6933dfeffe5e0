"""U3: what the window asks of a long history: open, page, jump to the end, filter; and the timeline."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from bench.many_runs import fill
from bench.workspace import new_workspace
from watchkeeper.action.desk import Desk
from watchkeeper.boot import open_desk

#: Pages that are turned in each direction, of which the slowest counts.
_PAGES = 20


class Answer(NamedTuple):
    """What was asked, and the milliseconds that the slowest answer took; of timelines the median."""

    name: str
    milliseconds: float


def asked(runs: int) -> list[Answer]:
    """Of a store with so many runs."""
    with new_workspace() as workspace:
        fill(workspace, runs)
        return asyncio.run(_all(workspace.home))


def timeline(runs: int) -> float:
    """Milliseconds of a timeline over so many runs, the median of nine."""
    with new_workspace() as workspace:
        fill(workspace, runs)
        return asyncio.run(_timeline_of(workspace.home))


async def _timeline_of(home: Path) -> float:
    async with open_desk(home, is_writing=False) as desk:
        return await _timeline(desk)


async def _all(home: Path) -> list[Answer]:
    async with open_desk(home, is_writing=False) as desk:
        return [
            Answer("open", await _slowest(desk, *[{}] * 5)),
            Answer("page on", await _turned(desk, "before")),
            Answer("jump to the end", await _slowest(desk, *[{"above": 0}] * 5)),
            Answer("page back from the end", await _turned(desk, "above")),
            Answer("filter by state", await _slowest(desk, *_by_state())),
            Answer("filter by job, text and tag", await _slowest(desk, *_by_job())),
            Answer("filter by time", await _slowest(desk, *_by_time())),
            Answer("timeline of twelve hours", await _timeline(desk)),
            Answer("what needs a person", await _timed(desk, "attention.list")),
            Answer("live runs", await _timed(desk, "run.live")),
        ]


async def _slowest(desk: Desk, *each: dict[str, Any]) -> float:
    return max([await _timed(desk, "run.table", **given) for given in each])


async def _turned(desk: Desk, way: str) -> float:
    slowest, page = 0.0, await desk.ask("run.table", **({} if way == "before" else {"above": 0}))
    for _count in range(_PAGES):
        edge = page.rows[-1 if way == "before" else 0].number
        began = time.perf_counter()
        page = await desk.ask("run.table", **{way: edge})
        slowest = max(slowest, time.perf_counter() - began)
        assert len(page.rows) == 100
    return slowest * 1e3


def _by_state() -> Iterator[dict[str, Any]]:
    for states in (["FAILED"], ["TIMED_OUT"], ["FAILED", "SKIPPED"], ["UNKNOWN"], ["SUCCEEDED"], ["RUNNING", "FAILED"]):
        yield {"states": states}
        yield {"states": states, "above": 0}


def _by_job() -> Iterator[dict[str, Any]]:
    for given in ({"job": "job 7"}, {"text": "report"}, {"text": "job"}, {"text": "no such job"}, {"tag": "nightly"}):
        yield from (given, {**given, "above": 0}, {**given, "states": ["FAILED"]})


def _by_time() -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for days in (1, 30, 80):
        range_ = {
            "since": (now - timedelta(days=days)).isoformat(),
            "until": (now - timedelta(days=days - 1)).isoformat(),
        }
        yield from (range_, {**range_, "states": ["FAILED"]}, {**range_, "job": "job 7"})


async def _timeline(desk: Desk) -> float:
    now = datetime.now(UTC)
    window = {"since": (now - timedelta(hours=6)).isoformat(), "until": (now + timedelta(hours=6)).isoformat()}
    return statistics.median([await _timed(desk, "timeline.show", **window) for _count in range(9)])


async def _timed(desk: Desk, name: str, **given: Any) -> float:
    began = time.perf_counter()
    await desk.ask(name, **given)
    return (time.perf_counter() - began) * 1e3
