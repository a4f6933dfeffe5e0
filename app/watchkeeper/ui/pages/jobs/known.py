"""What has to be asked for of one job, beyond its row: its newest version, its last runs, where the last one failed."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from watchkeeper.action.desk import Desk
from watchkeeper.action.first_error import FirstError
from watchkeeper.model.job import Job
from watchkeeper.model.job_table import JobRow
from watchkeeper.model.run import FAILURES, Run
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import moment, span

#: Runs of which it is told when they began.
RUNS = 5


@dataclass(frozen=True)
class Known:
    """One job's."""

    job: Job
    runs: list[Run]
    #: The line at which the last run went wrong, and its run.
    error: FirstError | None
    failed: Run | None

    @property
    def retries(self) -> Text:
        """How often it is tried again, and how long after."""
        retry = self.job.spec.retry
        if retry.max_attempts == 1:
            return _("none")
        n = retry.max_attempts - 1
        if retry.factor == 1:
            return plural("{n}, after {delay}", "{n}, {delay} apart", n, delay=span(retry.delay))
        return _("{n}, after {delay}, ×{factor}", n=n, delay=span(retry.delay), factor=f"{retry.factor:g}")

    def version(self, zone: str) -> Text:
        """Which one it is, by whom and when."""
        at = moment(self.job.saved_at, zone, now())
        return _("v{n}, by {person}, {moment}", n=self.job.version, person=self.job.saved_by, moment=at)

    def began(self, run_id: str) -> datetime | None:
        """When a run began, or was due."""
        return next((run.started_at or run.due_at for run in self.runs if run.id == run_id), None)


async def known_of(desk: Desk, row: JobRow) -> Known:
    """Ask for it."""
    job, runs = await asyncio.gather(desk.ask("job.show", job=row.id), desk.ask("run.list", job=row.id, limit=RUNS))
    failed = next((run for run in runs if not run.is_live), None)
    if failed is None or failed.outcome not in FAILURES:
        return Known(job, runs, None, None)
    return Known(job, runs, await desk.ask("run.error", run=failed.id), failed)
