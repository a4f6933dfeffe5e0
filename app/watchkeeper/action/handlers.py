"""What jobs may be carried out by, the forms of their parameters, and trying one out."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.names import at
from watchkeeper.action.runs import Started, start
from watchkeeper.action.spec import Help, Values, action, query
from watchkeeper.model.errors import Conflict
from watchkeeper.model.form import FormField
from watchkeeper.model.job import JobSpec, Retry
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.outcome import worded
from watchkeeper.plugin.schema import form_of, params_of, plain_params
from watchkeeper.store import jobs
from watchkeeper.store.tx import Tx

KindName = Annotated[str, Meta(min_length=1, max_length=100), Help(_("the handler, as handler list names it"))]
GIVEN = Help(_("a value for a parameter; may be repeated"))

#: What jobs that are only there to try a handler are marked with.
TRIAL = "trial"


class Handler(msgspec.Struct, frozen=True):
    """One handler, as a form needs it."""

    #: The word that jobs name it by.
    kind: str
    title: Text
    help: str
    #: It runs as a process on a host.
    is_process: bool
    fields: tuple[FormField, ...]


@query("handler.list", title=_("List handlers and their parameters"))
async def listed(door: Door, actor: Actor) -> list[Handler]:
    """Every handler that a job may name, by its word."""
    specs = sorted((spec for spec in door.registry.specs if spec.role == "handler"), key=lambda spec: spec.kind)
    return [
        Handler(spec.kind, worded(spec.title), spec.help, spec.places_process or spec.is_isolated, form_of(spec))
        for spec in specs
    ]


def _read(door: Door, values: Values) -> Values:
    """With all parameters in their handler's types."""
    with at("kind"):
        handler = door.registry.handler(values["kind"])
    with at("params"):
        params = plain_params(params_of(handler, values["params"], is_text=True))
    checked(door, _job(values["kind"], params))
    return {**values, "params": params}


@action(
    "handler.try", title=_("Try a handler"), permission=Permission.EDIT, on="kind", undo="run.cancel", prepare=_read
)
def try_out(
    tx: Tx, actor: Actor, door: Door, *, kind: KindName, params: Annotated[Mapping[str, Any], GIVEN] = {}
) -> Started:
    """Run a handler once, without retries: as a run of the job `try KIND`, which is made for that and has no trigger.

    Conflict where somebody has made another job of this name.
    """
    spec = _job(kind, params)
    actor.require(Permission.RUN, spec.name)
    namesake = jobs.by_name(tx, spec.name)
    if namesake is not None and TRIAL not in namesake.spec.tags:
        raise Conflict(_("there is a job {name}, which is not marked {tag}", name=spec.name[:100], tag=TRIAL))
    return start(tx, actor, door, job=jobs.save(tx, spec, actor.name))


def _job(kind: str, params: Mapping[str, Any]) -> JobSpec:
    return JobSpec(f"try {kind}", kind, params=dict(params), tags=(TRIAL,), retry=Retry(max_attempts=1))
