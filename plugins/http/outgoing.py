"""One request as it is to be sent, and how it changes from hop to hop."""

import asyncio
import hashlib
import json
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import IO
from urllib.parse import urlencode

import httpx

from watchkeeper.plugin import Fail, _

from .checks import WITHOUT_BODY
from .origins import origin
from .params import Params

#: Headers that another origin may see; all others stay at home.
_HARMLESS = frozenset({"accept", "accept-language", "user-agent", "content-type"})
_CHUNK = 64 * 1024


@dataclass(frozen=True, repr=False)
class Outgoing:
    """A request to `url`."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    #: The body is this file instead.
    file: str | None = None
    #: It has only been to its own origin: credentials may go along.
    is_home: bool = True

    @property
    def has_body(self) -> bool:
        return bool(self.body) or self.file is not None

    def moved(self, status: int, url: str) -> "Outgoing":
        """What follows a redirect: 307 and 308 keep method and body, the others become a GET."""
        next_one = replace(self, url=url)
        if status not in (307, 308) and self.method not in ("GET", "HEAD"):
            next_one = next_one.bare("GET")
        return next_one._left() if origin(url) != origin(self.url) else next_one

    def asking(self, url: str) -> "Outgoing":
        """The GET that asks for the state of what was accepted."""
        next_one = replace(self, url=url).bare("GET")
        return next_one._left() if origin(url) != origin(self.url) else next_one

    def bare(self, method: str) -> "Outgoing":
        """Without the body and what belongs to it."""
        kept = [pair for pair in self.headers if pair[0].lower() not in ("content-type", "idempotency-key")]
        return replace(self, method=method, body=b"", file=None, headers=tuple(kept))

    def _left(self) -> "Outgoing":
        kept = [pair for pair in self.headers if pair[0].lower() in _HARMLESS]
        return replace(self, headers=tuple(kept), is_home=False)


def outgoing(p: Params, credentials: tuple[tuple[str, str], ...], execution_id: str) -> Outgoing:
    """The first request."""
    body, content_type = _body(p)
    known = {name.lower() for name in p.headers}
    ours = [("User-Agent", "Watchkeeper"), ("Accept", "*/*")]
    if content_type:
        ours.append(("Content-Type", content_type))
    if p.idempotency_key == "always" or (p.idempotency_key == "auto" and p.method in ("POST", "PUT", "PATCH")):
        ours.append(("Idempotency-Key", _key(execution_id)))
    headers = [*p.headers.items(), *(pair for pair in ours if pair[0].lower() not in known)]
    added = {name.lower() for name, _value in credentials}
    kept = tuple(pair for pair in headers if pair[0].lower() not in added)
    return Outgoing(p.method, _url(p), (*kept, *credentials), body, p.file)


def _url(p: Params) -> str:
    joint = "&" if "?" in p.url else "?"
    return f"{p.url}{joint}{urlencode(p.query)}" if p.query else p.url


def _body(p: Params) -> tuple[bytes, str]:
    if p.form is not None:
        return urlencode(p.form).encode(), "application/x-www-form-urlencoded"
    if p.json is not None:
        return json.dumps(p.json, ensure_ascii=False).encode(), "application/json"
    if p.text is not None:
        return p.text.encode(), p.content_type or "text/plain; charset=utf-8"
    return b"", (p.content_type or "application/octet-stream") if p.file else ""


def _key(execution_id: str) -> str:
    """Callers may choose ids of any letters; a header can't carry all of them."""
    is_plain = execution_id.isascii() and execution_id.isprintable() and execution_id.strip() == execution_id
    return execution_id if is_plain else hashlib.sha256(execution_id.encode()).hexdigest()


class Upload(httpx.AsyncByteStream):
    """A body on its way, and how far it is; each attempt begins anew."""

    def __init__(self, out: Outgoing) -> None:
        self._out = out
        self._file: IO[bytes] | None = None
        #: Bytes; known from `open` on.
        self.size = len(out.body)

    def open(self) -> None:
        """Fail when the file can't be read. Blocks."""
        if self._out.file is None:
            return
        try:
            handle = os.open(self._out.file, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise Fail(_("file {path} can't be read: {why}", path=self._out.file, why=error.strerror)) from None
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            os.close(handle)
            raise Fail(_("file {path} is no regular file: name one", path=self._out.file))
        self._file, self.size = os.fdopen(handle, "rb"), facts.st_size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._file is None:
            for at in range(0, len(self._out.body), _CHUNK):
                yield self._out.body[at : at + _CHUNK]
            return
        await asyncio.to_thread(self._file.seek, 0)
        left = self.size
        while left and (chunk := await asyncio.to_thread(self._file.read, min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
        if left:
            raise Fail(_("file {path} became shorter while it was sent", path=self._out.file))

    async def aclose(self) -> None:
        if self._file is not None:
            self._file.close()


def needs_length(out: Outgoing) -> bool:
    """Whether a length is said even when it is 0."""
    return out.has_body or out.method not in (*WITHOUT_BODY, "DELETE")
