"""The history shows the past in pages, by state, time and name."""

from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.pages.history.page import History
from watchkeeper.ui.pages.runs.page import Monitor
from watchkeeper.ui.shell.window import Window


async def opened(window: Window) -> History:
    window.go("history")
    page = window.page
    assert isinstance(page, History)
    await read(page)
    return page


async def test_the_newest_run_stands_first_and_new_ones_come_by_themselves(
    desk: Desk, window: Window, qtmodeltester: ModelTester
) -> None:
    await saved(desk, "one")
    await saved(desk, "two", "exit 1")
    await ran(desk, "one")
    page = await opened(window)
    assert [run.job_name for run in page.model.rows()] == ["one"]
    page.table.go_to(0)
    await ran(desk, "two")
    await eventually(lambda: [run.job_name for run in page.model.rows()] == ["two", "one"], "the new one is shown")
    assert [run.job_name for run in page.table.chosen()] == ["one"], "what is selected stays selected"
    qtmodeltester.check(page.model)


async def test_states_and_words_narrow_it_and_a_button_shows_all_again(desk: Desk, window: Window) -> None:
    await saved(desk, "one")
    await saved(desk, "two", "exit 1")
    for name in ("one", "two"):
        await ran(desk, name)
    page = await opened(window)
    page._states.choose("failed")
    await eventually(lambda: [run.job_name for run in page.model.rows()] == ["two"], "only failures")
    page.field.setText("one")
    await eventually(lambda: page._stack.currentWidget() is page._empty, "nothing fits")
    page._show_all()
    await eventually(lambda: page.model.total == 2, "all again")


async def test_enter_opens_the_run(desk: Desk, window: Window) -> None:
    await saved(desk, "one")
    run = await ran(desk, "one")
    page = await opened(window)
    page.table.go_to(0)
    page._open_current()
    assert window.page.place == f"run/{run.id}"
    await read(window.page)


async def test_a_range_of_time_is_typed_and_what_is_none_is_said_at_its_field(desk: Desk, window: Window) -> None:
    await saved(desk, "one")
    await ran(desk, "one")
    page = await opened(window)
    period = page.period
    assert period.row.isHidden()
    period.reach.choose("custom")
    assert not period.row.isHidden()
    QTest.keyClicks(period.end, "yesterday")
    period.begin.clear()
    QTest.keyClicks(period.begin, "-3d")
    await eventually(lambda: page.model.total == 0, "it was not yesterday")
    period.end.selectAll()
    QTest.keyClicks(period.end, "soon")
    assert "no moment" in period.complaint.sentence.text()
    assert page.model.total == 0, "nothing is looked for"
    period.end.selectAll()
    QTest.keyClicks(period.end, "now")
    await eventually(lambda: page.model.total == 1, "it is found")
    assert period.complaint.isHidden()


async def test_tag_host_and_job_are_named_in_the_field(desk: Desk, window: Window) -> None:
    await saved(desk, "one", tags=("etl",))
    await saved(desk, "two")
    for name in ("one", "two"):
        await ran(desk, name)
    page = await opened(window)
    for words, names in (("tag:etl", ["one"]), ("host:local job:two", ["two"]), ("", ["two", "one"])):
        page.field.setText(words)
        await eventually(lambda names=names: [run.job_name for run in page.model.rows()] == names, words)
    page.field.setText("job:three")
    await eventually(lambda: "three" in page.complaint.sentence.text(), "a job that is not there is named")
    page.field.setText("tag:")
    await eventually(lambda: "no value" in page.complaint.sentence.text(), "what is missing is said")


async def test_two_runs_that_are_selected_are_compared(desk: Desk, window: Window) -> None:
    await saved(desk, "one")
    newest, older = [await ran(desk, "one") for _n in range(2)][::-1]
    page = await opened(window)
    page.table.selectAll()
    page._compare()
    assert window.page.place == f"compare/{newest.id}/{older.id}"
    await read(window.page)


async def test_the_monitor_shows_what_runs_and_says_so_when_nothing_does(desk: Desk, window: Window) -> None:
    window.go("runs")
    page = window.page
    assert isinstance(page, Monitor)
    await read(page)
    assert page._stack.currentWidget() is page._empty
    await saved(desk, "slow", "sleep 600")
    started = await desk.do("run.start", job="slow")
    await eventually(lambda: page.model.total == 1, "it is shown")
    page.table.go_to(0)
    page._stop()
    await eventually(lambda: page.model.total == 0, "it has ended")
    assert page._stack.currentWidget() is page._empty
    assert (await desk.ask("run.show", run=started.run.id)).run.cancel_requested_by
