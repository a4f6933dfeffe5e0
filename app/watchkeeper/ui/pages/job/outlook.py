"""What the page asks of a schedule that is being written, and what it makes of the answer."""

from typing import Any

from watchkeeper.action.draft import Fix, Problem
from watchkeeper.action.preview import Clash, Preview
from watchkeeper.model.text import _
from watchkeeper.ui.pages.job.schedule.pattern import shifted

#: By so many minutes a schedule is offered to start later.
_LATER = (5, 10, 15, 20, 30, 45, 60, 90, 120)
_NEEDED = ("triggers", "pool", "key", "concurrency", "is_enabled")


def timing(values: dict[str, Any]) -> dict[str, Any]:
    """The fields on which the times depend."""
    return {name: values[name] for name in _NEEDED if name in values}


def way_out(preview: Preview | None, triggers: Any) -> Fix | None:
    """The same schedule a little later, where that can be said in a word."""
    if preview is None or preview.clash is None or not isinstance(triggers, list) or len(triggers) != 1:
        return None
    needed = (preview.clash.until - preview.clash.at).total_seconds() / 60
    for minutes in _LATER:
        later = shifted(str(triggers[0].get("cron", "")), minutes) if minutes >= needed else None
        if later is not None:
            return Fix(_("Start {minutes} min later", minutes=minutes), "triggers[0].cron", later)
    return None


def clash_problem(clash: Clash, fix: Fix | None) -> Problem:
    """That it will have to wait for another job."""
    text = _(
        "at {time} it meets {jobs} at {shared} and waits until about {until}",
        time=clash.local[11:16],
        jobs=", ".join(clash.jobs),
        shared=clash.shared,
        until=clash.until_local[11:16],
    )
    return Problem("triggers", text, is_error=False, fix=fix)
