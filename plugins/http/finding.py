"""Looks into the text of an answer without holding up the engine, whatever the text is."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from watchkeeper.plugin import Fail, _

from . import reading
from .sources import is_costly

#: A search that takes longer is cut.
SEARCH_SECONDS = 10.0

Ask = tuple[str, str]


async def found(text: str, asks: Sequence[Ask]) -> list[list[Any] | None]:
    """For each ask, ("path", $...) or ("regex", ...), a list with its value, or None; Fail when the text is no JSON."""
    if not asks:
        return []
    look = _apart if any(is_costly(*ask) for ask in asks) else _in_thread
    answer = await look(text, list(asks))
    if "fault" in answer:
        raise Fail(_("the answer is not JSON that can be read: {fault}", fault=answer["fault"]))
    values: list[list[Any] | None] = answer["found"]
    return values


async def _in_thread(text: str, asks: list[Ask]) -> dict[str, Any]:
    return await asyncio.to_thread(reading.read, text, asks)


async def _apart(text: str, asks: list[Ask]) -> dict[str, Any]:
    """In a process of its own, which can be ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(Path(reading.__file__)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SEARCH_SECONDS):
            output, errors = await process.communicate(json.dumps({"text": text, "asks": asks}).encode())
    except TimeoutError:
        raise _too_long(asks) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(errors.decode(errors="replace")[-500:])
    answer: dict[str, Any] = json.loads(output)
    return answer


def _too_long(asks: Sequence[Ask]) -> Fail:
    what = ", ".join(what for kind, what in asks if is_costly(kind, what))[:200]
    return Fail(
        _(
            "looking for {what} in the answer took longer than {seconds} s: write it with fewer ways to match",
            what=what,
            seconds=int(SEARCH_SECONDS),
        )
    )
