"""In an empty workspace the dashboard shows the first steps; what happens ticks them, whoever does it."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui import milestones
from watchkeeper.ui.pages.dashboard.page import Dashboard
from watchkeeper.ui.pages.job.page import JobPage
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.empty import Empty
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil


async def dashboard(window: Window) -> Dashboard:
    page = window.pages[0]
    assert isinstance(page, Dashboard)
    await read(page)
    return page


def done(page: Dashboard) -> list[bool]:
    return [step.is_done for step in page.beginning.steps.steps]


async def test_a_newcomer_sees_a_job_run_reads_why_one_fails_mends_it_and_makes_another(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    page = await dashboard(window)
    steps = page.beginning.steps
    assert steps.isVisible() and not page.fires.isVisible()
    assert done(page) == [True, False, False, False, False]
    assert page.focusWidget() is steps.buttons[0], "the keyboard is where something is to be done"
    qtbot.keyClick(steps.buttons[0], Qt.Key.Key_Return)
    await eventually(lambda: len(page.beginning.samples.rows) == 4, "the samples are there")
    assert "watchkeeper" in window.activity.deeds[-1].cli

    await ran(desk, "hello")
    await eventually(lambda: done(page)[1], "a run is seen")
    failed = await ran(desk, "copy-orders")
    await eventually(lambda: steps.current == 2 and steps.buttons, "the failure is to be read")
    page.beginning.do("read")
    await eventually(lambda: window.page is not page, "the run is shown")
    await read(window.page)
    assert window.page.place.startswith("run/") and failed.job_name == "copy-orders"

    window.go("dashboard")
    await eventually(lambda: done(page)[2], "the failure is read")
    page.beginning.do("mend")
    editor = window.page
    assert isinstance(editor, JobPage) and editor.view.nav.current == "command"
    await read(editor)
    job = (await desk.ask("job.list", filter="copy-orders"))[0]
    script = job.spec.params["script"].replace("cp order.csv", "cp orders.csv")
    await saved(desk, "copy-orders", script, tags=("sample",))
    await ran(desk, "copy-orders")
    window.go("dashboard")
    await eventually(lambda: done(page)[3], "it is mended")
    await saved(desk, "mine")
    await eventually(lambda: all(done(page)), "all is done")
    await editor.tasks.idle()


async def test_whoever_has_jobs_of_their_own_is_spared_the_first_steps_until_they_ask_for_them(
    desk: Desk, window: Window
) -> None:
    await saved(desk, "mine")
    page = await dashboard(window)
    await eventually(page.fires.isVisible, "the usual dashboard is shown")
    assert not page.beginning.steps.isVisible()
    window.go("dashboard#first-steps")
    await eventually(page.beginning.steps.isVisible, "they are back")
    page.beginning.put_away()
    await eventually(lambda: not page.beginning.steps.isVisible(), "they are put away")
    assert window.console.memory.get(milestones.STEPS, "") == milestones.AWAY


async def test_samples_are_removed_after_a_question(desk: Desk, window: Window) -> None:
    page = await dashboard(window)
    page.beginning.do("add")
    await eventually(lambda: page.beginning.has_samples, "the samples are there")
    page.beginning.remove_samples()
    (veil,) = window.findChildren(Veil)
    assert isinstance(veil.panel, Question)
    page.beginning._remove(False)
    veil.close_veil()
    await eventually(lambda: not page.beginning.has_samples, "they are gone")
    assert await desk.ask("job.list") == []
    window.deeds.undo()
    await eventually(lambda: len(page.beginning.samples.rows) == 4, "one step brings all of them back")


async def test_adding_the_samples_is_one_deed_that_is_taken_back(desk: Desk, window: Window) -> None:
    page = await dashboard(window)
    empty = page.timeline.findChild(Empty)
    assert empty is not None and empty.isVisible() and page.timeline.timeline.isVisible(), "the axis stays"
    page.beginning.do("add")
    await eventually(lambda: page.beginning.has_samples, "the samples are there")
    assert window.activity.deeds[-1].cli == "watchkeeper samples add"
    window.deeds.undo()
    await eventually(lambda: not page.beginning.has_samples, "they are gone")
    assert await desk.ask("job.list") == []


async def test_samples_do_not_take_the_place_of_a_job_with_such_a_name(desk: Desk, window: Window) -> None:
    await saved(desk, "hello", "echo mine")
    page = await dashboard(window)
    page.beginning.do("add")
    await eventually(window.toasts.texts, "it is refused")
    assert "hello" in window.toasts.texts()[0]
    assert [job.name for job in await desk.ask("job.list")] == ["hello"]
