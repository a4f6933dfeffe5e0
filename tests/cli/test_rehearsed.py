"""job check, job dry-run, schedule preview, handler list: a job in a file is tried and not saved."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper

RIGHT = """
name: fresh
handler: shell
params: {script: "echo $API_TOKEN"}
env: {API_TOKEN: hunter22}
triggers: [{cron: "0 3 * * *", zone: Europe/Berlin}]
"""
WRONG = """
name: a/b
handler: shell
params: {script: "true"}
priority: 12
triggers: [{cron: "61 * * * *"}]
"""


@pytest.fixture
def right(tmp_path: Path) -> str:
    (tmp_path / "right.yaml").write_text(RIGHT)
    return str(tmp_path / "right.yaml")


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    (tmp_path / "wrong.yaml").write_text(WRONG)
    return str(tmp_path / "wrong.yaml")


def test_every_fault_is_told_with_its_field_and_the_exit_code_says_so(
    watchkeeper: Watchkeeper, workspace: Path, wrong: str
) -> None:
    told = watchkeeper("job", "check", wrong)
    assert told.returncode == 3
    assert {line.split(": ")[1] for line in told.stdout.splitlines()} == {"name", "priority", "triggers[0].cron"}
    rows = [json.loads(line) for line in watchkeeper("job", "check", wrong, "--json").stdout.splitlines()]
    assert {row["field"] for row in rows} == {"name", "priority", "triggers[0].cron"}


def test_a_right_job_is_said_to_be_and_is_not_saved(watchkeeper: Watchkeeper, workspace: Path, right: str) -> None:
    told = watchkeeper("job", "check", right)
    assert (told.returncode, told.stdout) == (0, "nothing is wrong with it\n")
    assert watchkeeper("job", "show", "fresh").returncode == 4


def test_a_dry_run_of_a_python_script_shows_it_and_tells_the_runner_in_a_few_words(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "job.yaml").write_text("name: a\nhandler: python\nparams: {script: print(1), arguments: [x y]}\n")
    told = json.loads(watchkeeper("job", "dry-run", str(tmp_path / "job.yaml"), "--json").stdout)
    assert (told["script"], told["argv"][-2:]) == ("print(1)", ["<script>", "x y"])
    assert max(map(len, told["argv"][1:])) < 50


def test_a_dry_run_tells_the_command_and_hides_the_secret(
    watchkeeper: Watchkeeper, workspace: Path, right: str
) -> None:
    told = watchkeeper("job", "dry-run", right, "--param", "interpreter=bash")
    assert told.returncode == 0 and "hunter22" not in told.stdout
    assert "bash <script>" in told.stdout and told.stdout.endswith("echo $API_TOKEN\n")
    assert json.loads(watchkeeper("job", "dry-run", right, "--json").stdout)["argv"] == ["sh", "<script>"]


def test_a_preview_tells_times_and_days(watchkeeper: Watchkeeper, workspace: Path, right: str) -> None:
    told = watchkeeper("schedule", "preview", right, "--count", "3", "--days", "4")
    times, days = told.stdout.split("\n\n")
    assert len(times.splitlines()) == 4 and all(" 03:00:00  +0" in line for line in times.splitlines()[1:])
    assert [line.split()[1] for line in days.splitlines()[2:]] == ["1", "1", "1"]


def test_what_is_no_job_is_refused_with_the_file(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("jobs: [{name: a}, {name: b}]")
    told = watchkeeper("job", "check", str(tmp_path / "two.yaml"))
    assert told.returncode == 3 and "two.yaml" in told.stderr


def test_handlers_are_listed_with_their_parameters(watchkeeper: Watchkeeper, workspace: Path) -> None:
    told = watchkeeper("handler", "list")
    assert "shell" in told.stdout and "interpreter" in told.stdout
