"""The channel to a keeper: newline-ended JSON over any pair of streams, many calls in flight, endings pushed."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from watchkeeper.hosts.host import Answer, Fenced, KillProof, Status, Unreachable


class Reply(msgspec.Struct, frozen=True):
    """Everything that a keeper may say; what a verb does not use stays at its default."""

    id: int | None = None
    error: str = ""
    text: str = ""
    answers: list[Answer] = []
    statuses: list[Status] = []
    keys: list[str] = []
    #: Raw output; base64 on the wire.
    data: bytes = b""
    proof: KillProof | None = None
    #: Pushed endings; the number is the highest among all so far.
    ended: list[Status] = []
    number: int = 0
    #: HELLO: what the keeper stands on, and which of its lives this is.
    boot_id: str = ""
    folder_id: str = ""
    life: str = ""
    #: LIST: False when endings before these are no longer remembered.
    is_whole: bool = True


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Reply)


class Wire(asyncio.Protocol):
    """One connection. `on_push` gets each batch of endings, `on_lost` is called once when it is over."""

    def __init__(self, on_push: Callable[[Reply], None], on_lost: Callable[[], None]) -> None:
        self._on_push, self._on_lost = on_push, on_lost
        self._transport: asyncio.WriteTransport | None = None
        self._incoming = bytearray()
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._count = 0
        self.is_fenced = False

    async def call(self, verb: str, **fields: Any) -> Reply:
        """Ask; Fenced or Unreachable when there is no answer."""
        if self._transport is None:
            raise self._gone()
        self._count += 1
        number = self._count
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._transport.write(_ENCODER.encode({"id": number, "verb": verb, **fields}) + b"\n")
            return await answer
        finally:
            self._waiting.pop(number, None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._incoming += data
        if b"\n" not in data:
            return
        lines = self._incoming.split(b"\n")
        self._incoming = lines.pop()
        for line in lines:
            self._take(_DECODER.decode(line))

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(self._gone())
        self._on_lost()

    def _take(self, reply: Reply) -> None:
        self.is_fenced = self.is_fenced or reply.error == "fenced"
        if reply.ended:
            self._on_push(reply)
        answer = self._waiting.get(reply.id) if reply.id is not None else None
        if answer is None or answer.done():
            return
        if reply.error:
            answer.set_exception(self._gone() if self.is_fenced else Unreachable(reply.text))
        else:
            answer.set_result(reply)

    def _gone(self) -> Exception:
        return Fenced() if self.is_fenced else Unreachable("the connection to the keeper is lost")
