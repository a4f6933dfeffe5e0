"""The desk of an engine in another process, over its socket."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from watchkeeper import __version__
from watchkeeper.action import wire
from watchkeeper.action.names import require_storable
from watchkeeper.action.spec import Kind, found
from watchkeeper.action.system import reason_of
from watchkeeper.model import codec
from watchkeeper.model.errors import Conflict, Known, StoreDown
from watchkeeper.model.events import Event, Told
from watchkeeper.model.text import _

#: Seconds until a server that does not greet is given up.
_PATIENCE = 5.0

#: Steps of one stream that may wait for their reader.
_MOST_STEPS = 10_000

_EVENT: Any = Told


class SocketDesk:
    """Made by `connect`, used on one loop, ended by `close`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ids = count(1)
        #: For each call in flight, what has come for it.
        self._waiting: dict[int, asyncio.Queue[wire.Reply]] = {}
        self._is_gone = False
        self._listening = asyncio.ensure_future(self._listen())

    @property
    def is_gone(self) -> bool:
        """Whether the connection is lost, for good."""
        return self._is_gone

    @classmethod
    async def connect(cls, path: Path) -> "SocketDesk":
        """The desk behind the socket; Unreachable when nobody listens there, StoreDown when nobody answers,
        Conflict when another version does."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(path))
        except OSError as error:
            why = reason_of(error)
            raise wire.Unreachable(_("the engine can't be reached ({why}): is it running?", why=why)) from None
        try:
            async with asyncio.timeout(_PATIENCE):
                _require_ours(await wire.receive(reader))
        except TimeoutError:
            writer.close()
            raise StoreDown(_("the engine does not answer: look whether it is stopped or overloaded")) from None
        except Known:
            writer.close()
            raise
        return cls(reader, writer)

    async def do(self, action: str, /, **given: Any) -> Any:
        return codec.from_own(await self._answer("do", action, given), found(action, Kind.DO).result)

    async def do_many(self, action: str, each: Sequence[Mapping[str, Any]], /) -> list[Any]:
        result = found(action, Kind.DO).result
        answer = await self._answer("do_many", action, {}, [codec.plain(given) for given in each])
        outcomes = codec.from_own(answer, list[wire.Outcome])
        return [_told(outcome, result) for outcome in outcomes]

    async def ask(self, action: str, /, **given: Any) -> Any:
        return codec.from_own(await self._answer("ask", action, given), found(action, Kind.ASK).result)

    def watch(self, action: str, /, **given: Any) -> AsyncGenerator[Any, None]:
        return self._steps("watch", action, given, found(action, Kind.WATCH).result)

    def events(self) -> AsyncGenerator[Event, None]:
        return self._steps("events", "", {}, _EVENT)

    async def close(self) -> None:
        """Leave; what was asked to be done is done."""
        self._writer.close()
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _answer(
        self, verb: str, action: str, given: Mapping[str, Any], each: Sequence[Mapping[str, Any]] = ()
    ) -> msgspec.Raw:
        call_id, replies = await self._call(verb, action, given, each)
        try:
            return _result(await replies.get())
        finally:
            self._end(call_id)

    async def _steps(self, verb: str, action: str, given: Mapping[str, Any], shape: Any) -> AsyncGenerator[Any, None]:
        call_id, replies = await self._call(verb, action, given)
        try:
            while isinstance(reply := await replies.get(), wire.Step):
                yield codec.from_own(reply.value, shape)
            _result(reply)
        finally:
            self._end(call_id)

    async def _call(
        self, verb: str, action: str, given: Mapping[str, Any], each: Sequence[Mapping[str, Any]] = ()
    ) -> tuple[int, asyncio.Queue[wire.Reply]]:
        if self._is_gone:
            raise _gone()
        plain = codec.plain(given)
        require_storable([plain, *each])
        call = wire.Call(next(self._ids), verb, action, plain, list(each))
        frame = wire.framed(call)
        replies = self._waiting[call.id] = asyncio.Queue(_MOST_STEPS)
        self._writer.write(frame)
        with suppress(ConnectionError):
            await self._writer.drain()
        return call.id, replies

    def _end(self, call_id: int) -> None:
        """A call whose answer has come is forgotten already; any other is no longer wanted."""
        if self._waiting.pop(call_id, None) is not None and not self._is_gone:
            self._writer.write(wire.framed(wire.Stop(call_id)))

    async def _listen(self) -> None:
        try:
            while (frame := await wire.receive(self._reader)) is not None:
                self._sort(wire.reply(frame))
        except wire.Garbled:
            pass
        finally:
            self._is_gone = True
            for call_id, replies in self._waiting.items():
                _put(replies, wire.Failed(call_id, wire.failure_of(_gone())))
            self._waiting = {}

    def _sort(self, reply: wire.Reply) -> None:
        if isinstance(reply, wire.Welcome) or (replies := self._waiting.get(reply.id)) is None:
            return
        if isinstance(reply, wire.Step) and replies.full():
            self._end(reply.id)
            reply = wire.Failed(reply.id, wire.failure_of(_too_slow()))
        if not isinstance(reply, wire.Step):
            self._waiting.pop(reply.id, None)
        _put(replies, reply)


def _require_ours(frame: bytes | None) -> None:
    welcome = wire.reply(frame) if frame is not None else None
    if not isinstance(welcome, wire.Welcome):
        raise wire.Unreachable(_("the engine turned us away: it belongs to another user, or has too many clients"))
    if welcome.protocol != wire.PROTOCOL or welcome.version != __version__:
        raise Conflict(
            _(
                "the engine is version {theirs}, this program {ours}: start the engine anew",
                theirs=welcome.version,
                ours=__version__,
            )
        )


def _result(reply: wire.Reply) -> msgspec.Raw:
    if isinstance(reply, wire.Failed):
        raise wire.error_of(reply.failure)
    assert isinstance(reply, wire.Answer)
    return reply.result


def _told(outcome: wire.Outcome, shape: Any) -> Any:
    return wire.error_of(outcome.failure) if outcome.failure else codec.from_own(outcome.result, shape)


def _put(replies: asyncio.Queue[wire.Reply], reply: wire.Reply) -> None:
    """The newest always finds room."""
    if replies.full():
        replies.get_nowait()
    replies.put_nowait(reply)


def _too_slow() -> Known:
    return Known(_("more than {most} steps are waiting to be read: ask anew", most=_MOST_STEPS))


def _gone() -> wire.Unreachable:
    return wire.Unreachable(
        _("the engine went away before it answered: start it again and look whether what you asked for was done")
    )
