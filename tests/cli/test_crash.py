"""A mistake of our own."""

import subprocess
import sys
from pathlib import Path

from watchkeeper.cli.exits import Exit


def test_a_mistake_of_ours_is_a_sentence_a_file_and_70(workspace: Path, environ: dict[str, str]) -> None:
    code = (
        "import sys, watchkeeper.cli.guide as guide, watchkeeper.cli as cli\n"
        "from watchkeeper.model.known_secrets import masker_of\n"
        "masker_of(['hunter2-of-a-report'])\n"
        "def show(*given): raise TypeError('no login with hunter2-of-a-report')\n"
        "guide.show = show\n"
        "sys.exit(cli.main(['--help']))"
    )
    told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    assert told.returncode == Exit.BUG
    assert len(told.stderr.splitlines()) == 1
    (file,) = workspace.glob("crash-*.txt")
    assert str(file) in told.stderr
    assert "TypeError: no login with ***" in file.read_text()
    assert "hunter2" not in file.read_text() + told.stderr
    assert file.stat().st_mode & 0o077 == 0
