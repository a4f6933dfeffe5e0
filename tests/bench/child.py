"""Measures in a process of its own, so that no row warms or burdens another."""

import subprocess
import sys
import tempfile


def rate(module: str, *words: object) -> float:
    """What `python -m bench.<module> <folder> <words>` prints: a number; the folder is new and goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", f"bench.{module}", folder, *map(str, words)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
