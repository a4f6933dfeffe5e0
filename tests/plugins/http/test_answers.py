"""What is expected of an answer, and the values that are taken out of it."""

import json
from typing import Any

import pytest

from tests.plugins.http.conftest import Ask, Part
from tests.plugins.http.server import Server, reply
from watchkeeper.plugin.outcome import Failed, Succeeded

DOCUMENT = {
    "state": "ok",
    "count": 3,
    "ratio": 1.0,
    "is_done": True,
    "none": None,
    "items": [{"id": 1, "tags": ["a"]}, {"id": 2, "tags": []}],
    "a b": {"ä": 5},
}
BODY = json.dumps(DOCUMENT, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "given",
    [
        {"expect_status": [200]},
        {"expect_status": ["404", "100 - 299"]},
        {"expect_text": '"state": "ok"'},
        {"expect_regex": r'"count": \d+,'},
        {"expect_json": {"$.state": "ok", "$.count": 3, "$.ratio": 1, "$.is_done": True, "$.none": None}},
        {"expect_json": {"$['a b'].ä": 5, "$.items[1].id": 2, "$.items[-1].tags": []}},
        {"expect_json": {"$.items[*].id": [1, 2], "$..tags[0]": ["a"]}},
        {"expect_json": {"$.items[?@.id > 1].id": [2], "$.items[?match(@.tags[0], 'a')].id": [1]}},
    ],
)
async def test_what_holds_succeeds(server: Server, ask: Ask, given: dict[str, Any]) -> None:
    server.on("/", reply(200, BODY))
    outcome = await ask(server.url("/"), **given)
    assert isinstance(outcome, Succeeded), outcome


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"expect_status": ["201-299", 404]}, "answered 200, expected 201-299, 404: {"),
        ({"expect_text": "OK"}, "does not hold 'OK' of expect_text: {"),
        ({"expect_regex": "^x+$"}, "does not hold '^x+$' of expect_regex: {"),
        ({"expect_json": {"$.state": "bad"}}, '$.state is "ok", expected "bad"'),
        ({"expect_json": {"$.count": "3"}}, '$.count is 3, expected "3"'),
        ({"expect_json": {"$.is_done": 1}}, "$.is_done is true, expected 1"),
        ({"expect_json": {"$.missing": 1}}, "has nothing at $.missing: {"),
        ({"expect_json": {"$.items[7]": 1}}, "has nothing at $.items[7]"),
        ({"outputs": {"x": "$.nope"}}, "holds nothing at $.nope for the output x"),
        ({"outputs": {"x": "header:X-None"}}, "brought no header X-None for the output x"),
        ({"outputs": {"x": "regex:zzz"}}, "holds nothing at zzz for the output x"),
    ],
)
async def test_what_does_not_hold_fails_with_what_was_there(
    server: Server, ask: Ask, given: dict[str, Any], sentence: str
) -> None:
    server.on("/", reply(200, BODY))
    outcome = await ask(server.url("/"), **given)
    assert isinstance(outcome, Failed)
    assert sentence in str(outcome.text)
    assert str(outcome.text).startswith(f"https://127.0.0.1:{server.port}/")
    assert len(str(outcome.text)) < 400


async def test_outputs_come_from_paths_headers_and_patterns(server: Server, ask: Ask) -> None:
    server.on("/", reply(200, BODY, X_Version="7.1"))
    sources = {
        "count": "$.count",
        "ids": "$.items[*].id",
        "first": "$.items[0]",
        "version": "header: x-version",
        "whole": r"regex:\d+\.0",
        "group": r'regex:"state": "(\w+)"',
        "nothing": "$.none",
    }
    outcome = await ask(server.url("/"), outputs=sources)
    assert isinstance(outcome, Succeeded), outcome
    assert {name: outcome.outputs[name] for name in sources} == {
        "count": 3,
        "ids": [1, 2],
        "first": {"id": 1, "tags": ["a"]},
        "version": "7.1",
        "whole": "1.0",
        "group": "ok",
        "nothing": None,
    }


async def test_text_is_read_by_its_charset_and_a_strange_one_as_utf8(server: Server, ask: Ask) -> None:
    chinese = "完成"
    server.on("/gbk", reply(200, chinese.encode("gb18030"), Content_Type='text/plain; charset="GB18030"'))
    server.on("/idna", reply(200, chinese.encode(), Content_Type="text/plain; charset=idna"))
    server.on("/none", reply(200, chinese.encode(), Content_Type="text/plain; charset=no-such\x80"))
    for path in ("/gbk", "/idna", "/none"):
        assert isinstance(await ask(server.url(path), expect_text=chinese), Succeeded), path


@pytest.mark.parametrize(
    "body", [b"<html>", b"", b"{", b'{"a": NaN}', b"[" * 100_000, b"1" * 10_000, b"\xff\xfe{", b'{"a": 1} x']
)
async def test_what_is_no_json_is_told_as_a_sentence(server: Server, ask: Ask, body: bytes) -> None:
    server.on("/", reply(200, body))
    outcome = await ask(server.url("/"), expect_json={"$.a": 1})
    assert isinstance(outcome, Failed)
    assert "the answer is not JSON that can be read" in str(outcome.text)


@pytest.mark.parametrize(
    "given",
    [
        {"expect_regex": r"^(a+)+$"},
        {"outputs": {"x": r"regex:(a|a)*$b"}},
        {"expect_json": {"$[?search(@, '(a+)+$')]": 1}},
    ],
)
async def test_a_search_without_end_is_cut_and_holds_up_nobody(
    server: Server, ask: Ask, part: Part, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    monkeypatch.setattr(part("finding"), "SEARCH_SECONDS", 1.0)
    server.on("/", reply(200, json.dumps(["a" * 60 + "!"]).encode()), reply(200, b"a" * 60 + b"!"))
    if "expect_json" not in given:
        await ask(server.url("/"))
    outcome = await ask(server.url("/"), **given)
    assert isinstance(outcome, Failed)
    assert "took longer than 1 s: write it with fewer ways to match" in str(outcome.text)


async def test_control_characters_of_a_server_never_reach_message_or_log(
    server: Server, ask: Ask, log: list[str]
) -> None:
    server.on("/", reply(500, b"\x1b[31mred\r\nsecond\x00line\xe2\x80\xae", X_Odd="a\x9b31mb"))
    outcome = await ask(server.url("/"))
    assert isinstance(outcome, Failed)
    assert str(outcome.text).endswith("[31mred  second line")
    assert not [letter for letter in "".join([*log, str(outcome.text)]) if not letter.isprintable()]
