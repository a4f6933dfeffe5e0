"""job next: what a job or an expression fires next, and what it says of what it can't know."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper

BERLIN = ("--tz", "Europe/Berlin", "--from", "2026-03-28T12:00")

JOBS = """
jobs:
  - name: mixed
    handler: shell
    params: {script: "true"}
    triggers:
      - {cron: "0 4 * * *", zone: Europe/Berlin}
      - {every: 15m, start: "04:00", end: "04:15", zone: Europe/Berlin}
      - {after: good}
      - {every: 5m, pace: fixed_delay}
"""


def test_an_expression_is_foretold_for_people(watchkeeper: Watchkeeper, workspace: Path) -> None:
    told = watchkeeper("job", "next", "--cron", "30 2 * * *", *BERLIN, "--count", "2")
    assert (told.returncode, told.stderr) == (0, "")
    header, first, second = told.stdout.splitlines()
    assert header.split() == ["LOCAL", "TIME", "OFFSET", "WHEN", "NOTE"]
    assert first.startswith("2026-03-29 03:00:00  +02:00  at 02:30 every day (Europe/Berlin)  stands for 02:30")
    assert second.startswith("2026-03-30 02:30:00  +02:00")


def test_an_expression_is_foretold_for_programs(watchkeeper: Watchkeeper, workspace: Path) -> None:
    told = watchkeeper("job", "next", "--cron", "30 2 * * *", *BERLIN, "--count", "2", "--json")
    first, second = map(json.loads, told.stdout.splitlines())
    assert first["at"] == "2026-03-29T01:00:00Z"
    assert (first["local"], first["offset"]) == ("2026-03-29T03:00:00", "+02:00")
    assert first["note"].startswith("stands for 02:30")
    assert second == {**second, "at": "2026-03-30T00:30:00Z", "local": "2026-03-30T02:30:00", "note": None}


def test_all_triggers_of_a_job_are_foretold_together(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "mixed.yaml").write_text(JOBS)
    assert watchkeeper("apply", str(tmp_path / "mixed.yaml")).returncode == 0
    told = watchkeeper("job", "next", "mixed", "--from", "2026-05-01T00:00+02:00", "--count", "4", "--json")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["local"] for row in rows] == [
        *("2026-05-01T04:00:00", "2026-05-01T04:00:00", "2026-05-01T04:15:00", "2026-05-02T04:00:00")
    ]
    assert told.stderr.splitlines() == [
        "no clock tells when this is: after good has succeeded",
        "no clock tells when this is: 5 minutes after each run has ended",
    ]


def test_a_job_that_does_not_fire_says_why(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "mixed.yaml").write_text(JOBS)
    watchkeeper("apply", str(tmp_path / "mixed.yaml"))
    watchkeeper("job", "disable", "mixed")
    assert "mixed is disabled" in watchkeeper("job", "next", "mixed").stdout
    assert watchkeeper("job", "next", "good").stdout == "nothing fires by the clock within 50 years of then\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "name either a job or a cron expression"),
        (("good", "--cron", "* * * * *"), "name either a job or a cron expression"),
        (("nowhere",), "no job"),
        (("--cron", "61 * * * *"), "means nothing in the field minute"),
        (("--cron", "0 0 30 2 *"), "ever fires"),
        (("--cron", "@daily", "--tz", "Europe/Berln"), "did you mean Europe/Berlin"),
        (("--cron", "@daily", "--from", "yesterday"), "is no moment"),
        (("--cron", "@daily", "--from", "0001-01-01T00:00+14:00"), "too far away"),
        (("--cron", "@daily", "--from", "9999-12-31"), "too far away"),
        (("--cron", "@daily", "--count", "0"), "at least 1"),
        (("--cron", "@daily", "--count", "1001"), "at most 1000"),
    ],
)
def test_what_can_not_be_foretold_is_refused_in_a_sentence(
    words: tuple[str, ...], sentence: str, watchkeeper: Watchkeeper, workspace: Path
) -> None:
    told = watchkeeper("job", "next", *words)
    assert told.returncode != 0 and told.stdout == ""
    assert sentence in told.stderr and len(told.stderr.splitlines()) == 1
