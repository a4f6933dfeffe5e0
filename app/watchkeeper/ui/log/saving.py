"""Takes a log out of the window: to a file as it is, to the clipboard as it is shown."""

import asyncio
import os
from pathlib import Path

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.rows import LONGEST, of_bytes
from watchkeeper.ui.log.selection import Spot
from watchkeeper.ui.log.shown import shown

#: More does not go to the clipboard.
MOST_COPIED = 16 * 1024 * 1024
_PART = 1024 * 1024


async def save(log: Log, file: Path) -> int:
    """Write the bytes of all attempts, as they are now; how many. The file is there only when it is whole."""
    size, at = log.size, 0
    new = file.with_name(f".{file.name}.new")
    try:
        with new.open("wb") as out:
            while at < size:
                data = await log.read(at, min(_PART, size - at))
                await asyncio.to_thread(out.write, data)
                at += len(data)
        os.replace(new, file)
    except OSError as error:
        raise Known(
            _("the log can't be saved as {file}: {reason}", file=str(file), reason=error.strerror or str(error))
        ) from error
    finally:
        new.unlink(missing_ok=True)
    return size


async def selected_text(log: Log, first: Spot, last: Spot, first_number: int | None = None) -> str:
    """What is selected, without colours and with signs for what is no text; Known when it is too much.

    `first_number`: each line begins with its number, which is this one in the first line.
    """
    end = await _row_end(log, last.row)
    if end - first.row > MOST_COPIED:
        raise Known(_("this is too much for the clipboard; save the log to a file instead"))
    data = await _read(log, first.row, end)
    tail = shown(data[last.row - first.row :].removesuffix(b"\n").removesuffix(b"\r"))
    text = shown(data[: last.row - first.row])[first.character :] if last.row > first.row else ""
    text += tail[first.character if last.row == first.row else 0 : last.character]
    return text if first_number is None else _numbered(text, first_number)


async def _row_end(log: Log, row: int) -> int:
    begin, _stop = log.bounds(row)
    before = await log.read(row - 1, 1) if row > begin else b"\n"
    data = await log.read(row, LONGEST)
    return of_bytes(data, row, begin, before == b"\n").end(row)


async def _read(log: Log, start: int, end: int) -> bytes:
    data = bytearray()
    while start + len(data) < end:
        at = start + len(data)
        data += await log.read(at, min(_PART, end - at))
    return bytes(data)


def _numbered(text: str, first: int) -> str:
    lines = text.split("\n")
    width = len(str(first + len(lines) - 1))
    return "\n".join(f"{number:>{width}}  {line}" for number, line in enumerate(lines, first))
