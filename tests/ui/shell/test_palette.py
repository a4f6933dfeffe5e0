"""The palette finds jobs, runs, commands and settings by a few letters, and offers what can be done with each."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.palette import Palette
from watchkeeper.ui.palette.found import LATELY
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import shown, speak


async def opened(window: Window) -> Palette:
    """The palette, when it knows what there is."""
    window.open_palette()
    palette = next(veil.panel for veil in window.findChildren(Veil) if veil.isVisible())
    assert isinstance(palette, Palette)
    await palette.settled()
    return palette


async def typed(palette: Palette, words: str) -> list[str]:
    """What is offered for some words, once the desk has answered."""
    palette.field.setText(words)
    await palette.settled()
    return [shown(hit.offer.title) for hit in palette.rows.hits]


async def test_jobs_and_runs_are_found_by_letters_pinyin_description_and_number(desk: Desk, window: Window) -> None:
    await saved(desk, "数据库备份")
    await saved(desk, "etl_sales_daily", description="the ledger of the day")
    await ran(desk, "etl_sales_daily")
    palette = await opened(window)
    assert (await typed(palette, "sjk"))[0] == "数据库备份"
    assert (await typed(palette, "esd"))[0] == "etl_sales_daily"
    assert await typed(palette, "ledger") == ["etl_sales_daily"]
    assert await typed(palette, "#1") == ["#1 etl_sales_daily"]
    assert "#1 etl_sales_daily" in await typed(palette, "sales")
    assert await typed(palette, 'status:"\\ -') == []
    palette.field.setText("")
    palette.field.setText("sjk")
    palette.field.setText("ledger")
    await palette.settled()
    assert [shown(hit.offer.title) for hit in palette.rows.hits] == ["etl_sales_daily"]


async def test_commands_are_found_by_pinyin_and_by_their_english_names(window: Window) -> None:
    speak("zh_CN")
    palette = await opened(window)
    assert (await typed(palette, "sszt"))[0] == "深色主题"
    assert (await typed(palette, "dark theme"))[0] == "深色主题"


async def test_tab_offers_what_can_be_done_with_a_job(desk: Desk, window: Window, qtbot: QtBot) -> None:
    job = await saved(desk, "etl")
    await ran(desk, "etl")
    palette = await opened(window)
    await typed(palette, "etl")
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    assert [shown(hit.offer.title) for hit in palette.rows.hits] == ["Run now", "Edit", "Disable", "Last run"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.field.text() == "etl"
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    qtbot.keyClicks(palette.field, "dis")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    await eventually(lambda: [deed.cli for deed in window.activity.deeds], "it is disabled")
    assert window.activity.deeds[-1].cli == f"watchkeeper job disable {job.id}"
    assert not (await desk.ask("job.show", job="etl")).spec.is_enabled


async def test_the_link_to_a_run_is_copied(desk: Desk, window: Window, qtbot: QtBot) -> None:
    await saved(desk, "etl")
    run = await ran(desk, "etl")
    palette = await opened(window)
    await typed(palette, "#1")
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    qtbot.keyClicks(palette.field, "link")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == f"watchkeeper://run/{run.id}"


async def test_what_was_chosen_lately_stands_on_top(desk: Desk, window: Window, qtbot: QtBot) -> None:
    await asyncio.gather(*(saved(desk, f"job{number}") for number in range(8)))
    palette = await opened(window)
    await typed(palette, "job7")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.page.place.startswith("job/")
    again = await opened(window)
    assert (again.rows.hits[0].heading, again.rows.hits[0].offer.title) == (LATELY, "job7")
    assert [hit.offer.title for hit in again.rows.hits].count("job7") == 1
    qtbot.keyClick(again.field, Qt.Key.Key_Escape)


async def test_a_row_that_was_gone_to_stays_selected_when_more_is_found(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    await saved(desk, "etl")
    palette = await opened(window)
    qtbot.keyClicks(palette.field, "e")
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    selected = palette.rows.offer
    await palette.settled()
    assert palette.rows.offer is not None and selected is not None
    assert palette.rows.offer.id == selected.id


async def test_settings_are_found_and_opened(window: Window, qtbot: QtBot) -> None:
    palette = await opened(window)
    assert (await typed(palette, "ballast"))[0] == "Ballast"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.page.place == "settings"
    await read(window.page)
    row = window.page.rows["disk.ballast_mib"]  # type: ignore[attr-defined]
    await eventually(lambda: row.isAncestorOf(QApplication.focusWidget()), "the setting has the keyboard")


async def test_ctrl_p_looks_for_jobs(desk: Desk, window: Window, qtbot: QtBot) -> None:
    await saved(desk, "etl")
    qtbot.keyClick(window.page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    palette = next(veil.panel for veil in window.findChildren(Veil) if veil.isVisible())
    assert isinstance(palette, Palette)
    await palette.settled()
    assert [hit.offer.title for hit in palette.rows.hits] == ["etl"]


async def test_whoever_leaves_while_it_still_looks_leaves_nothing_that_goes_on(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    failures: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(str(context)))
    window.open_palette()
    (veil,) = window.findChildren(Veil)
    palette = veil.panel
    assert isinstance(palette, Palette)
    palette.field.setText("etl")
    veil.close_veil()
    await asyncio.wait_for(palette.settled(), 5)
    for _turn in range(20):
        await asyncio.sleep(0.01)
    assert failures == []
