"""Who follows a calendar: the jobs whose triggers name it, or name one that it is a part of."""

from collections.abc import Mapping
from typing import NamedTuple

from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.ids import JobId
from watchkeeper.store import calendars
from watchkeeper.store.tx import Tx


class User(NamedTuple):
    """One job."""

    job_id: JobId
    name: str


def users(tx: Tx, specs: Mapping[str, CalendarSpec]) -> dict[str, list[User]]:
    """The jobs by the calendar that they follow, by name."""
    followers = calendars.followers(tx)
    return {
        name: [User(job_id, job) for job_id, job, followed in followers if wider.intersection(followed)]
        for name, wider in ((name, with_wider(specs, name)) for name in specs)
    }


def with_wider(specs: Mapping[str, CalendarSpec], name: str) -> set[str]:
    """A calendar, and those that need it, directly or through others."""
    found = {name}
    while more := {
        spec.name for spec in specs.values() if spec.name not in found and found & {each for _at, each in spec.named()}
    }:
        found |= more
    return found
