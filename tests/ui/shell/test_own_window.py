"""A page in a window of its own has keys, inspector, toasts and dialogs there, and stands there again tomorrow."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.key_sheet import KeySheet
from watchkeeper.ui.shell.own_window import OwnWindow
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil


def parted(window: Window, place: str) -> OwnWindow:
    """A place in a window of its own, which is in use."""
    window.go(place)
    window.part_current()
    own = window.page.window()
    assert isinstance(own, OwnWindow)
    return own


async def in_use(own: OwnWindow) -> None:
    own.activateWindow()
    await eventually(own.isActiveWindow, "its window is active")


async def test_its_ports_lead_to_the_window_where_the_page_is(desk: Desk, window: Window) -> None:
    await saved(desk)
    own = parted(window, "jobs")
    await in_use(own)
    await read(own.page)
    assert own.page is window.page
    own.page.table.go_to(0)  # type: ignore[attr-defined]
    await eventually(own.berth.inspector.isVisible, "the inspector is in its own window")
    assert not window.inspector.isVisible()
    own.page.console.toast("said")
    assert own.berth.toasts.texts() == ["said"]
    assert window.toasts.texts() == []
    await own.page.console.act("job.disable", job="job")
    assert len(own.berth.toasts.texts()) == 2
    assert window.deeds.can_undo()
    inspected = own.berth.inspector.currentWidget()
    own.close()
    assert window.inspector.currentWidget() is inspected
    assert window.inspector.isVisible()


async def test_its_keys_are_for_its_page(window: Window, qtbot: QtBot) -> None:
    own = parted(window, "history")
    await in_use(own)
    qtbot.keyClick(own.page, "/")
    assert own.page.field.hasFocus()  # type: ignore[attr-defined]
    own.page.setFocus()
    qtbot.keyClick(own.page, "?")
    veil = next(veil for veil in own.findChildren(Veil) if veil.isVisible())
    assert isinstance(veil.panel, KeySheet)
    qtbot.keyClick(veil, Qt.Key.Key_Escape)
    assert not window.findChildren(Veil)
    qtbot.keyClick(own.page, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    await eventually(window.isActiveWindow, "the window of the tabs is in use")
    assert window.page.place == "dashboard"
    await in_use(own)
    await eventually(lambda: window.page is own.page, "its own window is in use")
    qtbot.keyClick(own.page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert [page.place for page in window.pages] == ["dashboard", "history"]


async def test_a_place_in_a_window_of_its_own_gets_no_tab(window: Window) -> None:
    own = parted(window, "history")
    window.go("dashboard")
    window.go("history")
    assert window.page is own.page
    assert [page.place for page in window.pages] == ["dashboard"]
    window.close_current()
    assert window.page.place == "dashboard"
    assert not own.isVisible()


async def test_windows_of_pages_stand_again_as_they_were_left(desk: Desk) -> None:
    memory = Memory(None)
    first = Window(desk, Bridge(desk), memory, "Li Wei")
    first.show()
    own = parted(first, "history")
    own.setGeometry(120, 90, 640, 480)
    gone = parted(first, "runs")
    gone.setGeometry(9_000, 9_000, 500, 400)
    first.go("jobs")
    first.close()
    first.deleteLater()
    second = Window(desk, Bridge(desk), memory, "Li Wei")
    second.show()
    assert [page.place for page in second.pages] == ["dashboard", "jobs"]
    windows = {page.place: own for page, own in second.open_pages.windows.items()}
    assert windows["history"].geometry().getRect() == (120, 90, 640, 480)
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    assert any(screen.contains(windows["runs"].geometry().center()) for screen in screens)
    second.close()
    second.deleteLater()
