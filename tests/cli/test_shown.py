"""How answers look to people."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from watchkeeper.action.apply import Change, What
from watchkeeper.action.plugins import PluginRow
from watchkeeper.action.runs import Detail
from watchkeeper.cli.shown import show, state_of
from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.audit import Entry
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.run import Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import say
from watchkeeper.model.trigger import Cron, Interval, Once
from watchkeeper.plugin.loader import FileState

NOW = datetime(2026, 3, 29, 1, 2, 3, tzinfo=UTC)
RUN = Run(
    id=RunId("r"),
    number=7,
    job_id=JobId("j"),
    job_name="backup",
    job_version=1,
    state=State.FAILED,
    created_at=NOW,
    due_at=NOW,
)


def told(answer: object, capsys: pytest.CaptureFixture[str], language: str = "zh_CN") -> list[str]:
    show(Speech(language), answer)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("state", State)
def test_a_state_has_a_name_in_every_language(state: State) -> None:
    run = msgspec.structs.replace(RUN, state=state)
    assert say(state_of(run), "en") == state
    assert not say(state_of(run), "zh_CN").isascii()


def test_a_state_tells_a_verdict_a_warning_and_the_wish_to_stop() -> None:
    judged = msgspec.structs.replace(RUN, verdict=State.SUCCEEDED, verdict_by="me")
    stopping = msgspec.structs.replace(RUN, state=State.RUNNING, cancel_requested_at=NOW)
    warned = msgspec.structs.replace(RUN, state=State.SUCCEEDED, has_warning=True)
    assert [str(state_of(run)) for run in (judged, stopping, warned)] == [
        "FAILED, judged SUCCEEDED by me",
        "RUNNING, stopping",
        "SUCCEEDED with a warning",
    ]


def test_a_run_in_a_table_is_told_with_its_times(capsys: pytest.CaptureFixture[str]) -> None:
    ended = msgspec.structs.replace(RUN, started_at=NOW, ended_at=NOW + timedelta(seconds=61.5), exit_code=3)
    header, row = told([ended], capsys, "en")
    assert header.split() == ["RUN", "JOB", "STATE", "STARTED", "TOOK", "EXIT", "WHY"]
    assert row.split() == ["#7", "backup", "FAILED", *local_time(NOW).split(), "1m1s500ms", "3"]


def test_a_run_that_waits_tells_when_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = msgspec.structs.replace(RUN, state=State.WAITING, attempt=2, nominal_at=NOW - timedelta(minutes=1))
    facts = dict(line.split("  ", 1) for line in told(Detail(waiting, []), capsys, "en")[1:])
    assert facts["next attempt"].strip() == local_time(NOW)
    assert facts["fired for"].strip() == local_time(NOW - timedelta(minutes=1))


def test_a_job_in_a_table_tells_when_it_runs_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    triggers = (Cron("0 3 * * *", zone="Asia/Shanghai"), Interval(Span(minutes=90)), Once(NOW))
    spec = JobSpec("backup", "shell", triggers=triggers)
    told_lines = told([Job(JobId("j"), 1, spec, NOW, "me")], capsys, "en")
    assert f"at 03:00 every day (Asia/Shanghai); every 1 hour 30 minutes; once at {local_time(NOW)}" in told_lines[1]


def test_what_applying_did_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    changes = [Change(kind, "a", what) for kind in ("job", "pool") for what in What]
    assert all(not word.isascii() for line in told(changes, capsys)[1:] for word in line.split() if word != "a")


@pytest.mark.parametrize("outcome", ["ok", "refused", "failed"])
def test_what_came_of_a_deed_is_told_in_words(outcome: str, capsys: pytest.CaptureFixture[str]) -> None:
    entry = Entry(1, NOW, "me", "job.save", None, outcome, {})
    assert not told([entry], capsys)[1].split()[-1].isascii()


@pytest.mark.parametrize("state", FileState)
def test_what_became_of_a_plugin_file_is_told_in_words(state: FileState, capsys: pytest.CaptureFixture[str]) -> None:
    row = PluginRow("a.py", str(state), (), None, False, "")
    assert not told([row], capsys)[1].split()[-1].isascii()


def test_an_empty_list_and_a_deed_without_an_answer_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert told([], capsys, "en") == ["nothing"]
    assert told(None, capsys, "en") == ["done"]
