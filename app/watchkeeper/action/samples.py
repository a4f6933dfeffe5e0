"""The jobs to begin with: added in a person's language, and taken out again."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action import files
from watchkeeper.action.apply import Change, What
from watchkeeper.action.apply import apply as apply_jobs
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.names import at
from watchkeeper.action.spec import Help, Values, action
from watchkeeper.model import places
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import LANGUAGES, _
from watchkeeper.store import jobs
from watchkeeper.store.tx import Tx

#: What each of them is tagged with.
TAG = "sample"

Language = Annotated[str, Help(_("the language of their descriptions: en or zh_CN"))]
Names = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...] | None,
    Help(_("only those of this name; may be repeated; all of them if none is named")),
]


class Added(msgspec.Struct, frozen=True):
    """What became of each sample."""

    changes: list[Change]

    @property
    def undo(self) -> Mapping[str, Any]:
        """What takes them out again: those that were not there before."""
        return {"names": tuple(change.name for change in self.changes if change.what is What.CREATED)}


class Removed(msgspec.Struct, frozen=True):
    """The jobs that are gone."""

    names: list[str]


def _checked(door: Door, values: Values) -> Values:
    """Read and checked off the loop; the transaction finds them read."""
    for spec in _samples(values["language"]):
        checked(door, spec)
    return values


@action(
    "samples.add",
    title=_("Add the sample jobs"),
    permission=Permission.EDIT,
    undo="samples.remove",
    prepare=_checked,
)
def add(tx: Tx, actor: Actor, *, language: Language = "en") -> Added:
    """Four small jobs, one of which fails and is to be mended; a job that is no sample keeps its name."""
    samples = _samples(language)
    for spec in samples:
        _require_free(tx, spec.name)
    return Added(apply_jobs(tx, actor, jobs=samples))


@action("samples.remove", title=_("Remove the sample jobs"), permission=Permission.EDIT, undo="samples.add")
def remove(tx: Tx, actor: Actor, *, names: Names = None) -> Removed:
    """Jobs of those names that still have the tag `sample`; what they have run stays. NotFound when there is none."""
    wanted = _all_names() if names is None else names
    known = [job for name in wanted if (job := jobs.by_name(tx, name)) is not None]
    found = [job for job in known if TAG in job.spec.tags]
    if not found:
        raise NotFound(_("there is no sample job"))
    for job in found:
        actor.require(Permission.EDIT, job.name)
        jobs.delete(tx, job.id)
    return Removed([job.name for job in found])


def _require_free(tx: Tx, name: str) -> None:
    namesake = jobs.by_name(tx, name)
    if namesake is not None and TAG not in namesake.spec.tags:
        raise Conflict(_("there is a job {name} that is no sample: rename it, then add the samples", name=name))


def _all_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(spec.name for language in LANGUAGES for spec in _samples(language)))


@cache
def _samples(language: str) -> tuple[JobSpec, ...]:
    if language not in LANGUAGES:
        with at("language"):
            raise Known(_("{language} is not spoken here: choose en or zh_CN", language=ascii(language)[1:-1][:20]))
    return files.read(places.resources() / "samples" / language).jobs
