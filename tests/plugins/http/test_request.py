"""What is sent: method, address, headers, body, credentials; and what comes back of it."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.http.conftest import Ask, Start
from tests.plugins.http.server import Asked, Server, reply
from watchkeeper.plugin.outcome import Failed, Outcome, Succeeded

TOKEN = "tok-5f3c-very-secret"


def _sent(server: Server) -> Asked:
    return server.asked[-1]


def _require(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Succeeded), outcome
    return dict(outcome.outputs)


async def test_an_answer_as_expected_succeeds_with_its_outputs(server: Server, ask: Ask) -> None:
    server.on("/ok", reply(200, b"hello"))
    outputs = _require(await ask(server.url("/ok")))
    assert 0 < outputs.pop("latency_ms") < 30_000
    assert outputs == {"status": 200, "size": 5, "polls": 0}


async def test_address_query_and_headers_arrive_as_they_were_given(server: Server, ask: Ask) -> None:
    server.on("/a", reply())
    given = {"q": "ä b&c", "n": "2"}
    _require(await ask(server.url("/a?x=1"), query=given, headers={"X-One": "1", "accept": "text/csv"}))
    assert _sent(server).target == "/a?x=1&q=%C3%A4+b%26c&n=2"
    assert _sent(server).headers["x-one"] == "1"
    assert _sent(server).headers["accept"] == "text/csv"
    assert _sent(server).headers["host"] == f"127.0.0.1:{server.port}"
    assert "idempotency-key" not in _sent(server).headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_every_method_is_sent(server: Server, ask: Ask, method: str) -> None:
    server.on("/m", reply(204))
    _require(await ask(server.url("/m"), method=method))
    assert _sent(server).method == method


@pytest.mark.parametrize(
    ("given", "body", "kind"),
    [
        ({"form": {"a": "1 2", "b": "&"}}, b"a=1+2&b=%26", "application/x-www-form-urlencoded"),
        ({"json": {"a": [1, "ä"]}}, '{"a": [1, "ä"]}'.encode(), "application/json"),
        ({"json": []}, b"[]", "application/json"),
        ({"text": "ä\n"}, "ä\n".encode(), "text/plain; charset=utf-8"),
        ({"text": "a;b", "content_type": "text/csv"}, b"a;b", "text/csv"),
    ],
)
async def test_a_body_of_each_kind_arrives(
    server: Server, ask: Ask, given: dict[str, Any], body: bytes, kind: str
) -> None:
    server.on("/b", reply())
    _require(await ask(server.url("/b"), method="POST", **given))
    assert (_sent(server).body, _sent(server).headers["content-type"]) == (body, kind)


async def test_a_file_is_sent_in_pieces_and_one_that_is_none_is_refused(
    server: Server, ask: Ask, tmp_path: Path
) -> None:
    server.on("/f", reply())
    file = tmp_path / "data.bin"
    file.write_bytes(bytes(range(256)) * 1000)
    _require(await ask(server.url("/f"), method="PUT", file=str(file)))
    assert _sent(server).body == file.read_bytes()
    assert _sent(server).headers["content-type"] == "application/octet-stream"
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "regular file")):
        outcome = await ask(server.url("/f"), method="PUT", file=str(path))
        assert isinstance(outcome, Failed)
        assert str(path) in str(outcome.text) and why in str(outcome.text)


@pytest.mark.parametrize(
    ("given", "header", "value"),
    [
        (
            {"auth": "basic", "user": "bob", "password": "pw"},
            "authorization",
            "Basic " + base64.b64encode(f"bob:{TOKEN}".encode()).decode(),
        ),
        ({"auth": "bearer", "token": "pw"}, "authorization", f"Bearer {TOKEN}"),
        ({"auth": "header", "token": "pw"}, "x-api-key", TOKEN),
        ({"auth": "header", "token": "pw", "token_header": "X-Weird"}, "x-weird", TOKEN),
    ],
)
async def test_credentials_arrive_and_show_nowhere(
    server: Server, ask: Ask, log: list[str], given: dict[str, Any], header: str, value: str
) -> None:
    async def echo(asked: Asked, writer: Any) -> None:
        writer.write(reply(500, json.dumps(dict(asked.headers)).encode(), X_Echo=asked.headers[header]))

    server.on("/ok", reply())
    server.on("/echo", echo)
    _require(await ask(server.url("/ok"), {"pw": TOKEN + "\n" if "token" in given else TOKEN}, **given))
    assert _sent(server).headers[header] == value
    outcome = await ask(server.url("/echo"), {"pw": TOKEN}, **given)
    assert isinstance(outcome, Failed)
    told = f"{outcome.text} {log}"
    assert TOKEN not in told and value not in told and base64.b64encode(TOKEN.encode()).decode() not in told
    assert "***" in told and "> GET" in told


async def test_a_secret_that_the_server_gives_back_is_no_output(server: Server, ask: Ask) -> None:
    server.on("/e", reply(200, json.dumps({"you": f"said {TOKEN}", TOKEN: [TOKEN]}).encode()))
    outcome = await ask(server.url("/e"), {"t": TOKEN}, auth="bearer", token="t", outputs={"all": "$"})
    assert _require(outcome)["all"] == {"you": "said ***", "***": ["***"]}


@pytest.mark.parametrize("token", ["", " \n", "a\nb", "schlüssel"])
async def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(
    server: Server, ask: Ask, token: str
) -> None:
    outcome = await ask(server.url("/"), {"shop/api": token}, auth="bearer", token="shop/api")
    assert isinstance(outcome, Failed)
    assert "the secret shop/api is empty or holds letters" in str(outcome.text)
    assert "schlüssel" not in str(outcome.text) and server.connections == 0


async def test_what_sounds_secret_is_masked_in_the_log(server: Server, ask: Ask, log: list[str]) -> None:
    server.on("/ok", reply(200, b"", Set_Cookie="sid=abcdef", X_Harmless="fine"))
    headers = {"X-Access-Token": "plain-value", "Cookie": "a=hidden"}
    _require(await ask(server.url("/ok?api_key=k123456&page=2"), headers=headers))
    told = "\n".join(log)
    assert not [word for word in ("plain-value", "hidden", "abcdef", "k123456") if word in told]
    assert "page=2" in told and "X-Harmless: fine" in told.replace("x-harmless", "X-Harmless")
    assert "< 200 Word" in told


@pytest.mark.parametrize(
    ("method", "given", "expected"),
    [
        ("POST", {}, "test-run"),
        ("PUT", {}, "test-run"),
        ("PATCH", {}, "test-run"),
        ("DELETE", {}, None),
        ("DELETE", {"idempotency_key": "always"}, "test-run"),
        ("POST", {"idempotency_key": "never"}, None),
        ("POST", {"headers": {"idempotency-key": "mine"}}, "mine"),
    ],
)
async def test_an_effect_carries_the_id_that_stays_over_all_attempts(
    server: Server, ask: Ask, method: str, given: dict[str, Any], expected: str | None
) -> None:
    server.on("/", reply())
    _require(await ask(server.url("/"), method=method, **given))
    assert _sent(server).headers.get("idempotency-key") == expected


async def test_http_without_s_works_where_it_is_allowed(start: Start, ask: Ask) -> None:
    server = await start(plain=True)
    server.on("/", reply(200, b"hi"))
    assert _require(await ask(server.url("/"), allow_http=True))["size"] == 2


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_says_when_to_come_back(server: Server, ask: Ask, status: int) -> None:
    server.on("/busy", reply(status, Retry_After="17"), reply(status, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"))
    first, second = await ask(server.url("/busy")), await ask(server.url("/busy"))
    assert getattr(first, "after", None).total_seconds() == 17  # type: ignore[union-attr]
    assert getattr(second, "after", None).total_seconds() == 86_400  # type: ignore[union-attr]
    assert f"answered {status} and asks to come back in 17 s" in str(first.text)  # type: ignore[union-attr]


@pytest.mark.parametrize("words", ["", "soon", "-5", "1.5", "Fri, 99 Foo 2100"])
async def test_a_busy_server_that_says_no_time_is_a_plain_failure(server: Server, ask: Ask, words: str) -> None:
    server.on("/busy", reply(503, b"later", Retry_After=words))
    outcome = await ask(server.url("/busy"))
    assert isinstance(outcome, Failed)
    assert "answered 503, expected 200-299: later" in str(outcome.text)


async def test_an_expected_503_is_no_reason_to_come_back(server: Server, ask: Ask) -> None:
    server.on("/busy", reply(503, Retry_After="17"))
    _require(await ask(server.url("/busy"), expect_status=[503, "200-204"]))
