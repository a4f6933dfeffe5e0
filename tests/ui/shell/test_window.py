"""The window opens places in tabs and comes back as it was left."""

from PySide6.QtWidgets import QApplication

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.tabs import NARROWEST, Tab, TabRow
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.words import speak


async def test_it_opens_on_the_dashboard(window: Window) -> None:
    assert [page.place for page in window.pages] == ["dashboard"]
    assert window.rail.cells["dashboard"].isChecked()


async def test_the_title_bar_names_the_page_in_the_windows_language(window: Window) -> None:
    window.go("jobs")
    assert window.windowTitle() == "Jobs – Watchkeeper"
    speak("zh_CN")
    await eventually(lambda: window.windowTitle() == "作业 – Watchkeeper", "it is said in Chinese")


async def test_a_place_that_is_open_gets_no_second_tab(window: Window) -> None:
    window.go("dashboard")
    assert len(window.pages) == 1


async def test_the_last_tab_gives_way_to_the_dashboard(window: Window) -> None:
    window.close_tab(0)
    assert [page.place for page in window.pages] == ["dashboard"]


async def test_a_place_of_an_older_version_is_passed_over(desk: Desk) -> None:
    memory = Memory(None)
    memory.put("window.places", ["gone/1", 7, "dashboard"])
    window = Window(desk, Bridge(desk), memory, "Li Wei")
    assert [page.place for page in window.pages] == ["dashboard"]
    window.close()
    window.deleteLater()


def test_many_tabs_share_the_row_and_the_current_one_stays_whole(qapp: QApplication) -> None:
    row = TabRow(list, list)
    tabs = [Tab(f"nightly-job-{number}", "ui/edit") for number in range(10)]
    row.resize(2_000, 36)
    row.set_tabs(tabs, 4)
    whole = row.rects()[4].width()
    row.resize(900, 36)
    assert row.rects()[4].width() == whole > row.rects()[3].width()
    assert row.plus_rect().right() <= 900 - 72
    row.resize(200, 36)
    assert min(rect.width() for rect in row.rects()) == NARROWEST
    row.deleteLater()


async def test_the_inspector_gives_its_room_to_the_page_and_takes_it_back(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    window.go("jobs")
    await read(window.page)
    await eventually(window.inspector.isVisible, "the job is inspected")
    window.toggle_inspector()
    assert not window.inspector.isVisible()
    window.page.reread()
    await window.page.tasks.idle()
    assert not window.inspector.isVisible()
    window.toggle_inspector()
    assert window.inspector.isVisible()
