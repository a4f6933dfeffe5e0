"""Columns of tables of runs, shared by the monitor and the history."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from watchkeeper.model.run import HOLDING, Origin, Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, glyph_of_run
from watchkeeper.ui.spans import duration, moment
from watchkeeper.ui.theme import Role
from watchkeeper.ui.widgets.column import glyph_and_words, write

#: How a run came to be.
ORIGINS: dict[Origin, Text] = {
    Origin.FIRE: _("schedule"),
    Origin.MANUAL: _("by hand"),
    Origin.RERUN: _("run again"),
    Origin.AFTER: _("after a job"),
    Origin.MADE_UP: _("made up for"),
}


def took(run: Run) -> timedelta | None:
    """How long the attempt took, or has taken by now."""
    if run.started_at is None:
        return None
    end = run.ended_at or (now() if run.state in HOLDING else None)
    return None if end is None else end - run.started_at


def took_words(run: Run) -> str:
    """The same, for a column."""
    span = took(run)
    return "" if span is None else duration(span)


def state_text(run: Run) -> Text:
    """The state's word."""
    return WORDS[run.verdict or run.state]


def began(run: Run, zone: Callable[[], str]) -> str:
    """When it started; when it was due if it never did."""
    return moment(run.started_at or run.due_at, zone(), now())


def origin_text(run: Run) -> Text:
    """How it came to be."""
    return ORIGINS[run.origin]


def paint_name(painter: QPainter, rect: QRectF, run: Run) -> None:
    """Glyph, name, number."""
    right = glyph_and_words(painter, rect, glyph_of_run(run), run.job_name)
    rest = QRectF(right, rect.top(), rect.right() - right, rect.height())
    write(painter, rest, f"#{run.number}", role=Role.SMALL, ink=3)
