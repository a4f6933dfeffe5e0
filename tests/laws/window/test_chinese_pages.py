"""A Chinese window speaks Chinese: no three Latin words in a row, but for names, commands and what programs say."""

import re
from collections.abc import Iterable

from PySide6.QtWidgets import QMenu

from tests.laws.window.places import opened_pages
from tests.laws.window.texts import Told, told_by
from tests.ui.waiting import eventually, read
from watchkeeper.action.desk import Desk
from watchkeeper.model.codec import encode
from watchkeeper.ui.pages.job.page import JobPage
from watchkeeper.ui.palette import Palette
from watchkeeper.ui.palette.panel import settled
from watchkeeper.ui.shell.leaving import Leaving
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import shown, speak

_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:\s+[A-Za-z][A-Za-z'’-]*){2,}")
_COMMAND = re.compile(r"`[^`]*`")


async def test_every_page_says_all_of_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    async for name in opened_pages(window):
        assert not english(told_by(window), data), name
        assert not english(commands_of(window), data), name
        window.open_keys()
        assert not english(told_by(window), data), name
        close_what_lies_over(window)


async def test_menus_and_panels_say_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    for menu in window.header.menus.findChildren(QMenu):
        menu.aboutToShow.emit()
        assert menu.actions() or menu.title()
        assert not english([Told(menu.title(), action.text()) for action in menu.actions()], data)
    for name in ("problems", "live", "activity", "notices"):
        window.panel.open_on(name)
        assert not english(told_by(window), data), name


async def test_what_lies_over_the_window_says_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    window.open_palette()
    await settled(over(window).panel)  # type: ignore[arg-type]
    assert isinstance(over(window).panel, Palette)
    assert not english(told_by(window), data)
    close_what_lies_over(window)
    leaving = Leaving(window, has_tray=True, quit=lambda _continues: None, has_engine=True)
    for asked in (leaving.close, leaving.quit):
        asked()
        assert not english(told_by(window), data)
        close_what_lies_over(window)


async def test_dialogs_and_toasts_say_it_in_chinese(showcase: Desk, window: Window) -> None:
    speak("zh_CN")
    data = await held_by(showcase)
    async for name in opened_pages(window):
        for command in window.commands.of_page():
            if str(command.title).endswith("…") and not command.id.startswith("log.") and command.is_possible():
                command.run()
                await eventually(lambda: over(window), f"{name}: {command.id} asks")  # noqa: B023
                assert not english(told_by(window), data), command.id
                close_what_lies_over(window)
    await change_a_job(window)
    assert not english(told_by(window), data)
    close_what_lies_over(window)
    window.close_current()
    assert window.toasts.texts()
    assert not english([Told("toast", text) for text in window.toasts.texts()], data)


async def change_a_job(window: Window) -> None:
    """Until it is shown what a save would change."""
    (job,) = (page for page in window.pages if isinstance(page, JobPage))
    window.go(job.place)
    await read(job)
    job.document.put("owner", "somebody")
    job.review()
    await eventually(lambda: over(window), "the review")


def english(told: Iterable[Told], data: str) -> list[Told]:
    """What is said in three Latin words or more, and is neither a command nor a phrase of the workspace's own."""
    found = []
    for each in told:
        phrases = _LATIN.findall(_COMMAND.sub("", each.text))
        if any(phrase not in data for phrase in phrases):
            found.append(each)
    return found


async def held_by(desk: Desk) -> str:
    """All that people and programs have written into the workspace."""
    jobs = await desk.ask("job.list", limit=1_000)
    runs = [await desk.ask("run.list", limit=1_000), await desk.ask("attention.list")]
    return (encode(jobs) + encode(runs)).decode()


def commands_of(window: Window) -> list[Told]:
    """What menus, palette and context menus offer."""
    return [Told(command.id, shown(command.title)) for command in window.commands]


def over(window: Window) -> Veil:
    """What lies over the window, if anything does."""
    return next((veil for veil in window.findChildren(Veil) if veil.isVisible()), None)  # type: ignore[return-value]


def close_what_lies_over(window: Window) -> None:
    over(window).close_veil()
