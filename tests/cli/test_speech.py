"""Where words go, and in which language."""

import json
from datetime import UTC, datetime

import pytest

from watchkeeper.cli.speech import Speech, local_time
from watchkeeper.model.audit import Entry
from watchkeeper.model.run import State
from watchkeeper.model.text import _
from watchkeeper.store.blockers import Why

NOW = datetime(2026, 3, 29, 1, 2, 3, tzinfo=UTC)


def test_a_sentence_for_people_is_not_said_with_json(capsys: pytest.CaptureFixture[str]) -> None:
    Speech("en", is_json=True).line(_("done"))
    assert capsys.readouterr().out == ""


def test_an_object_is_one_line_and_its_sentences_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    Speech("zh_CN", is_json=True).json(Why(_("done"), "run", "a\nb"))
    (line,) = capsys.readouterr().out.splitlines()
    told = {"sentence": "完成", "blocker": "run", "blocker_id": "a\nb", "likely_at": None}
    assert json.loads(line) == told


def test_the_error_in_an_entry_of_the_audit_trail_is_a_sentence() -> None:
    entry = Entry(1, NOW, "me", "job.save", "a", "failed", {"error": {"message": "done"}, "x": 1})
    assert Speech("zh_CN").spoken(entry)["detail"] == {"error": "完成", "x": 1}


def test_a_state_stays_a_constant_for_programs() -> None:
    assert Speech("zh_CN").spoken(State.FAILED) == "FAILED"


def test_an_error_is_one_harmless_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    Speech("en").error("a\nb \x1b[2J")
    assert capsys.readouterr() == ("", "watchkeeper: a b \u241b[2J\n")


def test_no_moment_is_no_words() -> None:
    assert local_time(None) == ""
    assert local_time(NOW) == NOW.astimezone().strftime("%Y-%m-%d %H:%M:%S")
