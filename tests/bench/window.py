"""Measures of the window, each in a process of its own over a workspace that was filled for it."""

import asyncio
import json
import subprocess
import sys
from typing import Any

from bench.many_jobs import fill
from bench.workspace import Workspace
from watchkeeper.action import files
from watchkeeper.boot import open_desk, store_of
from watchkeeper.model import places
from watchkeeper.store.store import Store


def window(workspace: Workspace, what: str, *words: object) -> Any:
    """What `python -m bench.console_window <home> <what> <words>` has measured; `what` is a measure of that module."""
    return json.loads(said(workspace, "console_window", str(workspace.home), what, *map(str, words)))


def said(workspace: Workspace, module: str, *words: str) -> str:
    """What a module of this folder prints when it is run with these words; without a screen, its bytecode kept."""
    env = {**workspace.env, "QT_QPA_PLATFORM": "offscreen"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", f"bench.{module}", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


def give_samples(workspace: Workspace) -> None:
    """The jobs that a newcomer begins with."""
    asyncio.run(_apply(workspace))


def give_jobs(workspace: Workspace, count: int, runs_each: int) -> None:
    """So many jobs with so many past runs each."""
    asyncio.run(_fill(workspace, count, runs_each))


async def _apply(workspace: Workspace) -> None:
    found = files.read(places.resources() / "samples" / "en")
    async with open_desk(workspace.home, is_writing=True) as desk:
        await desk.do("jobs.apply", jobs=found.jobs, pools=found.pools, calendars=found.calendars)


async def _fill(workspace: Workspace, count: int, runs_each: int) -> None:
    store = await Store.open(store_of(workspace.home))
    try:
        await fill(store, count, runs_each)
    finally:
        await store.close()
