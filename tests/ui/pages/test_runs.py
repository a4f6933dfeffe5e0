"""The monitor: what runs, why the rest waits in groups, stopping many, and a person's word on unknown runs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.action.live import LiveRun
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.job import Concurrency, Policy
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text
from watchkeeper.model.usual import Usual
from watchkeeper.ui.pages.runs.groups import groups
from watchkeeper.ui.pages.runs.page import Monitor
from watchkeeper.ui.pages.runs.settle import Effect, effect_words, settle_dialog
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.question import Question

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def run(number: int, state: State = State.QUEUED, job: str = "etl") -> Run:
    return Run(
        id=RunId(f"r{number}"), number=number, job_id=JobId(job), job_name=job, job_version=1, state=state,
        created_at=NOW, due_at=NOW,
    )  # fmt: skip


def live(number: int, why: str | None, blocker: str = "", state: State = State.QUEUED, **more: Any) -> LiveRun:
    text = None if why is None else Text(why)
    return LiveRun(run(number, state), None, Usual(None, None, 0), text, blocker, "x" if blocker else "", **more)


async def opened(window: Window) -> Monitor:
    window.go("runs")
    page = window.page
    assert isinstance(page, Monitor)
    await read(page)
    return page


def test_what_waits_for_the_same_is_one_reason_and_unknown_runs_come_first() -> None:
    rows = [
        live(1, None, state=State.RUNNING),
        live(2, "all 2 slots are taken", "slots"),
        live(3, "attempt 2 starts later", likely_at=NOW),
        live(4, "all 2 slots are taken", "slots"),
        live(5, "nobody can say", "host", State.UNKNOWN),
    ]
    found = groups(rows, "UTC")
    assert [(group.blocker, len(group.ids)) for group in found] == [("unknown", 1), ("slots", 2), ("", 1)]
    assert str(found[1].words) == "2 runs wait: all 2 slots are taken"
    assert str(found[2].words) == "1 run waits for its next attempt, at 08:30"


async def test_many_are_stopped_only_when_somebody_says_yes(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "sleep 600", concurrency=Concurrency(policy=Policy.QUEUE))
    for _n in range(12):
        await desk.do("run.start", job="etl")
    page = await opened(window)
    await eventually(lambda: page.model.total == 12, "all are shown")
    await eventually(lambda: any("11 runs wait" in str(line.text) for line in page.reasons.lines), "why they wait")
    page.table.selectAll()
    assert "12" in page._stop_them.text()
    page._stop()
    (question,) = window.findChildren(Question)
    assert page.model.total == 12, "nothing is done before the answer"
    question.buttons[-1].click()
    await eventually(lambda: page._stack.currentWidget() is page._empty, "all are stopped")
    assert page.reasons.isHidden()


async def test_what_is_selected_stays_selected_when_rows_come_and_go(desk: Desk, window: Window) -> None:
    await saved(desk, "etl", "sleep 600", concurrency=Concurrency(policy=Policy.QUEUE))
    first, second = [(await desk.do("run.start", job="etl")).run for _n in range(2)]
    page = await opened(window)
    await eventually(lambda: page.model.total == 2, "both are shown")
    page._select(frozenset({second.id}))
    await desk.do("run.cancel", run=first.id)
    await eventually(lambda: [row.run.id for row in page.model.rows()] == [second.id], "the first is gone")
    assert [row.run.id for row in page.table.chosen()] == [second.id]
    await desk.do("run.cancel", run=second.id)
    await eventually(lambda: page.model.total == 0, "both are gone")


def test_before_unknown_runs_are_settled_it_is_told_what_comes_of_it(qapp: object) -> None:
    unknown = [run(n, State.UNKNOWN, "etl") for n in range(3)] + [run(9, State.UNKNOWN, "backup")]
    effect = Effect(unknown)
    assert effect.words.text() == str(effect_words(unknown, State.SUCCEEDED))
    assert "4 runs will count as succeeded: etl 3, backup 1" in effect.words.text()
    effect.job.setCurrentIndex(2)
    effect.job.picked.emit(effect.job.value)
    effect.state.choose("FAILED")
    assert [each.job_name for each in effect.chosen()] == ["backup"]
    assert "1 run will count as failed: backup 1" in effect.words.text()
    effect.deleteLater()


@pytest.mark.parametrize("job", [None, "etl"])
def test_a_word_on_unknown_runs_wants_a_reason(qapp: object, job: str | None) -> None:
    told: list[tuple[State, str, str | None]] = []
    dialog = settle_dialog([run(1, State.UNKNOWN)], lambda *said: told.append(said))
    (effect,) = dialog.findChildren(Effect)
    effect.job.show_value(job)
    dialog._do()
    assert told == []
    dialog.field.setText("looked on the host")
    dialog._do()
    assert told == [(State.SUCCEEDED, "looked on the host", job)]
    dialog.deleteLater()


async def test_where_nothing_is_unknown_that_is_said(desk: Desk, window: Window) -> None:
    page = await opened(window)
    page.deeds.settle()
    await eventually(lambda: window.toasts.texts() == ["No run is unknown"], "it is said")
