"""What the palette asks the desk: jobs and runs by words, by number, and again what was chosen lately."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from watchkeeper.action.desk import Desk
from watchkeeper.action.history import RunPage
from watchkeeper.model.errors import Known
from watchkeeper.model.job_table import JobRow, JobTable
from watchkeeper.model.run import Run

#: Jobs that are read beforehand, so that they are found by pinyin and by scattered letters; of one window.
MOST_JOBS, WINDOW = 1_000, 200
#: Of what is found by words.
MOST = 24
#: What is typed is not longer, and has no more words.
LONGEST, MOST_WORDS = 200, 20
#: What a filter would take for more than a letter, even in quotes.
_MARKS = str.maketrans('"“”\\', "    ")


class Answer(NamedTuple):
    """Jobs and runs that fit."""

    jobs: Sequence[JobRow] = ()
    runs: Sequence[Run] = ()


async def first_jobs(desk: Desk) -> AsyncIterator[Sequence[JobRow]]:
    """The first thousand jobs by name, window by window."""
    for offset in range(0, MOST_JOBS, WINDOW):
        table: JobTable = await desk.ask("job.table", offset=offset, limit=WINDOW)
        yield table.rows
        if offset + WINDOW >= table.total:
            return


async def found(desk: Desk, words: str) -> Answer:
    """Jobs whose name or description holds the words, and runs of such jobs, or the one of a number like #812.

    Without words the newest runs.
    """
    jobs, runs = await asyncio.gather(_jobs(desk, words), _runs(desk, words))
    return Answer(jobs, runs)


async def recalled(desk: Desk, lately: Mapping[str, str]) -> Answer:
    """Jobs and runs by their ids (`job:ID`), each with the words that find it; those that are gone are left out."""
    jobs: list[JobRow] = []
    runs: list[Run] = []
    for each, words in lately.items():
        if each.startswith("job:"):
            jobs += [row for row in await _jobs(desk, words) if each == f"job:{row.id}"]
        elif each.startswith("run:"):
            runs += [run for run in await _runs(desk, words) if each == f"run:{run.id}"]
    return Answer(jobs, runs)


async def _jobs(desk: Desk, words: str) -> Sequence[JobRow]:
    if not words:
        return ()
    with suppress(Known):
        table: JobTable = await desk.ask("job.table", filter=_quoted(words), limit=MOST)
        return table.rows
    return ()


async def _runs(desk: Desk, words: str) -> Sequence[Run]:
    with suppress(Known):
        page: RunPage = await desk.ask("run.table", text=words, limit=MOST)
        return page.rows
    return ()


def _quoted(words: str) -> str:
    """A filter in which nothing is a field, an option or an alternative."""
    return " ".join(f'"{word}"' for word in words.translate(_MARKS).split()[:MOST_WORDS])
