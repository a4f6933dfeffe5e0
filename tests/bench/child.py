"""Measures in a process of its own, so that no row warms or burdens another."""

import subprocess
import sys

from bench.folders import new_folder


def rate(module: str, *words: object) -> float:
    """What `python -m bench.<module> <new folder> <words>` prints: a number."""
    command = [sys.executable, "-m", f"bench.{module}", str(new_folder()), *map(str, words)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
