"""The published JSON Schema of a jobs file, made from the values that read it. update | check."""

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from watchkeeper.action.pools import PoolSpec
from watchkeeper.model import codec
from watchkeeper.model.calendar import RULE_KIND_BY_FIELD, CalendarSpec
from watchkeeper.model.job import JobSpec
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import KIND_BY_FIELD

FILE = Path(__file__).resolve().parents[1] / "resources" / "schema" / "jobs.schema.json"

#: As model/span.py reads it.
_SPAN = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*(\d+(\.\d+)?|(\d+(\.\d+)?\s*(ms|d|h|m|s)\s*)+)\s*$"},
        {"type": "number", "minimum": 0},
    ],
    "description": "A span of time: 90s, 5m, 1h30m, 2d; a bare number is seconds.",
}


def made() -> dict[str, Any]:
    """The schema as the structs are now."""
    # The library writes defaults without a hook for types that are not its own: ours are written by the codec.
    with patch("msgspec._json_schema.to_builtins", lambda value, **_options: codec.plain(value)):
        _refs, parts = msgspec.json.schema_components(
            (JobSpec, PoolSpec, CalendarSpec), schema_hook=_hook, ref_template="#/$defs/{name}"
        )
    structs = {each.__name__: each for each in _structs()}
    for name, part in parts.items():
        _tell(part, structs.get(name))
    _free_kinds(parts)
    lists = {"jobs": "JobSpec", "pools": "PoolSpec", "calendars": "CalendarSpec"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jobs, pools and calendars of Watchkeeper",
        "type": ["object", "null"],
        "properties": {
            name: {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{shape}"}} for name, shape in lists.items()
        },
        "additionalProperties": False,
        "$defs": {**parts, "Span": _SPAN},
    }


def written() -> str:
    """The schema as it stands in the file."""
    return json.dumps(made(), indent=2, ensure_ascii=False) + "\n"


def _hook(shape: type) -> dict[str, Any]:
    if shape is Span:
        return {"$ref": "#/$defs/Span"}
    raise NotImplementedError(shape)


def _structs() -> Iterator[type]:
    pending: list[Any] = [msgspec.inspect.type_info(shape) for shape in (JobSpec, PoolSpec, CalendarSpec)]
    while pending:
        info = pending.pop()
        if isinstance(info, msgspec.inspect.StructType):
            yield info.cls
            pending += [field.type for field in info.fields]
        pending += [*getattr(info, "types", ()), *filter(None, [getattr(info, "item_type", None)])]


def _tell(part: dict[str, Any], struct: type | None) -> None:
    """Put what stands above each field beside it."""
    told = dict(_comments(struct)) if struct is not None else {}
    for name, field in part.get("properties", {}).items():
        if name in told:
            field.setdefault("description", told[name])


def _comments(struct: type) -> Iterator[tuple[str, str]]:
    """The `#:` lines above each field, those of its bases first."""
    for each in reversed(struct.__mro__[:-1]):
        if each.__module__.startswith("watchkeeper."):
            source = textwrap.dedent(inspect.getsource(each))
            lines = source.splitlines()
            for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined]
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    words = list(_above(lines, node.lineno - 2))
                    if words:
                        yield node.target.id, " ".join(reversed(words))


def _above(lines: list[str], position: int) -> Iterator[str]:
    while lines[position].strip().startswith("#:"):
        yield lines[position].strip().removeprefix("#:").strip()
        position -= 1


def _free_kinds(parts: dict[str, Any]) -> None:
    """The kind of a trigger or rule may be left out where one of its fields tells it (see action/files.py)."""
    told = {*KIND_BY_FIELD.values(), *RULE_KIND_BY_FIELD.values()}
    for part in parts.values():
        kind = part.get("properties", {}).get("kind", {}).get("enum", [None])[0]
        if kind in told:
            part["required"] = [name for name in part["required"] if name != "kind"]
            part["minProperties"] = 1
    _without_discriminators(parts)


def _without_discriminators(value: Any) -> None:
    """They are no part of JSON Schema, and ask for a kind."""
    if isinstance(value, dict):
        value.pop("discriminator", None)
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _without_discriminators(each)


def main(command: str) -> int:
    """Exit code 1 when the file is not what the structs say."""
    if command == "update":
        FILE.write_text(written(), encoding="utf-8")
    is_right = FILE.exists() and FILE.read_text(encoding="utf-8") == written()
    print("job schema: " + ("as the structs say" if is_right else "not as the structs say: run it with update"))
    return 0 if is_right else 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("update", "check"):
        sys.exit("usage: job_schema.py update | check")
    sys.exit(main(sys.argv[1]))
