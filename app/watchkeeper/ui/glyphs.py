"""The status language: which glyph and which colour a state has, wherever it is shown."""

from PySide6.QtGui import QColor

from watchkeeper.model.job_table import JobRow
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _
from watchkeeper.ui.theme import tokens

#: Glyph (of resources/icons/status) -> the token of its colour.
COLORS = {
    "success": "success",
    "success-warning": "success",
    "running": "running",
    "failed": "failed",
    "timed-out": "failed",
    "lost": "warning",
    "retry-wait": "warning",
    "late": "warning",
    "missed": "warning",
    "blocked": "blocked",
    "queued": "waiting",
    "waiting-dependency": "waiting",
    "waiting-slot": "waiting",
    "waiting-confirm": "waiting",
    "scheduled": "waiting",
    "skipped": "waiting",
    "held": "cancelled",
    "paused": "cancelled",
    "disabled": "cancelled",
    "cancelled": "cancelled",
    "killed": "cancelled",
    "forced-ok": "cancelled",
}

#: What each state looks like.
GLYPHS: dict[State, str] = {
    State.WAITING: "retry-wait",
    State.QUEUED: "queued",
    State.DISPATCHING: "running",
    State.RUNNING: "running",
    State.ORPHANED: "lost",
    State.UNKNOWN: "lost",
    State.SUCCEEDED: "success",
    State.FAILED: "failed",
    State.TIMED_OUT: "timed-out",
    State.CANCELLED: "cancelled",
    State.SKIPPED: "skipped",
    State.UPSTREAM_FAILED: "blocked",
    State.EXPIRED: "blocked",
    State.MISSED: "missed",
}

#: What each state is called on screen.
WORDS: dict[State, Text] = {
    State.WAITING: _("Waiting to retry"),
    State.QUEUED: _("Queued"),
    State.DISPATCHING: _("Starting"),
    State.RUNNING: _("Running"),
    State.ORPHANED: _("Out of sight"),
    State.UNKNOWN: _("Unknown"),
    State.SUCCEEDED: _("Succeeded"),
    State.FAILED: _("Failed"),
    State.TIMED_OUT: _("Timed out"),
    State.CANCELLED: _("Cancelled"),
    State.SKIPPED: _("Skipped"),
    State.UPSTREAM_FAILED: _("Upstream failed"),
    State.EXPIRED: _("Expired"),
    State.MISSED: _("Missed"),
}


def glyph_of(state: State, *, has_warning: bool = False, verdict: State | None = None) -> str:
    """The glyph of a state as an icon's name, like `status/failed`."""
    if verdict is State.SUCCEEDED and state is not State.SUCCEEDED:
        return "status/forced-ok"
    if state is State.SUCCEEDED and has_warning:
        return "status/success-warning"
    return f"status/{GLYPHS[verdict or state]}"


def glyph_of_run(run: Run) -> str:
    """The glyph of a run."""
    return glyph_of(run.state, has_warning=run.has_warning, verdict=run.verdict)


def glyph_of_job(row: JobRow) -> str:
    """What a job does now, else what its last run came to."""
    if row.live is not None:
        return glyph_of(row.live.state)
    if not row.is_enabled:
        return "status/disabled"
    if row.last is not None:
        return glyph_of(row.last.state, has_warning=row.last.has_warning)
    return "status/scheduled"


def color_of(icon: str) -> QColor | None:
    """The colour of a status glyph; None for an icon that is none."""
    kind, _slash, name = icon.partition("/")
    if kind != "status":
        return None
    color: QColor = getattr(tokens(), COLORS[name])
    return color
