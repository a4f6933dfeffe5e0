"""A page that is closed leaves nothing behind: no widget, no timer, no task, however often it was open."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from tests.ui.waiting import read
from watchkeeper.ui import shots
from watchkeeper.ui.shell.window import Window

#: How often each page is opened and closed; the first time may fill caches.
TIMES = 5


async def test_a_page_that_is_closed_leaves_nothing_behind(window: Window) -> None:
    await read(window.page)
    faults = []
    async for place in places(window):
        await opened_and_closed(window, place)
        before = await held(window)
        for _time in range(TIMES - 1):
            await opened_and_closed(window, place)
        faults += [f"{place}: {count} more of {what}" for what, count in (await left(window, before)).items()]
    assert not faults, "\n".join(faults)


async def left(window: Window, before: Counter[str]) -> Counter[str]:
    """What is held besides, once nothing of it goes any more."""
    more = await held(window) - before
    while more and (later := await held(window) - before) != more:
        more = later
    return more


async def places(window: Window) -> AsyncIterator[str]:
    """Each page once; where nothing else is open the dashboard comes by itself."""
    scenes = await shots.every_scene(window.console.desk)
    for place in dict.fromkeys(scene.place.partition("#")[0] for scene in scenes.values()):
        if place != "dashboard":
            yield place


async def opened_and_closed(window: Window, place: str) -> None:
    window.go(place)
    await read(window.page)
    window.close_current()


async def held(window: Window) -> Counter[str]:
    """What is alive once all that was to be deleted is gone, by its kind."""
    await window.page.tasks.idle()
    await asyncio.sleep(0.02)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    timers = [each for each in gc.get_objects() if isinstance(each, QTimer) and isValid(each)]
    tasks = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
    return Counter([type(each).__name__ for each in (*QApplication.allWidgets(), *timers)] + tasks)
