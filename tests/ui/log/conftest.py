"""Logs in files, shown by the whole view on the loop that the window has."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from watchkeeper.model.text import _
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.source import FileSource
from watchkeeper.ui.log.view import LogView
from watchkeeper.ui.memory import Memory

PATIENCE = 20.0
Open = Callable[..., LogView]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Open]:
    """Shows the outputs of some attempts; `is_closed` False: the last one may grow."""
    views: list[LogView] = []

    def show(*outputs: bytes, is_closed: bool = True, memory: Memory | None = None) -> LogView:
        log = Log()
        for number, output in enumerate(outputs, 1):
            file = tmp_path / f"{number}.log"
            file.write_bytes(output)
            heading = _("attempt {attempt} starts", attempt=number) if number > 1 else None
            log.add(FileSource(file, is_closed=is_closed or number < len(outputs)), heading)
        view = LogView(log, memory or Memory(None))
        view.resize(800, 714)
        view.show()
        views.append(view)
        return view

    yield show
    for view in views:
        view.close_log()
        for part in view.log.parts:
            part.source.close()
        view.close()
        view.deleteLater()
    await asyncio.get_running_loop().shutdown_default_executor()


async def until(is_so: Callable[[], object], why: str = "") -> None:
    """Wait until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0.005)
