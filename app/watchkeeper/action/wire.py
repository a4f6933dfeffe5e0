"""What travels between a SocketDesk and its server: frames of JSON, each with its length before it.

The server greets with Welcome; then the client sends Calls and Stops with ids of its own choosing, many in flight, and
every Call is answered by one Answer or Failed; a stream by any number of Steps before that.
"""

import asyncio
import struct
from collections.abc import Mapping
from typing import Any

import msgspec

from watchkeeper.model import codec, errors
from watchkeeper.model.errors import Bug, Known, StoreDown, WatchkeeperError
from watchkeeper.model.text import Text, _

#: Both ends must speak the same.
PROTOCOL = 1

#: Bytes of one frame: a whole file of jobs fits, a flood does not.
LARGEST_FRAME = 16 << 20

_LENGTH = struct.Struct("!I")


class Unreachable(StoreDown):
    """The engine does not answer, or went away."""


class Garbled(Known):
    """What came is no frame of this protocol."""


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The server's first word."""

    protocol: int
    version: str


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Carry this out; `verb` is a method of the desk, `each` stands for `given` with do_many."""

    id: int
    verb: str
    action: str = ""
    given: Mapping[str, Any] = {}
    each: list[Mapping[str, Any]] = []


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """The answer to this call is no longer wanted."""

    id: int


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The result of a call; empty at the end of a stream."""

    id: int
    result: msgspec.Raw


class Step(msgspec.Struct, frozen=True, tag="step"):
    """One step of a stream."""

    id: int
    value: msgspec.Raw


class Failure(msgspec.Struct, frozen=True):
    """An error: the name of its class and its sentence."""

    kind: str
    text: Text


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """A call that ended with an error."""

    id: int
    failure: Failure


class Outcome(msgspec.Struct, frozen=True):
    """One of do_many's: its result, or its failure."""

    result: msgspec.Raw = msgspec.Raw(b"null")
    failure: Failure | None = None


Request = Call | Stop
Reply = Welcome | Answer | Step | Failed

_KINDS: Mapping[str, type[Known]] = {
    kind.__name__: kind
    for kind in (*vars(errors).values(), Unreachable)
    if isinstance(kind, type) and issubclass(kind, Known)
}


def raw(value: object) -> msgspec.Raw:
    """`value` as JSON inside a frame."""
    return msgspec.Raw(codec.encode(value))


def failure_of(error: BaseException) -> Failure:
    """An error as it travels; one of ours stays what it is, any other is a Bug."""
    if isinstance(error, Known):
        known = next((kind for kind in type(error).__mro__ if _KINDS.get(kind.__name__) is kind), Known)
        return Failure(known.__name__, error.text)
    return Failure("Bug", _("{kind}: {what}", kind=type(error).__name__, what=str(error)[:500]))


def error_of(failure: Failure) -> WatchkeeperError:
    """The error again, of the same class."""
    if failure.kind == "Bug":
        return Bug(str(failure.text))
    return _KINDS.get(failure.kind, Known)(failure.text)


def framed(message: Request | Reply) -> bytes:
    """A message as it goes over the line; Known when it is too big for a frame."""
    body = codec.encode(message)
    if len(body) > LARGEST_FRAME:
        raise Known(_("this is larger than {most} MiB: give it in parts", most=LARGEST_FRAME >> 20))
    return _LENGTH.pack(len(body)) + body


async def receive(reader: asyncio.StreamReader) -> bytes | None:
    """The next frame's content; None at the end. Garbled before a byte of a frame that is too big is read."""
    try:
        (size,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if size > LARGEST_FRAME:
            raise Garbled(_("a frame of {size} bytes is more than {most}", size=size, most=LARGEST_FRAME))
        return await reader.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def request(frame: bytes) -> Request:
    """What the client wants; Garbled when it is no request."""
    return _message(frame, _REQUEST)  # type: ignore[no-any-return]


def reply(frame: bytes) -> Reply:
    """What the server says; Garbled when it is no reply."""
    return _message(frame, _REPLY)  # type: ignore[no-any-return]


_REQUEST: Any = msgspec.json.Decoder(Request)
_REPLY: Any = msgspec.json.Decoder(Reply)


def _message(frame: bytes, decoder: Any) -> Any:
    try:
        return decoder.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Garbled(_("this is no message: {error}", error=str(error)[:200])) from None
