"""A proxy is used when it is named and never because the environment names one."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.plugins.http.conftest import Ask, Start
from tests.plugins.http.server import Server, reply
from watchkeeper.plugin.outcome import Failed, Succeeded


class Proxy:
    """Tunnels everything to one port of this machine, and remembers what it was told."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.port = self.target = 0
        self.answer = b"HTTP/1.1 200 Connection established\r\n\r\n"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self.answer)
        with suppress(OSError):
            if b" 200 " in self.answer:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
                await asyncio.gather(_copied(reader, far_writer), _copied(far_reader, writer))
        writer.close()


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@pytest.fixture
async def proxy(server: Server) -> AsyncIterator[Proxy]:
    made = Proxy()
    made.target = server.port
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()
    await listening.wait_closed()


async def test_a_named_proxy_gets_the_name_and_the_credentials_and_tls_ends_at_the_server(
    server: Server, ask: Ask, proxy: Proxy, names: dict[str, list[str]], log: list[str]
) -> None:
    """The name is one that only the proxy knows."""
    server.on("/", reply(200, b"through"))
    given = {"proxy": proxy.url, "proxy_user": "bob", "proxy_password": "pp"}
    outcome = await ask("https://far.api.test/", {"pp": "pass-word-1"}, expect_text="through", **given)
    assert isinstance(outcome, Succeeded), outcome
    pair = base64.b64encode(b"bob:pass-word-1").decode()
    assert proxy.heads[0].startswith("CONNECT far.api.test:443 HTTP/1.1")
    assert f"Basic {pair}" in proxy.heads[0]
    assert server.names == ["far.api.test"]
    assert "proxy-authorization" not in server.asked[0].headers
    assert pair not in str(log) and "pass-word-1" not in str(log)


async def test_what_can_be_looked_up_here_is_judged_although_a_proxy_would_ask_it(
    ask: Ask, proxy: Proxy, names: dict[str, list[str]]
) -> None:
    names["inner.test"] = ["10.0.0.1"]
    for host in ("inner.test", "10.0.0.1", "169.254.169.254", "metadata.google.internal"):
        outcome = await ask(f"https://{host}/", proxy=proxy.url)
        assert isinstance(outcome, Failed)
        assert "add it to allow if it is meant" in str(outcome.text)
    assert proxy.heads == []


async def test_the_address_of_the_proxy_is_judged_too(ask: Ask, proxy: Proxy) -> None:
    outcome = await ask("https://far.test/", proxy=proxy.url, allow=[])
    assert isinstance(outcome, Failed)
    assert "127.0.0.1 is a loopback address" in str(outcome.text)


async def test_a_proxy_that_refuses_is_told(ask: Ask, proxy: Proxy, names: dict[str, list[str]]) -> None:
    proxy.answer = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
    outcome = await ask("https://far.test/", proxy=proxy.url)
    assert isinstance(outcome, Failed)
    assert "the proxy refused https://far.test/: 407" in str(outcome.text)


async def test_an_unencrypted_request_goes_through_the_proxy_whole(start: Start, ask: Ask) -> None:
    proxy = await start(plain=True)
    proxy.on("/x", reply(200, b"by proxy"))
    given = {"proxy": proxy.url(""), "allow_http": True, "expect_text": "by proxy"}
    outcome = await ask("http://93.184.216.34/x", **given)
    assert isinstance(outcome, Succeeded), outcome
    assert proxy.asked[0].target == "http://93.184.216.34/x"


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])
async def test_no_proxy_comes_out_of_the_environment(
    server: Server, ask: Ask, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    server.on("/", reply())
    monkeypatch.setenv(variable, proxy.url)
    assert isinstance(await ask(server.url("/")), Succeeded)
    assert proxy.heads == []
