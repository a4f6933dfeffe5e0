"""A job that asks a web address, from its saving to its outputs, through an engine of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.site import Site
from tests.plugins.http.authority import Authority
from tests.plugins.http.server import Server, reply, server_context


@contextmanager
def served(server: Server, pem: str, folder: Path) -> Iterator[Server]:
    """The server on a loop and in a thread of its own."""
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def serve() -> None:
        context = server_context(pem, folder)
        async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context) as listening:
            server.port = listening.sockets[0].getsockname()[1]
            started.set()
            await ended.wait()
            await server.close()

    ended = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert started.wait(30)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def test_a_job_asks_a_web_address_is_put_off_by_it_and_ends_with_outputs(site: Site, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with served(Server(), authority.issued("127.0.0.1"), tmp_path) as server:
        server.on("/orders", reply(503, b"busy", Retry_After="0"), reply(200, b'{"open": 3}'))
        params = {
            "url": server.url("/orders"),
            "method": "POST",
            "json": {"day": "today"},
            "ca_file": authority.file,
            "allow": ["127.0.0.1"],
            "outputs": {"open_orders": "$.open"},
        }
        site.do("job.save", spec={"name": "orders", "handler": "http", "params": params})
        run = site.run("orders")
        row = site.ended(run.id)
    detail = site.ask("run.show", run=run.id)
    assert (row["state"], detail.run.attempt) == ("SUCCEEDED", 2)
    outputs = dict(detail.run.outputs)
    assert outputs.pop("latency_ms") > 0
    assert outputs == {"status": 200, "size": 11, "polls": 0, "open_orders": 3}
    assert [asked.headers["idempotency-key"] for asked in server.asked] == [detail.run.execution_id] * 2
    log = site.log(run.id, 2).decode()
    assert f"> POST {server.url('/orders')}" in log and "< 200 Word" in log


def test_a_job_that_asks_nonsense_is_refused_when_it_is_saved(site: Site) -> None:
    checked = site.ask("job.check", spec={"name": "x", "handler": "http", "params": {"url": "http://a.example/"}})
    assert "url http://a.example/ is not encrypted" in str(checked.problems[0].text)
