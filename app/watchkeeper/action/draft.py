"""A job that is being written: plain data, right or wrong, read field by field so that every fault is told at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_type_hints

import msgspec

from watchkeeper.action.files import with_kind
from watchkeeper.model import codec
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.job_form import PARTS, TRIGGERS
from watchkeeper.model.text import Text, _

#: The fields of a job as plain data, in the form of a file.
Draft = dict[str, Any]


class Fix(msgspec.Struct, frozen=True):
    """What would put a problem right: another value for a field."""

    label: Text
    field: str
    value: Any


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that is wrong with a field, or that is doubtful."""

    #: Its path: `name`, `retry.delay`, `triggers[0].cron`, `params.script`.
    field: str
    text: Text
    #: It can't be saved like this; else it is a warning.
    is_error: bool = True
    fix: Fix | None = None


def written(spec: JobSpec) -> Draft:
    """The draft that says the same, without what holds anyway."""
    draft: Draft = msgspec.json.decode(codec.encode(spec))
    return draft


def read(draft: Draft) -> JobSpec:
    """The job that the draft describes; Known with the first field that keeps it from being one."""
    spec, problems = read_through(draft)
    if problems or spec is None:
        first = problems[0]
        raise Known(_("{place}: {what}", place=first.field, what=first.text) if first.field else first.text)
    return spec


def read_through(draft: Draft) -> tuple[JobSpec | None, list[Problem]]:
    """Everything that keeps the draft from being a job, and the job that it is without those fields, if it is one."""
    triggers = draft.get("triggers", ())
    whole = {**draft, "triggers": [with_kind("triggers", each) for each in triggers]} if _is_list(triggers) else draft
    problems = [problem_of(fault) for fault in _faults_of_struct(JobSpec, whole, "")]
    try:
        return codec.convert(_without(whole, [problem.field for problem in problems]), JobSpec), problems
    except Known as fault:
        return None, problems or [problem_of(fault)]


def _without(draft: Draft, places: Iterable[str]) -> Draft:
    """The draft with its wrong fields as if nothing were said of them; triggers keep their positions."""
    rest = dict(draft)
    for place in places:
        name, _mark, inner = place.partition(".")
        if found := _POSITION.match(place):
            triggers = list(rest["triggers"])
            triggers[int(found[1])] = {"kind": "manual"}
            rest["triggers"] = triggers
        elif inner and name in PARTS:
            rest[name] = {each: value for each, value in rest[name].items() if each != inner}
            if not rest[name]:
                del rest[name]
        else:
            rest.pop(name, None)
    return rest


def problem_of(fault: Known) -> Problem:
    """A refusal with the path of its field apart."""
    text, field = fault.text, ""
    while "place" in text.values and isinstance(text.values.get("what"), Text):
        inner = str(text.values["place"])
        field = f"{field}{'' if inner.startswith('[') or not field else '.'}{inner}"
        text = text.values["what"]
    if field == "params" and "name" in text.values:
        field = f"params.{text.values['name']}"
        inner_text = text.values.get("what")
        text = inner_text if isinstance(inner_text, Text) else text
    return Problem(_ASKED.sub("", field), text)


#: What an answer puts before the path, where already the asking was refused.
_ASKED = re.compile(r"^(\[0\]\.)?spec\.")
_POSITION = re.compile(r"triggers\[(\d+)\]")
_WANTED = _("it is wanted: fill it in")


def _faults_of_struct(shape: Any, raw: Any, place: str) -> Iterator[Known]:
    """What is wrong with each field; the rules that bind several fields are asked when each by itself is right."""
    if not isinstance(raw, Mapping):
        yield from _fault(raw, shape, place)
        return
    found = False
    hints = get_type_hints(shape, include_extras=True)
    for name in raw:
        if name in hints:
            for fault in _faults_of_field(hints[name], name, raw[name], place):
                found = True
                yield fault
    missing = [field.name for field in msgspec.structs.fields(shape) if field.required and field.name not in raw]
    for name in missing:
        yield Known(_("{place}: {what}", place=f"{place}.{name}" if place else name, what=_WANTED))
    if not found and not missing:
        yield from _fault(raw, shape, place)


def _faults_of_field(hint: Any, name: str, raw: Any, place: str) -> Iterator[Known]:
    inner = f"{place}.{name}" if place else name
    if not place and name in PARTS:
        yield from _faults_of_struct(PARTS[name], raw, inner)
    elif not place and name == "triggers" and _is_list(raw):
        for position, each in enumerate(raw):
            yield from _faults_of_trigger(each, f"triggers[{position}]")
    else:
        yield from _fault(raw, hint, inner)


def _faults_of_trigger(raw: Any, place: str) -> Iterator[Known]:
    kind = raw.get("kind") if isinstance(raw, Mapping) else None
    if not isinstance(kind, str) or kind not in TRIGGERS:
        yield Known(_("{place}: {what}", place=place, what=_("say by its kind what starts the job")))
        return
    yield from _faults_of_struct(TRIGGERS[kind], {name: raw[name] for name in raw if name != "kind"}, place)


def _fault(raw: Any, shape: Any, place: str) -> Iterator[Known]:
    try:
        codec.convert(raw, shape, place)
    except Known as fault:
        yield fault


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)
