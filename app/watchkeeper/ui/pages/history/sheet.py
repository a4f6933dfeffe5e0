"""Runs as rows of a table for other programs: names of columns that do not change, and values that do no harm."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from watchkeeper.model import codec
from watchkeeper.model.run import Run
from watchkeeper.ui.run_columns import took
from watchkeeper.ui.spreadsheet import harmless
from watchkeeper.ui.words import shown

COLUMNS: dict[str, Callable[[Run], Any]] = {
    "number": lambda run: run.number,
    "job": lambda run: run.job_name,
    "version": lambda run: run.job_version,
    "state": lambda run: str(run.state),
    "has_warning": lambda run: run.has_warning,
    "verdict": lambda run: None if run.verdict is None else str(run.verdict),
    "verdict_by": lambda run: run.verdict_by,
    "verdict_reason": lambda run: run.verdict_reason,
    "attempts": lambda run: run.attempt,
    "origin": lambda run: str(run.origin),
    "started_by": lambda run: run.actor,
    "host": lambda run: run.host,
    "pool": lambda run: run.pool,
    "made_at": lambda run: run.created_at,
    "due_at": lambda run: run.due_at,
    "started_at": lambda run: run.started_at,
    "ended_at": lambda run: run.ended_at,
    "seconds": lambda run: None if (span := took(run)) is None else round(span.total_seconds(), 3),
    "exit_code": lambda run: run.exit_code,
    "reason": lambda run: None if run.reason is None else shown(run.reason),
    "params": lambda run: dict(run.params or {}),
    "outputs": lambda run: dict(run.outputs),
    "run_id": lambda run: run.id,
    "execution_id": lambda run: run.execution_id,
}


def csv_head(*, has_mark: bool) -> str:
    """The names; `has_mark`: with the mark by which Excel knows UTF-8, without which Chinese is garbled there."""
    return ("\ufeff" if has_mark else "") + ",".join(COLUMNS) + "\r\n"


def csv_rows(runs: Iterable[Run], zone: str) -> str:
    """A line for each, in the zone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_cell(value, zone) for value in _values(run)] for run in runs)
    return text.getvalue()


def json_rows(runs: Iterable[Run], zone: str) -> list[str]:
    """An object for each."""
    place = ZoneInfo(zone)
    return [
        codec.encode({name: _plain(value, place) for name, value in zip(COLUMNS, _values(run), strict=True)}).decode()
        for run in runs
    ]


def _values(run: Run) -> list[Any]:
    return [value_of(run) for value_of in COLUMNS.values()]


def _plain(value: Any, place: ZoneInfo) -> Any:
    return value.astimezone(place).isoformat() if isinstance(value, datetime) else value


def _cell(value: Any, zone: str) -> Any:
    """Numbers as numbers; words that would be a formula with an apostrophe before them."""
    value = _plain(value, ZoneInfo(zone))
    if isinstance(value, dict):
        value = codec.encode(value).decode() if value else ""
    return harmless(value)
