"""YAML 1.2 as plain data with line numbers, from text that nobody vouches for.

Only the core schema: mappings, lists, words, numbers, true, false, null. Tags, merge keys, duplicate keys, several
documents, and whatever grows beyond measure are refused, each with its line.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from watchkeeper.action.yaml_faults import said
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _

LARGEST_FILE = 4 << 20
#: Values after every alias is written out.
MOST_VALUES = 100_000
DEEPEST = 40

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,40}|0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?", re.ASCII)


class Source(msgspec.Struct, frozen=True):
    """Plain data, and the line (from 1) at which each path like `jobs[0].retry` begins."""

    value: Any
    lines: dict[str, int]

    def line(self, path: str) -> int | None:
        """The line of `path`, or of the nearest thing around it."""
        while path not in self.lines:
            if not path:
                return None
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines[path]


class Fault(Known):
    """The text can't be read; `line` counts from 1, None when no line is to blame."""

    def __init__(self, text: Text, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


def read(data: bytes) -> Source:
    """The one document in `data`; Fault with the line when it is none, or more than we are willing to read."""
    if len(data) > LARGEST_FILE:
        raise Fault(_("the file is larger than {most} MiB: split it", most=LARGEST_FILE >> 20))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Fault(_("byte {offset} is not UTF-8: save the file as UTF-8", offset=error.start), line) from None
    try:
        return _Builder(text).source()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = said(error.problem or error.context or "")
        raise Fault(_("this is not YAML: {problem}", problem=problem), mark.line + 1 if mark else None) from None
    except (YAMLError, ValueError, OverflowError) as error:
        raise Fault(_("this is not YAML: {problem}", problem=said(str(error).splitlines()[0]))) from None


class _Builder:
    """Builds the value from the parser's events, counting as it goes."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self.lines: dict[str, int] = {}

    def source(self) -> Source:
        """The one document."""
        value, documents = None, 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Fault(_("a second document begins here: put everything into one"), _line(event))
                value = self._value(next(self._events), "", 0)
        return Source(value, self.lines)

    def _value(self, event: Any, path: str, depth: int) -> Any:
        if depth > DEEPEST:
            raise Fault(_("nested deeper than {most} levels", most=DEEPEST), _line(event))
        if isinstance(event, AliasEvent):
            return self._again(event)
        if event.tag is not None and event.tag != "!":
            raise Fault(_("the tag {tag} is not allowed: write plain values", tag=str(event.tag)[:60]), _line(event))
        self.lines[path] = _line(event)
        before = self._count
        self._add(1, event)
        value = self._built(event, path, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before)
        return value

    def _built(self, event: Any, path: str, depth: int) -> Any:
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, SequenceStartEvent):
            return self._list(path, depth)
        return _scalar(event)

    def _mapping(self, path: str, depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            name = _key(event)
            if name in value:
                raise Fault(_("the key {key} is there twice: take one out", key=name[:60]), _line(event))
            inner = f"{path}.{name}" if path else name
            value[name] = self._value(next(self._events), inner, depth + 1)
            self.lines[inner] = _line(event)
        return value

    def _list(self, path: str, depth: int) -> list[Any]:
        value: list[Any] = []
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                break
            value.append(self._value(event, f"{path}[{len(value)}]", depth + 1))
        return value

    def _again(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise Fault(_("*{name} stands for nothing before it, or for itself", name=event.anchor[:60]), _line(event))
        value, size = self._anchors[event.anchor]
        self._add(size, event)
        return value

    def _add(self, size: int, event: Any) -> None:
        self._count += size
        if self._count > MOST_VALUES:
            raise Fault(_("this grows to more than {most} values: split it", most=MOST_VALUES), _line(event))


def _key(event: Any) -> str:
    if not isinstance(event, ScalarEvent) or event.tag not in (None, "!"):
        raise Fault(_("only plain words can be keys"), _line(event))
    if event.value == "<<" and event.style is None:
        raise Fault(_("merge keys (<<) are not read: write the fields out"), _line(event))
    return str(event.value)


def _scalar(event: Any) -> Any:
    word = str(event.value)
    if event.style is not None or event.tag == "!":
        return word
    if word in _NULL:
        return None
    if word in _BOOLEAN:
        return _BOOLEAN[word]
    if _INTEGER.fullmatch(word):
        return int(word, 0) if word.startswith(("0o", "0x")) else int(word)
    return float(word) if _FLOAT.fullmatch(word) else word


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
