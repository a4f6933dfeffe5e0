"""Serves a desk on a unix socket: for this user alone, many calls in flight, and no client can hurt another."""

import asyncio
import logging
import os
import socket
import struct
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from watchkeeper import __version__
from watchkeeper.action import wire
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

_log = logging.getLogger(__name__)

#: Calls of one client that are being carried out at once; more are refused.
MOST_CALLS = 1_000
#: Clients at once; more are turned away.
MOST_CLIENTS = 200


class SocketServer:
    """Serves from `start` to `close`."""

    def __init__(self, desk: Desk, path: Path, *, users: frozenset[int] | None = None) -> None:
        self._desk = desk
        self._path = path
        self._users = users or frozenset({0, os.getuid()})
        self._clients: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._inode: int | None = None

    async def start(self) -> None:
        """Listen; whoever owns the workspace may take the place of a socket that was left behind."""
        with suppress(FileNotFoundError):
            self._path.unlink()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self._path))
        self._path.chmod(0o600)
        self._inode = self._path.stat().st_ino
        self._server = await asyncio.start_unix_server(self._welcome, sock=listener)

    async def close(self) -> None:
        """Turn everybody away and take the socket out of the folder."""
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.cancel()
        if self._clients:
            await asyncio.wait(self._clients)
        with suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = peer_user(writer.get_extra_info("socket"))
        if len(self._clients) >= MOST_CLIENTS or (peer is not None and peer not in self._users):
            writer.close()
            return
        client = asyncio.ensure_future(_Client(self._desk, reader, writer).serve())
        self._clients.add(client)
        client.add_done_callback(self._clients.discard)


def peer_user(connection: socket.socket) -> int | None:
    """The user id at the other end, as the kernel knows it; None where it can't be asked."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    size = struct.calcsize("3i")
    _pid, user, _group = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(user)


class _Client:
    """One connection and the calls that it has in flight."""

    def __init__(self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._desk = desk
        self._reader = reader
        self._writer = writer
        #: What ends when the client asks or leaves, by its id; and what is done in any case.
        self._looks: dict[int, asyncio.Task[None]] = {}
        self._deeds: set[asyncio.Task[None]] = set()
        self._line = asyncio.Lock()

    async def serve(self) -> None:
        """Answer until the client leaves or talks nonsense."""
        try:
            await self._send(wire.Welcome(wire.PROTOCOL, __version__))
            while (frame := await wire.receive(self._reader)) is not None:
                await self._take(wire.request(frame))
        except (wire.Garbled, ConnectionError):
            pass
        finally:
            await self._leave()

    async def _take(self, request: wire.Request) -> None:
        if isinstance(request, wire.Stop):
            if (look := self._looks.get(request.id)) is not None:
                look.cancel()
        elif len(self._looks) + len(self._deeds) >= MOST_CALLS:
            refusal = Known(_("{most} calls are in flight: wait for some of them", most=MOST_CALLS))
            await self._send(wire.Failed(request.id, wire.failure_of(refusal)))
        else:
            self._begin(request)

    def _begin(self, call: wire.Call) -> None:
        answering = asyncio.ensure_future(self._answered(call))
        if call.verb in ("do", "do_many"):
            self._deeds.add(answering)
            answering.add_done_callback(self._deeds.discard)
        elif call.id in self._looks:
            answering.cancel()
            raise wire.Garbled(_("the call {id} is there already", id=call.id))
        else:
            self._looks[call.id] = answering
            answering.add_done_callback(lambda _task: self._looks.pop(call.id, None))

    async def _answered(self, call: wire.Call) -> None:
        """The work is a task of its own, so that an error of any kind becomes an answer."""
        work = asyncio.ensure_future(self._work(call))
        try:
            await asyncio.wait([work])
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait([work])
        if not work.cancelled():
            await self._reply(call.id, _failed(call, work.exception()) or work.result())

    async def _reply(self, call_id: int, reply: wire.Reply) -> None:
        with suppress(ConnectionError):
            try:
                await self._send(reply)
            except Known as error:
                await self._send(wire.Failed(call_id, wire.failure_of(error)))

    def _work(self, call: wire.Call) -> Coroutine[Any, Any, wire.Reply]:
        match call.verb:
            case "do":
                return self._single(call.id, self._desk.do(call.action, **call.given))
            case "ask":
                return self._single(call.id, self._desk.ask(call.action, **call.given))
            case "do_many":
                return self._many(call)
            case "watch":
                return self._stream(call.id, self._desk.watch(call.action, **call.given))
            case "events":
                return self._stream(call.id, self._desk.events())
            case _:
                return self._unknown(call.verb)

    async def _single(self, call_id: int, answer: Awaitable[Any]) -> wire.Reply:
        return wire.Answer(call_id, wire.raw(await answer))

    async def _many(self, call: wire.Call) -> wire.Reply:
        answers = await self._desk.do_many(call.action, call.each)
        return wire.Answer(call.id, wire.raw([_outcome(answer) for answer in answers]))

    async def _stream(self, call_id: int, steps: Any) -> wire.Reply:
        try:
            async for step in steps:
                await self._send(wire.Step(call_id, wire.raw(step)))
        finally:
            await steps.aclose()
        return wire.Answer(call_id, wire.raw(None))

    async def _unknown(self, verb: str) -> wire.Reply:
        raise Known(_("a desk has no verb {verb}", verb=verb[:60]))

    async def _send(self, reply: wire.Reply) -> None:
        frame = wire.framed(reply)
        async with self._line:
            self._writer.write(frame)
            await self._writer.drain()

    async def _leave(self) -> None:
        for look in self._looks.values():
            look.cancel()
        if self._looks or self._deeds:
            await asyncio.wait([*self._looks.values(), *self._deeds])
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


def _failed(call: wire.Call, error: BaseException | None) -> wire.Failed | None:
    if error is None:
        return None
    if not isinstance(error, Known):
        _log.error("%s %s failed", call.verb, call.action, exc_info=error)
    return wire.Failed(call.id, wire.failure_of(error))


def _outcome(answer: Any) -> wire.Outcome:
    if isinstance(answer, Known):
        return wire.Outcome(failure=wire.failure_of(answer))
    return wire.Outcome(wire.raw(answer))
