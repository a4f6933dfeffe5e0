"""What handlers are given: their parameters, and a Context for one call."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from watchkeeper.engine.live import INSIDE, LOCAL, Live
from watchkeeper.engine.logs import Logs
from watchkeeper.model.errors import Known
from watchkeeper.model.instant import from_us
from watchkeeper.model.job import Job
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.registry import Registry
from watchkeeper.plugin.schema import params_of, secrets_of

if TYPE_CHECKING:
    import httpx


class Contexts:
    """Finds handlers and makes contexts. Parameters of a job's version are read once."""

    def __init__(self, registry: Registry, logs: Logs, http: "Callable[[], httpx.AsyncClient]") -> None:
        self._registry = registry
        self._logs = logs
        self._http = http
        self._params: dict[tuple[str, int, str], Any] = {}

    def place_of(self, job: Job) -> str:
        """Where runs of the job live; INSIDE for a handler that nobody knows (it fails there)."""
        try:
            spec = self._registry.handler(job.spec.handler)
        except Known:
            return INSIDE
        return LOCAL if spec.places_process or spec.is_isolated else INSIDE

    def is_repeatable(self, job: Job) -> bool:
        """Whether calling its handler once more does no harm."""
        try:
            return self._registry.handler(job.spec.handler).is_repeatable
        except Known:
            return False

    def is_asked_elsewhere(self, live: Live) -> bool:
        """Whether what to start is asked of another process, which may take its time."""
        try:
            spec = self._registry.handler(live.job.spec.handler)
        except Known:
            return False
        return spec.places_process and not spec.is_bundled

    def handler_of(self, live: Live) -> tuple[Spec, Any]:
        """The run's handler and its parameters; Known when either is wrong."""
        spec = self._registry.handler(live.job.spec.handler)
        if live.params:
            return spec, params_of(spec, {**live.job.spec.params, **live.params})
        place = (live.job.id, live.job.version, spec.hash)
        if place not in self._params:
            if len(self._params) > 10_000:
                self._params.clear()
            self._params[place] = params_of(spec, live.job.spec.params)
        return spec, self._params[place]

    def secrets_of(self, live: Live) -> tuple[str, ...]:
        """The secrets that the run's parameters name; none where handler or parameters are wrong."""
        try:
            _spec, params = self.handler_of(live)
        except Known:
            return ()
        return secrets_of(params)

    def secrets_of_job(self, live: Live) -> tuple[str, ...]:
        """The same of its job's own parameters, whatever the run was started with."""
        spec = self._registry.handler(live.job.spec.handler)
        return secrets_of(params_of(spec, live.job.spec.params))

    def facts_of(self, live: Live) -> Facts:
        """What the run is called."""
        return Facts(live.id, live.execution_id, live.attempt, created_at=from_us(live.created_us))

    def context_of(self, live: Live, secrets: Mapping[str, str], cancelled: asyncio.Event | None = None) -> RunContext:
        """A Context for one call of the run's handler, which may open these secrets."""
        return RunContext(
            self.facts_of(live),
            log=LineLog(lambda line: self._logs.append(live.id, live.attempt, line + "\n")),
            cancelled=cancelled or asyncio.Event(),
            http=self._http,
            secrets=opened(secrets),
            on_progress=lambda part, text: None,
        )
