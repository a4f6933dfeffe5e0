"""What is done can be taken back and done again; what concerns many is asked for first."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known, NotFound
from watchkeeper.model.text import _
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.question import Question
from watchkeeper.ui.widgets.veil import Veil

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def asked(window: Window) -> Question | None:
    """The question that lies over the window."""
    panels = (veil.panel for veil in window.findChildren(Veil) if veil.isVisible())
    return next((panel for panel in panels if isinstance(panel, Question)), None)


async def jobs(desk: Desk) -> list[str]:
    """The names of all that are enabled."""
    return [job.name for job in await desk.ask("job.list", limit=100) if job.spec.is_enabled]


async def done(window: Window, count: int) -> None:
    """Wait until so many deeds stand in Activity."""
    await eventually(lambda: len(window.activity.deeds) == count, f"{count} deeds are done")


async def test_a_deleted_job_comes_back_by_ctrl_z_and_goes_again_by_ctrl_y(
    desk: Desk, window: Window, qtbot: QtBot
) -> None:
    job = await saved(desk, "etl")
    await window.console.act("job.delete", job=job.id)
    assert await jobs(desk) == []
    qtbot.keyClick(window.page, Qt.Key.Key_Z, CONTROL)
    await done(window, 2)
    assert await jobs(desk) == ["etl"]
    assert [deed.undo for deed in window.activity.deeds] == [None, None]
    assert window.activity.deeds[-1].cli == f"watchkeeper job restore {job.id}"
    qtbot.keyClick(window.page, Qt.Key.Key_Y, CONTROL)
    await done(window, 3)
    assert await jobs(desk) == []
    qtbot.keyClick(window.page, Qt.Key.Key_Z, CONTROL)
    await done(window, 4)
    assert (await desk.ask("job.show", job="etl")).id == job.id


async def test_what_can_not_be_taken_back_now_is_said_and_can_be_tried_again(desk: Desk, window: Window) -> None:
    job = await saved(desk, "etl")
    await window.console.act("job.delete", job=job.id)
    await saved(desk, "etl")
    window.deeds.undo()
    await done(window, 2)
    refusal = window.activity.deeds[-1].refusal
    assert refusal is not None and "another job called etl" in str(refusal)
    assert window.deeds.can_undo() and not window.deeds.can_redo()


async def test_a_version_that_was_taken_back_gives_way_to_the_one_before(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "echo one")
    job = await saved(desk, "etl", "echo two")
    await window.console.act("job.restore", job=job.id, version=1)
    window.deeds.undo()
    await done(window, 2)
    assert (await desk.ask("job.show", job="etl")).spec.params == {"script": "echo two"}


async def test_a_field_keeps_its_own_undo(desk: Desk, window: Window, qtbot: QtBot) -> None:
    job = await saved(desk, "etl")
    await window.console.act("job.disable", job=job.id)
    window.go("history")
    field = window.page.field  # type: ignore[attr-defined]
    window.activateWindow()
    field.setFocus()
    await eventually(field.hasFocus, "the field has the keyboard")
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert field.text() == ""
    assert window.deeds.can_undo()


async def test_more_than_ten_are_asked_for_and_taken_back_together(desk: Desk, window: Window) -> None:
    some = await asyncio.gather(*(saved(desk, f"job{number:02}") for number in range(12)))
    each = [{"job": job.id} for job in some]
    title = _("Disable {n} jobs", n=12)
    declined = asyncio.ensure_future(window.console.act_many("job.disable", each, title))
    await eventually(lambda: asked(window), "it is asked for")
    question = asked(window)
    assert question is not None
    question.buttons[0].click()
    assert await declined == []
    assert len(await jobs(desk)) == 12
    wanted = asyncio.ensure_future(window.console.act_many("job.disable", each, title))
    await eventually(lambda: asked(window) not in (None, question), "it is asked for again")
    question = asked(window)
    assert question is not None
    question.buttons[-1].click()
    assert len(await wanted) == 12
    assert await jobs(desk) == []
    assert len(window.activity.deeds) == 1
    window.deeds.undo()
    await done(window, 2)
    assert len(await jobs(desk)) == 12


async def test_closing_the_question_is_a_no(desk: Desk, window: Window, qtbot: QtBot) -> None:
    each = [{"job": f"none{number}"} for number in range(11)]
    waiting = asyncio.ensure_future(window.console.act_many("job.delete", each, _("Delete {n} jobs", n=11)))
    await eventually(lambda: asked(window), "it is asked for")
    qtbot.keyClick(asked(window), Qt.Key.Key_Escape)
    assert await waiting == []
    assert window.activity.deeds == []


async def test_of_many_those_that_are_refused_are_counted(desk: Desk, window: Window) -> None:
    job = await saved(desk, "etl")
    each = [{"job": job.id}, {"job": "nowhere"}]
    answers = await window.console.act_many("job.disable", each, _("Disable {n} jobs", n=2))
    assert not isinstance(answers[0], Known) and isinstance(answers[1], NotFound)
    assert window.toasts.texts()[-1].startswith("1 of 2 done, but not nowhere: ")
    window.deeds.undo()
    await done(window, 2)
    assert await jobs(desk) == ["etl"]


async def test_what_was_done_is_copied_as_a_command(desk: Desk, window: Window, qtbot: QtBot) -> None:
    await saved(desk, "etl")
    await window.console.act("job.disable", job="etl")
    await window.console.act("job.enable", job="etl")
    qtbot.keyClick(window.page, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text() == "watchkeeper job enable etl"
    window.activateWindow()
    window.toggle_panel("activity")
    await eventually(window.panel.activity.hasFocus, "the list has the keyboard")
    qtbot.keyClick(window.panel.activity, Qt.Key.Key_Down)
    qtbot.keyClick(window.panel.activity, Qt.Key.Key_Down)
    qtbot.keyClick(window.panel.activity, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text() == "watchkeeper job disable etl"
    qtbot.keyClick(window.panel.activity, Qt.Key.Key_Return)
    assert window.page.place == "job/etl"


@pytest.mark.parametrize("count", [1, 10])
async def test_few_are_not_asked_for(desk: Desk, window: Window, count: int) -> None:
    some = await asyncio.gather(*(saved(desk, f"job{number:02}") for number in range(count)))
    await window.console.act_many("job.disable", [{"job": job.id} for job in some], _("Disable {n} jobs", n=count))
    assert await jobs(desk) == []
