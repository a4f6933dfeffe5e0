"""The menus are made from the commands, anew each time that one is opened."""

from PySide6.QtWidgets import QMenu

from watchkeeper.action import ACTIONS
from watchkeeper.ui.shell.menus import TITLES
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Theme
from watchkeeper.ui.words import shown

PLACES = ("dashboard", "jobs", "runs", "history", "audit", "help", "job/new")


def opened(window: Window, name: str) -> QMenu:
    """A menu as it is when somebody opens it."""
    menu = window.header.menus.actions()[list(TITLES).index(name)].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def entries(menu: QMenu) -> list[str]:
    """What can be chosen in a menu and in those that open from it."""
    found = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            inner.aboutToShow.emit()
            found += entries(inner)
        elif not action.isSeparator():
            found.append(action.text().partition("\t")[0])
    return found


async def test_a_menu_has_the_commands_that_name_it_on_every_page(window: Window) -> None:
    for place in PLACES:
        window.go(place)
        for name in TITLES:
            wanted = [shown(command.title) for command in window.commands if command.menu.partition("/")[0] == name]
            assert sorted(entries(opened(window, name))) == sorted(wanted), (place, name)
        assert {command.action for command in window.commands} - {""} <= set(ACTIONS)


async def test_the_commands_of_the_page_stand_first_and_apart(window: Window) -> None:
    window.go("jobs")
    menu = opened(window, "view")
    own = {shown(command.title) for command in window.commands.of_page() if command.menu == "view"}
    assert "Show or hide the inspector" in own
    named = [action.text().partition("\t")[0] for action in menu.actions() if not action.isSeparator()]
    assert set(named[: len(own)]) == own
    last = next(n for n, action in enumerate(menu.actions()) if action.text().partition("\t")[0] == named[len(own) - 1])
    assert menu.actions()[last + 1].isSeparator()


async def test_what_is_not_possible_now_is_seen_and_can_not_be_chosen(window: Window) -> None:
    window.go("job/new")
    undo = next(action for action in opened(window, "edit").actions() if action.text().startswith("Undo"))
    assert not undo.isEnabled()


async def test_an_entry_does_what_its_command_does(window: Window) -> None:
    history = next(action for action in opened(window, "view").actions() if action.text().startswith("History"))
    history.trigger()
    assert window.page.place == "history"


async def test_what_holds_is_ticked(window: Window) -> None:
    window.choose_theme(Theme.DARK)
    inner = {action.text(): action.menu() for action in opened(window, "view").actions() if action.menu() is not None}
    assert list(inner) == ["Theme", "Rows", "Motion", "Language"]
    theme = inner["Theme"]
    assert isinstance(theme, QMenu)
    assert [action.text() for action in theme.actions() if action.isChecked()] == ["Dark theme"]
