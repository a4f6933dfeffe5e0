"""Whom the handler believes, and whom it shows a certificate: always verified, with the reason when it fails."""

import asyncio
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.plugins.http.authority import Authority
from tests.plugins.http.conftest import Ask, Start
from tests.plugins.http.server import Server, reply, server_context
from watchkeeper.plugin.outcome import Failed, Succeeded


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go, and must not stay."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def test_an_unknown_authority_is_refused_before_anything_is_sent(server: Server, ask: Ask) -> None:
    server.on("/", reply())
    outcome = await ask(server.url("/"), ca_file=None)
    assert isinstance(outcome, Failed)
    assert "comes from an authority that is not known here: if it is your own, name its file under ca_file" in str(
        outcome.text
    )
    assert server.asked == []


async def test_an_authority_of_the_same_name_does_not_count(server: Server, ask: Ask, tmp_path: Path) -> None:
    server.on("/", reply())
    outcome = await ask(server.url("/"), ca_file=Authority(tmp_path).file)
    assert isinstance(outcome, Failed)
    assert "can't be verified" in str(outcome.text) or "authority that is not known" in str(outcome.text)
    assert server.asked == []


async def test_what_is_wrong_with_a_certificate_is_said(start: Start, ask: Ask, authority: Authority) -> None:
    day = timedelta(days=1)
    wrong = {
        "has expired: renew it there": authority.issued("127.0.0.1", since=3 * day, until=-day),
        "is not valid yet: are the clocks right?": authority.issued("127.0.0.1", since=-day, until=3 * day),
        "is for another name: correct the address, or set tls_name": authority.issued("other.test"),
    }
    for sentence, pem in wrong.items():
        server = await start(pem)
        outcome = await ask(server.url("/"))
        assert isinstance(outcome, Failed)
        assert sentence in str(outcome.text)
        assert server.asked == []


async def test_another_name_in_the_certificate_may_be_named(start: Start, ask: Ask, authority: Authority) -> None:
    server = await start(authority.issued("other.test"))
    server.on("/", reply())
    assert isinstance(await ask(server.url("/"), tls_name="other.test"), Succeeded)
    assert server.names == ["other.test"]


async def test_a_port_without_tls_is_told(ask: Ask) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    outcome = await ask(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/")
    listening.close()
    await listening.wait_closed()
    assert isinstance(outcome, Failed)
    assert "speaks no TLS on this port: is it http://?" in str(outcome.text)


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "can't be read: No such file"), ("no PEM", "holds no certificate in PEM form")]
)
async def test_an_authority_that_can_not_be_read_is_told(
    server: Server, ask: Ask, tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "mine.pem"
    if content is not None:
        path.write_text(content)
    outcome = await ask(server.url("/"), ca_file=str(path))
    assert isinstance(outcome, Failed)
    assert f"ca_file {path} {sentence}" in str(outcome.text)


async def test_a_client_certificate_opens_the_door_and_leaves_no_file(
    start: Start, ask: Ask, authority: Authority, temporary: Path
) -> None:
    server = await start(client_ca=authority.file)
    server.on("/", reply(200, b"in"))
    outcome = await ask(
        server.url("/"), {"me": authority.issued("me")}, auth="certificate", certificate="me", expect_text="in"
    )
    assert isinstance(outcome, Succeeded), outcome
    assert list(temporary.iterdir()) == []


async def test_a_certificate_with_a_passphrase_goes_with_a_token(
    start: Start, ask: Ask, authority: Authority, temporary: Path
) -> None:
    server = await start(client_ca=authority.file)
    server.on("/", reply())
    secrets = {"me": authority.issued("me", passphrase=b"open-it"), "word": "open-it", "t": "token-1"}
    given = {"auth": "bearer", "token": "t", "certificate": "me"}
    outcome = await ask(server.url("/"), secrets, certificate_passphrase="word", **given)
    assert isinstance(outcome, Succeeded), outcome
    assert server.asked[0].headers["authorization"] == "Bearer token-1"
    outcome = await ask(server.url("/"), secrets, **given)
    assert isinstance(outcome, Failed)
    assert "the key in the secret me can't be opened: check certificate_passphrase" in str(outcome.text)
    assert list(temporary.iterdir()) == []


async def test_the_file_of_a_certificate_is_ours_alone_while_it_is_there(
    start: Start, ask: Ask, authority: Authority, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    load = ssl.SSLContext.load_cert_chain

    def watched(self: ssl.SSLContext, path: str, *more: object, **named: object) -> None:
        modes.append(Path(path).stat().st_mode & 0o777)
        load(self, path, *more, **named)  # type: ignore[arg-type]

    server = await start(client_ca=authority.file)
    server.on("/", reply())
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    await ask(server.url("/"), {"me": authority.issued("me")}, auth="certificate", certificate="me")
    assert modes == [0o600]


@pytest.mark.parametrize("pem", ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
async def test_a_secret_that_is_no_certificate_is_told_by_its_name(
    server: Server, ask: Ask, temporary: Path, pem: str
) -> None:
    outcome = await ask(server.url("/"), {"me": pem}, auth="certificate", certificate="me")
    assert isinstance(outcome, Failed)
    assert "the secret me can't be used as a certificate: it must hold the certificate and its key" in str(outcome.text)
    assert list(temporary.iterdir()) == []


@pytest.fixture
def demanding(authority: Authority, server_pem: str, tmp_path: Path) -> Iterator[Callable[[ssl.TLSVersion], str]]:
    """The address of a server that takes certificates of the authority only, and says what it has against others."""
    with ExitStack() as stack:

        def begin(newest: ssl.TLSVersion) -> str:
            context = server_context(server_pem, tmp_path, client_ca=authority.file)
            context.maximum_version = newest
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=_refuse, args=(listening, context))
            thread.start()
            stack.callback(thread.join)
            return f"https://127.0.0.1:{listening.getsockname()[1]}/"

        yield begin


def _refuse(listening: socket.socket, context: ssl.SSLContext) -> None:
    """asyncio closes without the alert that other servers send."""
    listening.settimeout(20)
    line, _address = listening.accept()
    with line:
        with suppress(ssl.SSLError), context.wrap_socket(line, server_side=True, suppress_ragged_eofs=False) as inner:
            inner.recv(1)
        with suppress(OSError):
            line.recv(65536)


VERSIONS = pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@VERSIONS
async def test_a_server_that_asks_for_a_certificate_says_so(
    ask: Ask, demanding: Callable[[ssl.TLSVersion], str], newest: ssl.TLSVersion
) -> None:
    outcome = await ask(demanding(newest))
    assert isinstance(outcome, Failed)
    assert re.search("asks? for a client certificate", str(outcome.text))


@VERSIONS
async def test_a_certificate_of_a_strange_authority_is_not_taken(
    ask: Ask, demanding: Callable[[ssl.TLSVersion], str], newest: ssl.TLSVersion, tmp_path: Path
) -> None:
    pem = Authority(tmp_path, "Other").issued("me")
    outcome = await ask(demanding(newest), {"me": pem}, auth="certificate", certificate="me")
    assert isinstance(outcome, Failed)
    assert re.search("does not take the client certificate|broke off the connection", str(outcome.text))
