"""The only way across between those who act and the engine: four verbs and the events, frozen values both ways."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from watchkeeper.access.actor import Actor
from watchkeeper.action import perform
from watchkeeper.action.door import Door
from watchkeeper.model.errors import Known, StoreDown
from watchkeeper.model.events import Event
from watchkeeper.model.text import _

T = TypeVar("T")

#: Deeds of one `do_many`.
MOST_AT_ONCE = 1_000

_END = object()


class Desk(Protocol):
    """Local or remote, and nobody can tell which. Values are given as themselves or as plain data.

    Cancelling the caller cancels ask, watch and events, never do.
    """

    async def do(self, action: str, /, **given: Any) -> Any:
        """Carry out an action; its answer, once it is on disk. Known when it is refused or fails."""

    async def do_many(self, action: str, each: Sequence[Mapping[str, Any]], /) -> list[Any]:
        """The same action with each of the given values; the answers in order, a Known where one failed."""

    async def ask(self, action: str, /, **given: Any) -> Any:
        """The answer of a query; at most 1,000 rows or 1 MiB."""

    def watch(self, action: str, /, **given: Any) -> AsyncIterator[Any]:
        """The steps of a query that goes on."""

    def events(self) -> AsyncIterator[Event]:
        """What happens from the first step on."""


class LocalDesk:
    """The desk of the engine in this process; may be used from any thread's loop. Made on the engine's loop."""

    def __init__(self, door: Door, actor: Actor) -> None:
        self._door = door
        self._actor = actor
        self._loop = asyncio.get_running_loop()
        self._doing: set[asyncio.Task[Any]] = set()
        self._is_closed = False
        #: Whatever other threads ask for is either begun before the end or refused.
        self._door_lock = threading.Lock()

    async def do(self, action: str, /, **given: Any) -> Any:
        return await self._across(self._to_the_end(perform.do(self._door, self._actor, action, given)))

    async def do_many(self, action: str, each: Sequence[Mapping[str, Any]], /) -> list[Any]:
        if len(each) > MOST_AT_ONCE:
            raise Known(_("{count} at once are too many: give at most {most}", count=len(each), most=MOST_AT_ONCE))
        return await self._across(self._together(action, each))

    async def ask(self, action: str, /, **given: Any) -> Any:
        return await self._across(perform.ask(self._door, self._actor, action, given))

    def watch(self, action: str, /, **given: Any) -> AsyncIterator[Any]:
        return self._steps(perform.watch(self._door, self._actor, action, given))

    def events(self) -> AsyncIterator[Event]:
        return self._steps(perform.events(self._door))

    async def close(self) -> None:
        """Wait for the deeds that are being done; whoever asks from now on is told that the engine has stopped."""
        with self._door_lock:
            self._is_closed = True
        # What was asked for just before begins in this turn.
        await asyncio.sleep(0)
        while self._doing:
            await asyncio.wait(self._doing)

    async def _together(self, action: str, each: Sequence[Mapping[str, Any]]) -> list[Any]:
        """All of them at once, so that they share commits."""
        deeds = (self._to_the_end(perform.do(self._door, self._actor, action, given)) for given in each)
        answers = await asyncio.gather(*deeds, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, Known):
                raise answer
        return answers

    async def _to_the_end(self, deed: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(deed)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
        return await asyncio.shield(task)

    async def _across(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            # qasync steps coroutines once more when its loop has stopped: nobody waits for this any longer.
            work.close()
            raise asyncio.CancelledError from None
        if here is self._loop:
            return await work
        with self._door_lock:
            if self._is_closed:
                work.close()
                raise StoreDown(_("the engine has stopped: start it again"))
            answer = asyncio.run_coroutine_threadsafe(work, self._loop)
        return await asyncio.wrap_future(answer)

    async def _steps(self, steps: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        # Whoever leaves in the midst of a step waits until that has come to its end: a generator ends only at rest.
        turn = asyncio.Lock()
        try:
            while (step := await self._across(_next(steps, turn))) is not _END:
                yield step
        finally:
            await self._across(_closed(steps, turn))


async def _next(steps: AsyncIterator[Any], turn: asyncio.Lock) -> Any:
    async with turn:
        return await anext(steps, _END)


async def _closed(steps: AsyncIterator[Any], turn: asyncio.Lock) -> None:
    async with turn:
        if isinstance(steps, AsyncGenerator):
            await steps.aclose()
