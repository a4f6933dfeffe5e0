"""The ways to make a schedule, the kinds of triggers that each stands for, and their fields."""

from typing import Any

from watchkeeper.model.text import _
from watchkeeper.ui.pages.job.schedule.builder import Builder

MODES = (
    ("visual", _("Visual")),
    ("cron", _("Cron")),
    ("interval", _("Interval")),
    ("once", _("Once")),
    ("event", _("Event")),
)
#: What a trigger begins as in each mode.
FRESH: dict[str, dict[str, Any]] = {
    "visual": {"kind": "cron", "cron": "0 2 * * *"},
    "cron": {"kind": "cron", "cron": "0 2 * * *"},
    "interval": {"kind": "interval", "every": "1h"},
    "once": {"kind": "once"},
    "event": {"kind": "startup"},
}
EVENTS = ("after", "startup", "file", "manual")
#: These stand in the form itself, the rest behind "More".
MAIN = {
    "cron": ("cron", "zone"),
    "interval": ("every", "pace", "anchor"),
    "once": ("at",),
    "window": (),
    "after": ("after", "on"),
    "startup": ("delay", "once_a_boot"),
    "file": ("file", "poll", "settle"),
    "manual": (),
}
OWN_ROWS = ("misfire", "grace", "not_on")
TIMED = ("cron", "interval", "once", "window")
#: What the builder writes.
BUILT = ("cron", "every", "start", "end", "days", "kind")
EVENT_NAMES = {
    "after": _("After a job"),
    "startup": _("Start-up"),
    "file": _("A file"),
    "manual": _("By hand"),
}


def mode_of(trigger: dict[str, Any]) -> str:
    """The mode in which a trigger is shown first."""
    kind = str(trigger.get("kind", ""))
    if kind in ("cron", "window"):
        return "visual" if Builder.can_show(trigger) or kind == "window" else "cron"
    return kind if kind in ("interval", "once") else "event"
