"""U4: a log of 100,000 lines and 50 MB as it grows, the first rows of a gigabyte, a search through 100 MB."""

import json
import os
import subprocess
import sys
from typing import Any

from bench.folders import new_folder


def live() -> dict[str, float]:
    """`gap`: the longest time that the window did not answer while 100,000 lines (50 MB) came within seconds."""
    return _measured("live")


def opened(what: str) -> dict[str, float]:
    """`first`: seconds until the first rows (`open`) or the last ones (`tail`) of 1 GB are painted; `gap` after it."""
    return _measured(what)


def searched() -> dict[str, float]:
    """`seconds` for 100 MB, `reference` for the same expression over bytes in memory, `gap` meanwhile."""
    return _measured("search")


def stopped() -> dict[str, float]:
    """`seconds` to end a search by an expression that would never end."""
    return _measured("stop")


def _measured(what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.log_view", str(new_folder()), what]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    said: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout
    )
    return said
