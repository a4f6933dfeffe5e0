"""Where the laws look: every place that pictures are taken of, opened one after the other."""

from collections.abc import AsyncIterator

from tests.ui.waiting import read
from watchkeeper.ui import shots
from watchkeeper.ui.shell.window import Window


async def opened_pages(window: Window) -> AsyncIterator[str]:
    """The name of each page, while it is shown and has read what it shows."""
    for name, scene in (await shots.every_scene(window.console.desk)).items():
        window.go(scene.place)
        await read(window.page)
        yield name
