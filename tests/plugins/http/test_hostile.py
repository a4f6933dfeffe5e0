"""Servers that mean harm, or are broken as if they did: the run ends with a sentence, soon, and within its bounds."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.http.authority import Authority
from tests.plugins.http.conftest import Ask
from tests.plugins.http.server import Answer, Asked, Server, reply
from watchkeeper.model.errors import Known
from watchkeeper.plugin.call import called
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import Cancelled, Failed, Succeeded
from watchkeeper.plugin.schema import params_of


def _encoded(body: bytes, encoding: str) -> bytes:
    return reply(200, body, Content_Encoding=encoding)


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"hello"), "gzip"),
        (gzip.compress(b"hel") + gzip.compress(b"lo"), "x-gzip"),
        (gzip.compress(b"hello") + b"\0" * 100, "GZIP"),
        (zlib.compress(b"hello"), "deflate"),
        (_raw_deflate(b"hello"), "deflate"),
        (b"hello", "identity"),
    ],
    ids=["gzip", "two gzips", "padded gzip", "deflate", "raw deflate", "identity"],
)
async def test_compressed_bodies_are_read(server: Server, ask: Ask, body: bytes, encoding: str) -> None:
    server.on("/", _encoded(body, encoding))
    outcome = await ask(server.url("/"), expect_regex="^hello$")
    assert isinstance(outcome, Succeeded), outcome


async def test_a_compressed_body_of_several_megabytes_comes_whole(server: Server, ask: Ask) -> None:
    server.on("/", _encoded(gzip.compress(b"x" * 5_000_000), "gzip"))
    outcome = await ask(server.url("/"), most_bytes=5_000_000)
    assert isinstance(outcome, Succeeded), outcome
    assert outcome.outputs["size"] == 5_000_000


@pytest.mark.parametrize("layers", [1, 50])
async def test_a_bomb_stops_at_the_cap_and_never_fills_the_memory(server: Server, ask: Ask, layers: int) -> None:
    bomb = gzip.compress(b"\0" * (200_000_000 // layers), 9) * layers
    assert len(bomb) < 250_000
    server.on("/", _encoded(bomb, "gzip"))
    tracemalloc.start()
    outcome = await ask(server.url("/"), most_bytes=1_000_000)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(outcome, Failed)
    assert "the answer is larger than most_bytes 1000000" in str(outcome.text)
    assert peak < 20_000_000


async def test_a_body_at_the_cap_is_read_and_one_byte_more_is_not(server: Server, ask: Ask) -> None:
    for body, encoding in ((b"x" * 1000, "identity"), (gzip.compress(b"x" * 1000), "gzip")):
        server.on("/", _encoded(body, encoding))
        assert isinstance(await ask(server.url("/"), most_bytes=1000), Succeeded)
        assert isinstance(await ask(server.url("/"), most_bytes=999), Failed)


@pytest.mark.parametrize(
    ("body", "encoding", "sentence"),
    [
        (gzip.compress(b"x" * 1000)[:-12], "gzip", "breaks off in the middle"),
        (b"no gzip at all", "gzip", "gzip body is broken"),
        (gzip.compress(b"x")[:-8] + b"\1" * 8, "gzip", "gzip body is broken"),
        (b"\xff\xff\xff", "deflate", "deflate body is broken"),
        (b"x", "br", "encoded as 'br'"),
        (b"x", "gzip, gzip", "encoded as 'gzip, gzip'"),
    ],
    ids=["short", "none", "checksum", "deflate", "br", "twice"],
)
async def test_a_broken_encoding_is_told(server: Server, ask: Ask, body: bytes, encoding: str, sentence: str) -> None:
    server.on("/", _encoded(body, encoding))
    outcome = await ask(server.url("/"))
    assert isinstance(outcome, Failed)
    assert sentence in str(outcome.text)


def _endless(head: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def _then_closed(data: bytes) -> Answer:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


async def _silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

ENDLESS = {
    "body": (_endless(OK + b"\r\n", b"x" * 60_000), "larger than most_bytes"),
    "chunks": (_endless(CHUNKED, b"ea60\r\n" + b"x" * 60_000 + b"\r\n"), "larger than most_bytes"),
    "declared": (reply(200, b"x" * 2_000_000), "larger than most_bytes"),
    "header": (_endless(OK + b"X-Long: ", b"x" * 60_000), "answered in no valid HTTP"),
    "headers": (_endless(OK, b"X-One: 1\r\n" * 5000), "answered in no valid HTTP"),
    "informs": (_endless(b"", b"HTTP/1.1 103 Early\r\n\r\n" * 20, 0.01), "was not done within total_timeout 0.7 s"),
    "drip of headers": (_endless(OK + b"X-Drip: ", b"x", 0.05), "was not done within total_timeout 0.7 s"),
    "drip of body": (_endless(OK + b"\r\n", b"x", 0.05), "was not done within total_timeout 0.7 s"),
    "empty gzips": (
        _endless(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 500),
        "larger than most_bytes",
    ),
    "chunk extensions": (
        _endless(CHUNKED, b"1;" + b"x" * 6000 + b"\r\nx\r\n", 0.01),
        "was not done within total_timeout",
    ),
}


@pytest.mark.parametrize("kind", ENDLESS)
async def test_what_never_ends_is_ended(server: Server, ask: Ask, kind: str) -> None:
    answer, sentence = ENDLESS[kind]
    server.on("/", answer)
    began = time.monotonic()
    total = "700ms" if "total_timeout" in sentence else "20s"
    outcome = await ask(server.url("/"), total_timeout=total, most_bytes=100_000)
    assert isinstance(outcome, Failed)
    assert sentence in str(outcome.text)
    assert time.monotonic() - began < 15


BROKEN = {
    "nothing": (b"", "answered in no valid HTTP: Server disconnected"),
    "garbage": (b"\x00\x01\x02 garbage\r\n\r\n", "answered in no valid HTTP"),
    "other protocol": (b"220 smtp.example ESMTP\r\n", "answered in no valid HTTP"),
    "garbage chunks": (CHUNKED + b"zz\r\nhello\r\n", "answered in no valid HTTP"),
    "negative chunk": (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", "answered in no valid HTTP"),
    "huge chunk": (CHUNKED + b"f" * 30 + b"\r\nx", "answered in no valid HTTP"),
    "chunks without end": (CHUNKED + b"5\r\nhello\r\n", "answered in no valid HTTP"),
    "too short": (OK + b"Content-Length: 100\r\n\r\nhello", "answered in no valid HTTP"),
    "negative length": (OK + b"Content-Length: -5\r\n\r\nhello", "answered in no valid HTTP"),
    "word as length": (OK + b"Content-Length: five\r\n\r\nhello", "answered in no valid HTTP"),
    "two lengths": (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "answered in no valid HTTP"),
    "length with digits beyond ASCII": (OK + "Content-Length: ٥\r\n\r\nhello".encode(), "answered in no valid HTTP"),
    "strange coding": (OK + b"Transfer-Encoding: gzip\r\n\r\nhello", "answered in no valid HTTP"),
    "bad header": (OK + b"No colon here\r\n\r\n", "answered in no valid HTTP"),
    "status of words": (b"HTTP/1.1 OK fine\r\n\r\n", "answered in no valid HTTP"),
    "upgrade": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "answered"),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_answer_is_a_failure_and_never_a_crash(server: Server, ask: Ask, kind: str) -> None:
    data, sentence = BROKEN[kind]
    server.on("/", _then_closed(data))
    outcome = await ask(server.url("/"), total_timeout="5s")
    assert isinstance(outcome, Failed), outcome
    assert sentence in str(outcome.text)
    assert len(str(outcome.text)) < 400


async def test_a_smuggled_length_beside_chunks_does_not_count(server: Server, ask: Ask) -> None:
    server.on("/", _then_closed(OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
    outcome = await ask(server.url("/"), expect_text="hello")
    assert isinstance(outcome, Succeeded), outcome


async def test_silence_is_ended_by_the_timeout_of_reading(server: Server, ask: Ask) -> None:
    server.on("/", _silent)
    outcome = await ask(server.url("/"), read_timeout="200ms")
    assert isinstance(outcome, Failed)
    assert "was silent for longer than read_timeout 0.2 s" in str(outcome.text)


async def test_a_server_that_takes_nothing_is_ended_by_the_timeout_of_writing(ask: Ask) -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    gone = asyncio.Event()
    listening = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    port = listening.sockets[0].getsockname()[1]
    body = "x" * 20_000_000
    outcome = await ask(
        f"http://127.0.0.1:{port}/", method="POST", text=body, write_timeout="300ms", allow_http=True, ca_file=None
    )
    gone.set()
    listening.close()
    await listening.wait_closed()
    assert isinstance(outcome, Failed)
    assert "took nothing more within write_timeout 0.3 s" in str(outcome.text)


async def test_a_server_that_greets_nobody_is_ended_by_the_timeout_of_connecting(ask: Ask) -> None:
    """TCP answers, TLS never does."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    gone = asyncio.Event()
    listening = await asyncio.start_server(mute, "127.0.0.1", 0)
    outcome = await ask(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/", connect_timeout="300ms")
    gone.set()
    listening.close()
    await listening.wait_closed()
    assert isinstance(outcome, Failed)
    assert "took no connection within connect_timeout 0.3 s" in str(outcome.text)


async def test_a_port_where_nobody_listens_refuses(ask: Ask) -> None:
    outcome = await ask("https://127.0.0.1:9/")
    assert isinstance(outcome, Failed)
    assert str(outcome.text) == "https://127.0.0.1:9/ refused the connection: nothing listens there"


@pytest.fixture
def flag() -> Iterator[asyncio.Event]:
    return asyncio.Event()


@pytest.mark.parametrize(
    "answer", [_silent, ENDLESS["drip of body"][0], reply(202, Location="/")], ids=["head", "body", "poll"]
)
async def test_a_run_that_is_stopped_ends_at_once_wherever_it_waits(
    http: Spec, authority: Authority, server: Server, flag: asyncio.Event, answer: Any
) -> None:
    server.on("/", answer)
    given = {"url": server.url("/"), "allow": ["127.0.0.1"], "ca_file": authority.file}
    params = _params(http, given)
    ctx = RunContext(
        Facts("r", "r"),
        log=LineLog(lambda line: None),
        cancelled=flag,
        http=_no_client,
        secrets=opened({}),
        on_progress=lambda part, text: None,
    )
    work = asyncio.ensure_future(called(http, ctx, params))
    async with asyncio.timeout(10):
        while not server.asked:
            await asyncio.sleep(0.01)
    flag.set()
    began = time.monotonic()
    assert isinstance(await work, Cancelled)
    assert time.monotonic() - began < 5


def _no_client() -> Any:
    raise Known("the handler brings its own")  # type: ignore[arg-type]


def _params(http: Spec, given: dict[str, Any]) -> Any:
    return params_of(http, {**given, "poll": "location", "poll_interval": "1m", "poll_limit": "5m"})
