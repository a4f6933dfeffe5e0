"""A real server on a real socket that says exactly the bytes that a test gives it."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

Answer = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


@dataclass
class Server:
    """Answers by path, or by `others`; remembers what it was asked."""

    port: int = 0
    scheme: str = "https"
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, list[bytes | Answer]] = field(default_factory=dict)
    connections: int = 0
    #: Names that clients said in TLS.
    names: list[str | None] = field(default_factory=list)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def on(self, path: str, *answers: bytes | Answer) -> None:
        """Answer with these, one after the other; the last stays."""
        self.answers[path] = list(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if (task := asyncio.current_task()) is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            asked = await _read(reader)
            self.asked.append(asked)
            answer = self._next(asked.path)
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def close(self) -> None:
        """End what is still being answered."""
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _next(self, path: str) -> bytes | Answer:
        answers = self.answers.get(path) or [reply(404, b"nothing here")]
        return answers.pop(0) if len(answers) > 1 else answers[0]


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _version = head[0].split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, target, headers, body)


def reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """An answer in one piece; names of headers with _ for -."""
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def server_context(pem: str, folder: Path, *, client_ca: str | None = None) -> ssl.SSLContext:
    """TLS with this certificate; with `client_ca` clients must show one of that authority."""
    file = folder / f"server-{abs(hash(pem))}.pem"
    file.write_text(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(client_ca)
    return context
