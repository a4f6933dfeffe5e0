"""The tray tells how things are and lets one pause, be left alone and quit; the desktop's notifications lead back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from tests.ui.shell.desktop import connected, notifications, session_bus
from tests.ui.waiting import eventually, ran, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui import clock, session
from watchkeeper.ui.app import Opened
from watchkeeper.ui.crash import Reporter
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.session import Session
from watchkeeper.ui.shell.pause_until import Until
from watchkeeper.ui.shell.tray import Tray
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil


@asynccontextmanager
async def shown(desk: Desk, home: Path) -> AsyncIterator[tuple[Window, Tray]]:
    """A console with a tray, as the program opens it."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Opened]:
        yield Opened(desk, is_embedded=True)

    made = Session(home, Memory(None), "Li Wei", Reporter(home))
    running = asyncio.ensure_future(made.shown(opening, []))
    await eventually(lambda: made._tray is not None and made._window.status.status is not None, "it is open")
    assert made._tray is not None
    try:
        yield made._window, made._tray
    finally:
        made._quit(False)
        await running
        made._window.deleteLater()


@pytest.fixture(autouse=True)
def trayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop with a tray and without a bus."""
    monkeypatch.setattr(session, "has_tray", lambda: True)
    monkeypatch.setattr(session, "session_bus", lambda: None)


def entry(tray: Tray, words: str) -> QAction:
    """What stands in the menu now and begins so."""
    found = [action for action in tray.fill().actions() if action.text().startswith(words)]
    assert found, [action.text() for action in tray.fill().actions()]
    return found[0]


def over(window: Window) -> Any:
    """What lies over the window."""
    return next((veil.panel for veil in window.findChildren(Veil) if veil.isVisible()), None)


async def test_the_menu_tells_what_failed_and_leads_there(desk: Desk, tmp_path: Path) -> None:
    for name in ("one", "two", "three", "four"):
        await saved(desk, name, "exit 3")
        run = await ran(desk, name)
    async with shown(desk, tmp_path) as (window, tray):
        await eventually(lambda: tray.state == "failed", "the tray knows")
        texts = [action.text() for action in tray.fill().actions()]
        assert texts[0] == "4 need attention, 0 running"
        assert [text.split(",")[0] for text in texts[1:4]] == ["four: failed", "three: failed", "two: failed"]
        window.hide()
        entry(tray, "four: failed").trigger()
        assert window.isVisible()
        assert window.page.place == f"run/{run.id}"


async def test_the_schedule_is_paused_for_a_while_until_a_moment_or_for_good(desk: Desk, tmp_path: Path) -> None:
    async with shown(desk, tmp_path) as (window, tray):

        def pause() -> Any:
            return window.status.status.pause if window.status.status else None

        entry(tray, "Pause the schedule for 15 minutes").trigger()
        await eventually(pause, "it is paused")
        assert pause().until - clock.now() < timedelta(minutes=15)
        assert tray.state == "paused"
        entry(tray, "Let the schedule go on").trigger()
        await eventually(lambda: not pause(), "it goes on")
        window.hide()
        entry(tray, "Pause the schedule until…").trigger()
        dialog = over(window)
        assert isinstance(dialog, Dialog)
        asked = dialog.findChild(Until)
        assert isinstance(asked, Until)
        asked.field.setText("2020-01-01 8 o'clock")
        assert not dialog.buttons[-1].isEnabled()
        assert "2020-01-01 8 o'clock" in asked.remark.text()
        asked.field.setText(asked._offered)
        moment = asked.moment
        assert moment is not None
        assert clock.now() + timedelta(hours=6) < moment < clock.now() + timedelta(hours=9)
        dialog.buttons[-1].click()
        await eventually(lambda: pause() and pause().until == moment, "it is paused until then")


async def test_do_not_disturb_is_one_for_tray_and_window(desk: Desk, tmp_path: Path) -> None:
    async with shown(desk, tmp_path) as (window, tray):
        entry(tray, "Do not disturb").trigger()
        assert window.quiet.is_on
        assert tray.state == "dnd"
        assert entry(tray, "Do not disturb").isChecked()
        window.toggle_quiet()
        assert tray.state == "ok"


async def test_quit_asks_over_the_window_even_if_that_is_hidden(desk: Desk, tmp_path: Path) -> None:
    await saved(desk, "slow", "sleep 600")
    await desk.do("run.start", job="slow")
    async with shown(desk, tmp_path) as (window, tray):
        await eventually(lambda: window.status.status and window.status.status.running, "it runs")
        window.hide()
        entry(tray, "Quit").trigger()
        assert window.isVisible()
        question = over(window)
        assert isinstance(question, Question)
        question.buttons[0].click()


async def test_a_notification_of_the_desktop_leads_to_the_run_and_runs_it_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(desk, "bad", "exit 3")
    with session_bus() as address, notifications(address, "actions,body") as server, connected(address) as bus:
        monkeypatch.setattr(session, "session_bus", lambda: bus)
        async with shown(desk, tmp_path) as (window, _tray):
            herald = window.findChild(session.Herald)
            assert herald is not None
            await eventually(lambda: herald._desktop and herald._desktop.capabilities, "the desktop has answered")
            window.hide()
            await eventually(lambda: QApplication.activeWindow() is None, "nobody looks")
            run = await ran(desk, "bad")
            await eventually(lambda: len(server.shown) == 1, "the desktop is told")
            told = server.shown[0]
            assert told["title"] == "bad: Failed"
            assert told["actions"][::2] == ["default", "log", "again", "snooze"]
            server.send("ActionInvoked", told["number"], "again")
            await eventually(lambda: len(server.shown) == 2, "it has run again, and failed")
            assert (server.shown[1]["replaces"], server.shown[1]["title"]) == (told["number"], "bad: Failed (2 times)")
            server.send("ActionInvoked", told["number"], "log")
            await eventually(lambda: window.isVisible() and window.page.place.startswith("run/"), "it is on the run")
            assert window.page.place != f"run/{run.id}"
            window.quiet.turn(True)
            window.hide()
            await eventually(lambda: QApplication.activeWindow() is None, "nobody looks")
            await ran(desk, "bad")
            await eventually(lambda: window.notices.all()[0].count == 3, "it is known")
            assert len(server.shown) == 2
