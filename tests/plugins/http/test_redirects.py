"""Redirects: none unless allowed, each hop judged again, and nothing of ours goes to another origin."""

import re
from typing import Any

import pytest

from tests.plugins.http.authority import Authority
from tests.plugins.http.conftest import Ask, Start
from tests.plugins.http.server import Server, reply
from watchkeeper.plugin.outcome import Failed, Succeeded

TOKEN = "tok-123456"


def to(where: str, status: int = 302) -> bytes:
    return reply(status, b"moved", Location=where)


async def test_a_redirect_is_not_followed_unless_it_is_allowed(server: Server, ask: Ask) -> None:
    server.on("/a", to("/b?secret=1"))
    outcome = await ask(server.url("/a"))
    assert isinstance(outcome, Failed)
    assert "answered 302 and points to" in str(outcome.text) and "or allow redirects" in str(outcome.text)
    assert "secret" not in str(outcome.text)
    assert isinstance(await ask(server.url("/a"), expect_status=[302]), Succeeded)
    assert [asked.path for asked in server.asked] == ["/a", "/a"]


@pytest.mark.parametrize(
    ("status", "method", "becomes", "keeps_body"),
    [
        (301, "POST", "GET", False),
        (302, "PUT", "GET", False),
        (303, "POST", "GET", False),
        (307, "POST", "POST", True),
        (308, "PUT", "PUT", True),
        (301, "HEAD", "HEAD", False),
    ],
)
async def test_method_and_body_follow_by_the_rules_of_http(
    server: Server, ask: Ask, status: int, method: str, becomes: str, keeps_body: bool
) -> None:
    server.on("/a", to("../b", status))
    server.on("/b", reply())
    given: dict[str, Any] = {} if method == "HEAD" else {"json": {"x": 1}}
    outcome = await ask(server.url("/a"), method=method, redirects="same origin", **given)
    assert isinstance(outcome, Succeeded), outcome
    last = server.asked[-1]
    assert (last.path, last.method, bool(last.body)) == ("/b", becomes, keeps_body)
    assert ("idempotency-key" in last.headers) == keeps_body == ("content-type" in last.headers)


async def test_the_same_origin_gets_the_credentials_again(server: Server, ask: Ask) -> None:
    server.on("/a", to("/b"))
    server.on("/b", reply())
    outcome = await ask(server.url("/a"), {"t": TOKEN}, auth="bearer", token="t", redirects="same origin")
    assert isinstance(outcome, Succeeded)
    assert server.asked[-1].headers["authorization"] == f"Bearer {TOKEN}"


async def test_another_origin_gets_nothing_of_ours(start: Start, ask: Ask, authority: Authority) -> None:
    """Nor does the first one, when the other sends the request back."""
    home, other = await start(client_ca=None), await start()
    home.on("/a", to(other.url("/b")))
    other.on("/b", to(home.url("/c")))
    home.on("/c", reply())
    outcome = await ask(
        home.url("/a"),
        {"t": TOKEN},
        auth="header",
        token="t",
        headers={"X-Own": "1", "Cookie": "a=b", "Accept": "text/x"},
        redirects="any",
    )
    assert isinstance(outcome, Succeeded), outcome
    assert home.asked[0].headers["x-api-key"] == TOKEN
    for asked in (other.asked[0], home.asked[1]):
        assert set(asked.headers) == {"host", "accept", "user-agent", "accept-encoding", "connection"}
        assert asked.headers["accept"] == "text/x"


async def test_another_origin_is_shown_no_client_certificate(start: Start, ask: Ask, authority: Authority) -> None:
    home, other = await start(client_ca=authority.file), await start(client_ca=authority.file)
    home.on("/a", to(other.url("/b")))
    given = {"auth": "certificate", "certificate": "me", "redirects": "any"}
    outcome = await ask(home.url("/a"), {"me": authority.issued("me")}, **given)
    assert isinstance(outcome, Failed)
    assert re.search("asks? for a client certificate", str(outcome.text))
    assert (len(home.asked), len(other.asked)) == (1, 0)


async def test_same_origin_means_scheme_host_and_port(start: Start, ask: Ask) -> None:
    home, other = await start(), await start()
    for where in (other.url("/b"), home.url("/b", host="localhost"), f"//localhost:{home.port}/b"):
        home.on("/a", to(where))
        outcome = await ask(home.url("/a"), redirects="same origin")
        assert isinstance(outcome, Failed)
        assert "another origin: set redirects to any if it is meant" in str(outcome.text)
    assert other.asked == []


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("http://127.0.0.1/", "only https:// is allowed"),
        ("file:///etc/passwd", "only https:// is allowed"),
        ("javascript:alert(1)", "only https:// is allowed"),
        ("https://10.0.0.1/", "10.0.0.1 is a private address"),
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254 is a cloud metadata address"),
        ("https://metadata.google.internal/", "metadata.google.internal is a cloud metadata address"),
        ("https://[::ffff:a9fe:a9fe]/", "cloud metadata"),
        ("https://sly.test/", "sly.test is at 192.168.0.1, a private address"),
        ("https://[::1", "no address"),
        ("https://a:99999999/", "no address"),
        ("https://exa\u2100mple.test/", ""),
        ("https:///", ""),
        ("", "answered 302"),
    ],
)
async def test_each_hop_is_judged_again(
    server: Server, ask: Ask, names: dict[str, list[str]], where: str, sentence: str
) -> None:
    names["sly.test"] = ["192.168.0.1"]
    head = f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n"
    server.on("/a", head.encode())
    outcome = await ask(server.url("/a"), redirects="any", allow=["127.0.0.1"])
    assert isinstance(outcome, Failed), outcome
    assert sentence in str(outcome.text)


async def test_a_loop_ends(server: Server, ask: Ask) -> None:
    server.on("/a", to("/b"))
    server.on("/b", to("/a"))
    outcome = await ask(server.url("/a"), redirects="any", redirect_most=4)
    assert isinstance(outcome, Failed)
    assert "was redirected more than redirect_most 4 times, last to" in str(outcome.text)
    assert len(server.asked) == 5


async def test_the_body_of_a_redirect_is_not_read(server: Server, ask: Ask) -> None:
    server.on("/a", reply(302, b"x" * 2_000_000, Location="/b"))
    server.on("/b", reply(200, b"fine"))
    outcome = await ask(server.url("/a"), redirects="same origin", most_bytes=100)
    assert isinstance(outcome, Succeeded), outcome
