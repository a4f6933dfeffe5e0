"""Waiting, for real: spans, moments, files, ports; its limits, its end when the run is stopped."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.conftest import bundled
from watchkeeper.model.errors import Known
from watchkeeper.plugin.call import called
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import Cancelled, Failed, Outcome, Succeeded
from watchkeeper.plugin.schema import params_of
from watchkeeper.plugin.testing import perform

WAIT = bundled("wait.py")


@pytest.fixture
def wait() -> Spec:
    return WAIT


@asynccontextmanager
async def waiting(
    created_at: datetime | None = None, **params: Any
) -> AsyncIterator[tuple["asyncio.Task[Any]", asyncio.Event, list[str]]]:
    """A call under way, the flag that stops it, and its log."""
    flag, log = asyncio.Event(), []  # type: ignore[var-annotated]
    facts = Facts("run", "run", created_at=created_at or datetime.now(UTC))
    ctx = RunContext(
        facts,
        log=LineLog(log.append),
        cancelled=flag,
        http=lambda: pytest.fail("no client"),
        secrets=opened({}),
        on_progress=lambda part, text: log.append(f"{part:.2f} {text}"),
    )
    task = asyncio.ensure_future(called(WAIT, ctx, params_of(WAIT, params)))
    yield task, flag, log
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


def outputs(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Succeeded), outcome
    return dict(outcome.outputs)


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def test_it_takes_no_slot_of_the_processes_and_is_called_again_after_a_crash(wait: Spec) -> None:
    assert wait.is_async and wait.is_repeatable
    assert not (wait.places_process or wait.is_isolated)


def test_a_span_is_waited(wait: Spec) -> None:
    begun, log = time.monotonic(), []  # type: ignore[var-annotated]
    told = outputs(perform(wait, span="200ms", log=log))
    assert told["is_met"] is True
    assert told["waited_s"] >= 0.2 and time.monotonic() - begun >= 0.2
    assert log[0].startswith("waiting until ")
    assert log[1].startswith("0%")


async def test_a_span_is_counted_from_when_the_run_came_to_be() -> None:
    """A restart of the engine or another attempt does not begin it anew."""
    async with waiting(datetime.now(UTC) - timedelta(hours=1), span="1h") as (task, _flag, _log):
        assert outputs(await task)["waited_s"] >= 3600
    async with waiting(datetime.now(UTC) - timedelta(minutes=30), span="1h") as (task, flag, log):
        while len(log) < 2:
            await asyncio.sleep(0)
        assert log[1].startswith("0.5") and "30m" in log[1]
        assert not task.done() and not flag.is_set()


def test_a_moment_in_the_past_is_met_at_once(wait: Spec) -> None:
    assert outputs(perform(wait, until="2020-01-01T00:00Z"))["is_met"] is True


def test_a_moment_is_waited_for(wait: Spec) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=1.2)
    perform(wait, until=moment.strftime("%Y-%m-%d %H:%M:%S UTC"))
    assert datetime.now(UTC) >= moment.replace(microsecond=0)


NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-29T18:00+02:00", "2026-03-29 16:00"),
        ("2026-03-29 18:00:30 +0200", "2026-03-29 16:00:30"),
        ("2026-03-29T18:00Z", "2026-03-29 18:00"),
        ("2026-03-29 18:00 Europe/Berlin", "2026-03-29 16:00"),
        ("2026-01-29 18:00 America/Argentina/Buenos_Aires", "2026-01-29 21:00"),
        ("18:00 UTC", "2026-03-28 18:00"),
        ("12:00 UTC", "2026-03-29 12:00"),
        ("11:59 Etc/GMT-1", "2026-03-29 10:59"),
        ("2:30 Europe/Berlin", "2026-03-29 01:30"),
        ("2026-10-25 02:30 Europe/Berlin", "2026-10-25 00:30"),
    ],
)
def test_a_moment_is_read_with_its_zone(wait: Spec, text: str, moment: str) -> None:
    moment_of = wait.fn.__globals__["moment_of"]
    assert moment_of(text, NOON) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


async def test_a_file_is_waited_for_until_its_size_stays(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    async with waiting(file=str(path), stable="300ms", interval="100ms") as (task, _flag, log):
        while len(log) < 2:
            await asyncio.sleep(0.01)
        for number in range(5):
            path.write_text("row\n" * (number + 1))
            grown_at = time.monotonic()
            await asyncio.sleep(0.1)
            assert not task.done() or time.monotonic() - grown_at > 0.25
        assert outputs(await task)["is_met"] is True
        assert time.monotonic() - grown_at >= 0.29


def test_a_file_or_folder_that_is_there_is_met_at_once(wait: Spec, tmp_path: Path) -> None:
    begun = time.monotonic()
    assert outputs(perform(wait, file=str(tmp_path), interval="1m"))["is_met"] is True
    assert time.monotonic() - begun < 30


async def test_a_port_is_waited_for_until_it_answers() -> None:
    port = free_port()
    async with waiting(port=f"127.0.0.1:{port}", interval="100ms") as (task, _flag, log):
        while len(log) < 3:
            await asyncio.sleep(0.01)
        assert log[0] == f"waiting for 127.0.0.1:{port}"
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
        async with server:
            assert outputs(await task)["is_met"] is True


@pytest.mark.parametrize("what", ["file", "port"])
def test_at_the_limit_it_fails_or_succeeds_as_was_asked(wait: Spec, what: str, tmp_path: Path) -> None:
    given = {"file": str(tmp_path / "no"), "port": f"localhost:{free_port()}"}[what]
    asked = {what: given, "interval": "1m", "limit": "300ms"}
    failed = perform(wait, **asked)
    assert isinstance(failed, Failed)
    assert str(failed.text) == f"{given} was waited for in vain for 0s"
    told = outputs(perform(wait, **asked, at_limit="success"))
    assert told["is_met"] is False and told["waited_s"] >= 0.3


@pytest.mark.parametrize("params", [{"span": "1h"}, {"until": "2099-01-01T00:00Z"}, {"file": "/nowhere/x"}])
async def test_it_ends_as_soon_as_the_run_is_stopped(params: dict[str, Any]) -> None:
    async with waiting(**params) as (task, flag, log):
        while len(log) < 2:
            await asyncio.sleep(0.01)
        begun = time.monotonic()
        flag.set()
        assert isinstance(await task, Cancelled)
        assert time.monotonic() - begun < 2


async def test_a_connection_that_hangs_does_not_keep_it() -> None:
    """A listener whose queue is full takes nobody in."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        others = [socket.socket() for _count in range(4)]
        for other in others:
            other.setblocking(False)
            other.connect_ex(deaf.getsockname())
        async with waiting(port=f"127.0.0.1:{deaf.getsockname()[1]}") as (task, flag, log):
            while not log:
                await asyncio.sleep(0.01)
            begun = time.monotonic()
            flag.set()
            assert isinstance(await task, Cancelled | Succeeded)
            assert time.monotonic() - begun < 2
        for other in others:
            other.close()


def test_a_name_that_nobody_knows_is_no_answer(wait: Spec) -> None:
    outcome = perform(wait, port="nowhere.invalid:80", interval="100ms", limit="200ms")
    assert isinstance(outcome, Failed)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "give one of span, until, file and port"),
        ({"span": "1s", "file": "/a"}, "give one of span, until, file and port"),
        ({"span": "soon"}, "write it like 90s, 5m, 1h30m"),
        ({"span": "-5s"}, "write it like 90s"),
        ({"span": "20000d"}, "span is at most five years"),
        ({"until": "tomorrow"}, "is no moment with its zone: write it like 18:00 Europe/Berlin"),
        ({"until": ""}, "is no moment with its zone"),
        ({"until": "18:00"}, "is no moment with its zone"),
        ({"until": "2026-03-29T18:00"}, "is no moment with its zone"),
        ({"until": "2026-02-30 18:00 UTC"}, "is no moment: look at the day and the time"),
        ({"until": "25:00 UTC"}, "is no moment: look at the day and the time"),
        ({"until": "18:61 UTC"}, "is no moment: look at the day and the time"),
        ({"until": "18:00 Europe/Berlln"}, "there is no time zone Europe/Berlln"),
        ({"until": "18:00 +99:00"}, "is no moment: look at the day and the time"),
        ({"until": "18:00 ../etc/passwd"}, "is no moment with its zone"),
        ({"until": "18:00 Europe"}, "there is no time zone Europe"),
        ({"until": "0000-01-01 18:00 UTC"}, "is no moment: look at the day and the time"),
        ({"file": "orders.csv"}, "write the file from the root on"),
        ({"file": ""}, "write the file from the root on"),
        ({"file": "/a\0b"}, "write the file from the root on"),
        ({"port": "db.example.org"}, "is no address: write it as host:port"),
        ({"port": "db:0"}, "is no address: write it as host:port"),
        ({"port": "db:65536"}, "is no address: write it as host:port"),
        ({"port": "http://db:80"}, "is no address: write it as host:port"),
        ({"port": "me@db:80"}, "is no address: write it as host:port"),
        ({"port": "::1:80"}, "is no address: write it as host:port"),
        ({"port": 5432}, "the parameter port is 5432"),
        ({"span": "1s", "stable": "1s"}, "stable goes with file"),
        ({"span": "1s", "limit": "1s"}, "limit goes with file or port"),
        ({"file": "/a", "at_limit": "success"}, "at_limit goes with limit"),
        ({"file": "/a", "limit": "1s", "at_limit": "explode"}, "it must be one of fail, success"),
        ({"file": "/a", "interval": "0s"}, "interval is at least 100ms"),
        ({"flie": "/a"}, "did you mean file?"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_when_they_are_read(
    wait: Spec, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Known) as refusal:
        params_of(wait, given)
    assert sentence in str(refusal.value)


def test_an_address_may_be_a_name_or_a_number(wait: Spec) -> None:
    address_of = wait.fn.__globals__["address_of"]
    assert [address_of(text) for text in ("db.example.org:5432", "[::1]:80", "127.0.0.1:1")] == [
        ("db.example.org", 5432),
        ("::1", 80),
        ("127.0.0.1", 1),
    ]
