"""The dashboard shows what needs a person, and lets them do something about it."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.attention import Cause, Need
from watchkeeper.action.desk import Desk
from watchkeeper.ui.pages.dashboard.page import Dashboard
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil


def dashboard(window: Window) -> Dashboard:
    page = window.pages[0]
    assert isinstance(page, Dashboard)
    return page


async def test_a_failure_stands_there_with_its_error_line_and_goes_when_it_is_acknowledged(
    desk: Desk, window: Window
) -> None:
    page = dashboard(window)
    await saved(desk, "etl", "echo ERROR: no such table orders; exit 3")
    await ran(desk, "etl")
    await eventually(lambda: page.attention.rows, "the failure is shown")
    (row,) = page.attention.rows
    assert row.cause.job == "etl"
    assert row.cause.exit_code == 3
    assert "no such table orders" in (row.cause.first_error or "")
    row.setFocus()
    page._acknowledge(row.cause)
    await eventually(lambda: not page.attention.rows, "it is gone")
    assert "watchkeeper attention acknowledge" in window.activity.deeds[-1].cli


async def test_a_row_leads_to_the_run_by_the_keyboard(desk: Desk, window: Window, qtbot: QtBot) -> None:
    page = dashboard(window)
    await saved(desk, "etl", "exit 3")
    run = await ran(desk, "etl")
    await eventually(lambda: page.attention.rows, "the failure is shown")
    page.attention.rows[0].setFocus()
    qtbot.keyClick(page.attention.rows[0], Qt.Key.Key_Return)
    assert window.page.place == f"run/{run.id}"
    await read(window.page)


async def test_the_timeline_and_the_next_fires_follow_the_schedule(desk: Desk, window: Window) -> None:
    page = dashboard(window)
    await saved(desk, "hourly", triggers=({"kind": "interval", "every": "1h"},))
    await ran(desk, "hourly")
    await eventually(lambda: page.fires.lines.lines, "it fires next")
    assert "hourly" in str(page.fires.lines.lines[0].text)
    await eventually(lambda: page.timeline.timeline.found and page.timeline.timeline.found.lanes, "it has a lane")
    assert page.timeline.timeline.found is not None
    lane = page.timeline.timeline.found.lanes[0]
    assert (lane.job, len(lane.runs)) == ("hourly", 1)
    assert lane.fires


async def test_what_was_missed_is_made_up_for_by_a_word(desk: Desk, window: Window) -> None:
    page = dashboard(window)
    await saved(desk, "hourly", triggers=({"kind": "interval", "every": "1h"},))
    job = await desk.ask("job.show", job="hourly")
    cause = Cause(need=Need.MISSED, job_id=job.id, job="hourly", since=job.saved_at, count=3)
    page._settle(cause)
    (veil,) = window.findChildren(Veil)
    question = veil.panel
    assert isinstance(question, Question)
    assert [button.text() for button in question.buttons] == ["Let it be", "Run all of them", "Run once"]
    question.buttons[-1].click()
    await eventually(lambda: window.activity.deeds, "it is done, or refused")
    assert "watchkeeper missed settle" in window.activity.deeds[-1].cli
    await page.tasks.idle()


async def test_arrow_keys_walk_the_timeline_and_enter_opens_what_they_are_on(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    page = dashboard(window)
    await saved(desk, "hourly", triggers=({"kind": "interval", "every": "1h"},))
    run = await ran(desk, "hourly")
    view = page.timeline.timeline
    await eventually(lambda: view.found and view.found.lanes and view.found.lanes[0].runs, "its run is there")
    view.setFocus()
    for _press in range(60):
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.current is not None and view.current[1].bar is not None
    assert f"#{run.number}" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.current[1].bar is None
    assert "hourly fires at" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert window.page.place == f"run/{run.id}"
    await read(window.page)
