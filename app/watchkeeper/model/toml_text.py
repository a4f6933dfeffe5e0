"""One value put into a TOML text, or taken out of it; whatever else stands there stays as it is, comments too."""

import json
import re
import tomllib
from typing import Any

_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_ASSIGNED = re.compile(r"\s*[^\s#\[]")
_SCALAR = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,#{}\[\]"']+)"""

Value = str | int | bool


def put(text: str, section: str, key: str, value: Value | None) -> str:
    """`text` with `key` of the table `section` set to `value`, or with None taken out.

    ValueError where the text is written in a way that is not understood well enough to be changed.
    """
    before = tomllib.loads(text)
    lines = text.splitlines(keepends=True)
    changed = "".join(_taken_out(lines, section, key) if value is None else _set(lines, section, key, written(value)))
    if _without_empty(tomllib.loads(changed)) != _without_empty(_changed(before, section, key, value)):
        raise ValueError(f"{section}.{key}")
    return changed


def written(value: Value) -> str:
    """A value as TOML has it."""
    return json.dumps(value, ensure_ascii=False)


def _set(lines: list[str], section: str, key: str, value: str) -> list[str]:
    place = _Place(lines, section, key)
    if place.found is not None:
        return _with(lines, place.found, place.pattern.sub(lambda kept: kept[1] + value, lines[place.found], count=1))
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if place.inline is not None:
        return _with(lines, place.inline, _into_inline(lines[place.inline], f"{key} = {value}"))
    if place.last is None:
        return [*_ended(lines, end), *([end] if lines else []), f"[{section}]{end}", f"{key} = {value}{end}"]
    name = key if place.is_table else f"{section}.{key}"
    head = _ended(lines[: place.last + 1], end)
    return [*head, f"{name} = {value}{end}", *lines[place.last + 1 :]]


def _taken_out(lines: list[str], section: str, key: str) -> list[str]:
    place = _Place(lines, section, key)
    if place.found is None:
        return lines
    line = lines[place.found]
    if place.found == place.inline:
        pair = rf"\s*{_named(key)}\s*=\s*{_SCALAR}"
        return _with(lines, place.found, re.sub(rf"(?<=\{{){pair}\s*,?|,{pair}", "", line, count=1))
    comment = place.pattern.sub("", line, count=1).strip()
    return _with(lines, place.found, f"{comment}\n" if comment else "")


class _Place:
    """Where a key stands, and where it could stand."""

    def __init__(self, lines: list[str], section: str, key: str) -> None:
        #: The line that sets the key, and what matches it there; the line of the section's inline table.
        self.found: int | None = None
        self.inline: int | None = None
        #: The last line that says anything of the section, and whether the section has a header.
        self.last: int | None = None
        self.is_table = False
        self.pattern = re.compile("")
        in_table = re.compile(rf"(\s*{_named(key)}\s*=\s*){_SCALAR}")
        dotted = re.compile(rf"(\s*{_named(section)}\s*\.\s*{_named(key)}\s*=\s*){_SCALAR}")
        in_inline = re.compile(rf"(\s*{_named(section)}\s*=\s*\{{(?:[^#]*,)?\s*{_named(key)}\s*=\s*){_SCALAR}")
        opening, prefix = (re.compile(rf"\s*{_named(section)}\s*{mark}") for mark in (r"=\s*\{", r"\."))
        table = ""
        for number, line in enumerate(lines):
            if (header := _HEADER.match(line)) is not None:
                table = header[1].strip("\"'")
                if table == section:
                    self.last, self.is_table = number, True
            elif table == section and _ASSIGNED.match(line):
                self.last = number
                self._take(number, line, in_table)
            elif table == "" and opening.match(line):
                self.inline = number
                self._take(number, line, in_inline)
            elif table == "" and prefix.match(line):
                self.last = number
                self._take(number, line, dotted)

    def _take(self, number: int, line: str, pattern: re.Pattern[str]) -> None:
        if pattern.match(line):
            self.found, self.pattern = number, pattern


def _named(name: str) -> str:
    return rf"""(?:{name}|"{name}"|'{name}')"""


def _into_inline(line: str, pair: str) -> str:
    head, brace, tail = line.rpartition("}")
    is_empty = head.rstrip().endswith("{")
    return f"{head.rstrip()}{'' if is_empty else ', '}{pair}{brace}{tail}"


def _with(lines: list[str], number: int, line: str) -> list[str]:
    return [*lines[:number], line, *lines[number + 1 :]]


def _ended(lines: list[str], end: str) -> list[str]:
    """The lines with an end to the last one."""
    return [*lines[:-1], lines[-1].rstrip("\r\n") + end] if lines else []


def _changed(raw: dict[str, Any], section: str, key: str, value: Value | None) -> dict[str, Any]:
    table = {name: each for name, each in raw.get(section, {}).items() if name != key}
    return {**raw, section: table if value is None else {**table, key: value}}


def _without_empty(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in raw.items() if each != {}}
