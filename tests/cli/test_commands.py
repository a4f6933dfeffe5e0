"""What people type, and what they get."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper import __version__
from watchkeeper.action import ACTIONS
from watchkeeper.cli.commands import commands
from watchkeeper.cli.exits import MEANINGS, Exit


def test_every_action_can_be_typed() -> None:
    reached = [name for command in commands().values() for name in command.actions]
    assert sorted(reached) == sorted(ACTIONS)


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


def test_help_names_every_command_and_every_exit_code(watchkeeper: Watchkeeper) -> None:
    told = watchkeeper("--help")
    assert told.returncode == 0
    for words in commands():
        assert f"  {' '.join(words)} " in told.stdout
    for code, meaning in MEANINGS.items():
        assert f"  {int(code):<3}  {meaning}" in told.stdout


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_its_own_help(words: tuple[str, ...], watchkeeper: Watchkeeper) -> None:
    told = watchkeeper(*words, "--help")
    assert told.returncode == 0
    assert f"watchkeeper {' '.join(words)}" in told.stdout and "--home" in told.stdout


def test_the_version_is_told(watchkeeper: Watchkeeper) -> None:
    assert watchkeeper("--version").stdout.strip() == __version__


def test_a_run_is_started_waited_for_and_read(watchkeeper: Watchkeeper, workspace: Path) -> None:
    good = watchkeeper("run", "start", "good", "--wait")
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "run #1 of good: SUCCEEDED")
    bad = watchkeeper("--json", "run", "start", "bad", "--wait")
    assert bad.returncode == Exit.NOT_SUCCEEDED
    ended = json.loads(bad.stdout)
    assert (ended["state"], ended["exit_code"], ended["reason"]) == ("FAILED", 3, "it ended with exit code 3")
    assert watchkeeper("run", "log", "1").stdout == "hello\ntwo\n"
    assert watchkeeper("run", "log", "-f", "1").stdout == "hello\ntwo\n"
    parts = [json.loads(line) for line in watchkeeper("--json", "run", "log", "1").stdout.splitlines()]
    assert "".join(part["text"] for part in parts) == "hello\ntwo\n"
    listed = watchkeeper("run", "list", "--state", "failed").stdout
    assert "#2" in listed and "#1" not in listed
    assert watchkeeper("run", "mark", "2", "succeeded", "repaired by hand").returncode == 0
    assert "judged SUCCEEDED" in watchkeeper("run", "show", "2").stdout
    assert watchkeeper("run", "why", "2").stdout == "it ended with exit code 3\n"


def test_the_same_execution_id_is_the_same_run(watchkeeper: Watchkeeper, workspace: Path) -> None:
    start = ("--json", "run", "start", "good", "--execution-id", "order-7")
    first, second = (json.loads(watchkeeper(*start).stdout) for _count in range(2))
    assert (first["is_deduplicated"], second["is_deduplicated"]) == (False, True)
    assert first["run"]["id"] == second["run"]["id"]
    other = watchkeeper("run", "start", "bad", "--execution-id", "order-7")
    assert other.returncode == Exit.CONFLICT


def test_output_that_is_no_text_is_shown_and_can_not_command_a_terminal(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    script = r"printf 'a\377b\033[31mc\n'"
    (tmp_path / "raw.yaml").write_text(f"name: raw\nhandler: shell\nparams: {{script: {json.dumps(script)}}}\n")
    assert watchkeeper("job", "save", str(tmp_path / "raw.yaml")).returncode == 0
    assert watchkeeper("run", "start", "raw", "--wait").returncode == 0
    assert watchkeeper("run", "log", "1").stdout == "a\ufffdb\x1b[31mc\n"
    assert _on_a_terminal([sys.executable, "-m", "watchkeeper", "run", "log", "1"], environ) == "a\ufffdb\u241b[31mc\n"


def _on_a_terminal(command: list[str], environ: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env=environ, stdout=theirs, stdin=theirs) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            told += part
    os.close(ours)
    assert process.returncode == 0
    return told.decode().replace("\r\n", "\n")


def test_chinese_is_spoken_and_columns_hold(watchkeeper: Watchkeeper, workspace: Path) -> None:
    told = watchkeeper("job", "show", "nowhere", LANG="zh_CN.UTF-8")
    assert told.returncode == Exit.NOT_FOUND
    assert "没有" in told.stderr
    header, *rows = watchkeeper("job", "list", LANGUAGE="zh_CN").stdout.splitlines()
    assert not header.isascii()
    columns = {_width(row[: row.index("shell")]) for row in rows}
    assert len(columns) == 1


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def test_a_reader_that_leaves_ends_a_command_quietly(watchkeeper: Watchkeeper, workspace: Path, environ: Any) -> None:
    command = f"{sys.executable} -m watchkeeper --json job list | head -n 1; echo ${{PIPESTATUS[0]}}"
    told = subprocess.run(["bash", "-c", command], env=environ, capture_output=True, text=True)
    assert told.stderr == ""
    assert told.stdout.splitlines()[-1] == "0"


def test_pools_and_switches(watchkeeper: Watchkeeper, workspace: Path) -> None:
    assert watchkeeper("pool", "save", "disk", "3").returncode == 0
    assert [line.split() for line in watchkeeper("pool", "list").stdout.splitlines()[1:]] == [
        ["disk", "3"],
        ["net", "2"],
    ]
    assert watchkeeper("pool", "delete", "disk").returncode == 0
    assert watchkeeper("job", "disable", "good").returncode == 0
    assert not json.loads(watchkeeper("--json", "job", "show", "good").stdout)["spec"]["is_enabled"]
    assert watchkeeper("job", "enable", "good").returncode == 0
    assert watchkeeper("job", "delete", "good").returncode == 0
    trail = [json.loads(line)["action"] for line in watchkeeper("--json", "audit", "list").stdout.splitlines()]
    assert trail == ["job.delete", "job.enable", "job.disable", "pool.delete", "pool.save", "jobs.apply"]
    plugins = [json.loads(line) for line in watchkeeper("--json", "plugin", "list").stdout.splitlines()]
    assert any(row["kinds"] == ["shell"] for row in plugins)
    assert "all is well" in watchkeeper("workspace", "check").stdout
