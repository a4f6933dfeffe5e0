"""The window opens places in tabs and comes back as it was left."""

from watchkeeper.action.desk import Desk
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window


async def test_it_opens_on_the_dashboard(window: Window) -> None:
    assert [page.place for page in window.pages] == ["dashboard"]
    assert window.rail.cells["dashboard"].isChecked()


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
