"""Why runs wait, each reason once with how many wait for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from watchkeeper.action.live import LiveRun
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, plural
from watchkeeper.ui.spans import clock


class Group(NamedTuple):
    """Runs that wait for the same."""

    words: Text
    icon: str
    ids: tuple[str, ...]
    blocker: str
    blocker_id: str
    likely_at: datetime | None


def groups(rows: Iterable[LiveRun], zone: str) -> list[Group]:
    """The reason for which most wait first; unknown runs before all, since only a person can say what they were."""
    sorted_by: dict[tuple[str, str], list[LiveRun]] = {}
    for row in rows:
        if row.why is not None:
            key = ("unknown", "") if row.run.state is State.UNKNOWN else (row.blocker, row.blocker_id)
            sorted_by.setdefault(key, []).append(row)
    found = [_group(*key, members, zone) for key, members in sorted_by.items()]
    return sorted(found, key=lambda group: (group.blocker != "unknown", -len(group.ids)))


def _group(blocker: str, blocker_id: str, rows: Sequence[LiveRun], zone: str) -> Group:
    moments = [row.likely_at for row in rows if row.likely_at is not None]
    at, ids = min(moments, default=None), tuple(row.run.id for row in rows)
    if blocker == "unknown":
        words = plural(
            "{n} run is unknown: nobody can say whether it happened",
            "{n} runs are unknown: nobody can say whether they happened",
            len(rows),
        )
        return Group(words, "status/lost", ids, blocker, "", None)
    if not blocker and at is not None:
        words = plural(
            "{n} run waits for its next attempt, at {at}",
            "{n} runs wait for their next attempt, the first at {at}",
            len(rows),
            at=clock(at, zone),
        )
        return Group(words, "status/retry-wait", ids, blocker, "", at)
    why = rows[0].why or ""
    words = plural("{n} run waits: {why}", "{n} runs wait: {why}", len(rows), why=why)
    icon = "status/waiting-slot" if blocker in ("slots", "pool") else "status/queued"
    return Group(words, icon, ids, blocker, blocker_id, at)
