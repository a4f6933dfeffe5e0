"""What README and help pages tell people to type is carried out here, word by word, in a fresh workspace."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import end_keepers
from tests.laws.sources import ROOT

HELP = ROOT / "resources" / "help"
LANGUAGES = ("en", "zh_CN")
READMES = ("README.md", "README.zh_CN.md")

#: Types a line in a shell, in a folder of its own; what it printed.
Shell = Callable[[str], str]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has installed the program and has no workspace yet."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "watchkeeper").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m watchkeeper "$@"\n')
    (tools / "watchkeeper").chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "WATCHKEEPER_HOME": str(tmp_path / "home"),
        "WATCHKEEPER_HOST_ROOT": str(tmp_path / "host"),
    }


@pytest.fixture
def shell(environ: dict[str, str], tmp_path: Path) -> Iterator[Shell]:
    def typed(line: str) -> str:
        told = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert (told.returncode, told.stderr) == (0, ""), line
        return told.stdout

    yield typed
    end_keepers(tmp_path / "host")


@pytest.mark.parametrize("name", READMES)
def test_the_first_job_of_the_readme_runs(name: str, shell: Shell) -> None:
    (block,) = _blocks((ROOT / name).read_text("utf-8"), "watchkeeper ")
    told = [shell(line) for line in block.splitlines()]
    assert len(told) == 3
    assert "run #1 of hello: SUCCEEDED" in told[-1] and "#1   hello" in told[-1]


@pytest.mark.parametrize("name", READMES)
def test_the_links_of_the_readme_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^):]+)\)", (ROOT / name).read_text("utf-8"))
    assert len(targets) >= 5
    for file, _mark, heading in (target.partition("#") for target in targets):
        if file.endswith(".png"):
            assert (ROOT / file).is_file()
            continue
        lines = (ROOT / file).read_text("utf-8").lower().splitlines()
        assert not heading or f"## {heading.replace('-', ' ')}" in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_of_the_first_help_page_run_in_their_order(
    language: str, shell: Shell, tmp_path: Path, environ: dict[str, str]
) -> None:
    page = (HELP / language / "getting-started.md").read_text("utf-8")
    (job,) = _blocks(page, "jobs:")
    (tmp_path / "hello.yaml").write_text(job)
    first, last = _blocks(page, "watchkeeper ")
    assert [shell(line) for line in first.splitlines()][-1] == "hello\n"
    for line in re.findall(r"`(watchkeeper run [^`]*)`", page):
        assert "hello" in shell(line)
    with subprocess.Popen(["bash", "-c", f"exec {last}"], env=environ, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        assert "engine started" in engine.stdout.readline()
        assert "hello" in shell("watchkeeper job list")
        engine.send_signal(signal.SIGINT)
        engine.stdout.read()
    assert engine.returncode == 0


def test_every_variable_that_a_job_is_given_is_on_its_help_page(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("name: env\nhandler: shell\nparams: {script: env}\n")
    shell("watchkeeper workspace init && watchkeeper job save job.yaml && watchkeeper run start env --wait")
    given = set(re.findall(r"^(WATCHKEEPER_\w+)=", shell("watchkeeper run log 1"), re.MULTILINE))
    inherited = {"WATCHKEEPER_HOME", "WATCHKEEPER_HOST_ROOT", "WATCHKEEPER_TEST_SESSION"}
    #: The keeper's own mark, by which it finds what a run has started.
    marks = {"WATCHKEEPER_COOKIE"}
    #: Given by some triggers only.
    given |= {"WATCHKEEPER_FILE", "WATCHKEEPER_AFTER_RUN_ID"}
    for page in _pages("jobs-file"):
        told = set(re.findall(r"^\| `(WATCHKEEPER_\w+)` \|", page, re.MULTILINE))
        assert given - inherited == told | marks


def test_every_file_of_a_workspace_is_on_its_help_page(shell: Shell, tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "job.yaml").write_text(
        "name: bad\nhandler: shell\nretry: {max_attempts: 1}\nparams: {script: exit 1}\n"
    )
    shell("watchkeeper workspace init && watchkeeper job save job.yaml")
    with subprocess.Popen(["watchkeeper", "engine"], env=environ, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        assert "engine started" in engine.stdout.readline()
        shell("watchkeeper run start bad --wait || test $? = 1")
        found = {path.name for path in (tmp_path / "home").iterdir()}
        engine.send_signal(signal.SIGINT)
        engine.stdout.read()
    found |= {path.name for path in (tmp_path / "home").iterdir()}
    assert {"notices.jsonl", "engine.log", "engine.lock", "logs"} <= found
    for page in _pages("workspace"):
        assert [name for name in found if f"`{name}`" not in page] == []


def test_a_database_is_copied_and_restored_as_the_help_page_says(shell: Shell, tmp_path: Path) -> None:
    for page in _pages("workspace"):
        assert "`watchkeeper workspace backup`" in page and "`watchkeeper workspace restore FILE`" in page
        assert "`sha256sum --check FILE.sha256`" in page
    (tmp_path / "job.yaml").write_text("name: kept\nhandler: shell\nparams: {script: 'true'}\n")
    shell("watchkeeper workspace init && watchkeeper job save job.yaml && watchkeeper workspace backup copy.db")
    shell("sha256sum --check copy.db.sha256 && watchkeeper --home other workspace restore copy.db")
    assert "kept" in shell("watchkeeper --home other job list")


def _pages(name: str) -> list[str]:
    """The page in every language."""
    return [(HELP / language / f"{name}.md").read_text("utf-8") for language in LANGUAGES]


def _blocks(page: str, start: str) -> list[str]:
    """The fenced blocks that begin with `start`."""
    return [text for kind, text in _fenced(page) if kind == "" and text.startswith(start)]


def _fenced(page: str) -> list[tuple[str, str]]:
    """The kind and the text of every fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
