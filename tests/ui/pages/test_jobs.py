"""The table of jobs: any length, narrowed as one types, and what is done there can be taken back."""

from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.modeltest import ModelTester

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.action.job_effect import Deed
from watchkeeper.model.job import JobSpec
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.model.trigger import Interval
from watchkeeper.ui.pages.jobs.effects import sentences_of
from watchkeeper.ui.pages.jobs.list import BEYOND
from watchkeeper.ui.pages.jobs.page import Jobs
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.column_list import ColumnList
from watchkeeper.ui.widgets.dialog import Dialog
from watchkeeper.ui.widgets.name_dialog import NameDialog
from watchkeeper.ui.widgets.run_dialog import RunDialog
from watchkeeper.ui.widgets.sparkline import BARS, GAP, WIDE, run_at
from watchkeeper.ui.widgets.veil import Veil
from watchkeeper.ui.widgets.words import Button


async def opened(window: Window) -> Jobs:
    window.go("jobs")
    page = window.page
    assert isinstance(page, Jobs)
    await read(page)
    return page


D = TypeVar("D", bound=QWidget)


def asked(window: Window, kind: type[D]) -> D:
    """The dialog that has been opened last."""
    return next(veil.panel for veil in reversed(window.findChildren(Veil)) if isinstance(veil.panel, kind))


async def test_without_jobs_it_says_how_to_begin(window: Window) -> None:
    page = await opened(window)
    assert page.list.currentWidget() is page._none


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
    await eventually(page.inspector.failure.isVisible, "the failure is told")


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


async def test_keys_that_are_faster_than_the_filter_mean_the_rows_that_it_leaves(desk: Desk, window: Window) -> None:
    for name in ("backup", "etl"):
        await saved(desk, name)
    page = await opened(window)
    page.bar.ask("etl")
    QTest.keyClick(page.table, Qt.Key.Key_R)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    await eventually(lambda: window.page.title == "etl", "the job is opened that was meant")
    assert await desk.ask("run.list") == []


async def test_a_long_table_reads_the_windows_that_are_looked_at(desk: Desk, window: Window) -> None:
    specs = [JobSpec(name=f"job {number:04}", handler="shell", params={"script": "true"}) for number in range(450)]
    await desk.do("jobs.apply", jobs=tuple(specs))
    page = await opened(window)
    assert page.model.total == 450
    seen = page.table.rowAt(page.table.viewport().height() - 1)
    assert seen < len(page.model.rows()) <= seen + BEYOND + 1 < 449
    assert page.model.row(449) is None
    await eventually(lambda: page.model.row(449), "the last window is read")
    row = page.model.row(449)
    assert row is not None
    assert row.name == "job 0449"


async def test_groups_are_a_tree_with_what_is_not_well_in_it(desk: Desk, window: Window) -> None:
    for name, group in (("load", "finance/daily"), ("close", "finance"), ("loose", "")):
        await saved(desk, name, "exit 1" if name == "load" else "true", group=group)
    await ran(desk, "load")
    page = await opened(window)
    await eventually(lambda: page.model.bands and page.model.bands[1].facts.bad, "the failure is told")
    assert [(band.path, band.depth, band.facts.count, band.facts.bad) for band in page.model.bands] == [
        ("finance", 0, 2, (("status/failed", 1),)),
        ("finance/daily", 1, 1, (("status/failed", 1),)),
        ("", 0, 1, ()),
    ]
    shown = [row.name if (row := page.model.row(number)) else "" for number in range(page.model.count)]
    assert shown == ["", "close", "", "load", "", "loose"]
    page.model.fold(page.model.bands[0], is_open=False)
    page.form.choose("flat")
    await eventually(lambda: not page.model.is_grouped, "it is one list")
    assert [row.name for row in page.model.rows()] == ["close", "load", "loose"]
    page.form.choose("tree")
    await eventually(lambda: page.model.is_grouped, "it is a tree again")
    assert page.model.count == 3, "what was closed is remembered"
    assert window.console.memory.get("jobs.closed", []) == ["finance"]


async def test_a_table_is_sorted_by_keys_within_its_groups(desk: Desk, window: Window) -> None:
    for name in ("a", "b", "c"):
        await saved(desk, name, group="g" if name == "a" else "h", owner={"b": "zoe", "c": "amy"}.get(name, ""))
    page = await opened(window)
    by_owner = next(each for each in page.commands() if each.id == "jobs.sort.owner")
    by_owner.run()
    await eventually(lambda: [row.name for row in page.model.rows()] == ["a", "c", "b"], "by owner")
    by_owner.run()
    await eventually(lambda: [row.name for row in page.model.rows()] == ["a", "b", "c"], "the other way round")
    assert window.console.memory.get("jobs.sort", "") == "-owner"


async def test_views_are_saved_renamed_deleted_and_taken_back(desk: Desk, window: Window) -> None:
    for name, owner in (("etl", "amy"), ("backup", "zoe")):
        await saved(desk, name, owner=owner)
    page = await opened(window)
    assert [str(view.name) for view in page.views.views.all] == ["All", "Failing", "Running", "Paused"]
    page.bar.ask("owner:amy")
    await eventually(lambda: len(page.model.rows()) == 1, "one is left")
    assert page.views.chips.chosen == ""
    page.views.save_as()
    dialog = asked(window, NameDialog)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert "needs a name" in dialog.complaint.sentence.text()
    dialog.field.setText("Hers")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert (page.views.chips.chosen, page.views.button.text()) == ("4", "Hers")
    by_key = next(each for each in window.commands if each.keys == ("Alt+1",))
    by_key.run()
    await eventually(lambda: len(page.model.rows()) == 2, "all again")
    assert page.bar.query == ""
    page.views.show_view(page.views.views.all[4])
    await eventually(lambda: [row.name for row in page.model.rows()] == ["etl"], "hers")
    page.views._rename()
    dialog = asked(window, NameDialog)
    dialog.field.setText("Amy's")
    dialog.take()
    assert window.console.memory.get("jobs.views", [])[0]["name"] == "Amy's"
    page.views._delete()
    assert len(page.views.views.all) == 4
    undo = next(each for each in window.toasts.findChildren(Button) if each.text() == "Undo")
    undo.click()
    assert [str(view.name) for view in page.views.views.all][4:] == ["Amy's"]


async def test_columns_are_chosen_by_keys_alone(desk: Desk, window: Window) -> None:
    await saved(desk)
    page = await opened(window)
    page.choose_columns()
    veil = window.findChild(Veil)
    assert veil is not None
    columns = veil.panel.findChild(ColumnList)
    assert columns is not None
    line = next(each for each in columns.lines if each.name == "group")
    QTest.keyClick(line.box, Qt.Key.Key_Space)
    QTest.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    header = page.table.header
    assert header.is_wanted("group") and header.names().index("group") == header.names().index("status") - 1
    assert window.console.memory.get("jobs.columns", {})["hidden"] == ["handler", "pool", "status", "tags"]
    next(each for each in columns.lines if each.name == "owner").setFocus()
    QTest.keyClick(next(each for each in columns.lines if each.name == "owner"), Qt.Key.Key_S)
    assert page.list.sort == "owner"
    QTest.keyClick(veil, Qt.Key.Key_Escape)


async def test_disabling_is_taken_back_from_activity(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    page = await opened(window)
    page.table.go_to(0)
    page.turn_chosen()
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
    await eventually(lambda: page.many.effects, "it is told")
    page.bulk.begin(Deed.RUN)
    await eventually(lambda: all(len(row.runs) == 1 for row in page.model.rows()), "both have run")
    assert window.activity.deeds[-1].undo is not None, "what was started can be stopped"


async def test_what_deeds_would_do_to_many_is_told_beside_them_and_one_undo_takes_all_back(
    desk: Desk, window: Window
) -> None:
    for name in ("one", "two", "three"):
        await saved(desk, name, is_enabled=name != "three", triggers=(Interval(every=Span(minutes=10)),))
    page = await opened(window)
    page.table.selectAll()
    await eventually(lambda: page.many.effects, "it is told")
    disabling = next(each for each in page.many.effects if each.deed is Deed.DISABLE)
    said = [str(each) for each in sentences_of(disabling, page.console.zone)]
    assert said[0] == "2 jobs"
    assert said[1].startswith("2 next fires fall away, the first: ")
    assert said[2] == "left out: three; it is disabled already"
    page.turn_chosen()
    await eventually(lambda: not any(row.is_enabled for row in page.model.rows()), "none is enabled")
    deed = window.activity.deeds[-1]
    assert deed.cli == "watchkeeper job disable one; watchkeeper job disable two"
    assert window.toasts.texts()[-1] == "Done: Disable 2 jobs"
    assert deed.undo is not None
    deed.undo()
    await eventually(lambda: sum(row.is_enabled for row in page.model.rows()) == 2, "those two are enabled again")


async def test_more_than_ten_are_asked_about(desk: Desk, window: Window) -> None:
    specs = [JobSpec(name=f"job {n:02}", handler="shell", params={"script": "true"}) for n in range(12)]
    await desk.do("jobs.apply", jobs=tuple(specs))
    page = await opened(window)
    page.table.selectAll()
    page.bulk.begin(Deed.DELETE)
    await eventually(lambda: window.findChildren(Dialog), "it is asked")
    dialog = asked(window, Dialog)
    assert dialog.accessibleName() == "Delete 12 jobs"
    assert page.model.total == 12
    dialog.buttons[-1].click()
    await eventually(lambda: page.model.total == 0, "they are deleted")
    undo = window.activity.deeds[-1].undo
    assert undo is not None
    undo()
    await eventually(lambda: page.model.total == 12, "they are there again")


async def test_what_is_refused_among_many_is_told_by_name(desk: Desk, window: Window) -> None:
    for name in ("one", "two"):
        await saved(desk, name)
    await opened(window)
    each = [{"job": name, "tag": "etl"} for name in ("one", "gone", "two")]
    await window.console.act_many("job.tag", each, _("Tag {n} jobs", n=3))
    (said,) = window.toasts.texts()
    assert said.startswith("2 of 3 done, but not gone: there is no job gone")


async def test_tags_are_given_and_taken_by_key(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", tags=("slow",))
    await saved(desk, "fast", tags=("nightly",))
    page = await opened(window)
    page.table.selectAll()
    await eventually(lambda: page.many.effects, "it is told")
    page.ask_tag(Deed.TAG)
    dialog = asked(window, NameDialog)
    dialog.take()
    assert "a tag needs letters" in dialog.complaint.sentence.text()
    dialog.field.setText("nightly")
    dialog.take()
    await eventually(lambda: page.model.rows()[0].tags == ("slow", "nightly"), "it is given")
    page.bulk.begin(Deed.UNTAG, "nightly")
    await eventually(lambda: not any("nightly" in row.tags for row in page.model.rows()), "it is taken from both")


async def test_run_with_parameters_changes_them_for_one_run_only(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 3")
    page = await opened(window)
    page.run_with()
    await eventually(lambda: window.findChildren(RunDialog), "it is asked")
    dialog = asked(window, RunDialog)
    script = dialog.entries["script"].row.field
    assert isinstance(script, QPlainTextEdit) and script.toPlainText() == "exit 3"
    assert dialog.changed == {}
    script.setPlainText("true")
    assert dialog.changed == {"script": "true"}
    dialog.take()
    await eventually(lambda: page.model.rows()[0].last, "it has run")
    last = page.model.rows()[0].last
    assert last is not None and last.state is State.SUCCEEDED
    assert (await desk.ask("job.show", job="etl")).spec.params["script"] == "exit 3"


async def test_parameters_that_are_not_taken_are_said_at_their_field(desk: Desk, window: Window) -> None:
    await saved(desk)
    page = await opened(window)
    page.run_with()
    await eventually(lambda: window.findChildren(RunDialog), "it is asked")
    dialog = asked(window, RunDialog)
    row = dialog.entries["success"].row
    assert isinstance(row.field, QLineEdit)
    row.field.setText("soon")
    dialog.take()
    await eventually(row.complaint.sentence.text, "it is said")
    assert "soon" in row.complaint.sentence.text()
    assert not (await desk.ask("run.list"))


async def test_a_run_is_stopped_and_a_failure_acknowledged_by_key(desk: Desk, window: Window) -> None:
    await saved(desk, "sleepy", "sleep 60")
    await saved(desk, "wrong", "exit 1")
    failed = await ran(desk, "wrong")
    page = await opened(window)
    page.bulk.begin(Deed.RUN)
    await eventually(lambda: page.model.rows()[0].live, "it runs")
    page.stop_chosen()
    await eventually(lambda: (last := page.model.rows()[0].last) and last.state is State.CANCELLED, "it is stopped")
    page.stop_chosen()
    assert window.toasts.texts()[-1] == "Nothing runs that could be stopped"
    page.table.go_to(1)
    page.acknowledge_chosen()
    await eventually(
        lambda: window.activity.deeds[-1].cli.startswith("watchkeeper attention acknowledge"), "it is said"
    )
    assert all(cause.run_id != failed.id for cause in (await desk.ask("attention.list")).rows)


async def test_the_keys_of_a_list_are_all_there(desk: Desk, window: Window) -> None:
    await saved(desk)
    page = await opened(window)
    keys = {key for command in page.commands() for key in command.keys}
    assert {"Space", "/", "R", "Shift+R", "S", "P", "E", "L", "T", "A", "Ctrl+Shift+C", ".", "Delete"} <= keys
    assert len(keys) == sum(len(command.keys) for command in page.commands()), "no key is for two things"
    page.copy_command()
    assert QGuiApplication.clipboard().text() == "watchkeeper run start job"


async def test_a_bar_leads_to_its_run(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    run = await ran(desk, "etl")
    page = await opened(window)
    (row,) = page.model.rows()
    cell = QRectF(0, 0, 200, 32)
    assert run_at(cell, 8 + (BARS - 1) * (WIDE + GAP) + 1, row) == row.runs[0]
    assert row.runs[0].id == run.id
    assert run_at(cell, 9, row) is None
