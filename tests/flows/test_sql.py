"""A job of the sql handler through a real engine, on a real PostgreSQL."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.faults.site import Site, until
from tests.postgresql import Server


@pytest.fixture
def shop(server: Server) -> Iterator[dict[str, str]]:
    """Where a database of its own is."""
    server.sql("CREATE DATABASE flow TEMPLATE template0 STRATEGY FILE_COPY")
    server.sql("CREATE TABLE orders AS SELECT g AS id, 'tea' AS item FROM generate_series(1, 5) g", "flow")
    yield {"database": "postgresql", "host": str(server.folder), "user": "keeper", "name": "flow"}
    server.sql("DROP DATABASE flow WITH (FORCE)")


def save(site: Site, job: str, **params: object) -> None:
    site.do("job.save", spec={"name": job, "handler": "sql", "params": params, "retry": {"max_attempts": 1}})


def working(server: Server) -> list[str]:
    rows = server.sql("SELECT query FROM pg_stat_activity WHERE state = 'active' AND datname = 'flow'")
    return [query for (query,) in rows]


def test_a_query_a_write_a_failure_and_a_stop(site: Site, server: Server, shop: dict[str, str]) -> None:
    save(site, "report", **shop, statement="SELECT * FROM orders ORDER BY id LIMIT :n", values={"n": 2})
    run = site.run("report").id
    assert site.ended(run)["state"] == "SUCCEEDED"
    outputs = site.ask("run.show", run=run).run.outputs
    assert outputs == {"row_count": 2, "columns": ["id", "item"], "rows": [[1, "tea"], [2, "tea"]]}

    save(site, "purge", **shop, statement="DELETE FROM orders WHERE id > 3", write=True, check="at most", check_rows=1)
    row = site.ended(site.run("purge").id)
    assert row["state"] == "FAILED"
    assert server.sql("SELECT count(*) FROM orders", "flow") == [(5,)]

    save(site, "endless", **shop, statement="SELECT pg_sleep(600)")
    run = site.run("endless").id
    until(lambda: working(server), "the server is at it")
    site.do("run.cancel", run=run)
    assert site.ended(run)["state"] == "CANCELLED"
    assert working(server) == []
    assert site.processes() == []


def test_the_server_notices_that_a_run_was_killed(site: Site, server: Server, shop: dict[str, str]) -> None:
    """Nobody was left to cancel the statement."""
    save(site, "endless", **shop, statement="SELECT pg_sleep(600)")
    site.run("endless")
    until(lambda: working(server), "the server is at it")
    for pid in site.processes():
        os.kill(pid, signal.SIGKILL)
    until(lambda: not working(server), "the server is at rest")
