"""Whoever comes back is told what happened, and can hand it over."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.clock import now
from watchkeeper.ui.pages.away.page import FIRST, SEEN, AwayPage, since_of
from watchkeeper.ui.shell.window import Window


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
    told = [str(line.text) for line in page.lines.lines]
    assert told[0] == "etl"
    assert any("Save a job: etl" in words for words in told)
    page.copy()
    assert "# Handover" in QGuiApplication.clipboard().text()
    assert "etl" in QGuiApplication.clipboard().text()


async def test_what_was_seen_is_told_no_more(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 1")
    await ran(desk, "etl")
    page = await opened(window)
    page.see()
    await eventually(lambda: not page.lines.lines, "nothing is new")
    assert since_of(window.console.memory.get(SEEN, "")) > now() - timedelta(minutes=1)


@pytest.mark.parametrize("remembered", ["", "yesterday", "2026-01-01", "9999-01-01T00:00+00:00"])
def test_a_moment_that_can_not_be_is_as_good_as_none(remembered: str) -> None:
    assert abs(since_of(remembered) - (now() - FIRST)) < timedelta(minutes=1)


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
    window.console.memory.put(SEEN, now().isoformat())
    window.go("away")
    await eventually(lambda: not page.lines.lines, "it begins anew")
