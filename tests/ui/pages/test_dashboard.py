"""The dashboard shows what needs a person, and lets them do something about it."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.attention import Cause, Need
from watchkeeper.action.desk import Desk
from watchkeeper.ui.pages.dashboard.attention_words import bare, why_of
from watchkeeper.ui.pages.dashboard.page import Dashboard
from watchkeeper.ui.pages.dashboard.things import things_of
from watchkeeper.ui.pages.dashboard.timeline import TimelineView
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.words import shown


def dashboard(window: Window) -> Dashboard:
    page = window.pages[0]
    assert isinstance(page, Dashboard)
    return page


async def test_a_failure_stands_there_with_its_error_line_and_goes_when_it_is_acknowledged(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    page = dashboard(window)
    await saved(desk, "etl", "echo ERROR: no such table orders; exit 3")
    await ran(desk, "etl")
    await eventually(lambda: page.attention.rows, "the failure is shown")
    (row,) = page.attention.rows
    assert row.cause.job == "etl"
    assert row.cause.exit_code == 3
    assert "no such table orders" in (row.cause.first_error or "")
    assert row.cause.first_error == "ERROR: no such table orders" and shown(why_of(row.cause)) == "no such table orders"
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_A)
    await eventually(lambda: not page.attention.rows, "it is gone")
    assert "watchkeeper attention acknowledge" in window.activity.deeds[-1].cli
    window.deeds.undo()
    await eventually(lambda: page.attention.rows, "it is back")
    page.attention.rows[0].setFocus()
    qtbot.keyClick(page.attention.rows[0], Qt.Key.Key_P)
    await eventually(lambda: len(window.activity.deeds) == 3, "its job is disabled")
    assert "watchkeeper job disable" in window.activity.deeds[-1].cli
    assert not (await desk.ask("job.show", job="etl")).spec.is_enabled
    window.deeds.undo()
    await eventually(lambda: len(window.activity.deeds) == 4, "it is enabled")
    await page.tasks.idle()


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

    def lanes() -> list[tuple[str, int, bool]]:
        found = page.timeline.timeline.found
        return [(lane.job, len(lane.runs), bool(lane.fires)) for lane in found.lanes] if found else []

    await eventually(lambda: lanes() == [("hourly", 1, True)], "the lane has its run and its fires")


async def test_what_was_missed_is_made_up_for_by_a_word(desk: Desk, window: Window) -> None:
    page = dashboard(window)
    await saved(desk, "hourly", triggers=({"kind": "interval", "every": "1h"},))
    job = await desk.ask("job.show", job="hourly")
    cause = Cause(need=Need.MISSED, job_id=job.id, job="hourly", since=job.saved_at, count=3)
    page.deeds.settle(cause)
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


async def test_the_timeline_is_zoomed_around_the_pointer_moved_and_brought_back_to_now(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    page = dashboard(window)
    await saved(desk, "hourly", triggers=({"kind": "interval", "every": "1h"},))
    await ran(desk, "hourly")
    view = page.timeline.timeline
    await eventually(lambda: view.found and view.found.lanes, "its lane is there")
    place = QPointF(view.width() * 0.4, 60)
    under = view.scale.moment_at(place.x())
    turn_wheel(view, place, 120, Qt.KeyboardModifier.ControlModifier)
    assert abs(view.scale.moment_at(place.x()) - under) < timedelta(seconds=1)
    assert view.reach.span < timedelta(hours=12) and view.reach.middle is not None
    assert page.timeline.now.isVisible() and page._reach.chosen == ""
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    await eventually(lambda: view.found and view.found.until == view.reach.of(view.found.now)[1], "the rest is read")
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert view.reach.middle is None and not page.timeline.now.isVisible()
    page._reach.choose("24h")
    assert view.reach.span == timedelta(hours=48)
    await eventually(lambda: view.found and view.found.until - view.found.since == timedelta(hours=48), "it is read")


async def test_a_fire_without_room_tells_who_meets_and_leads_to_their_schedules(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    page = dashboard(window)
    await desk.do("pool.save", name="db", size=1)
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
    at = {"kind": "cron", "cron": f"{soon.minute} {soon.hour} * * *", "zone": "UTC"}
    for name in ("backup", "report"):
        await saved(desk, name, pool="db", triggers=(at,))
        await ran(desk, name)
    view = page.timeline.timeline
    await eventually(lambda: view.found and any(lane.clashes for lane in view.found.lanes), "it is seen ahead")
    assert view.found is not None
    number, lane = next((n, lane) for n, lane in enumerate(view.found.lanes) if lane.clashes)
    thing = next(thing for thing in things_of(lane) if thing.clash is not None)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect_of(number, lane, thing).center().toPoint())
    assert page.clash.isVisible()
    assert {str(line.text) for line in page.clash.lines.lines} == {"backup", "report"}
    assert "db" in page.clash.reason.text()
    line = page.clash.lines.lines[1]
    assert line.open is not None
    line.open()
    assert window.page.place.startswith("job/") and window.page is not page
    await read(window.page)


async def test_a_row_of_the_next_fires_is_marked_where_jobs_meet(desk: Desk, window: Window) -> None:
    page = dashboard(window)
    await desk.do("pool.save", name="db", size=1)
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
    at = {"kind": "cron", "cron": f"{soon.minute} {soon.hour} * * *", "zone": "UTC"}
    for name in ("backup", "report"):
        await saved(desk, name, pool="db", triggers=(at,))
    await eventually(lambda: len(page.fires.lines.lines) == 2, "both are due")
    await eventually(lambda: {line.mark for line in page.fires.lines.lines} == {"status/late"}, "both are marked")
    assert page.fires.lines.lines[0].told().endswith("in 2 h") or "min" in page.fires.lines.lines[0].told()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("08:30:54.699 ERROR psycopg.OperationalError: no", "psycopg.OperationalError: no"),
        ("2026-11-24 08:30:54,699 [ERROR] cannot open", "cannot open"),
        ("ERRORS were found", "ERRORS were found"),
        ("cp: cannot stat 'order.csv'", "cp: cannot stat 'order.csv'"),
    ],
)
def test_an_error_is_told_from_where_it_says_something(line: str, told: str) -> None:
    assert bare(line) == told


def turn_wheel(widget: TimelineView, at: QPointF, by: int, modifier: Qt.KeyboardModifier) -> None:
    """As a mouse does."""
    turned = QWheelEvent(
        at,
        widget.mapToGlobal(at),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turned)
