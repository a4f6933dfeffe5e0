"""The desk of an engine in another process, and of the one that comes after it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.model.events import Event


class LastingDesk:
    """Whatever is asked after the connection was lost makes a new one first; what was lost with it is not repeated.

    `connect` raises Known as long as there is nobody. Used on one loop, ended by `close`.
    """

    def __init__(self, desk: SocketDesk, connect: Callable[[], Awaitable[SocketDesk]]) -> None:
        self._desk, self._connect = desk, connect
        self._connecting = asyncio.Lock()

    async def do(self, action: str, /, **given: Any) -> Any:
        return await (await self._living()).do(action, **given)

    async def do_many(self, action: str, each: Sequence[Mapping[str, Any]], /) -> list[Any]:
        return await (await self._living()).do_many(action, each)

    async def ask(self, action: str, /, **given: Any) -> Any:
        return await (await self._living()).ask(action, **given)

    async def watch(self, action: str, /, **given: Any) -> AsyncIterator[Any]:
        async with aclosing((await self._living()).watch(action, **given)) as steps:
            async for step in steps:
                yield step

    async def events(self) -> AsyncIterator[Event]:
        async with aclosing((await self._living()).events()) as told:
            async for event in told:
                yield event

    async def close(self) -> None:
        """Leave; what was asked to be done is done."""
        await self._desk.close()

    async def _living(self) -> SocketDesk:
        async with self._connecting:
            if self._desk.is_gone:
                lost, self._desk = self._desk, await self._connect()
                await lost.close()
        return self._desk
