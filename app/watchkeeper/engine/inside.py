"""Runs of handlers that need no process: calls them, and holds them to their time."""

import asyncio
import logging
from collections.abc import Awaitable
from concurrent.futures import Executor
from datetime import timedelta

from watchkeeper.engine.book import Book
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.live import Live
from watchkeeper.engine.result import Result, cancelled, misconfigured, result_of
from watchkeeper.engine.secrets import NotNow, Secrets
from watchkeeper.model.errors import Known
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.plugin.call import called
from watchkeeper.plugin.contract import Command, Spec
from watchkeeper.plugin.outcome import Outcome

_log = logging.getLogger(__name__)

#: An async handler ends within so many seconds of `ctx.cancelled`.
GRACE = 5.0


class Inside:
    """A task per run, owned here."""

    def __init__(self, book: Book, contexts: Contexts, secrets: Secrets, finisher: Finisher, threads: Executor) -> None:
        self._book = book
        self._contexts = contexts
        self._secrets = secrets
        self._finisher = finisher
        self._threads = threads
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._flags: dict[str, asyncio.Event] = {}
        #: Runs of handlers that may be cut, as they are called again.
        self._repeatable: set[str] = set()
        self._is_ending = False

    def start(self, live: Live) -> None:
        """Call the handler of a dispatched run; it may be stopped from this moment on."""
        if self._is_ending:
            return self._finisher.requeue(live, _("the engine ended before it began"))
        self._flags[live.id] = asyncio.Event()
        task = asyncio.get_running_loop().create_task(self._perform(live))
        self._tasks[live.id] = task
        task.add_done_callback(lambda _task: self._tasks.pop(live.id, None))

    def stop(self, live: Live, grace: timedelta | None = None) -> None:
        """Ask the handler to end; after GRACE, or this one if it is shorter, its task is cancelled."""
        flag, task = self._flags.get(live.id), self._tasks.get(live.id)
        if flag is None or task is None or (flag.is_set() and grace is None):
            return
        flag.set()
        span = GRACE if grace is None else min(GRACE, grace.total_seconds())
        asyncio.get_running_loop().call_later(span, task.cancel)

    async def close(self) -> None:
        """Let handlers come to their end, GRACE seconds at most; the rest is cut and found again at the next start.

        The repeatable are cut at once; what was about to start goes back to the queue.
        """
        self._is_ending = True
        for run_id in self._repeatable & self._tasks.keys():
            self._tasks[run_id].cancel()
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks.values(), timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _perform(self, live: Live) -> None:
        flag = self._flags[live.id]
        try:
            spec, params = self._contexts.handler_of(live)
            if spec.is_repeatable:
                self._repeatable.add(live.id)
            secrets = await self._secrets.opened(live)
            self._book.started.append(live)
            context = self._contexts.context_of(live, secrets, flag)
            answer = await self._timed(live, flag, called(spec, context, params, pool=self._threads))
        except NotNow as error:
            self._finisher.requeue(live, error.why)
        except Known as error:
            self._finisher.finish(live, misconfigured(error.text))
        except TimeoutError:
            self._time_out(live, spec)
        except asyncio.CancelledError:
            if live.cancelled_by is None:
                raise
            self._finisher.finish(live, cancelled(live.cancelled_by))
        else:
            if isinstance(answer, Command):
                result = misconfigured(_("the handler {kind} was changed while this run waited", kind=spec.kind))
            else:
                result = result_of(answer)
            self._finisher.finish(live, cancelled(live.cancelled_by) if self._is_stopped(live, result) else result)
        finally:
            # A thread can't be cut: whatever still runs of the call is told to end.
            flag.set()
            self._flags.pop(live.id, None)
            self._repeatable.discard(live.id)

    async def _timed(self, live: Live, flag: asyncio.Event, call: Awaitable[Command | Outcome]) -> Command | Outcome:
        """The answer of `call`; TimeoutError when it came too late. At the soft timeout the handler is asked to end."""
        soft, hard = live.job.spec.timeouts.soft, live.job.spec.timeouts.hard
        limits = [span.total_seconds() + more for span, more in ((soft, GRACE), (hard, 0.0)) if span is not None]
        if not limits:
            return await call
        asked = None if soft is None else asyncio.get_running_loop().call_later(soft.total_seconds(), flag.set)
        try:
            async with asyncio.timeout(min(limits)):
                answer = await call
        finally:
            if asked is not None:
                asked.cancel()
        if flag.is_set() and live.cancelled_by is None:
            raise TimeoutError
        return answer

    def _time_out(self, live: Live, spec: Spec) -> None:
        if spec.is_async:
            result = Result(State.TIMED_OUT, _("it ran longer than its timeout"), kind="timeout")
            return self._finisher.finish(live, result)
        # A thread can't be stopped: it goes on, and what it does is not known.
        return self._finisher.lose(live, _("it ran longer than its timeout and can't be stopped"))

    def _is_stopped(self, live: Live, result: Result) -> bool:
        return live.cancelled_by is not None and result.state is not State.SUCCEEDED
