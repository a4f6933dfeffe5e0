"""The table of jobs: any length, narrowed as one types, and what is done there can be taken back."""

from PySide6.QtCore import QRectF
from pytestqt.modeltest import ModelTester

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.job import JobSpec
from watchkeeper.ui.pages.jobs.page import Jobs
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.rows_model import WINDOW
from watchkeeper.ui.widgets.sparkline import BARS, GAP, WIDE, run_at


async def opened(window: Window) -> Jobs:
    window.go("jobs")
    page = window.page
    assert isinstance(page, Jobs)
    await read(page)
    return page


async def test_without_jobs_it_says_how_to_begin(window: Window) -> None:
    page = await opened(window)
    assert page._stack.currentWidget() is page._none


async def test_jobs_come_and_their_runs_are_seen_without_asking(
    desk: Desk, window: Window, qtmodeltester: ModelTester
) -> None:
    page = await opened(window)
    await saved(desk, "etl", "exit 1")
    await eventually(lambda: page.model.total == 1, "the job is there")
    await ran(desk, "etl")
    await eventually(lambda: page.model.rows() and page.model.rows()[0].runs, "its run is there")
    qtmodeltester.check(page.model)
    assert page.inspector.row is not None
    assert page.inspector.row.name == "etl"
    assert page.inspector.why.text()


async def test_a_filter_narrows_and_a_wrong_one_is_said_and_changes_nothing(desk: Desk, window: Window) -> None:
    for name in ("etl", "backup"):
        await saved(desk, name)
    page = await opened(window)
    page.bar.ask("back")
    await eventually(lambda: [row.name for row in page.model.rows()] == ["backup"], "one is left")
    page.bar.ask("back status:nonsense")
    assert "nonsense" in page.bar.complaint.sentence.text()
    await page.tasks.idle()
    assert [row.name for row in page.model.rows()] == ["backup"]
    page.bar.clear()
    await eventually(lambda: page.model.total == 2, "all again")


async def test_a_long_table_reads_the_windows_that_are_looked_at(desk: Desk, window: Window) -> None:
    specs = [JobSpec(name=f"job {number:04}", handler="shell", params={"script": "true"}) for number in range(450)]
    await desk.do("jobs.apply", jobs=tuple(specs))
    page = await opened(window)
    assert page.model.total == 450
    assert len(page.model.rows()) == WINDOW
    assert page.model.row(449) is None
    await eventually(lambda: page.model.row(449), "the last window is read")
    row = page.model.row(449)
    assert row is not None
    assert row.name == "job 0449"


async def test_disabling_is_taken_back_from_activity(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    page = await opened(window)
    page.table.go_to(0)
    page._turn_chosen()
    await eventually(lambda: page.model.rows() and not page.model.rows()[0].is_enabled, "it is disabled")
    deed = window.activity.deeds[-1]
    assert deed.cli.startswith("watchkeeper job disable")
    assert deed.undo is not None
    deed.undo()
    await eventually(lambda: page.model.rows()[0].is_enabled, "it is enabled again")


async def test_run_now_runs_the_selected_jobs(desk: Desk, window: Window) -> None:
    for name in ("one", "two"):
        await saved(desk, name)
    page = await opened(window)
    page.table.selectAll()
    page._run_chosen()
    await eventually(lambda: all(len(row.runs) == 1 for row in page.model.rows()), "both have run")


async def test_a_bar_leads_to_its_run(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    run = await ran(desk, "etl")
    page = await opened(window)
    (row,) = page.model.rows()
    cell = QRectF(0, 0, 200, 32)
    assert run_at(cell, 8 + (BARS - 1) * (WIDE + GAP) + 1, row) == row.runs[0]
    assert row.runs[0].id == run.id
    assert run_at(cell, 9, row) is None
