"""What the columns of the table of jobs say and show."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from watchkeeper.model.job_table import JobRow
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, glyph_of_job
from watchkeeper.ui.spans import ago, ahead, duration, span
from watchkeeper.ui.theme import Role, font, tokens
from watchkeeper.ui.trigger_words import without_zone
from watchkeeper.ui.widgets.column import Column, glyph_and_words, width_of, write
from watchkeeper.ui.widgets.sparkline import WIDTH, paint_sparkline
from watchkeeper.ui.words import shown


def columns(zone: Callable[[], str]) -> list[Column[JobRow]]:
    """All of them, in their usual order."""

    def next_text(row: JobRow) -> str:
        return f"{shown(when_text(row, zone()))}, {shown(soon_text(row))}"

    def paint_next(painter: QPainter, rect: QRectF, row: JobRow) -> None:
        _paint_next(painter, rect, when_text(row, zone()), shown(soon_text(row)))

    return [
        Column("check", _("Selected"), 37, lambda row: "", is_check=True),
        Column("name", _("Name"), 250, lambda row: row.name, _paint_name, is_stretched=True, sort="name"),
        Column("runs", _("Last 20 runs"), WIDTH + 16, _runs_text, _paint_runs, gives_way=1),
        Column("last", _("Last"), 114, last_text, _paint_last, sort="last"),
        Column("next", _("Next"), 226, next_text, paint_next, sort="next"),
        Column("host", _("Host"), 80, host_text, gives_way=4),
        Column("p50", _("p50"), 72, p50_text, paint_p50, is_right=True, sort="p50", gives_way=2),
        Column("owner", _("Owner"), 88, lambda row: row.owner, sort="owner", gives_way=3),
        Column("status", _("Status"), 120, status_text, sort="status", is_usual=False),
        Column("group", _("Group"), 120, lambda row: row.group, sort="group", is_usual=False),
        Column("handler", _("Task type"), 120, lambda row: row.handler, is_usual=False),
        Column("pool", _("Pool"), 100, lambda row: row.pool, is_usual=False),
        Column("tags", _("Tags"), 140, lambda row: ", ".join(row.tags), is_usual=False),
    ]


def status_text(row: JobRow) -> Text | str:
    """The word for the glyph."""
    if row.live is not None:
        return WORDS[row.live.state]
    if not row.is_enabled:
        return _("disabled")
    return WORDS[row.last.state] if row.last is not None else _("no run yet")


def host_text(row: JobRow) -> str:
    """Where the last run was."""
    return "" if row.last is None else row.last.host or ""


def p50_text(row: JobRow) -> str:
    """How long half of the last runs took at most."""
    return "" if row.p50 is None else duration(row.p50)


def paint_p50(painter: QPainter, rect: QRectF, row: JobRow) -> None:
    """In the ink of words: it is a number."""
    write(painter, rect, p50_text(row), ink=1, is_right=True)


def last_text(row: JobRow) -> Text | str:
    """When the last run ended, or how long the one that lives has taken."""
    live = row.live
    if live is not None and live.state in (State.RUNNING, State.DISPATCHING) and live.started_at is not None:
        return _("running {span}", span=span(now() - live.started_at))
    if live is not None and live.state is State.WAITING:
        return _("retry {n} waits", n=live.attempt - 1)
    if live is not None:
        return WORDS[live.state]
    return "" if row.last is None else ago(row.last.ended_at, now())


def when_text(row: JobRow, zone: str) -> Text | str:
    """The first trigger in words, and how many more there are; the zone is told where it is not `zone`."""
    if not row.triggers:
        return _("on request")
    first = without_zone(row.triggers[0], zone)
    return first if len(row.triggers) == 1 else _("{when} and {n} more", when=first, n=len(row.triggers) - 1)


def soon_text(row: JobRow) -> Text | str:
    """In how long it fires."""
    if not row.is_enabled:
        return _("disabled")
    return "" if row.next_at is None else ahead(row.next_at, now())


def _runs_text(row: JobRow) -> str:
    return ", ".join(shown(WORDS[run.verdict or run.state]) for run in row.runs[-5:])


def _paint_name(painter: QPainter, rect: QRectF, row: JobRow) -> None:
    right = glyph_and_words(painter, rect, glyph_of_job(row), row.name)
    for tag in row.tags[:3]:
        right = _paint_tag(painter, rect, right + 8, tag)


def _paint_tag(painter: QPainter, rect: QRectF, x: float, tag: str) -> float:
    t, width = tokens(), width_of(tag, Role.CAPTION) + 12
    if x + width > rect.right() - 8:
        return rect.right()
    chip = QRectF(x, rect.center().y() - 9, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.control_active)
    painter.drawRoundedRect(chip, 4, 4)
    painter.setFont(font(Role.CAPTION, tag))
    painter.setPen(t.text_2)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, tag)
    return x + width


def _paint_runs(painter: QPainter, rect: QRectF, row: JobRow) -> None:
    paint_sparkline(painter, rect, row)


def _paint_last(painter: QPainter, rect: QRectF, row: JobRow) -> None:
    write(painter, rect, last_text(row), ink=1 if row.live is not None else 2)


def _paint_next(painter: QPainter, rect: QRectF, when: Text | str, soon: str) -> None:
    width = width_of(soon, Role.SMALL) + 16 if soon else 0.0
    write(painter, rect.adjusted(0, 0, -width, 0), when, ink=1)
    write(painter, QRectF(rect.right() - width, rect.top(), width, rect.height()), soon, is_right=True)
