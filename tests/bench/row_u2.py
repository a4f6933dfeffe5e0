"""U2: the table of many jobs, from a keystroke in its filter to the rows, and to the rows on the screen."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.many_jobs import fill
from bench.window import give_jobs, window
from bench.workspace import new_workspace
from watchkeeper.access.actor import local_operator
from watchkeeper.action import job_table
from watchkeeper.boot import store_of
from watchkeeper.store.store import Store

#: Rows of one window: what a screen shows, and as many as are asked for at once.
ROWS = (60, 200)
#: What is in the filter after each keystroke.
TYPED = (
    *("i", "in", "inv", "invo", "invoi", "invoic", "invoice", "invoices", "invoices_9", "invoices_99", "nowhere"),
    *("status:failed", "status:failed tag:etl", "status:failed tag:etl owner:liwei", "status:running"),
    *("owner:dba", "tag:backup -is:disabled", "group:finance", "group:finance rep", "last:<2d", "last:>2d"),
)
SORTED = ("-name", "group", "owner", "-last", "status", "-p50")


class Asked(NamedTuple):
    """Milliseconds to have so many rows: of the whole table, after each keystroke, and in each order."""

    rows: int
    first: Sequence[float]
    keystrokes: Sequence[float]
    sorts: Sequence[float]


def asked(count: int, runs_each: int, rounds: int) -> list[Asked]:
    """A table of `count` jobs with so many past runs each; every question is asked `rounds` times, warm."""
    with new_workspace() as workspace:
        return asyncio.run(_asked(store_of(workspace.home), count, runs_each, rounds))


def shown(count: int, runs_each: int) -> dict[str, Sequence[float]]:
    """Milliseconds from each key in the filter of the page to the rows on the screen, by the form of the table."""
    with new_workspace() as workspace:
        give_jobs(workspace, count, runs_each)
        found: dict[str, Sequence[float]] = window(workspace, "filter")
        return found


async def _asked(place: str | Path, count: int, runs_each: int, rounds: int) -> list[Asked]:
    store = await Store.open(place)
    try:
        await fill(store, count, runs_each)
        return [await _asked_for(store, rows, rounds) for rows in ROWS]
    finally:
        await store.close()


async def _asked_for(store: Store, rows: int, rounds: int) -> Asked:
    await _milliseconds(store, rows)
    return Asked(
        rows,
        [await _milliseconds(store, rows) for _ in range(rounds)],
        [await _median(store, rows, rounds, filter=typed) for typed in TYPED],
        [await _median(store, rows, rounds, sort=sort) for sort in SORTED],
    )


async def _median(store: Store, rows: int, rounds: int, **given: str) -> float:
    return statistics.median([await _milliseconds(store, rows, **given) for _ in range(rounds)])


async def _milliseconds(store: Store, rows: int, **given: str) -> float:
    actor = local_operator()
    began = time.perf_counter()
    await store.look(lambda tx: job_table.table(tx, actor, limit=rows, **given))
    return (time.perf_counter() - began) * 1e3
