"""The versions of jobs that runs were made from, read once."""

from collections.abc import Iterable

from watchkeeper.model.ids import JobId
from watchkeeper.model.job import Job
from watchkeeper.store import jobs
from watchkeeper.store.store import Store

#: Versions kept in memory at the most.
MOST = 20_000


class Jobs:
    """A cache over the store; `forget` a job when it was saved or removed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._current: dict[JobId, Job] = {}
        self._versions: dict[tuple[JobId, int], Job] = {}

    def forget(self, job_id: JobId) -> None:
        """The job may have changed."""
        self._current.pop(job_id, None)

    async def current(self, job_ids: Iterable[JobId]) -> dict[JobId, Job]:
        """The jobs as they are now; one that is gone is not among them."""
        wanted = set(job_ids)
        missing = [job_id for job_id in wanted if job_id not in self._current]
        if missing:
            found = await self._store.read(lambda tx: jobs.many(tx, missing))
            if len(self._current) + len(found) > MOST:
                self._current.clear()
            self._current.update({job.id: job for job in found})
        return {job_id: self._current[job_id] for job_id in wanted if job_id in self._current}

    async def versions(self, wanted: Iterable[tuple[JobId, int]]) -> dict[tuple[JobId, int], Job]:
        """Versions of jobs, also of removed ones."""
        missing = {place for place in wanted if place not in self._versions}
        if missing:
            if len(self._versions) + len(missing) > MOST:
                self._versions.clear()
            found = await self._store.read(lambda tx: [jobs.version(tx, *place) for place in missing])
            self._versions.update({(job.id, job.version): job for job in found})
        return self._versions

    async def version(self, job_id: JobId, number: int) -> Job:
        """One version of a job; NotFound."""
        versions = await self.versions([(job_id, number)])
        return versions[job_id, number]
