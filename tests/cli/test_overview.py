"""What goes on, what comes next, and what needs a person, on the command line, with a real engine."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper

TIMED = "jobs: [{name: timed, handler: shell, params: {script: 'true'}, triggers: [{at: 2199-01-01T00:00:00Z}]}]"

LOUD = """
jobs:
  - name: loud
    handler: shell
    params: {script: "echo begin; echo ERROR no room; exit 3"}
    retry: {max_attempts: 1}
"""

pytestmark = pytest.mark.usefixtures("workspace")


def test_the_engine_that_runs_tells_its_room_and_what_fires_next(
    watchkeeper: Watchkeeper, engine: object, tmp_path: Path
) -> None:
    (tmp_path / "timed.yaml").write_text(TIMED)
    assert watchkeeper("apply", str(tmp_path / "timed.yaml")).returncode == 0
    found = json.loads(watchkeeper("engine", "status", "--json").stdout)
    assert (found["next"]["job"], found["next"]["at"]) == ("timed", "2199-01-01T00:00:00Z")
    assert found["holder"] and found["since"] and found["lag"] is not None
    assert [each["place"] for each in found["slots"]] == ["local", "inside"]
    assert all(each["size"] > 0 for each in found["slots"])
    (row,) = json.loads(watchkeeper("schedule", "next", "--json").stdout)["rows"]
    assert row["job"] == "timed" and "once at" in row["when"]
    assert "timed" in watchkeeper("schedule", "next").stdout
    said = watchkeeper("engine", "status", LANGUAGE="zh_CN").stdout
    assert "引擎" in said and "local" in said


def test_without_an_engine_the_status_says_so(watchkeeper: Watchkeeper) -> None:
    told = watchkeeper("engine", "status")
    assert told.returncode == 0 and "none is running" in told.stdout


def test_a_word_behind_the_engine_that_is_none_starts_no_engine(watchkeeper: Watchkeeper) -> None:
    assert watchkeeper("engine", "stats").returncode == 2
    assert "engine status" in watchkeeper("engine", "status", "--help").stdout


EARLY, LATE = "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_a_failure_leads_to_is_told_in_every_list(watchkeeper: Watchkeeper, engine: object, language: str) -> None:
    for name in ("good", "bad", "bad"):
        watchkeeper("run", "start", name, "--wait")
    since = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    until = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    for words, said in {
        ("attention", "list"): ("bad", "#3"),
        ("run", "table", "--text", "bad", "--state", "failed", "--limit", "1"): ("#3", "2"),
        ("run", "live"): (),
        ("run", "usual", "good"): ("1",),
        ("run", "compare", "3", "--other", "2"): ("#2", "#3"),
        ("run", "log-diff", "3", "--other", "2"): ("0",),
        ("run", "error", "1"): (),
        ("timeline", "show", since, until): ("good", "bad"),
        ("away", "summary", since): ("bad", "#3"),
        ("attention", "acknowledge", "3", "--note", "seen"): ("seen",),
        ("attention", "reopen", "3"): (),
        ("schedule", "next"): (),
        ("audit", "list", "--object", "#3 bad", "--text", "ack"): ("attention.acknowledge",),
    }.items():
        told = watchkeeper(*words, LANGUAGE=language)
        assert (told.returncode, told.stderr) == (0, ""), words
        assert told.stdout.strip() and all(word in told.stdout for word in said), (words, told.stdout)
        assert told.stdout.isascii() is (language == "en"), words


@pytest.mark.parametrize(
    "words",
    [
        ("timeline", "show", LATE, EARLY),
        ("timeline", "show", "yesterday", LATE),
        ("away", "summary", "2999-01-01T00:00:00Z"),
        ("run", "table", "--before", "1", "--above", "2"),
        ("run", "table", "--state", "odd"),
        ("attention", "acknowledge", "99"),
        ("run", "compare", "1"),
        ("schedule", "next", "--limit", "0"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_a_sentence(watchkeeper: Watchkeeper, words: tuple[str, ...]) -> None:
    told = watchkeeper(*words)
    assert told.returncode in (2, 3, 4) and told.stdout == ""
    assert told.stderr.startswith("watchkeeper: ") and "Traceback" not in told.stderr


def test_the_line_that_tells_what_went_wrong_is_shown(watchkeeper: Watchkeeper, engine: object, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(LOUD)
    watchkeeper("apply", str(tmp_path / "more.yaml"))
    watchkeeper("run", "start", "loud", "--wait")
    assert watchkeeper("run", "error", "1").stdout == "attempt 1, line 2:\nERROR no room\n"
    assert "ERROR no room" in watchkeeper("attention", "list").stdout
    found = json.loads(watchkeeper("run", "error", "1", "--json").stdout)
    assert (found["line"], found["offset"], found["is_last_words"]) == (2, 6, False)
