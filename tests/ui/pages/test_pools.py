"""The page of pools over a real engine: who is in them, who waits, and changes with their effect."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.action.pools import PoolRow
from watchkeeper.ui.pages.pools.effect import effect_of, size_of
from watchkeeper.ui.pages.pools.page import PoolsPage
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil


async def opened(window: Window) -> PoolsPage:
    window.go("pools")
    page = window.page
    assert isinstance(page, PoolsPage)
    await read(page)
    return page


def dialog(window: Window) -> Any:
    """What lies over the window."""
    return next((veil.panel for veil in window.findChildren(Veil) if veil.isVisible()), None)


async def sizes(desk: Desk) -> dict[str, int]:
    return {pool.name: pool.size for pool in await desk.ask("pool.list")}


async def test_runs_that_wait_for_a_slot_are_named_as_soon_as_they_wait(
    window: Window, desk: Desk, qtmodeltester: ModelTester
) -> None:
    await desk.do("pool.save", name="closed", size=0)
    await saved(desk, "nightly", pool="closed")
    page = await opened(window)
    number = (await desk.do("run.start", job="nightly")).run.number
    await eventually(lambda: page.rows[0].waiting == 1, "the run waits")
    cells = [page.model.index(0, column).data() for column in range(len(page.model.columns))]
    assert cells == ["closed", "0", "0 / 0", f"1: #{number} nightly", "1", "nightly"]
    page.table.go_to(0)
    assert page.panel.effect.text() == "1 run waits for a slot."
    page.panel.size_field.setText("3")
    page.panel.size_field.textEdited.emit("3")
    assert page.panel.effect.text() == "1 of the waiting runs can start at once."
    page.panel.save()
    await eventually(lambda: page.rows[0].size == 3 and page.rows[0].waiting == 0, "it has started")
    qtmodeltester.check(page.model)


async def test_a_new_pool_is_saved_when_it_is_right_and_bad_input_is_told_at_its_field(
    window: Window, desk: Desk, qtbot: QtBot
) -> None:
    page = await opened(window)
    assert page._stack.currentWidget() is page._empty
    page.new()
    panel = page.panel
    panel.save()
    assert "a pool wants a name" in panel.name_row.complaint.sentence.text()
    qtbot.keyClicks(panel.name, "database")
    for words in ("-1", "many", "1000000", "1.5"):
        panel.size_field.clear()
        qtbot.keyClicks(panel.size_field, words)
        panel.save()
        assert f"{words} is no number of slots" in panel.size_row.complaint.sentence.text()
    assert await sizes(desk) == {}
    panel.size_field.clear()
    qtbot.keyClicks(panel.size_field, "2")
    qtbot.keyClick(panel.size_field, Qt.Key.Key_Return)
    await eventually(lambda: [row.name for row in page.rows] == ["database"], "it is there")
    await page.tasks.idle()
    assert await sizes(desk) == {"database": 2} and panel.row is not None
    page.new()
    panel.name.setText("database")
    panel.size_field.setText("1")
    panel.save()
    assert "there is a pool database already" in panel.name_row.complaint.sentence.text()


async def test_a_pool_in_use_is_not_deleted_and_changes_can_be_taken_back(window: Window, desk: Desk) -> None:
    for name in ("database", "spare"):
        await desk.do("pool.save", name=name, size=2)
    await saved(desk, "nightly", pool="database")
    page = await opened(window)
    page.table.go_to(0)
    page.delete()
    assert len(dialog(window).buttons) == 1
    assert any("nightly" in label.text() for label in dialog(window).findChildren(QLabel))
    dialog(window).buttons[0].click()
    page.panel.size_field.setText("5")
    page.panel.save()
    await eventually(lambda: page.rows[0].size == 5, "it has more slots")
    await page.tasks.idle()
    undo = window.activity.deeds[-1].undo
    assert undo is not None
    undo()
    await eventually(lambda: page.rows[0].size == 2, "as before")
    page.table.go_to(1)
    page.delete()
    dialog(window).buttons[-1].click()
    await eventually(lambda: len(page.rows) == 1, "it is gone")
    await page.tasks.idle()
    undo = window.activity.deeds[-1].undo
    assert undo is not None
    undo()
    await eventually(lambda: len(page.rows) == 2, "it is back")
    assert await sizes(desk) == {"database": 2, "spare": 2}


def row(size: int, used: int = 0, waiting: int = 0) -> PoolRow:
    return PoolRow("a", size, used, waiting, (), (), 0)


@pytest.mark.parametrize(
    ("before", "size", "told"),
    [
        (row(1, 1, 3), 3, "2 of the waiting runs can start at once."),
        (row(3, 2, 0), 0, "No run starts any more; 2 that are in it go on."),
        (row(3, 3, 1), 1, "2 runs more than that are in it: all go on, and none starts until there is room."),
        (row(2, 1, 0), 4, "No run waits; 1 is in it."),
        (None, 0, "It holds all its runs back."),
    ],
)
def test_the_effect_of_a_size_is_told_in_a_sentence(before: PoolRow | None, size: int, told: str) -> None:
    assert str(effect_of(before, size)) == told


@pytest.mark.parametrize("words", ["", "x", "-1", "1.5", "100001", "٣", "9" * 30])
def test_what_is_no_number_of_slots_is_none(words: str) -> None:
    assert size_of(words) is None
