"""Old values are not shown as if they were so still: each page says how old it is, and reads by itself when it can."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel

from tests.processes import keepers, payloads
from tests.ui.waiting import eventually, read, saved
from watchkeeper import boot
from watchkeeper.action.desk import Desk
from watchkeeper.action.lasting_desk import LastingDesk
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.action.wire import Unreachable
from watchkeeper.model import places
from watchkeeper.model.text import _
from watchkeeper.ui import bridge, clock, freshness
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.freshness import Freshness
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.theme.pale import pale
from watchkeeper.ui.widgets.glyph import Glyph
from watchkeeper.ui.words import shown


@contextmanager
def engine(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A headless engine, ready to be asked; it is killed if it lives at the end."""
    app = Path(boot.__file__).parents[2]
    command = [sys.executable, "-m", "watchkeeper", "--home", str(home), "engine"]
    environ = {**os.environ, "PYTHONPATH": str(app)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "engine started" in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """A workspace whose processes are ended."""
    host = tmp_path / "host"
    monkeypatch.setenv("WATCHKEEPER_HOST_ROOT", str(host))
    monkeypatch.setattr(bridge, "PATIENCE", 0.05)
    await asyncio.to_thread(boot.init_workspace, tmp_path / "home")
    yield tmp_path / "home"
    for pid in (*keepers(host), *payloads(host)):
        os.kill(pid, signal.SIGKILL)
    await asyncio.get_running_loop().shutdown_default_executor()


def colors_of(image: QImage) -> set[str]:
    """All that are in a picture."""
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


async def test_when_the_engine_is_killed_every_value_says_its_age_until_the_next_one_answers(home: Path) -> None:
    connect = partial(SocketDesk.connect, places.socket_of(home, "engine"))
    with engine(home) as process:
        desk = LastingDesk(await connect(), connect)
        await saved(desk, "etl")
        told = Bridge(desk)
        window = Window(desk, told, Memory(None), "Li Wei")
        told.start()
        window.show()
        window.go("jobs")
        await read(window.page)
        page, banner = window.page, window.berth.banner
        await eventually(lambda: page.model.total == 1, "the job is there")  # type: ignore[attr-defined]
        await eventually(lambda: window.status.status is not None, "the engine has answered")
        assert banner.isHidden()
        process.kill()
        await eventually(banner.isVisible, "the banner is there")
        assert banner.sentence.text().startswith("The engine does not answer. What you see was read")
        await eventually(lambda: not window.status.is_connected, "the status bar knows")
        assert window.status._running.property("pale") == "true"
        assert [notice.key for notice in window.notices.all()] == ["engine"]
        with pytest.raises(Unreachable):
            await desk.ask("engine.status")
        window.go("history")
        assert banner.isVisible()
        window.go("jobs")
    with engine(home):
        other = await connect()
        await saved(other, "newer")
        await other.close()
        await eventually(banner.isHidden, "the banner is gone")
        await eventually(lambda: page.model.total == 2, "it has read by itself")  # type: ignore[attr-defined]
        await eventually(lambda: window.status.is_connected, "the status bar knows")
        assert window.status._running.property("pale") == "false"
        assert shown(window.notices.all()[0].title) == "The engine answers again"
        assert not pale()._grounds
        window.close()
        window.deleteLater()
        await told.close()
        await desk.close()


async def test_a_read_that_fails_or_takes_too_long_makes_it_stale(
    desk: Desk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "LATE", 10)
    fresh = Freshness(window.console.bridge, window)
    changes: list[bool] = []
    fresh.changed.connect(lambda: changes.append(fresh.is_stale))
    fresh.come()
    assert changes == []
    fresh.fail(_("the disk is full"))
    assert "This could not be read: the disk is full." in shown(fresh.words)
    fresh.come()
    fresh.want()
    await eventually(lambda: fresh.is_stale, "it takes too long")
    clock.stand_still(clock.now() + timedelta(minutes=3))
    assert shown(fresh.words) == "The engine is slow to answer. What you see was read 3 min ago."
    fresh.come()
    assert changes == [True, False, True, False]


async def test_what_is_pale_has_one_ink_and_no_colour_of_a_state(window: Window) -> None:
    await read(window.page)
    glyph, label = Glyph("status/failed", parent=window.page), QLabel("words", window.page)
    for widget in (glyph, label):
        widget.show()
    red, ink = tokens().failed.name(), tokens().text_3.name()
    assert red in colors_of(glyph.grab().toImage())
    pale().set_pale(window.page, True)
    assert red not in colors_of(glyph.grab().toImage())
    assert ink in colors_of(glyph.grab().toImage())
    assert label.palette().color(label.foregroundRole()) == QColor(ink)
    pale().set_pale(window.page, False)
    assert red in colors_of(glyph.grab().toImage())
    assert label.palette().color(label.foregroundRole()) == tokens().text
    assert tokens().failed.name() == red
