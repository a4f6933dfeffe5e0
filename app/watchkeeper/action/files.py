"""Files of jobs, pools and calendars: read with file and line of every fault."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from watchkeeper.action.pools import PoolSpec
from watchkeeper.action.system import reason_of
from watchkeeper.model import codec
from watchkeeper.model.calendar import RULE_KIND_BY_FIELD, CalendarSpec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import Text, _
from watchkeeper.model.trigger import KIND_BY_FIELD

_FIELDS = {"jobs", "pools", "calendars"}
_POSITION = re.compile(r"(jobs|pools|calendars)\[(\d+)\]")


class Origin(msgspec.Struct, frozen=True):
    """Where in which file something stands."""

    file: str
    #: Path in the file: `jobs[0]`.
    path: str
    lines: dict[str, int]

    def line(self, inner: str) -> int | None:
        """The line of the field `inner` (`.retry.delay`) of this thing."""
        from watchkeeper.action.yaml_text import Source

        return Source(None, self.lines).line(self.path + inner)


class Content(msgspec.Struct, frozen=True):
    """Jobs, pools and calendars with their origins, in the order of the files."""

    jobs: tuple[JobSpec, ...] = ()
    pools: tuple[PoolSpec, ...] = ()
    calendars: tuple[CalendarSpec, ...] = ()
    origins: dict[str, Origin] = {}

    def located(self, error: Known) -> Known:
        """`error` with file and line, where it names one of these by its position (`jobs[3].handler`)."""
        place = str(error.text.values.get("place", ""))
        found = _POSITION.match(place)
        origin = self.origins.get(found[0]) if found else None
        if found is None or origin is None:
            return error
        return Known(_told(origin.file, origin.line(place[found.end() :]), error.text))


def read(path: Path) -> Content:
    """What a file says, or every *.yaml and *.yml of a folder, by name; Known with file and line."""
    if not os.path.isdir(path):
        return _combined([_read_file(path)])
    files = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml") and file.is_file())
    if not files:
        raise Known(_("there is no *.yaml or *.yml file in {folder}", folder=str(path)))
    return _combined([_read_file(file) for file in files])


def read_job(path: Path) -> JobSpec:
    """The one job in a file: its fields, or a list `jobs` of one."""
    name, source = str(path), _source(path)
    if isinstance(source.value, dict) and "jobs" not in source.value:
        return _converted(name, source, _with_kinds(source.value), JobSpec, "")  # type: ignore[no-any-return]
    content = _content(name, source)
    if len(content.jobs) != 1 or content.pools or content.calendars:
        raise Known(_("{file} must hold one job: use `watchkeeper apply` for several", file=name))
    return content.jobs[0]


def read_draft(path: Path) -> dict[str, Any]:
    """The one job in a file as plain data, whether or not its fields are right."""
    name, source = str(path), _source(path)
    value = source.value
    if isinstance(value, dict) and isinstance(value.get("jobs"), list) and len(value["jobs"]) == 1:
        value = value["jobs"][0]
    if not isinstance(value, dict) or "jobs" in value:
        raise Known(_("{file} must hold one job: use `watchkeeper apply` for several", file=name))
    plain: dict[str, Any] = _with_kinds(value)
    return plain


def read_calendar(path: Path) -> CalendarSpec:
    """The one calendar in a file: its fields, or a list `calendars` of one."""
    name, source = str(path), _source(path)
    if isinstance(source.value, dict) and "calendars" not in source.value:
        return _converted(name, source, _with_kinds(source.value), CalendarSpec, "")  # type: ignore[no-any-return]
    content = _content(name, source)
    if len(content.calendars) != 1 or content.pools or content.jobs:
        raise Known(_("{file} must hold one calendar: use `watchkeeper apply` for several", file=name))
    return content.calendars[0]


def _combined(parts: Sequence[Content]) -> Content:
    origins: dict[str, Origin] = {}
    jobs: list[JobSpec] = []
    pools: list[PoolSpec] = []
    calendars: list[CalendarSpec] = []
    for part in parts:
        for field, ours in _lists(jobs, pools, calendars):
            theirs = getattr(part, field)
            origins |= {f"{field}[{len(ours) + i}]": part.origins[f"{field}[{i}]"] for i in range(len(theirs))}
            ours.extend(theirs)
    return Content(tuple(jobs), tuple(pools), tuple(calendars), origins)


def _lists(jobs: Any, pools: Any, calendars: Any) -> tuple[tuple[str, Any], ...]:
    return ("jobs", jobs), ("pools", pools), ("calendars", calendars)


def _read_file(path: Path) -> Content:
    return _content(str(path), _source(path))


def _source(path: Path) -> Any:
    """YAML with the file's name in every fault; `-` is the standard input."""
    from watchkeeper.action import yaml_text

    try:
        return yaml_text.read(bytes_of(path, yaml_text.LARGEST_FILE + 1))
    except yaml_text.Fault as error:
        raise Known(_told(str(path), error.line, error.text)) from None


def bytes_of(path: Path, most: int) -> bytes:
    """The first `most` bytes of a file, `-` is the standard input; Known when it can't be read."""
    try:
        with open(0 if str(path) == "-" else path, "rb", closefd=str(path) != "-") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        name = ascii(str(path))[1:-1][:200]
        raise Known(_("{file} can't be read: {why}", file=name, why=reason_of(error))) from None


def _content(file: str, source: Any) -> Content:
    value = {} if source.value is None else source.value
    if not isinstance(value, dict):
        _refuse(file, source, "", _("a mapping with `jobs`, `pools` and `calendars` is wanted"))
    for name in value:
        if name not in _FIELDS:
            _refuse(file, source, name, codec.unknown_field(name, _FIELDS))
    jobs = _items(file, source, value, "jobs", JobSpec)
    pools = _items(file, source, value, "pools", PoolSpec)
    calendars = _items(file, source, value, "calendars", CalendarSpec)
    paths = [f"{field}[{i}]" for field, items in _lists(jobs, pools, calendars) for i in range(len(items))]
    return Content(jobs, pools, calendars, {path: Origin(file, path, source.lines) for path in paths})


def _items(file: str, source: Any, value: dict[str, Any], field: str, shape: Any) -> tuple[Any, ...]:
    items = value.get(field) or []
    if not isinstance(items, list):
        _refuse(file, source, field, _("{field}: a list is wanted", field=field))
    return tuple(_converted(file, source, _with_kinds(raw), shape, f"{field}[{i}]") for i, raw in enumerate(items))


def _converted(file: str, source: Any, raw: Any, shape: Any, place: str) -> Any:
    try:
        return codec.convert(raw, shape, place)
    except Known as error:
        _refuse(file, source, str(error.text.values.get("place", place)), error.text)


#: Lists of things that come in kinds, and the fields that tell which.
KINDED = {"triggers": KIND_BY_FIELD, "holds": RULE_KIND_BY_FIELD, "but_not": RULE_KIND_BY_FIELD}


def _with_kinds(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    lists = {field: raw[field] for field in KINDED if isinstance(raw.get(field), list)}
    return {**raw, **{field: [with_kind(field, each) for each in items] for field, items in lists.items()}}


def with_kind(field: str, raw: Any) -> Any:
    """An item of such a list with its kind, where one of its fields tells it."""
    if not isinstance(raw, dict) or "kind" in raw:
        return raw
    kinds = [kind for name, kind in KINDED[field].items() if name in raw]
    return {"kind": kinds[0], **raw} if kinds else raw


def _refuse(file: str, source: Any, path: str, what: Text) -> NoReturn:
    raise Known(_told(file, source.line(path), what))


def _told(file: str, line: int | None, what: Text) -> Text:
    if line is None:
        return _("{file}: {what}", file=file, what=what)
    return _("{file}, line {line}: {what}", file=file, line=line, what=what)
