"""Seconds from a plugin file's saving to the moment at which its handler can be used, as a JSON list of so many."""

import asyncio
import json
import sys
import time
from pathlib import Path

from watchkeeper.action.desk import Desk
from watchkeeper.boot import open_desk

#: Seconds between two questions, and until the next file is saved.
BEAT, REST = 0.01, 0.7

TEXT = '''"""Does nothing, number {number}."""

from watchkeeper.plugin import Context, handler


@handler("bench.saved{number}", title="Nothing")
async def noop(ctx: Context) -> None: ...
'''


async def saved(home: Path, count: int) -> list[float]:
    """One after the other, with the engine that runs there."""
    async with open_desk(home, is_writing=False) as desk:
        return [await _one(desk, home / "plugins", number) for number in range(count)]


async def _one(desk: Desk, folder: Path, number: int) -> float:
    # Each at another moment of the engine's beat.
    await asyncio.sleep(REST + number * 0.037)
    begun = time.monotonic()
    (folder / f"saved{number}.py").write_text(TEXT.format(number=number))
    while not any(row.kind == f"bench.saved{number}" for row in await desk.ask("handler.list")):
        await asyncio.sleep(BEAT)
    return time.monotonic() - begun


if __name__ == "__main__":
    print(json.dumps(asyncio.run(saved(Path(sys.argv[1]), int(sys.argv[2])))))
