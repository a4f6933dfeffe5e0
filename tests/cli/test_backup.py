"""Copies are made and put back by commands, with and without an engine, in both languages."""

import json
import subprocess
from pathlib import Path

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit


def test_a_copy_is_made_and_put_back(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    made = watchkeeper("workspace", "backup", str(tmp_path / "copy.db"))
    assert made.returncode == Exit.OK and "SHA-256" in made.stdout
    watchkeeper("job", "delete", "good")
    answer = watchkeeper("workspace", "restore", str(tmp_path / "copy.db"))
    assert answer.returncode == Exit.OK, answer.stderr
    assert "0 runs are UNKNOWN now" in answer.stdout and "before-restore-" in answer.stdout
    assert "good" in watchkeeper("job", "list").stdout


def test_the_answer_can_be_read_by_programs(watchkeeper: Watchkeeper, workspace: Path) -> None:
    made = json.loads(watchkeeper("workspace", "backup", "--json").stdout)
    assert Path(made["file"]).parent == workspace / "backups"
    answer = json.loads(watchkeeper("workspace", "restore", made["file"], "--json").stdout)
    assert answer["backup"]["sha256"] == made["sha256"]
    assert (answer["doubted"], answer["missed"], answer["strangers"]) == (0, 0, [])


def test_what_can_not_be_restored_is_refused_in_a_sentence(
    watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    missing = watchkeeper("workspace", "restore", str(tmp_path / "none.db"))
    assert (missing.returncode, missing.stderr.count("\n")) == (Exit.NOT_FOUND, 1)
    (tmp_path / "text.db").write_text("no database" * 100)
    wrong = watchkeeper("workspace", "restore", str(tmp_path / "text.db"))
    assert (wrong.returncode, wrong.stderr.count("\n")) == (Exit.REFUSED, 1)
    assert "text.db can't be read as a store" in wrong.stderr


def test_with_an_engine_running_it_makes_the_copy_and_a_restore_is_refused_with_its_name(
    engine: "subprocess.Popen[str]", watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path
) -> None:
    made = watchkeeper("workspace", "backup", str(tmp_path / "copy.db"))
    assert made.returncode == Exit.OK, made.stderr
    refused = watchkeeper("workspace", "restore", str(tmp_path / "copy.db"))
    assert refused.returncode == Exit.CONFLICT
    assert f":{engine.pid} (engine)" in refused.stderr


def test_both_speak_chinese(watchkeeper: Watchkeeper, workspace: Path, tmp_path: Path) -> None:
    assert "副本" in watchkeeper("workspace", "backup", str(tmp_path / "copy.db"), LANGUAGE="zh_CN").stdout
    assert "触发器已暂停" in watchkeeper("workspace", "restore", str(tmp_path / "copy.db"), LANGUAGE="zh_CN").stdout
