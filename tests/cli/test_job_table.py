"""job table, job facets and job list --filter, as people and programs read them."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper

JOBS = """
jobs:
  - {name: nightly, handler: shell, params: {script: "true"}, owner: liwei, group: finance/daily, tags: [etl, db],
     triggers: [{cron: "0 3 * * *", zone: UTC}]}
  - {name: off, handler: shell, params: {script: "true"}, group: finance, is_enabled: false}
"""


@pytest.fixture
def jobs(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(JOBS)
    assert watchkeeper("apply", str(tmp_path / "more.yaml")).returncode == 0


def test_the_table_is_told_for_people(watchkeeper: Watchkeeper, jobs: None) -> None:
    told = watchkeeper("job", "table", "--filter", "group:finance")
    assert (told.returncode, told.stderr) == (0, "")
    header, nightly, off, count = told.stdout.splitlines()
    assert header.split() == ["JOB", "GROUP", "STATE", "LAST", "ENDED", "NEXT", "USUALLY", "OWNER", "TAGS"]
    assert nightly.startswith("nightly  finance/daily") and nightly.endswith("liwei  etl, db")
    assert off.split() == ["off", "finance", "disabled"]
    assert count == "2 of 6 jobs"


def test_a_run_shows_in_the_table_with_its_state(watchkeeper: Watchkeeper, jobs: None) -> None:
    watchkeeper("run", "start", "good", "--wait")
    watchkeeper("run", "start", "nightly")
    _header, good, count = watchkeeper("job", "table", "--filter=-last:never").stdout.splitlines()
    assert good.split()[:2] == ["good", "SUCCEEDED"] and count == "1 of 6 jobs"
    _header, nightly, _count = watchkeeper("job", "table", "--filter", "status:waiting").stdout.splitlines()
    assert nightly.split()[2] == "QUEUED"


def test_the_table_is_told_for_programs(watchkeeper: Watchkeeper, jobs: None) -> None:
    (line,) = watchkeeper("job", "table", "--filter", "tag:etl", "--json").stdout.splitlines()
    found = json.loads(line)
    assert (found["total"], found["matches"]) == (6, 1)
    assert found["rows"][0]["name"] == "nightly" and found["rows"][0]["triggers"] == ["at 03:00 every day (UTC)"]


def test_the_table_is_sorted_from_either_end(watchkeeper: Watchkeeper, jobs: None) -> None:
    for sort, first in (("--sort=-name", "夜间备份"), ("--sort=owner", "nightly"), ("--sort=next", "nightly")):
        assert watchkeeper("job", "table", sort).stdout.splitlines()[1].startswith(first)


def test_the_list_takes_the_same_filter_and_tells_group_and_owner(watchkeeper: Watchkeeper, jobs: None) -> None:
    header, nightly = watchkeeper("job", "list", "--filter", "owner:liwei").stdout.splitlines()
    assert header.split()[-3:] == ["GROUP", "OWNER", "VERSION"]
    assert nightly.split()[-3:] == ["finance/daily", "liwei", "1"]
    assert "owner: liwei\n" in watchkeeper("job", "show", "nightly").stdout


def test_facets_are_told_with_their_counts(watchkeeper: Watchkeeper, jobs: None) -> None:
    lines = [line.split() for line in watchkeeper("job", "facets").stdout.splitlines()]
    assert ["group", "finance/daily", "1"] in lines and ["handler", "shell", "6"] in lines
    assert ["tag", "db", "1"] in lines and ["owner", "liwei", "1"] in lines


def test_a_filter_that_can_not_be_read_is_refused_in_the_users_language(watchkeeper: Watchkeeper, jobs: None) -> None:
    told = watchkeeper("job", "table", "--filter", "state:failed", LANGUAGE="zh_CN")
    assert told.returncode == 3 and "不能按 state 筛选" in told.stderr
