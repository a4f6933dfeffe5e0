"""Two runs side by side: facts, fields and outputs; without a success there is a way to the history."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.pages.compare.page import Compare
from watchkeeper.ui.shell.window import Window


async def opened(window: Window, place: str) -> Compare:
    window.go(place)
    page = window.page
    assert isinstance(page, Compare)
    await read(page)
    return page


async def test_a_failure_is_held_beside_the_last_success(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "echo 08:00:00 begin; echo done", env={"STAGE": "test"})
    good = await ran(desk, "etl")
    await saved(desk, "etl", "echo 09:30:00 begin; echo lost; exit 3", env={"STAGE": "live"})
    bad = await ran(desk, "etl")
    window.go(f"run/{bad.number}")
    await read(window.page)
    QTest.keyClick(window.page, Qt.Key.Key_C)
    assert window.page.place == f"compare/{bad.number}", "one key on the run's page leads there"
    page = await opened(window, window.page.place)
    assert page.found is not None
    assert (page.found.run.id, page.found.other.id) == (bad.id, good.id)
    paths = [field.path for field in page.fields._fields]
    assert paths == ["params.script", "env.STAGE"]
    assert page.sides.run.values["exit"].text() == "3"
    assert page.sides.other.values["version"].text() == "v1"
    (hunk,) = page.output.diff._fields
    assert hunk.lines == (" 09:30:00 begin", "-done", "+lost"), "moments count as the same"
    page.copy_command()
    assert window.toasts.texts()
    page.swap()
    swapped = window.page
    assert isinstance(swapped, Compare)
    await read(swapped)
    assert swapped.found is not None
    assert swapped.found.run.id == good.id


async def test_without_a_success_it_is_said_and_the_history_is_one_step_away(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 3")
    run = await ran(desk, "etl")
    page = await opened(window, f"compare/{run.id}")
    assert page._whole.currentWidget() is page._none
    page.open_history()
    assert window.page.place == f"history/{run.job_id}"
    await read(window.page)


async def test_comparing_outputs_can_be_given_up_and_begun_again(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "echo one")
    first, second = await ran(desk, "etl"), await ran(desk, "etl")
    page = await opened(window, f"compare/{second.id}/{first.id}")
    assert page._parts.currentWidget() is page._same
    page.compare_outputs()
    assert not page.output.give_up.isHidden()
    page.give_up()
    await eventually(lambda: "gave up" in page.output.note.text(), "it is given up")
    page.compare_outputs()
    await eventually(lambda: "The outputs say the same" in page.output.note.text(), "they are compared")
