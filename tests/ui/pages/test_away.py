"""Whoever comes back is told what happened, and can hand it over."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.waiting import PATIENCE, eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.clock import now
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.away.page import AwayPage
from watchkeeper.ui.pages.away.told import counts_of
from watchkeeper.ui.seen import FIRST, SEEN, saw, since_of
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.words import shown


async def opened(window: Window) -> AwayPage:
    window.go("away")
    page = window.page
    assert isinstance(page, AwayPage)
    await read(page)
    return page


async def test_failures_and_changes_are_told_and_handed_over_as_a_note(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 1")
    await ran(desk, "etl")
    page = await opened(window)
    told = [line.told() for line in page.lines.lines]
    assert told[0] == "Failed, 1" and told[1].startswith("etl, it ended with exit code 1")
    assert any("Save a job: etl" in words for words in told)
    assert [shown(text) for _icon, text in counts_of(page.found)][:1] == ["1 failed"]
    page.copy()
    assert "# Handover" in QGuiApplication.clipboard().text()
    assert "etl" in QGuiApplication.clipboard().text()


async def test_what_was_seen_is_told_no_more(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 1")
    await ran(desk, "etl")
    page = await opened(window)
    page.see()
    await eventually(lambda: not page.lines.lines, "nothing is new")
    assert since_of(window.console.memory) > now() - timedelta(minutes=1)


@pytest.mark.parametrize("remembered", ["", "yesterday", "2026-01-01", "9999-01-01T00:00+00:00"])
def test_a_moment_that_can_not_be_is_as_good_as_none(remembered: str) -> None:
    memory = Memory(None)
    memory.put(SEEN, remembered)
    assert abs(since_of(memory) - (now() - FIRST)) < timedelta(minutes=1)


async def test_the_note_for_the_next_shift_is_saved_to_a_file(desk: Desk, window: Window, tmp_path: Path) -> None:
    await saved(desk, "etl", "exit 1")
    await ran(desk, "etl")
    page = await opened(window)
    page.save()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "note.md"))
    dialog.close()
    await page.tasks.idle()
    assert (tmp_path / "note.md").read_text("utf-8").startswith("# Handover")


async def test_a_tab_that_is_open_tells_from_the_newest_absence_on(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 1")
    page = await opened(window)
    assert page.lines.lines
    saw(window.console.memory)
    window.go("away")
    await eventually(lambda: not page.lines.lines, "it begins anew")


async def missed(desk: Desk, *names: str) -> None:
    """Let these jobs miss a run each, by a pause."""
    await desk.do("schedule.pause", reason="upgrade")
    at = {"kind": "interval", "every": "1s", "misfire": "skip", "grace": "0s"}
    for name in names:
        await saved(desk, name, triggers=(at,))
    due_at = now() + timedelta(seconds=1.1)
    await eventually(lambda: now() > due_at, "each of them was due")
    await desk.do("schedule.resume")
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while len(await desk.ask("missed.list")) < len(names):
        assert asyncio.get_running_loop().time() < deadline, "nothing is missed"
        await asyncio.sleep(0.02)
    # Not before: of a job that is disabled no gap is recorded any more.
    for name in names:
        await desk.do("job.disable", job=name)


async def test_what_was_missed_is_decided_on_by_job_by_a_key_or_for_all_at_once(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    await missed(desk, "a", "b", "c")
    page = await opened(window)
    assert page.lines.lines[0].told() == "Missed, 3"
    assert page.banner.isVisible() and page.banner.sentence.text().startswith("3 jobs")
    qtbot.keyClick(page.lines, Qt.Key.Key_Down)
    assert page.lines.current == 1, "a heading is passed over"
    qtbot.keyClick(page.lines, Qt.Key.Key_R)
    await eventually(lambda: page.found and len(page.found.undecided) == 2, "one is decided on")
    assert window.activity.deeds[-1].cli.startswith("watchkeeper missed settle")
    assert page.lines.lines[1].links == () and "decided" in page.lines.lines[1].told()
    page.banner.buttons[-1].click()
    await eventually(lambda: page.found and not page.found.undecided, "all are decided on")
    assert not page.banner.isVisible()
    made = await desk.ask("run.list", limit=50)
    assert sorted(run.job_name for run in made if run.origin == "made_up") == ["a"]
    page.copy()
    assert "## Missed" in QGuiApplication.clipboard().text()


async def test_a_gap_on_which_nobody_has_decided_is_told_so_to_the_next_shift(desk: Desk, window: Window) -> None:
    await missed(desk, "a")
    page = await opened(window)
    page.copy()
    assert "nobody has decided on it yet" in QGuiApplication.clipboard().text()
