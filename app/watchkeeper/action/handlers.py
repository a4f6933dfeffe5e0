"""What jobs may be carried out by, and the forms of their parameters."""

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.door import Door
from watchkeeper.action.spec import query
from watchkeeper.model.form import FormField
from watchkeeper.model.text import Text, _
from watchkeeper.plugin.outcome import worded
from watchkeeper.plugin.schema import form_of


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
