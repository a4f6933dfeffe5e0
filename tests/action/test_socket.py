"""A client that leaves, lies or floods hurts nobody else, and nobody else's client gets in."""

import asyncio
import os
import socket
import stat
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.action.conftest import job, over_socket, socket_in
from watchkeeper.action import wire
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.action.socket_server import MOST_CALLS, SocketServer, peer_user
from watchkeeper.model.errors import Bug, Conflict, Known, NotFound, Refused, Stale, StoreDown
from watchkeeper.model.text import _, say

PATIENCE = 30.0


@pytest.fixture
async def other(local: LocalDesk, tmp_path: Path) -> AsyncIterator[SocketDesk]:
    """A well-behaved client, to see that it goes on."""
    async with over_socket(local, tmp_path) as desk:
        yield desk


async def _strangers(folder: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_unix_connection(str(socket_in(folder)))
    assert await asyncio.wait_for(wire.receive(reader), PATIENCE)
    return reader, writer


async def test_the_socket_is_for_this_user_alone_and_goes_with_its_server(local: LocalDesk, tmp_path: Path) -> None:
    async with over_socket(local, tmp_path):
        assert stat.S_IMODE(socket_in(tmp_path).stat().st_mode) == 0o600
        assert stat.S_IMODE(socket_in(tmp_path).parent.stat().st_mode) == 0o700
    assert not socket_in(tmp_path).exists()


async def test_a_socket_that_was_left_behind_is_taken_over(local: LocalDesk, tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(socket_in(tmp_path)))
    left.close()
    async with over_socket(local, tmp_path) as desk:
        assert await desk.ask("job.list") == []


async def test_another_user_is_turned_away_as_the_kernel_tells_it(local: LocalDesk, tmp_path: Path) -> None:
    server = SocketServer(local, socket_in(tmp_path), users=frozenset({12_345}))
    await server.start()
    with pytest.raises(wire.Unreachable, match="turned us away"):
        await SocketDesk.connect(socket_in(tmp_path))
    await server.close()


def test_the_kernel_tells_who_is_at_the_other_end() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer_user(ours) == os.getuid()


async def test_where_nobody_listens_the_engine_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(wire.Unreachable):
        await SocketDesk.connect(socket_in(tmp_path))


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        struct.pack("!I", 100 << 20) + b"x" * 1000,
        struct.pack("!I", 5) + b"\xff\xfe\x00{]",
        struct.pack("!I", 2) + b"{}",
        struct.pack("!I", 10),
        struct.pack("!I", 200_000) + b"[" * 200_000,
        struct.pack("!I", 41) + b'{"type":"call","id":1,"verb":"x","given":3}'[:41],
        b"",
    ],
    ids=["http", "flood", "bytes", "nothing", "half", "deep", "cut", "empty"],
)
async def test_whoever_talks_nonsense_is_dropped_and_the_others_go_on(
    other: SocketDesk, tmp_path: Path, bytes_sent: bytes
) -> None:
    reader, writer = await _strangers(tmp_path)
    writer.write(bytes_sent)
    writer.write_eof()
    assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    writer.close()
    assert await other.ask("job.list") == []


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_request_or_garbled(data: bytes) -> None:
    try:
        assert isinstance(wire.request(data), wire.Call | wire.Stop)
    except wire.Garbled as refusal:
        assert len(str(refusal)) < 500


@pytest.mark.parametrize(
    "call",
    [
        wire.Call(1, "dance"),
        wire.Call(1, "do", "no.such"),
        wire.Call(1, "do", "job.delete", {"job": {"a": 1}}),
        wire.Call(1, "do", "job.delete", {"self": 1, "action": 2}),
        wire.Call(1, "ask", "job.list", {"limit": 10**6}),
        wire.Call(1, "watch", "job.list"),
        wire.Call(1, "do_many", "job.delete", {}, [{"x": 1}]),
        wire.Call(1, "do_many", "job.delete", {}, [{}] * 1_001),
    ],
    ids=lambda call: f"{call.verb}-{call.action}",
)
async def test_a_call_that_makes_no_sense_gets_a_sentence(other: SocketDesk, tmp_path: Path, call: wire.Call) -> None:
    reader, writer = await _strangers(tmp_path)
    writer.write(wire.framed(call))
    frame = await asyncio.wait_for(wire.receive(reader), PATIENCE)
    assert frame is not None
    reply = wire.reply(frame)
    if isinstance(reply, wire.Answer):
        assert call.verb == "do_many" and b"unknown field" in bytes(reply.result)
    else:
        assert isinstance(reply, wire.Failed) and reply.failure.kind != "Bug"
    writer.close()


async def test_many_calls_are_in_flight_and_too_many_are_refused(other: SocketDesk, tmp_path: Path) -> None:
    assert await asyncio.gather(*(other.ask("job.list") for _count in range(200))) == [[]] * 200
    reader, writer = await _strangers(tmp_path)
    for number in range(MOST_CALLS + 1):
        writer.write(wire.framed(wire.Call(number, "events")))
    frame = await asyncio.wait_for(wire.receive(reader), PATIENCE)
    assert frame is not None and isinstance(refused := wire.reply(frame), wire.Failed)
    assert refused.id == MOST_CALLS
    writer.write(wire.framed(wire.Stop(0)))
    writer.close()
    assert await other.ask("job.list") == []


async def test_a_client_that_leaves_in_mid_call_ends_its_streams_and_not_its_deeds(
    other: SocketDesk, local: LocalDesk, tmp_path: Path
) -> None:
    _reader, writer = await _strangers(tmp_path)
    writer.write(wire.framed(wire.Call(1, "events")))
    writer.write(wire.framed(wire.Call(2, "do", "job.save", {"spec": job()})))
    await writer.drain()
    writer.close()
    async with asyncio.timeout(PATIENCE):
        while not (found := await other.ask("job.list")):
            await asyncio.sleep(0.01)
    assert found[0].name == "nightly"


async def test_when_the_engine_goes_every_call_hears_of_it(local: LocalDesk, tmp_path: Path) -> None:
    server = SocketServer(local, socket_in(tmp_path))
    await server.start()
    desk = await SocketDesk.connect(socket_in(tmp_path))
    hearing = asyncio.ensure_future(anext(desk.events()))
    await desk.ask("job.list")
    await server.close()
    with pytest.raises(wire.Unreachable, match="went away"):
        await asyncio.wait_for(hearing, PATIENCE)
    with pytest.raises(wire.Unreachable):
        await desk.ask("job.list")
    await desk.close()


async def test_an_engine_of_another_version_is_told_by_name(tmp_path: Path) -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(wire.framed(wire.Welcome(wire.PROTOCOL, "9.9.9")))
        writer.close()

    server = await asyncio.start_unix_server(greet, str(socket_in(tmp_path)))
    with pytest.raises(Conflict, match=r"9\.9\.9"):
        await SocketDesk.connect(socket_in(tmp_path))
    server.close()
    socket_in(tmp_path).unlink(missing_ok=True)


async def test_a_mistake_of_ours_arrives_as_one_and_the_connection_lives(
    other: SocketDesk, local: LocalDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_given: Any, **_more: Any) -> Any:
        raise ZeroDivisionError("deep inside")

    with monkeypatch.context() as patched:
        patched.setattr(local, "ask", broken)
        with pytest.raises(Bug, match="ZeroDivisionError: deep inside"):
            await other.ask("job.list")
    assert "ZeroDivisionError" in caplog.text
    assert await other.ask("job.list") == []


async def test_what_is_too_big_for_a_frame_is_refused_by_whoever_sends_it(other: SocketDesk) -> None:
    with pytest.raises(Known, match="in parts"):
        await other.do("jobs.apply", jobs=[job(f"job {i}", params={"script": "#" * 900_000}) for i in range(20)])
    assert await other.ask("job.list") == []


@pytest.mark.parametrize("kind", [Known, NotFound, Refused, Conflict, Stale, StoreDown])
def test_an_error_crosses_with_its_class_and_can_be_said_in_another_language(kind: type[Known]) -> None:
    error = kind(_("{place}: {what}", place="a", what=_("nested too deeply")))
    frame = wire.framed(wire.Failed(1, wire.failure_of(error)))
    reply = wire.reply(frame[4:])
    assert isinstance(reply, wire.Failed)
    again = wire.error_of(reply.failure)
    assert type(again) is kind
    assert say(again.text, "zh_CN") == say(error.text, "zh_CN")
