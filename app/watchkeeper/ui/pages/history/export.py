"""Writes every run that a filter lets through into a file, page by page; the file is there only when it is whole."""

import asyncio
import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from typing import Any, TextIO

from watchkeeper.action.desk import Desk
from watchkeeper.action.history import RunPage
from watchkeeper.model.errors import Known
from watchkeeper.model.run import Run
from watchkeeper.model.text import Text, _
from watchkeeper.ui.pages.history.sheet import csv_head, csv_rows, json_rows

#: Runs of one page.
PAGE = 200


class Form(StrEnum):
    """How a file is written."""

    CSV = "csv"
    #: With the mark by which Excel knows UTF-8.
    EXCEL = "excel"
    JSON = "json"

    @property
    def suffix(self) -> str:
        """How its files end."""
        return ".json" if self is Form.JSON else ".csv"


async def export(
    desk: Desk, given: Mapping[str, Any], file: Path, form: Form, zone: str, told: Callable[[int, int], None]
) -> int:
    """How many runs were written, newest first; `told` hears how many of about how many are.

    Known when the file can't be written. Whoever gives up leaves nothing behind.
    """
    new = file.with_name(f".{file.name}.{token_hex(4)}.part")
    try:
        with await asyncio.to_thread(_opened, new) as out:
            count = await _written(desk, given, out, form, zone, told)
        await asyncio.to_thread(os.replace, new, file)
    except OSError as error:
        raise Known(_refusal(file, error)) from error
    finally:
        new.unlink(missing_ok=True)
    return count


async def _written(
    desk: Desk, given: Mapping[str, Any], out: TextIO, form: Form, zone: str, told: Callable[[int, int], None]
) -> int:
    count, at = 0, dict[str, int]()
    await asyncio.to_thread(out.write, "[" if form is Form.JSON else csv_head(has_mark=form is Form.EXCEL))
    while True:
        page: RunPage = await desk.ask("run.table", **given, limit=PAGE, **at)
        await asyncio.to_thread(_add, out, page.rows, form, zone, is_first=not count)
        count += len(page.rows)
        told(count, max(count, page.total))
        if not page.rows or not page.has_older:
            break
        at = {"before": page.rows[-1].number}
    await asyncio.to_thread(_finish, out, form)
    return count


def _add(out: TextIO, rows: list[Run], form: Form, zone: str, *, is_first: bool) -> None:
    if form is not Form.JSON:
        out.write(csv_rows(rows, zone))
    elif rows:
        out.write(("\n" if is_first else ",\n") + ",\n".join(json_rows(rows, zone)))


def _finish(out: TextIO, form: Form) -> None:
    out.write("\n]\n" if form is Form.JSON else "")
    out.flush()
    os.fsync(out.fileno())


def _opened(file: Path) -> TextIO:
    return file.open("w", encoding="utf-8", newline="")


def _refusal(file: Path, error: OSError) -> Text:
    return _("{file} can't be written: {reason}", file=str(file), reason=error.strerror or str(error))
