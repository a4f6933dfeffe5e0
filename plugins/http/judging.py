"""Whether an answer is what was expected, and the values that are taken out of it."""

import json
from collections.abc import Mapping
from typing import Any

from watchkeeper.plugin import Fail, _

from .checks import statuses
from .finding import Ask, found
from .origins import shown
from .sources import source_of
from .wire import Line, Reply


def is_expected(line: Line, status: int) -> bool:
    """Whether `expect_status` holds it."""
    return any(status in (statuses(given) or ()) for given in line.p.expect_status)


def require_status(line: Line, reply: Reply) -> None:
    """Fail with what was there instead."""
    if is_expected(line, reply.status):
        return
    wanted = ", ".join(map(str, line.p.expect_status))
    if reply.is_redirect:
        raise Fail(
            _(
                "{url} answered {status} and points to {to}, expected {wanted}: ask there, or allow redirects",
                url=shown(reply.url),
                status=reply.status,
                to=shown(reply.location or ""),
                wanted=wanted,
            )
        )
    raise Fail(
        _(
            "{url} answered {status}, expected {wanted}: {body}",
            url=shown(reply.url),
            status=reply.status,
            wanted=wanted,
            body=_piece(line, reply),
        )
    )


async def judged(line: Line, reply: Reply) -> dict[str, object]:
    """The outputs; Fail with the first expectation that is not met and what was there."""
    p = line.p
    require_status(line, reply)
    if p.expect_text is not None and p.expect_text not in reply.text:
        raise Fail(_unmet(line, reply, "expect_text", p.expect_text))
    paths: list[Ask] = [("path", path) for path in p.expect_json]
    patterns: list[Ask] = [("regex", p.expect_regex)] if p.expect_regex is not None else []
    sources = {name: source_of(words) for name, words in p.outputs.items()}
    searched = [source for source in sources.values() if source[0] != "header"]
    asks = list(dict.fromkeys([*patterns, *paths, *searched]))
    values = dict(zip(asks, await found(reply.text, asks), strict=True))
    for pattern in patterns:
        if values[pattern] is None:
            raise Fail(_unmet(line, reply, "expect_regex", pattern[1]))
    for ask, wanted in zip(paths, p.expect_json.values(), strict=True):
        _require_value(line, reply, ask[1], values[ask], wanted)
    return {name: _taken(line, reply, name, source, values) for name, source in sources.items()}


async def holds(text: str, wanted: Mapping[str, Any]) -> list[bool]:
    """For each JSON path whether it has its value."""
    values = await found(text, [("path", path) for path in wanted])
    return [value is not None and is_same(value[0], want) for value, want in zip(values, wanted.values(), strict=True)]


def is_same(value: Any, wanted: Any) -> bool:
    """Equal, as JSON has it: 1 is 1.0, and true is not 1."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(is_same, value, wanted))
    if isinstance(value, dict) and isinstance(wanted, dict):
        return value.keys() == wanted.keys() and all(is_same(value[name], wanted[name]) for name in value)
    return bool(value == wanted)


def _require_value(line: Line, reply: Reply, path: str, value: list[Any] | None, wanted: Any) -> None:
    if value is None:
        raise Fail(_missing(line, reply, path))
    if not is_same(value[0], wanted):
        raise Fail(
            _(
                "{url}: {path} is {value}, expected {wanted}",
                url=shown(reply.url),
                path=path,
                value=line.mask.cut(json.dumps(value[0], ensure_ascii=False)),
                wanted=line.mask.cut(json.dumps(wanted, ensure_ascii=False)),
            )
        )


def _taken(line: Line, reply: Reply, name: str, source: Ask, values: Mapping[Ask, list[Any] | None]) -> object:
    kind, what = source
    value = [reply.headers[what]] if kind == "header" and what in reply.headers else values.get(source)
    if value is not None:
        return line.mask.value(value[0])
    if kind == "header":
        raise Fail(
            _("{url} brought no header {header} for the output {name}", url=shown(reply.url), header=what, name=name)
        )
    raise Fail(
        _(
            "{url} holds nothing at {source} for the output {name}: {body}",
            url=shown(reply.url),
            source=what[:100],
            name=name,
            body=_piece(line, reply),
        )
    )


def _missing(line: Line, reply: Reply, path: str) -> Any:
    return _("{url} has nothing at {path}: {body}", url=shown(reply.url), path=path, body=_piece(line, reply))


def _unmet(line: Line, reply: Reply, field: str, wanted: str) -> Any:
    return _(
        "{url} does not hold {wanted} of {field}: {body}",
        url=shown(reply.url),
        wanted=repr(line.mask.cut(wanted, 100)),
        field=field,
        body=_piece(line, reply),
    )


def _piece(line: Line, reply: Reply) -> str:
    """What was there, cut."""
    return line.mask.cut(reply.text) or "-"
