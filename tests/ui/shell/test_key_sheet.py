"""The sheet shows which keys do what, finds commands, and gives them other keys."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from watchkeeper.ui.shell.key_sheet import KeySheet
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import shown


def opened(window: Window) -> KeySheet:
    """The sheet of the page that is shown."""
    window.open_keys()
    sheet = next(veil.panel for veil in window.findChildren(Veil) if veil.isVisible())
    assert isinstance(sheet, KeySheet)
    return sheet


def titles(sheet: KeySheet) -> list[str]:
    """The commands that are listed."""
    return [shown(hit.offer.title) for hit in sheet.rows.hits]


async def test_commands_of_the_page_stand_before_those_of_everywhere_and_are_found(
    window: Window, qtbot: QtBot
) -> None:
    window.go("jobs")
    sheet = opened(window)
    assert next(hit.heading for hit in sheet.rows.hits) == window.page.title
    assert titles(sheet)[0] == "New job"
    assert len(sheet.rows.hits) == len(list(window.commands))
    qtbot.keyClicks(sheet.field, "read")
    assert titles(sheet)[0] == "Read again"
    sheet.field.setText("Ctrl+W")
    assert titles(sheet) == ["Close the tab"]


async def test_new_keys_hold_at_once_and_are_given_back(window: Window, qtbot: QtBot) -> None:
    refresh = window.commands.get("refresh")
    sheet = opened(window)
    sheet.field.setText("F5")
    qtbot.keyClick(sheet.field, Qt.Key.Key_Return)
    qtbot.keyClick(sheet.field, Qt.Key.Key_Shift)
    qtbot.keyClick(sheet.field, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.commands.by_keys("Shift+F6") is refresh
    assert window.commands.by_keys("F5") is None
    sheet.field.setText("Read again")
    assert sheet.rows.offer is not None and sheet.rows.offer.keys == ("Shift+F6",)
    sheet.default.click()
    assert window.commands.by_keys("F5") is refresh
    assert not sheet.default.isEnabled()


async def test_keys_that_are_taken_are_refused_with_the_holder(window: Window, qtbot: QtBot) -> None:
    window.go("jobs")
    window.go("history")
    sheet = opened(window)
    sheet.field.setText("Read again")
    sheet.change.click()
    qtbot.keyClick(sheet.field, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert sheet.sentence.text() == "Ctrl+W is taken: it is for “Close the tab”"
    qtbot.keyClick(sheet.field, Qt.Key.Key_N)
    assert sheet.sentence.text().startswith("N is taken: it is for “"), "of a page that was shown"
    qtbot.keyClick(sheet.field, Qt.Key.Key_Return)
    assert "take other keys" in sheet.sentence.text()
    qtbot.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert not window.commands.is_rebound("refresh")
    assert sheet.isVisible()


async def test_own_keys_are_not_given_back_while_another_command_has_them(window: Window, qtbot: QtBot) -> None:
    window.commands.rebind("refresh", ("F6",))
    window.commands.rebind("panel", ("F5",))
    sheet = opened(window)
    sheet.field.setText("Read again")
    qtbot.keyClick(sheet.field, Qt.Key.Key_Return)
    qtbot.keyClick(sheet.field, Qt.Key.Key_Backspace)
    assert sheet.sentence.text() == "F5 is taken: it is for “Show or hide the panel”"


async def test_commands_of_different_pages_may_have_the_same_keys(window: Window) -> None:
    window.go("jobs")
    window.go("history")
    window.commands.rebind("history.open", ("N",))
    command = window.commands.get("history.open")
    assert command is not None and window.commands.keys_of(command) == ("N",)
