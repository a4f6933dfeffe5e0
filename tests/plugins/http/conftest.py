"""The handler as the product loads it, servers with a private authority, and names that a test invents."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.plugins.http.authority import Authority
from tests.plugins.http.server import Server, server_context
from watchkeeper.model import places
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.loader import load
from watchkeeper.plugin.outcome import Outcome
from watchkeeper.plugin.testing import performed

Start = Callable[..., Awaitable[Server]]
Ask = Callable[..., Awaitable[Outcome]]
Part = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def http() -> Spec:
    loaded = load(places.plugins() / "http", is_bundled=True)
    assert loaded.file.error is None, loaded.file.traceback
    return loaded.specs[0]


@pytest.fixture(scope="session")
def part(http: Spec) -> Part:
    """A file of the plugin, as the product has imported it."""
    return lambda name: importlib.import_module(f".{name}", http.fn.__module__)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def server_pem(authority: Authority) -> str:
    return authority.issued("api.test", "*.api.test", "localhost", "127.0.0.1", "::1")


@pytest.fixture
async def no_thread_left() -> AsyncIterator[None]:
    """What an engine does with its loop at the end."""
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def start(authority: Authority, server_pem: str, tmp_path: Path, no_thread_left: None) -> AsyncIterator[Start]:
    """Starts servers; `pem` is another certificate, `plain` is http, `client_ca` asks for certificates."""
    async with AsyncExitStack() as stack:

        async def begin(pem: str = "", *, plain: bool = False, client_ca: str | None = None) -> Server:
            server = Server(scheme="http" if plain else "https")
            context = None if plain else server_context(pem or server_pem, tmp_path, client_ca=client_ca)
            if context is not None:
                context.sni_callback = lambda _socket, name, _context: server.names.append(name)
            listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
            server.port = listening.sockets[0].getsockname()[1]
            stack.push_async_callback(server.close)
            stack.push_async_callback(_closed, listening)
            return server

        yield begin


async def _closed(listening: asyncio.Server) -> None:
    listening.close()
    await listening.wait_closed()


@pytest.fixture
async def server(start: Start) -> Server:
    return await start()


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def ask(http: Spec, authority: Authority, log: list[str], no_thread_left: None) -> Ask:
    """Performs the handler with the test's authority and addresses of this machine allowed."""

    def perform(url: str, secrets: dict[str, str] | None = None, **params: Any) -> Awaitable[Outcome]:
        given = {"ca_file": authority.file, "allow": ["127.0.0.0/8"], **params}
        given = {name: value for name, value in given.items() if value is not None}
        return performed(http, url=url, secrets=secrets, log=log, **given)

    return perform


@pytest.fixture
def names(part: Part, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """What names are looked up as; each look-up is counted under `asked`."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, port: int) -> list[str]:
        if host not in known:
            raise OSError(-2, "Name or service not known")
        return known[host]

    monkeypatch.setattr(part("addresses"), "look_up", look_up)
    yield known
