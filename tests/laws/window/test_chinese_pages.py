"""A Chinese window speaks Chinese: no three Latin words in a row, but for names, commands and what programs say."""

import re
from collections.abc import Iterable

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu

from tests.laws.window.places import opened_pages
from tests.laws.window.texts import Told, told_by
from tests.ui.waiting import eventually, read
from watchkeeper.action.desk import Desk
from watchkeeper.model.codec import encode
from watchkeeper.ui import pages, shots
from watchkeeper.ui.commands import Command
from watchkeeper.ui.pages.job.page import JobPage
from watchkeeper.ui.palette import Palette
from watchkeeper.ui.shell.leaving import Leaving
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import shown, speak

_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:\s+[A-Za-z][A-Za-z'’-]*){2,}")
_COMMAND = re.compile(r"`[^`]*`")


async def test_english_is_found_wherever_it_stands_and_names_are_let_be(showcase: Desk, window: Window) -> None:
    data = await held_by(showcase)
    require_chinese("nobody", [Told("label", "运行 `watchkeeper run list` 查看 db-02 上的 etl_sales_daily")], data)
    window.toast("nothing is well here")
    with pytest.raises(AssertionError, match="nothing is well here"):
        require_chinese("a toast", told_by(window), data)


async def test_every_page_is_among_those_that_are_looked_at(window: Window) -> None:
    scenes = (await shots.every_scene(window.console.desk)).values()
    assert {re.split("[/#]", scene.place)[0] for scene in scenes} == set(pages.MODULES)


async def test_every_page_says_all_of_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    async for name in opened_pages(window):
        require_chinese(name, told_by(window), data)
        require_chinese(name, commands_of(window), data)
        window.open_keys()
        require_chinese(name, told_by(window), data)
        close_what_lies_over(window)


async def test_menus_and_panels_say_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    for menu in window.header.menus.findChildren(QMenu):
        menu.aboutToShow.emit()
        assert menu.actions() or menu.title()
        require_chinese(menu.title(), [Told("menu", action.text()) for action in menu.actions()], data)
    for name in ("problems", "live", "activity", "notices"):
        window.panel.open_on(name)
        require_chinese(name, told_by(window), data)


async def test_what_lies_over_the_window_says_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    window.open_palette()
    palette = window.findChild(Palette)
    assert palette is not None
    await palette.settled()
    require_chinese("what lies over", told_by(window), data)
    close_what_lies_over(window)
    leaving = Leaving(window, has_tray=True, quit=lambda _continues: None, has_engine=True)
    for asked in (leaving.close, leaving.quit):
        asked()
        require_chinese("what lies over", told_by(window), data)
        close_what_lies_over(window)


async def test_dialogs_and_toasts_say_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    async for _name in opened_pages(window):
        for command in window.commands.of_page():
            if asks(command):
                command.run()
                await eventually(lambda: over(window) or file_dialogs(window), f"{command.id} asks")
                require_chinese(command.id, told_by(window), data)
                close_what_lies_over(window)
    await change_a_job(window)
    require_chinese("a job's review", told_by(window), data)
    close_what_lies_over(window)
    window.close_current()
    assert window.toasts.texts()
    require_chinese("a toast", [Told("toast", text) for text in window.toasts.texts()], data)


def asks(command: Command) -> bool:
    """Whether it opens a dialog, which its three dots promise."""
    return str(command.title).endswith("…") and command.is_possible()


def file_dialogs(window: Window) -> list[QFileDialog]:
    """Qt's own; what they say is Qt's."""
    return [dialog for dialog in window.findChildren(QFileDialog) if dialog.isVisible()]


async def change_a_job(window: Window) -> None:
    """Until it is shown what a save would change."""
    (job,) = (page for page in window.pages if isinstance(page, JobPage))
    window.go(job.place)
    await read(job)
    job.document.put("owner", "somebody")
    job.review()
    await eventually(lambda: over(window), "the review")


def require_chinese(where: str, told: Iterable[Told], data: str) -> None:
    """Fails for three Latin words in a row that are neither a command nor a phrase of the workspace's own."""
    found = set()
    for each in told:
        phrases = _LATIN.findall(_COMMAND.sub("", each.text))
        found |= {each for phrase in phrases if phrase not in data}
    assert not found, "\n".join([f"{where} says in English:", *(f"{each.by}: {each.text}" for each in sorted(found))])


async def held_by(desk: Desk) -> str:
    """All that people and programs have written into the workspace."""
    jobs = await desk.ask("job.list", limit=1_000)
    runs = [await desk.ask("run.list", limit=1_000), await desk.ask("attention.list")]
    secrets = await desk.ask("secret.list")
    return b"".join(map(encode, (jobs, runs, secrets))).decode()


def commands_of(window: Window) -> list[Told]:
    """What menus, palette and context menus offer."""
    return [Told(command.id, shown(command.title)) for command in window.commands]


def over(window: Window) -> Veil | None:
    """What lies over the window, if anything does."""
    return next((veil for veil in window.findChildren(Veil) if veil.isVisible()), None)


def close_what_lies_over(window: Window) -> None:
    for dialog in file_dialogs(window):
        dialog.reject()
    if (veil := over(window)) is not None:
        veil.close_veil()
