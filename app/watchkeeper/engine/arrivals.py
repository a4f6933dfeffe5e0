"""Looks for files that arrive. What has been seen stands in the trigger's cursor: the last change that made a run.

A file's moment is its ctime, which every way of arriving sets (written, moved, linked) and nobody can set back.
"""

import asyncio
import glob
import os
from typing import NamedTuple

from watchkeeper.engine.book import Book
from watchkeeper.engine.fire import Firer, Occurrence
from watchkeeper.engine.hold import Hold
from watchkeeper.engine.jobs import Jobs
from watchkeeper.engine.misfire import Due
from watchkeeper.model.ids import TriggerId
from watchkeeper.model.instant import from_us, span_us
from watchkeeper.model.text import _
from watchkeeper.model.trigger import FileArrival
from watchkeeper.store.triggers import Armed

#: Seconds between two looks at which triggers are to look.
BEAT = 1.0
#: Files of one trigger in one commit.
BATCH = 100

_NO_GAP = _("a file that arrived is never missed")


class Arrival(NamedTuple):
    """A file that stands still since `changed_us`."""

    changed_us: int
    path: str


class Arrivals:
    """Every file trigger of every enabled job."""

    def __init__(self, book: Book, jobs: Jobs, firer: Firer, hold: Hold) -> None:
        self._book = book
        self._jobs = jobs
        self._firer = firer
        self._hold = hold
        self._armed: dict[TriggerId, Armed] = {}
        self._cursors: dict[TriggerId, int] = {}
        #: By the time that nobody can set.
        self._look_at: dict[TriggerId, int] = {}

    def watch(self, armed: Armed) -> None:
        """Look from now on."""
        self._armed[armed.id] = armed
        self._cursors[armed.id] = armed.cursor_us
        self._look_at[armed.id] = 0

    def forget(self, trigger_id: TriggerId) -> None:
        """Look no more."""
        for known in (self._armed, self._cursors, self._look_at):
            known.pop(trigger_id, None)

    async def run(self) -> None:
        """Look and fire, until cancelled."""
        while True:
            if self._hold.reason is None:
                for armed in list(self._armed.values()):
                    await self._look(armed)
            await asyncio.sleep(BEAT)

    async def _look(self, armed: Armed) -> None:
        now_us, trigger = self._book.clock.elapsed_us(), armed.trigger
        if now_us < self._look_at.get(armed.id, now_us + 1) or not isinstance(trigger, FileArrival):
            return
        self._look_at[armed.id] = now_us + span_us(trigger.poll)
        still_us = self._book.clock.now_us() - span_us(trigger.settle)
        found = await asyncio.to_thread(arrived, trigger.file, self._cursors[armed.id], still_us)
        if found and self._armed.get(armed.id) is armed:
            await asyncio.shield(self._fire(armed, found[:BATCH]))

    async def _fire(self, armed: Armed, found: list[Arrival]) -> None:
        job = (await self._jobs.current([armed.job_id])).get(armed.job_id)
        if job is None:
            return
        due = [Occurrence(armed.id, job, Due((from_us(each.changed_us),)), file=each.path) for each in found]
        await self._firer.fire(due, _NO_GAP)
        if self._armed.get(armed.id) is armed:
            self._cursors[armed.id] = found[-1].changed_us


def arrived(pattern: str, after_us: int, still_us: int) -> list[Arrival]:
    """Files that match and changed after `after_us`, not after `still_us`; oldest first, no two at one moment."""
    found: list[Arrival] = []
    for path in glob.iglob(pattern):
        try:
            status = os.stat(path)
        except OSError:
            continue
        changed_us = status.st_ctime_ns // 1000
        if after_us < changed_us <= still_us and not os.path.isdir(path):
            found.append(Arrival(changed_us, path))
    return _apart(sorted(found))


def _apart(found: list[Arrival]) -> list[Arrival]:
    """Each at a microsecond of its own, for that is its identity."""
    last_us, apart = 0, list[Arrival]()
    for each in found:
        last_us = max(each.changed_us, last_us + 1)
        apart.append(Arrival(last_us, each.path))
    return apart
