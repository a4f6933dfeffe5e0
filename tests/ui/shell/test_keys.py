"""Keys carry out commands, and a plain letter is text where somebody types."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.ui.commands import is_letter
from watchkeeper.ui.palette import Palette
from watchkeeper.ui.shell.key_sheet import KeySheet
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil


def over(window: Window) -> object:
    """What lies over the window."""
    return next((veil.panel for veil in window.findChildren(Veil) if veil.isVisible()), None)


async def test_ctrl_k_opens_the_palette_and_escape_closes_it(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = over(window)
    assert isinstance(palette, Palette)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert over(window) is None


async def test_a_letter_is_text_in_a_field_and_a_command_elsewhere(window: Window, qtbot: QtBot) -> None:
    window.go("history")
    field = window.page.field  # type: ignore[attr-defined]
    field.setFocus()
    qtbot.keyClicks(field, "r/?")
    assert field.text() == "r/?"
    assert over(window) is None
    window.page.table.setFocus()  # type: ignore[attr-defined]
    qtbot.keyClick(window.page, "?")
    assert isinstance(over(window), KeySheet)


async def test_the_palette_finds_pages_by_a_few_letters(window: Window, qtbot: QtBot) -> None:
    window.open_palette()
    palette = over(window)
    assert isinstance(palette, Palette)
    qtbot.keyClicks(palette.field, "hist")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    await eventually(lambda: window.page.place == "history", "the page is open")
    await eventually(lambda: over(window) is None, "the palette is closed")


async def test_a_job_is_found_by_keys_that_are_faster_than_the_jobs_are_read(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    await saved(desk, "history-import")
    window.open_palette()
    palette = over(window)
    assert isinstance(palette, Palette)
    qtbot.keyClicks(palette.field, "history-import")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    await eventually(lambda: window.page.title == "history-import", "the job is open")


async def test_back_and_forward_go_where_somebody_has_been(window: Window) -> None:
    window.go("history")
    window.go("runs")
    window.back()
    assert window.page.place == "history"
    window.forward()
    assert window.page.place == "runs"


async def test_keys_can_be_rebound_but_not_twice(window: Window) -> None:
    window.commands.rebind("refresh", ("F6",))
    assert window.commands.by_keys("F6") is window.commands.get("refresh")
    assert window.commands.by_keys("F5") is None
    with pytest.raises(Known, match="is taken"):
        window.commands.rebind("refresh", ("Ctrl+K",))
    with pytest.raises(Known, match="can't be pressed"):
        window.commands.rebind("refresh", ("Hyper+Z",))
    window.commands.forget_keys("refresh")
    assert window.commands.by_keys("F5") is window.commands.get("refresh")


async def test_no_two_commands_share_keys_on_any_page(window: Window) -> None:
    for place in ("dashboard", "jobs", "runs", "history"):
        window.go(place)
        taken: dict[str, str] = {}
        for command in window.commands:
            for keys in window.commands.keys_of(command):
                assert keys not in taken, (place, keys, command.id, taken[keys])
                taken[keys] = command.id


async def test_a_command_of_a_page_answers_to_the_keys_of_the_one_that_it_stands_for(
    window: Window, qtbot: QtBot
) -> None:
    for place in ("history", "jobs"):
        window.go(place)
        qtbot.keyClick(window.page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        assert window.page.place == "job/new"


async def test_a_tab_gets_a_window_of_its_own_and_comes_back(window: Window) -> None:
    window.go("history")
    page = window.page
    window.part_current()
    assert page not in window.pages
    own = page.window()
    assert own is not window
    own.close()
    assert page in window.pages
    assert page.window() is window


@pytest.mark.parametrize(
    ("keys", "is_so"),
    [
        ("F", True),
        ("Shift+F", True),
        ("?", True),
        ("F1", False),
        ("Shift+F10", False),
        ("F35", False),
        ("Ctrl+F", False),
    ],
)
def test_a_letter_is_what_may_be_text(keys: str, is_so: bool) -> None:
    assert is_letter(keys) is is_so
