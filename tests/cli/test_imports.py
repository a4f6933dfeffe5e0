"""Other schedulers' files, taken in by a command and given on."""

import getpass
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.action import files
from watchkeeper.cli.exits import Exit

SERVER = Path(__file__).parents[1] / "action" / "imports" / "server.crontab"


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_crontab_of_a_server_is_imported_listed_exported_and_applied_elsewhere(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    preview = watchkeeper("import", "crontab", str(SERVER), "--dry-run")
    assert preview.returncode == 0 and preview.stdout.count("created") == 21 and "nothing was changed" in preview.stdout
    assert "pg_dump" not in watchkeeper("job", "list").stdout
    taken = watchkeeper("import", "crontab", str(SERVER))
    assert (taken.returncode, taken.stderr, taken.stdout.count("created")) == (0, "", 21)
    assert "line 5: no mail is sent to ops@example.com" in taken.stdout
    listed = watchkeeper("job", "list").stdout
    assert "at 02:15 every day" in listed and "America/New_York" in listed
    again = rows(watchkeeper("--json", "import", "crontab", str(SERVER)).stdout)
    assert {row["what"] for row in again if "what" in row} == {"unchanged"}
    assert watchkeeper("export", str(tmp_path / "all.yaml")).returncode == 0
    elsewhere = tmp_path / "elsewhere"
    watchkeeper("--home", str(elsewhere), "workspace", "init")
    watchkeeper("--home", str(elsewhere), "apply", str(tmp_path / "all.yaml"))
    told = [watchkeeper("--home", home, "export").stdout for home in (str(workspace), str(elsewhere))]
    assert told[0] == told[1] and "warm-cache" in told[0]


def test_an_imported_job_runs_as_cron_would_run_it(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    text = f'A="x y"\nHOME={tmp_path}\n0 5 29 2 * echo "$A"; pwd; echo "$PATH"; cat%first%50\\% second\n'
    (tmp_path / "tab").write_text(text)
    assert watchkeeper("import", "crontab", str(tmp_path / "tab")).returncode == 0
    assert watchkeeper("run", "start", "echo", "--wait").returncode == 0
    out = watchkeeper("run", "log", "1").stdout
    assert out == f"x y\n{tmp_path}\n/usr/bin:/bin\nfirst\n50% second\n"


def test_what_can_not_be_taken_is_told_by_line_and_nothing_is_imported_unless_it_is_left_out(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    tab = tmp_path / "tab"
    tab.write_text("0 5 * * * x\n0~9 5 * * * y\n0 5 30 2 * z\n")
    told = watchkeeper("import", "crontab", str(tab))
    assert told.returncode == Exit.REFUSED
    assert f"{tab}, line 2: a random time" in told.stderr and f"{tab}, line 3: " in told.stderr
    assert "2 lines can't be taken, so nothing was" in told.stderr
    assert watchkeeper("job", "show", "x").returncode == Exit.NOT_FOUND
    as_json = rows(watchkeeper("--json", "import", "crontab", str(tab)).stdout)
    assert [row["line"] for row in as_json] == [2, 3]
    told = watchkeeper("import", "crontab", str(tab), "--skip-bad", "--prefix", "web-")
    assert told.returncode == 0 and "line 2" in told.stderr
    assert watchkeeper("job", "show", "web-x").returncode == 0


def test_a_crontab_comes_by_the_standard_input(
    environ: dict[str, str], workspace: Path, watchkeeper: Watchkeeper
) -> None:
    command = [sys.executable, "-m", "watchkeeper", "import", "crontab", "-"]
    told = subprocess.run(command, env=environ, input="0 5 * * * /opt/piped\n", capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (0, "")
    assert watchkeeper("job", "show", "piped").returncode == 0


def test_the_system_form_is_told_and_others_jobs_are_refused(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "tab").write_text("0 5 * * * nobody-here /x\n")
    told = watchkeeper("import", "crontab", str(tmp_path / "tab"), "--system")
    assert told.returncode == Exit.REFUSED and "line 1: it runs as nobody-here" in told.stderr
    assert watchkeeper("import", "crontab", str(tmp_path / "tab"), "--user").returncode == 0


def test_a_job_that_was_not_imported_is_not_replaced(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "tab").write_text("\n0 5 * * * /opt/good\n")
    told = watchkeeper("import", "crontab", str(tmp_path / "tab"))
    assert told.returncode != 0 and "line 2: jobs[0]: the job good is there already" in told.stderr
    assert watchkeeper("import", "crontab", str(tmp_path / "tab"), "--prefix", "old-").returncode == 0


@pytest.mark.parametrize("content", [b"\xff", b"a\0b", b"x" * (2 << 20), None])
def test_a_file_that_can_not_be_read_is_named(
    content: bytes | None, watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "tab").write_bytes(content)
    for words in (["crontab"], ["windows-task"]):
        told = watchkeeper("import", *words, str(tmp_path / "tab"))
        assert told.returncode == Exit.REFUSED and told.stderr.count(str(tmp_path / "tab")) == 1


def test_an_empty_crontab_brings_nothing(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "tab").write_text("# nothing here\nA=1\n")
    told = watchkeeper("import", "crontab", str(tmp_path / "tab"))
    assert (told.returncode, told.stdout) == (0, "there is no job in it\n")


def test_timers_are_imported_with_the_services_beside_them(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.timer").write_text("[Timer]\nOnCalendar=daily\n")
    (tmp_path / "a.service").write_text(f"[Service]\nUser={getpass.getuser()}\nExecStart=/bin/true\n")
    assert watchkeeper("import", "systemd", str(tmp_path / "a.timer")).stdout.count("created") == 1
    (tmp_path / "b.timer").write_text("[Timer]\nOnCalendar=daily\n")
    told = watchkeeper("import", "systemd", str(tmp_path))
    assert told.returncode == Exit.REFUSED and "b.service is not beside it" in told.stderr
    assert "a  " in watchkeeper("import", "systemd", str(tmp_path), "--skip-bad").stdout
    assert watchkeeper("import", "systemd", str(tmp_path / "a.service")).returncode == Exit.REFUSED
    assert watchkeeper("import", "systemd", str(workspace)).returncode == Exit.REFUSED


@pytest.mark.skipif(sys.platform == "win32", reason="the job is taken enabled there")
def test_a_task_of_windows_is_imported_disabled(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    text = (
        "<Task><Triggers><TimeTrigger><StartBoundary>2030-01-01T00:00:00</StartBoundary></TimeTrigger></Triggers>"
        "<Actions><Exec><Command>c.exe</Command></Exec></Actions></Task>"
    )
    (tmp_path / "copy.xml").write_bytes(text.encode("utf-16"))
    told = watchkeeper("import", "windows-task", str(tmp_path / "copy.xml"), "--zone", "Asia/Shanghai")
    assert told.returncode == 0 and "disabled here" in told.stdout
    shown = json.loads(watchkeeper("--json", "job", "show", "copy").stdout)["spec"]
    assert shown["is_enabled"] is False and shown["triggers"][0]["at"] == "2030-01-01T00:00:00+08:00"
    bad = watchkeeper("import", "windows-task", str(tmp_path / "copy.xml"), "--zone", "Mars")
    assert bad.returncode == Exit.REFUSED and "no time zone Mars" in bad.stderr


def test_what_an_edited_file_would_change_is_told_field_by_field(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    file = tmp_path / "jobs.yaml"
    text = file.read_text("utf-8").replace("max_attempts: 1", "delay: 5m").replace("size: 2", "size: 3")
    file.write_text(text, "utf-8")
    for words in (["diff"], ["apply", "--dry-run"], ["apply"]):
        told = watchkeeper(*words, str(file)).stdout.splitlines()
        assert [line.split() for line in told] == [
            ["WHAT", "NAME", "CHANGE", "FIELD", "BEFORE", "AFTER"],
            ["pool", "net", "changed", "size", "2", "3"],
            ["job", "bad", "changed", "retry.max_attempts", "1", "4"],
            ["retry.delay", "1m", "5m"],
        ]
    assert watchkeeper("diff", str(file)).stdout.count("unchanged") == 5
    changed = rows(watchkeeper("--json", "job", "versions", "bad").stdout)
    assert [row["number"] for row in changed] == [2, 1]


def test_versions_are_listed_compared_and_taken_back(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("name: good\nhandler: shell\nparams:\n  script: |\n    echo 1\n    echo 2\n")
    watchkeeper("job", "save", str(tmp_path / "one.yaml"))
    (tmp_path / "one.yaml").write_text("name: good\nhandler: shell\nparams:\n  script: |\n    echo 1\n    echo 3\n")
    watchkeeper("job", "save", str(tmp_path / "one.yaml"))
    header, *listed = watchkeeper("job", "versions", "good").stdout.splitlines()
    assert header.split() == ["VERSION", "SAVED", "BY", "WHAT", "CHANGED"]
    assert [line.split()[0] for line in listed] == ["3", "2", "1"] and "params.script" in listed[0]
    told = watchkeeper("job", "diff", "good").stdout
    assert told.startswith("params.script: 2 lines -> 2 lines\n") and "    -echo 2\n    +echo 3\n" in told
    assert "echo hello; echo two -> 2 lines" in watchkeeper("job", "diff", "good", "--from", "1", "--to", "2").stdout
    assert watchkeeper("job", "restore", "good", "--version", "1").returncode == 0
    assert json.loads(watchkeeper("--json", "job", "show", "good").stdout)["version"] == 4
    assert watchkeeper("job", "delete", "good").returncode == 0
    assert watchkeeper("job", "restore", "good").returncode == 0
    assert watchkeeper("run", "start", "good", "--wait").returncode == 0
    assert "version of the job  5" in watchkeeper("run", "show", "1").stdout


def test_the_schema_is_printed_and_named_by_an_export(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    printed, one_line = watchkeeper("schema").stdout, watchkeeper("--json", "schema").stdout
    assert json.loads(printed) == json.loads(one_line) and len(one_line.splitlines()) == 1
    assert watchkeeper("export").stdout.startswith("# yaml-language-server: $schema=jobs.schema.json\n")
    watchkeeper("export", str(tmp_path / "out.yaml"))
    assert len(files.read(tmp_path / "out.yaml").jobs) == 4
