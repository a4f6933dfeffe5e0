"""What could follow what has been typed."""

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Watchkeeper


def test_completion_knows_words_options_and_jobs(watchkeeper: Watchkeeper, workspace: Path) -> None:
    def follows(*words: str) -> list[str]:
        return watchkeeper("completion", "words", "--", *words).stdout.splitlines()

    assert "job" in follows("") and "run" in follows("r")
    assert follows("run", "re") == ["rerun", "resolve"]
    assert follows("run", "start", "g") == ["good"]
    assert "--execution-id" in follows("run", "start", "good", "--e")
    assert follows("pool", "delete", "x") == []


def test_the_bash_script_completes(
    watchkeeper: Watchkeeper, workspace: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "watchkeeper").write_text(f'#!/bin/sh\nexec {sys.executable} -m watchkeeper "$@"\n')
    (tools / "watchkeeper").chmod(0o755)
    (tmp_path / "script").write_text(watchkeeper("completion", "bash").stdout)
    typed = 'COMP_WORDS=(watchkeeper run sta); COMP_CWORD=2; _watchkeeper; echo "${COMPREPLY[@]}"'
    told = subprocess.run(
        ["bash", "-c", f"source {tmp_path}/script; {typed}"],
        env={**environ, "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == "start", told.stderr
