"""Runs on hosts: hands their commands over, and turns the host's evidence into results."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import timedelta

from watchkeeper.engine.book import Book
from watchkeeper.engine.context import Contexts
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.live import Live
from watchkeeper.engine.result import CONFIGURATION, Result, cancelled, misconfigured, result_of
from watchkeeper.engine.secrets import NotNow, Secrets
from watchkeeper.engine.tasks import Tasks
from watchkeeper.hosts.host import Answer, Cut, Host, Limits, Phase, Start, Status, Unreachable
from watchkeeper.model.errors import Known
from watchkeeper.model.instant import from_us
from watchkeeper.model.points import Point, reach
from watchkeeper.model.run import Ground, State
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.call import attempted, called, concluded
from watchkeeper.plugin.command import judged, placed
from watchkeeper.plugin.context import unnamed_secret
from watchkeeper.plugin.contract import Command
from watchkeeper.plugin.isolated import answered, isolated_command
from watchkeeper.plugin.outcome import Failed, Outcome, settled
from watchkeeper.settings import PluginSettings
from watchkeeper.store.moves import Orphaned
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

_log = logging.getLogger(__name__)

#: A host that puts a start off is asked again after 1, 2, 4, 5, 5 ... seconds, so many times.
PUT_OFF = 100
LONGEST_WAIT = 5

_NOT_STARTED = _("its host could not start it: out of processes, memory or disk")


class Placer:
    """The engine's side of all hosts."""

    def __init__(
        self,
        store: Store,
        book: Book,
        hosts: Mapping[str, Host],
        contexts: Contexts,
        secrets: Secrets,
        finisher: Finisher,
        threads: Executor,
        tasks: Tasks,
        memory_mib: int = 0,
    ) -> None:
        self._store = store
        self._book = book
        self._hosts = hosts
        self._contexts = contexts
        self._secrets = secrets
        self._finisher = finisher
        self._threads = threads
        self._tasks = tasks
        self._memory_mib = memory_mib
        #: What the hosts stand on, by name; written by the engine when it has connected.
        self.grounds: Mapping[str, Ground] = {}
        for host in hosts.values():
            host.on_ended = self.take_evidence

    def take(self, settings: PluginSettings) -> None:
        """Another limit of memory for the processes of plugins that start from now on."""
        self._memory_mib = settings.memory_mib

    async def start(self, host_name: str, lives: Sequence[Live]) -> None:
        """Start dispatched runs on one host, in one message; none waits there for a plugin's answer."""
        slow = [live for live in lives if self._contexts.is_asked_elsewhere(live)]
        for live in slow:
            self._tasks.spawn(self._start_all(host_name, [live]))
        await self._start_all(host_name, [live for live in lives if live not in slow] if slow else lives)

    async def _start_all(self, host_name: str, lives: Sequence[Live]) -> None:
        asked = await asyncio.gather(*(self._start_of(live) for live in lives))
        starts = [(live, start) for live, start in zip(lives, asked, strict=True) if start is not None]
        if not starts:
            return
        reach(Point.BEFORE_HOST_START)
        try:
            answers = await self._hosts[host_name].start([start for _live, start in starts])
        except Unreachable as error:
            return await self._lose_sight([live for live, _start in starts], str(error))
        reach(Point.AFTER_HOST_START)
        for (live, _start), answer in zip(starts, answers, strict=True):
            self._take_answer(live, answer)

    async def stop(self, live: Live, grace: timedelta | None = None) -> None:
        """Kill a run on its host, after its job's grace or this one; the evidence of its end comes as a status."""
        span = live.job.spec.timeouts.grace if grace is None else grace
        try:
            await self._hosts[live.place].kill(live.host_key, span.total_seconds())
            status = (await self._hosts[live.place].stat([live.host_key]))[0]
        except Unreachable:
            # The wish stays in the store; it is carried out when the host is back (see look_again).
            return
        self.take_evidence([status])

    def take_evidence(self, statuses: Sequence[Status]) -> None:
        """What a host knows of runs, in whatever order it comes; what is known already changes nothing."""
        for status in statuses:
            live = self._book.by_host_key.get(status.key)
            if live is not None:
                self._take_status(live, status)

    async def look_again(self, host_name: str) -> None:
        """Ask a host for everything that is live there, and carry out the wishes that could not be."""
        lives = [live for live in self._book.by_host_key.values() if live.place == host_name]
        if not lives:
            return
        try:
            self.take_evidence(await self._hosts[host_name].stat([live.host_key for live in lives]))
        except Unreachable:
            return
        for live in lives:
            if live.cancelled_by is not None and live.id in self._book.runs:
                await self.stop(live)

    async def _start_of(self, live: Live) -> Start | None:
        try:
            secrets = await self._secrets.opened(live)
        except NotNow as error:
            self._finisher.requeue(live, error.why)
            return None
        except Known as error:
            self._finisher.finish(live, misconfigured(error.text))
            return None
        command = await self.command_of(live, secrets)
        if live.cancelled_by is not None:
            self._finisher.finish(live, cancelled(live.cancelled_by))
            return None
        if not isinstance(command, Command):
            self._finisher.finish(live, result_of(command))
            return None
        live.command = command
        if unnamed := [name for name in command.secrets.values() if name not in secrets]:
            self._finisher.finish(live, misconfigured(unnamed_secret(unnamed[0])))
            return None
        return _start(live, command, secrets)

    async def command_of(self, live: Live, secrets: Mapping[str, str]) -> Command | Outcome:
        """What the run's handler wants started; the same after a crash as before it."""
        try:
            spec, params = self._contexts.handler_of(live)
        except Known as error:
            return Failed(error.text, kind=CONFIGURATION)
        if spec.is_isolated:
            return isolated_command(spec, params, self._contexts.facts_of(live), self._memory_mib)
        context = self._contexts.context_of(live, secrets)
        if spec.is_bundled and not spec.is_async:
            # A bundled handler only describes its command: a thread would cost more than the call.
            answer = attempted(spec.fn, (context, params) if spec.params else (context,))
            return answer if isinstance(answer, Command) else settled(answer)
        return await called(spec, context, params, pool=self._threads)

    def _take_answer(self, live: Live, answer: Answer) -> None:
        if answer.status is not None:
            self._take_status(live, answer.status)
            if live.cancelled_by is not None:
                # The wish may have reached the host before the start did.
                self._tasks.spawn(self.stop(live))
        elif answer.is_passing:
            self._put_off(live, answer.refusal or _NOT_STARTED)
        else:
            self._finisher.finish(live, misconfigured(answer.refusal or _NOT_STARTED))

    def _put_off(self, live: Live, reason: Text) -> None:
        """The host could not start it for now: the same attempt again, later."""
        if live.state is State.RUNNING or live.refusals >= PUT_OFF:
            return self._finisher.finish(live, Result(State.FAILED, reason, kind="host"))
        wait = min(1 << min(live.refusals, 3), LONGEST_WAIT)
        live.refusals += 1
        return self._finisher.requeue(live, reason, wait * 1_000_000)

    def _take_status(self, live: Live, status: Status) -> None:
        if status.started_at is not None and live.started_us is not None:
            live.started_us = int(status.started_at * 1e6)
        match status.phase:
            case Phase.EXITED:
                self._take_exit(live, status)
            case Phase.LOST_NO_RC:
                self._finisher.lose(live, _("its wrapper on {host} is gone and left no exit code", host=live.place))
            case Phase.LOST_REBOOT:
                self._finisher.lose(live, _("{host} was restarted while it ran", host=live.place))
            case Phase.ABSENT | Phase.CLAIMED_NOT_STARTED if live.state is State.ORPHANED:
                self._take_absence(live, status)
            case Phase.CLAIMED_NOT_STARTED:
                self._put_off(live, _NOT_STARTED)
            case Phase.RUNNING | Phase.STARTING:
                self._book.started.append(live)

    def _take_absence(self, live: Live, status: Status) -> None:
        if status.phase is Phase.ABSENT and (live.ground is None or live.ground != self.grounds.get(live.place)):
            self._finisher.lose(
                live, _("{host} knows nothing of it and is not as it was; whether it ran is not known", host=live.place)
            )
        else:
            self._finisher.requeue(live, _("it is proved that nothing had started"))

    def _take_exit(self, live: Live, status: Status) -> None:
        if status.cut is not None and not _came_too_late(status):
            return self._finisher.finish(live, _cut(live, status))
        if live.command is None or live.command.after is not None:
            self._tasks.spawn(self._conclude(live, status))
            return
        self._finisher.finish(live, _measured(result_of(_judged(live.command, status)), status))

    async def _conclude(self, live: Live, status: Status) -> None:
        secrets: Mapping[str, str] = {}
        command = live.command or await self.command_of(live, secrets)
        if not isinstance(command, Command) or command.after not in (None, answered):
            # Only the plugin's own code may ask for a secret; what else has ended does not wait for the vault.
            secrets = await self._secrets.opened_patiently(live)
            command = live.command or await self.command_of(live, secrets)
        if not isinstance(command, Command):
            return self._finisher.finish(live, _measured(result_of(command), status))
        live.command = command
        outcome = await concluded(
            command, self._contexts.context_of(live, secrets), status.exit_code or 0, status.outputs, pool=self._threads
        )
        self._finisher.finish(live, _measured(result_of(outcome), status))

    async def _lose_sight(self, lives: Sequence[Live], why: str) -> None:
        reason = _("its host does not answer: {why}", why=why)
        await self._store.move([Orphaned(live.id, live.attempt, stored(reason)) for live in lives])
        for live in lives:
            live.state = State.ORPHANED
        # The host may have come back while this was being written, and nobody would ask it again.
        await self.look_again(lives[0].place)


def _start(live: Live, command: Command, secrets: Mapping[str, str]) -> Start:
    placement, spec = placed(command), live.job.spec
    timeouts = spec.timeouts
    return Start(
        key=live.host_key,
        argv=placement.argv,
        script=placement.script,
        script_suffix=placement.script_suffix,
        stdin=placement.stdin,
        env={**spec.env, **placement.env, **_told(live)},
        secrets={variable: secrets[name] for variable, name in placement.secrets.items()},
        cwd=placement.cwd or spec.cwd,
        limits=Limits(
            soft=_seconds(timeouts.soft),
            hard=_seconds(timeouts.hard),
            silence=_seconds(timeouts.silence),
            grace=timeouts.grace.total_seconds(),
        ),
    )


def _told(live: Live) -> dict[str, str]:
    """What every job may know of its run (SEMANTICS: identity)."""
    told = {
        "WATCHKEEPER_EXECUTION_ID": live.execution_id,
        "WATCHKEEPER_RUN_ID": live.id,
        "WATCHKEEPER_ATTEMPT": str(live.attempt),
        "WATCHKEEPER_SCHEDULED_AT": from_us(live.nominal_us or live.created_us).isoformat(),
    }
    if live.file is not None:
        told["WATCHKEEPER_FILE"] = live.file
    if live.after_run is not None:
        told["WATCHKEEPER_AFTER_RUN_ID"] = live.after_run
    return told


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _judged(command: Command, status: Status) -> Outcome:
    return judged(command, status.exit_code or 0, status.outputs)


def _measured(result: Result, status: Status) -> Result:
    return replace(
        result,
        exit_code=status.exit_code,
        ended_us=None if status.ended_at is None else int(status.ended_at * 1e6),
        started_us=None if status.started_at is None else int(status.started_at * 1e6),
        log_size=status.size,
        log_dropped=status.dropped,
    )


def _came_too_late(status: Status) -> bool:
    """Whether a kill found nobody left to kill: then the exit code tells what happened."""
    return status.cut is Cut.KILLED and status.proof is not None and status.proof.found == 0


def _cut(live: Live, status: Status) -> Result:
    proof = _proof(status)
    if status.cut is Cut.KILLED:
        return _measured(cancelled(live.cancelled_by, proof), status)
    sentences = {
        Cut.SOFT: _("it ran longer than its soft timeout; {proof}", proof=proof),
        Cut.HARD: _("it ran longer than its hard timeout; {proof}", proof=proof),
        Cut.SILENCE: _("it was silent for too long; {proof}", proof=proof),
    }
    return _measured(Result(State.TIMED_OUT, sentences[status.cut or Cut.HARD], kind="timeout"), status)


def _proof(status: Status) -> Text:
    if status.proof is None:
        return _("it ended by itself when asked to")
    return _("{gone} of {found} gone", gone=status.proof.gone, found=status.proof.found)
