"""What goes on, what comes next, and what needs a person, on the command line, with a real engine."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper

TIMED = "jobs: [{name: timed, handler: shell, params: {script: 'true'}, triggers: [{at: 2199-01-01T00:00:00Z}]}]"

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
