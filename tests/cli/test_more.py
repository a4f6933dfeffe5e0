"""The commands that are no action, or more than one."""

import json
from pathlib import Path

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit


def test_jobs_are_applied_listed_shown_and_exported(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    again = watchkeeper("apply", str(tmp_path / "jobs.yaml"))
    assert again.returncode == 0 and "created" not in again.stdout and "changed" in again.stdout
    listed = watchkeeper("job", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["bad", "good", "slow", "夜间备份"]
    exported = watchkeeper("export").stdout
    (tmp_path / "export.yaml").write_text(exported)
    told = watchkeeper("--json", "apply", str(tmp_path / "export.yaml"))
    assert {json.loads(line)["what"] for line in told.stdout.splitlines()} == {"unchanged"}
    shown = watchkeeper("job", "show", "夜间备份").stdout
    (tmp_path / "one.yaml").write_text(shown)
    assert watchkeeper("--json", "job", "save", str(tmp_path / "one.yaml")).returncode == 0
    assert json.loads(watchkeeper("--json", "job", "show", "夜间备份").stdout)["version"] == 1
    assert watchkeeper("export", str(tmp_path / "file.yaml")).stdout == ""
    assert (tmp_path / "file.yaml").read_text() == exported


def test_a_preview_changes_nothing(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text("jobs: [{name: new, handler: shell, params: {script: 'true'}}]")
    assert "created" in watchkeeper("apply", "--preview", str(tmp_path / "new.yaml")).stdout
    assert watchkeeper("job", "show", "new").returncode == Exit.NOT_FOUND


def test_a_workspace_is_made_once_and_left_as_it_is_after_that(watchkeeper: Watchkeeper, home: Path) -> None:
    made = json.loads(watchkeeper("--json", "workspace", "init").stdout)
    assert made["home"] == str(home)
    assert home.stat().st_mode & 0o077 == 0
    assert json.loads(watchkeeper("--json", "workspace", "init").stdout) == made


def test_an_export_can_not_be_written_where_there_is_no_folder(watchkeeper: Watchkeeper, workspace: Path) -> None:
    told = watchkeeper("export", str(workspace / "nowhere" / "jobs.yaml"))
    assert told.returncode == Exit.REFUSED
    assert "can't be written: there is no such file or folder" in told.stderr
