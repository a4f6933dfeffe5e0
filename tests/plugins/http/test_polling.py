"""An accepted job is asked for until it is done, has failed, or took too long."""

import json
from typing import Any

import pytest

from tests.plugins.http.conftest import Ask, Start
from tests.plugins.http.server import Server, reply
from watchkeeper.plugin.outcome import Failed, Outcome, RetryAsked, Succeeded

FAST = {"poll_interval": "100ms", "poll_limit": "5s"}


def state(word: str, **more: Any) -> bytes:
    return reply(200, json.dumps({"state": word, **more}).encode())


def _polls(outcome: Outcome) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return outcome.outputs["polls"]


async def test_what_202_points_to_is_asked_for_until_its_condition_holds(server: Server, ask: Ask) -> None:
    server.on("/jobs", reply(202, Location="/jobs/7"))
    server.on("/jobs/7", state("queued"), state("running"), state("done", rows=3))
    outcome = await ask(
        server.url("/jobs"),
        {"t": "tok-123"},
        method="POST",
        json={"month": 10},
        auth="bearer",
        token="t",
        poll="location",
        poll_until={"$.state": "done"},
        outputs={"rows": "$.rows"},
        **FAST,
    )
    assert _polls(outcome) == 3
    assert isinstance(outcome, Succeeded) and outcome.outputs["rows"] == 3
    assert [asked.method for asked in server.asked] == ["POST", "GET", "GET", "GET"]
    assert all(asked.headers["authorization"] == "Bearer tok-123" for asked in server.asked)
    assert server.asked[-1].body == b"" and "content-type" not in server.asked[-1].headers
    assert "idempotency-key" not in server.asked[-1].headers


async def test_without_a_condition_it_is_done_when_the_status_is_not_202(server: Server, ask: Ask) -> None:
    server.on("/jobs", reply(202, Location="/jobs/7"))
    server.on("/jobs/7", reply(202), reply(200, b"result"))
    assert _polls(await ask(server.url("/jobs"), poll="location", expect_text="result", **FAST)) == 2


async def test_what_is_finished_at_once_is_not_asked_for(server: Server, ask: Ask) -> None:
    server.on("/jobs", reply(200, b"result"))
    assert _polls(await ask(server.url("/jobs"), poll="location", **FAST)) == 0


async def test_the_address_may_stand_in_the_answer(server: Server, ask: Ask) -> None:
    server.on("/jobs", reply(201, b'{"links": {"self": "jobs/7"}}'))
    server.on("/jobs/7", state("running"), state("done"))
    given = {"poll": "json", "poll_path": "$.links.self", "poll_until": {"$.state": "done"}}
    assert _polls(await ask(server.url("/jobs"), **given, **FAST)) == 2


@pytest.mark.parametrize(
    ("first", "later", "given", "sentence"),
    [
        (reply(202), b"", {"poll": "location"}, "answered 202 without a Location to ask at"),
        (
            reply(202, Location="/j"),
            state("failed", why="disk full"),
            {"poll_fail": {"$.state": "failed"}},
            "disk full",
        ),
        (reply(202, Location="/j"), reply(500, b"oops"), {}, "answered 500, expected 200-299: oops"),
        (reply(202, Location="/j"), reply(404), {"poll_until": {"$.a": 1}}, "answered 404"),
        (reply(202, Location="/j"), reply(200, b"<x>"), {"poll_until": {"$.a": 1}}, "is not JSON that can be read"),
        (reply(202, Location="/j"), reply(202), {"poll_limit": "350ms"}, "was not done within poll_limit 350ms"),
        (reply(202, Location="/j"), reply(202, Retry_After="60"), {}, "was not done within poll_limit 5s"),
        (reply(202, Location="https://10.0.0.1/"), b"", {"redirects": "any"}, "10.0.0.1 is a private address"),
        (reply(202, Location="https://other.test/"), b"", {}, "another origin: set redirects to any"),
        (reply(202, Location="http://127.0.0.1/"), b"", {}, "only https:// is allowed"),
        (reply(202, b"{}"), b"", {"poll": "json", "poll_path": "$.at"}, "has no address at poll_path $.at"),
        (reply(202, b'{"at": 5}'), b"", {"poll": "json", "poll_path": "$.at"}, "it must be a text"),
        (
            reply(202, b'{"at": "https://a:99999999/"}'),
            b"",
            {"poll": "json", "poll_path": "$.at"},
            "points to what is no address",
        ),
        (reply(400, b"bad"), b"", {}, "answered 400, expected 200-299: bad"),
    ],
    ids=range(14),
)
async def test_what_goes_wrong_meanwhile_is_told(
    server: Server, ask: Ask, first: bytes, later: bytes, given: dict[str, Any], sentence: str
) -> None:
    server.on("/jobs", first)
    server.on("/j", later)
    outcome = await ask(server.url("/jobs"), **{"poll": "location", **FAST, **given})
    assert isinstance(outcome, Failed), outcome
    assert sentence in str(outcome.text)


async def test_a_server_that_is_busy_meanwhile_is_asked_later(server: Server, ask: Ask) -> None:
    server.on("/jobs", reply(202, Location="/j"))
    server.on("/j", reply(503, Retry_After="0"), reply(429, Retry_After="1"), reply(200))
    assert _polls(await ask(server.url("/jobs"), poll="location", **FAST)) == 3


async def test_a_server_that_is_busy_at_first_has_accepted_nothing(server: Server, ask: Ask) -> None:
    server.on("/jobs", reply(503, Retry_After="9", Location="/j"))
    outcome = await ask(server.url("/jobs"), method="POST", poll="location", **FAST)
    assert isinstance(outcome, RetryAsked)


async def test_a_job_at_another_origin_is_asked_for_without_credentials(start: Start, ask: Ask) -> None:
    home, other = await start(), await start()
    home.on("/jobs", reply(202, Location=other.url("/j")))
    other.on("/j", reply(200))
    given = {"auth": "bearer", "token": "t", "poll": "location", "redirects": "any"}
    assert _polls(await ask(home.url("/jobs"), {"t": "tok-123"}, **given, **FAST)) == 1
    assert "authorization" not in other.asked[0].headers
