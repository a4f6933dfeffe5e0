"""What the menus offer for the workspace: jobs from and to files, pauses, a look at it, a copy of it."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLabel

from tests.ui.waiting import eventually, saved
from watchkeeper.action.desk import Desk
from watchkeeper.ui.commands import Command
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.diff import DiffView
from watchkeeper.ui.widgets.veil import Veil

JOBS = """jobs:
- {name: etl, handler: shell, params: {script: echo new}}
- {name: other, handler: shell, params: {script: "true"}}
"""


def command(window: Window, id: str) -> Command:
    """A command of the window."""
    found = window.commands.get(id)
    assert found is not None
    return found


async def dialog(window: Window) -> Dialog:
    """The dialog that is laid over the window."""

    def over() -> Dialog | None:
        panels = (veil.panel for veil in window.findChildren(Veil) if veil.isVisible())
        return next((panel for panel in panels if isinstance(panel, Dialog)), None)

    await eventually(over, "a dialog is there")
    found = over()
    assert found is not None
    return found


def words(dialog: Dialog) -> str:
    """All that it says."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def choose(window: Window, file: Path) -> None:
    """Choose a file in the dialog that is open."""
    chooser = window.findChild(QFileDialog)
    assert chooser is not None
    chooser.fileSelected.emit(str(file))
    chooser.close()


async def test_jobs_from_a_file_are_shown_before_they_are_taken(desk: Desk, window: Window, tmp_path: Path) -> None:
    await saved(desk, "etl", "echo old")
    await saved(desk, "left")
    (tmp_path / "jobs.yaml").write_text(JOBS)
    window.carry_out(command(window, "jobs.import"))
    choose(window, tmp_path / "jobs.yaml")
    shown = await dialog(window)
    assert "New: 1, changed: 1, unchanged: 0. Nothing is deleted." in words(shown)
    view = shown.findChild(DiffView)
    assert view is not None and "echo old" in view.accessibleDescription()
    assert (await desk.ask("job.show", job="etl")).spec.params == {"script": "echo old"}
    shown.buttons[-1].click()
    await eventually(lambda: window.activity.deeds, "they are taken")
    assert window.activity.deeds[-1].cli == f"watchkeeper apply {tmp_path}/jobs.yaml"
    assert [job.name for job in await desk.ask("job.list")] == ["etl", "left", "other"]


async def test_a_file_that_can_not_be_taken_is_refused_with_its_line(window: Window, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("jobs:\n- name: etl\n  handler: nothing.such\n")
    window.carry_out(command(window, "jobs.import"))
    choose(window, tmp_path / "bad.yaml")
    await eventually(window.toasts.texts, "it is refused")
    assert "bad.yaml, line 3" in window.toasts.texts()[-1]


async def test_jobs_go_to_a_file_that_reads_back_to_the_same(desk: Desk, window: Window, tmp_path: Path) -> None:
    await saved(desk, "etl")
    window.carry_out(command(window, "jobs.export"))
    choose(window, tmp_path / "out.yaml")
    await eventually((tmp_path / "out.yaml").exists, "it is written")
    await eventually(window.toasts.texts, "it is said")
    assert "1 job is in" in window.toasts.texts()[-1]
    window.carry_out(command(window, "jobs.import"))
    choose(window, tmp_path / "out.yaml")
    shown = await dialog(window)
    assert "unchanged: 1." in words(shown)
    assert len(shown.buttons) == 1
    shown.buttons[0].click()


async def test_a_file_that_can_not_be_written_is_said(window: Window, tmp_path: Path) -> None:
    window.carry_out(command(window, "jobs.export"))
    choose(window, tmp_path / "gone" / "out.yaml")
    await eventually(window.toasts.texts, "it is refused")
    assert "can't be written: there is no such file or folder" in window.toasts.texts()[-1]


async def test_the_schedule_is_paused_for_a_while_and_goes_on(desk: Desk, window: Window) -> None:
    resume = command(window, "schedule.resume")
    await eventually(lambda: window.status.status, "the engine has answered")
    assert not resume.is_possible()
    window.carry_out(command(window, "schedule.pause.15m"))
    await eventually(resume.is_possible, "it is paused")
    assert (await desk.ask("schedule.show")).pause.until is not None
    assert window.activity.deeds[-1].cli == command(window, "schedule.pause.15m").cli()
    window.carry_out(resume)
    await eventually(lambda: not resume.is_possible(), "it goes on")


async def test_the_workspace_is_looked_at(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    window.carry_out(command(window, "workspace.check"))
    shown = await dialog(window)
    assert "Nothing is wrong" in words(shown)
    shown.buttons[0].click()


async def test_a_copy_of_the_store_is_made_and_named(window: Window) -> None:
    window.carry_out(command(window, "workspace.backup"))
    await eventually(window.toasts.texts, "it is made")
    assert "The store is copied to" in window.toasts.texts()[-1]
    await eventually(lambda: not any(veil.isVisible() for veil in window.findChildren(Veil)), "the dialog goes")
