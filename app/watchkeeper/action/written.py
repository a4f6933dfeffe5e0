"""Jobs, pools and calendars as YAML that reads back to the same."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from watchkeeper.action.files import KINDED, with_kind
from watchkeeper.action.pools import PoolSpec
from watchkeeper.model import codec
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.job import JobSpec


def written(jobs: Sequence[JobSpec], pools: Sequence[PoolSpec] = (), calendars: Sequence[CalendarSpec] = ()) -> str:
    """YAML that reads back to the same jobs, pools and calendars."""
    plain = {
        "pools": [codec.plain(pool) for pool in pools],
        "calendars": [_shortened(codec.plain(spec)) for spec in calendars],
        "jobs": [_shortened(codec.plain(spec)) for spec in jobs],
    }
    return "".join(f"{name}:{_block(value, 2)}\n" for name, value in plain.items() if value) or "jobs: []\n"


def _shortened(spec: dict[str, Any]) -> dict[str, Any]:
    """Without the kinds that the fields of a trigger or rule tell."""
    lists = {field: [_without_kind(field, item) for item in spec[field]] for field in KINDED if field in spec}
    return {**spec, **lists}


def _without_kind(field: str, item: dict[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in item.items() if name != "kind"}
    return bare if with_kind(field, bare).get("kind") == item["kind"] else item


def _block(value: Any, indent: int) -> str:
    """What stands behind a key: the rest of the line, or the lines below."""
    if _has_lines(value):
        return "".join(f"\n{' ' * indent}{line}" for line in _lines(value, indent))
    if isinstance(value, str) and _is_plain_block(value):
        body = value.removesuffix("\n").replace("\n", "\n" + " " * indent)
        return f" |{'' if value.endswith(chr(10)) else '-'}\n{' ' * indent}{body}"
    return " " + _word(value)


def _lines(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield f"{_word(name)}:{_block(each, indent + 2)}"
        return
    for each in value:
        first, *rest = _lines(each, indent + 2) if _has_lines(each) else [_block(each, indent + 2).removeprefix(" ")]
        yield f"- {first}"
        yield from (f"  {line}" for line in rest)


def _has_lines(value: Any) -> bool:
    return bool(value) and isinstance(value, (dict, list, tuple))


#: Words that no reader takes for anything else.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*", re.ASCII)
_SPECIAL = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
#: What the reader of double quotes would fold, drop or refuse.
_HIDDEN = re.compile(r"[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BLOCK = re.compile(r"(?! )[\x20-\x7e\u4e00-\u9fff]+(\n[\x20-\x7e\u4e00-\u9fff]*)+", re.ASCII)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _SPECIAL:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _is_plain_block(text: str) -> bool:
    """Several lines that a literal block gives back as they are."""
    return bool(_BLOCK.fullmatch(text)) and not text.endswith("\n\n") and bool(text.strip())
