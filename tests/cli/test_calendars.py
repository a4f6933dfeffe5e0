"""Calendars as people type them."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit

CALENDAR = "name: work\nzone: Asia/Shanghai\nholds: [{country: CN, which: working}]\n"
ICS = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:good
DTSTART;VALUE=DATE:20260501
SUMMARY:May
END:VEVENT
BEGIN:VEVENT
UID:bad
DTSTART;VALUE=DATE:20260501
RRULE:FREQ=SECONDLY
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def saved(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "work.yaml").write_text(CALENDAR)
    assert watchkeeper("calendar", "save", str(tmp_path / "work.yaml")).returncode == 0


def test_a_calendar_is_kept_shown_and_removed(watchkeeper: Watchkeeper, saved: None) -> None:
    assert watchkeeper("calendar", "list").stdout.splitlines()[1].split() == [
        "work",
        "Asia/Shanghai",
        "workdays",
        "in",
        "China",
    ]
    shown = watchkeeper("calendar", "show", "work").stdout
    assert "which: working" in shown
    assert all(line.startswith("# ") for line in shown.splitlines()[: shown.splitlines().index("calendars:")])
    assert watchkeeper("calendar", "delete", "work").returncode == 0
    assert watchkeeper("calendar", "show", "work").returncode == Exit.NOT_FOUND


def test_what_is_shown_can_be_saved_again(watchkeeper: Watchkeeper, saved: None, tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(watchkeeper("calendar", "show", "work").stdout)
    assert watchkeeper("apply", str(tmp_path / "again.yaml")).stdout.split()[-1] == "unchanged"


def test_the_days_of_a_calendar_are_told_in_words(watchkeeper: Watchkeeper, saved: None, tmp_path: Path) -> None:
    told = watchkeeper("calendar", "days", "work", "--from", "2026-02-14", "--to", "2026-03-01").stdout
    assert [line.split()[:2] for line in told.splitlines()[1:]] == [
        ["2026-02-14", "2026-02-14"],
        ["2026-02-24", "2026-02-28"],
    ]
    assert watchkeeper("calendar", "days", "work", "--from", "soon").returncode == Exit.USAGE
    assert "2026-03-29" in watchkeeper("calendar", "days", "work", "--from", "soon").stderr


def test_a_file_with_something_bad_is_taken_only_when_that_is_said(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    file = tmp_path / "team.ics"
    file.write_text(ICS)
    refused = watchkeeper("calendar", "import", "team", str(file))
    assert refused.returncode == Exit.REFUSED
    assert "line 7: bad: it repeats by FREQ=SECONDLY" in refused.stderr and "nothing was imported" in refused.stderr
    assert watchkeeper("calendar", "list").stdout == "nothing\n"
    taken = watchkeeper("calendar", "import", "team", str(file), "--skip-bad")
    assert (taken.returncode, taken.stdout) == (0, "team: events taken: 1, left out: 1\n")
    assert "May" in watchkeeper("calendar", "days", "team", "--from", "2026-05-01").stdout
    exported = [json.loads(line) for line in watchkeeper("--json", "export").stdout.splitlines()]
    assert exported[1] == {
        "name": "team",
        "zone": exported[1]["zone"],
        "holds": [{"kind": "event", "event": "2026-05-01", "length": "1d", "title": "May"}],
    }


def test_a_trigger_follows_what_a_file_says(watchkeeper: Watchkeeper, saved: None, tmp_path: Path) -> None:
    job = "name: pay\nhandler: shell\nparams: {script: 'true'}\ntriggers: [{every: 5m, only_on: [wrk]}]\n"
    (tmp_path / "pay.yaml").write_text(job)
    told = watchkeeper("job", "save", str(tmp_path / "pay.yaml"))
    assert told.returncode == Exit.NOT_FOUND and "did you mean work" in told.stderr
    (tmp_path / "pay.yaml").write_text(job.replace("wrk", "work"))
    assert watchkeeper("job", "save", str(tmp_path / "pay.yaml")).returncode == 0
    kept = watchkeeper("calendar", "delete", "work")
    assert kept.returncode == Exit.CONFLICT and "pay" in kept.stderr


def test_calendars_are_told_in_chinese(watchkeeper: Watchkeeper, saved: None) -> None:
    for words in (["list"], ["days", "work", "--from", "2026-02-14", "--to", "2026-03-01"]):
        assert "中国" in watchkeeper("calendar", *words, LANG="zh_CN.UTF-8").stdout
    told = watchkeeper("calendar", "days", "work", "--from", "2026-10-01", LANG="zh_CN.UTF-8").stdout
    assert "中国的工作日" in told


def test_followers_previews_countries_and_the_way_back_are_told(
    watchkeeper: Watchkeeper, saved: None, tmp_path: Path
) -> None:
    assert "workdays in China" in watchkeeper("calendar", "table").stdout
    assert "DE    Germany" in watchkeeper("calendar", "countries").stdout
    told = watchkeeper("calendar", "country", "DE").stdout
    assert "Germany: public holidays from 1991" in told and "Bayern" in told
    former = tmp_path / "former.yaml"
    former.write_text(watchkeeper("calendar", "show", "work").stdout)
    draft = tmp_path / "draft.yaml"
    draft.write_text("name: work\nzone: Asia/Shanghai\nholds: [{dates: [05-01]}, {days: fry}]\n")
    told = watchkeeper("calendar", "preview", str(draft), "--year", "2026").stdout
    assert "1 day of 2026 is held" in told and "holds[1]" in told
    draft.write_text("name: work\nzone: Asia/Shanghai\nholds: [{dates: [05-01]}]\n")
    watchkeeper("calendar", "save", str(draft), "--base", str(former))
    assert watchkeeper("calendar", "save", str(draft), "--base", str(former)).returncode == Exit.CONFLICT
    watchkeeper("calendar", "restore", "work", "--former", str(former))
    assert watchkeeper("calendar", "show", "work").stdout == former.read_text()
    watchkeeper("pool", "save", "net", "3")
    assert watchkeeper("pool", "table").stdout.splitlines()[1].split() == ["net", "3", "0", "0", "0"]
    watchkeeper("pool", "restore", "net")
    assert "net" not in watchkeeper("pool", "list").stdout
