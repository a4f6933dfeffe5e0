"""A run's page tells what became of it, shows its output, and lets a person act."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry, Timeouts
from watchkeeper.model.run import State
from watchkeeper.model.span import Span
from watchkeeper.ui.pages.run.again import AgainDialog
from watchkeeper.ui.pages.run.facts import proof_of
from watchkeeper.ui.pages.run.page import RunPage
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.chips import Chips
from watchkeeper.ui.widgets.code import CodeEdit
from watchkeeper.ui.widgets.reason_dialog import ReasonDialog
from watchkeeper.ui.widgets.veil import Veil


async def opened(window: Window, place: str) -> RunPage:
    window.go(place)
    page = window.page
    assert isinstance(page, RunPage)
    await read(page)
    return page


async def test_it_is_found_by_number_and_shows_state_and_output(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "echo one; echo ERROR two; exit 3")
    run = await ran(desk, "etl")
    page = await opened(window, f"run/{run.number}")
    assert page.icon == "status/failed"
    assert page.header._name.text() == "etl"
    assert page.log_view is not None
    await eventually(lambda: page.log_view and page.log_view.log.size == len("one\nERROR two\n"), "its output is there")


async def test_the_keyboard_reads_the_log_and_goes_on_to_the_script(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "echo one; exit 3")
    run = await ran(desk, "etl")
    page = await opened(window, f"run/{run.number}")
    assert page.log_view is not None
    assert window.focusWidget() is page.log_view.sheet
    page.deeds.edit_job()
    await read(window.page)
    script = window.focusWidget()
    assert isinstance(script, CodeEdit)
    assert script.toPlainText() == "echo one; exit 3"


async def test_attempts_stand_side_by_side_and_their_outputs_follow_each_other(desk: Desk, window: Window) -> None:
    again = Retry(max_attempts=2, delay=Span(seconds=0))
    await saved(desk, "etl", 'echo "attempt $WATCHKEEPER_ATTEMPT"; exit 1', retry=again)
    run = await ran(desk, "etl")
    page = await opened(window, f"run/{run.id}")
    assert [card.number for card in page.side.attempts.cards] == [1, 2]
    assert page.log_view is not None
    assert [part.attempt for part in page.log_view.log.parts] == [1, 2]


async def test_a_live_run_is_followed_and_stopped(desk: Desk, window: Window) -> None:
    await saved(desk, "slow", "echo begun; sleep 600")
    started = await desk.do("run.start", job="slow")
    page = await opened(window, f"run/{started.run.id}")
    await eventually(lambda: page.log_view and page.log_view.log.size > 0, "output comes")
    assert not page.log_view.log.is_closed
    page.deeds.stop()
    await eventually(lambda: page.run and page.run.state is State.CANCELLED, "it is stopped")
    assert page.icon == "status/cancelled"
    assert page.run is not None
    assert "nothing of" in str(proof_of(page.run)), "it is told what was signalled, and that nothing survived"
    await eventually(lambda: not page.header._second.isActive(), "time stands still when it has ended")
    assert "watchkeeper run cancel" in window.activity.deeds[-1].cli


async def test_run_again_leads_to_the_new_run(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    run = await ran(desk, "etl")
    page = await opened(window, f"run/{run.id}")
    page.deeds.rerun()
    await eventually(lambda: window.page is not page, "the new run is shown")
    await read(window.page)
    assert isinstance(window.page, RunPage)
    assert window.page.run is not None
    assert window.page.run.rerun_of == run.id


async def test_a_verdict_wants_a_reason_and_stands_beside_the_ending(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 1")
    run = await ran(desk, "etl")
    page = await opened(window, f"run/{run.id}")
    page.deeds.judge()
    (veil,) = window.findChildren(Veil)
    dialog = veil.panel
    assert isinstance(dialog, ReasonDialog)
    dialog._do()
    assert veil.isVisible(), "without a reason nothing is done"
    dialog.field.setText("the table was loaded by hand")
    dialog._do()
    await eventually(lambda: page.run and page.run.verdict is State.SUCCEEDED, "the verdict is there")
    assert page.run is not None
    assert page.run.state is State.FAILED
    assert page.icon == "status/forced-ok"


async def test_killing_tells_the_danger_first_and_the_proof_afterwards(desk: Desk, window: Window) -> None:
    stubborn = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
    await saved(desk, "deaf", stubborn, timeouts=Timeouts(grace=Span(minutes=10)))
    started = await desk.do("run.start", job="deaf")
    page = await opened(window, f"run/{started.run.id}")
    await eventually(lambda: page.log_view and page.log_view.log.size > 0, "it is deaf by now")
    page.deeds.kill()
    dialog = page.deeds.killing
    assert dialog is not None
    assert "half written" in dialog.words.text()
    assert "10 minutes" in dialog.words.text(), "how long Stop would wait"
    dialog.ok.click()
    await eventually(lambda: "nothing of" in dialog.words.text(), "the proof is told")
    assert page.run is not None
    assert page.run.state is State.CANCELLED
    assert "--grace 0s" in window.activity.deeds[-1].cli
    dialog.cancel.click()
    assert page.deeds.killing is None


async def test_parameters_are_shown_and_changed_before_it_runs_again(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "exit 3")
    run = await ran(desk, "etl")
    params = {"script": "exit 24", "warning": [24]}
    await desk.do("job.save", spec=JobSpec(name="etl", handler="shell", params=params, retry=Retry(max_attempts=1)))
    page = await opened(window, f"run/{run.id}")
    page.deeds.rerun_with()
    await eventually(lambda: window.findChildren(AgainDialog), "the parameters are shown")
    (dialog,) = window.findChildren(AgainDialog)
    assert dialog.changed == {}
    script, warning = dialog.rows["script"].field, dialog.rows["warning"].field
    assert isinstance(script, QPlainTextEdit)
    assert isinstance(warning, Chips)
    assert (script.toPlainText(), warning.words) == ("exit 24", ["24"]), "what will run is the job as it is now"
    QTest.keyClicks(warning.input, "many")
    QTest.keyClick(warning.input, Qt.Key.Key_Return)
    dialog.ok.click()
    await eventually(lambda: not dialog.rows["warning"].complaint.isHidden(), "it is said at the field")
    assert window.page is page, "nothing was started"
    QTest.keyClick(warning.input, Qt.Key.Key_Backspace)
    script.setPlainText("echo mended")
    dialog.ok.click()
    await eventually(lambda: window.page is not page, "the new run is shown")
    await read(window.page)
    again = window.page
    assert isinstance(again, RunPage)
    assert again.run is not None
    assert (again.run.rerun_of, again.run.params) == (run.id, {"script": "echo mended"})
    again.deeds.copy_command()
    assert QGuiApplication.clipboard().text() == "watchkeeper run start etl --param 'script=echo mended'"


async def test_why_it_waits_is_said_with_the_way_to_what_it_waits_for(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "sleep 600", concurrency=Concurrency(policy=Policy.QUEUE))
    first = (await desk.do("run.start", job="etl")).run
    second = (await desk.do("run.start", job="etl")).run
    page = await opened(window, f"run/{second.id}")
    page._again.setInterval(20)
    await eventually(lambda: f"#{first.number}" in page.why.text(), "the blocking run is named")
    page.why.link.click()
    assert window.page.place == f"run/{first.id}"
    for run in (second, first):
        await desk.do("run.cancel", run=run.id)
    await read(window.page)


async def test_what_it_ran_with_and_what_it_returned_can_be_copied(desk: Desk, window: Window) -> None:
    script = 'echo "rows=7" >> "$WATCHKEEPER_OUTPUT"'
    await saved(desk, "etl", script, cwd="/tmp")
    run = await ran(desk, "etl")
    page = await opened(window, f"run/{run.id}")
    assert page.side.params.values["script"] == script
    assert page.side.outputs.values == {"rows": "7"}
    page.side.tabs.choose("outputs")
    page.side.outputs.copy("rows")
    assert QGuiApplication.clipboard().text() == "7"
    facts = {str(fact.title): fact for fact in page.side.facts.facts}
    assert str(facts["Directory"].value) == "/tmp"
    assert facts["Version"].place == f"job/{run.job_id}#versions"
    assert str(facts["Exit code"].value) == "0"


async def test_what_is_not_there_has_no_tab(desk: Desk, window: Window) -> None:
    await saved(desk, "etl")
    page = await opened(window, f"run/{(await ran(desk, 'etl')).id}")
    assert [name for name, _words in page.side.tabs._choices] == ["facts", "params"]


async def test_a_run_that_is_not_there_is_said(desk: Desk, window: Window) -> None:
    window.go("run/4711")
    await eventually(window.toasts.texts, "it is said")
    assert "4711" in window.toasts.texts()[0]
