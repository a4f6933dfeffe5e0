"""The workspace itself."""

from datetime import datetime

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.checks import checked
from watchkeeper.action.door import Door
from watchkeeper.action.spec import query
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.store import jobs, workspace
from watchkeeper.store.tx import Tx


class Health(msgspec.Struct, frozen=True):
    """What a look at the workspace found."""

    id: str
    home: str
    zone: str
    #: Who runs the engine behind this door; empty where there is none.
    engine: str
    engine_started_at: datetime | None
    job_count: int
    #: A sentence for each thing that needs a hand.
    faults: list[Text]


@query("workspace.check", title=_("Check the workspace"))
def check(tx: Tx, actor: Actor, door: Door) -> Health:
    """Id, engine, and a sentence for each job or plugin file that can't be used as it is."""
    names = jobs.names(tx)
    return Health(
        id=workspace.identity(tx),
        home=str(door.home),
        zone=door.zone,
        engine=door.engine.holder if door.engine else "",
        engine_started_at=door.engine.started_at if door.engine else None,
        job_count=len(names),
        faults=[*_store_faults(tx), *_plugin_faults(door), *_job_faults(tx, door)],
    )


def _store_faults(tx: Tx) -> list[Text]:
    return [_("the store is damaged, restore a backup: {what}", what=line) for line in workspace.damage(tx)]


def _plugin_faults(door: Door) -> list[Text]:
    return [_("{path}: {what}", path=file.path, what=file.error) for file in door.registry.files if file.error]


def _job_faults(tx: Tx, door: Door) -> list[Text]:
    faults: list[Text] = []
    after = ""
    while page := jobs.page(tx, after=after, limit=1_000):
        for job in page:
            try:
                checked(door, job.spec)
            except Known as error:
                faults.append(_("{job}: {what}", job=job.name, what=error.text))
        after = page[-1].name
    return faults[:1_000]
