"""Whoever works in Chinese reads Chinese: no sentence is left in another language."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.commands import commands

#: Three words of Latin letters in a row are a sentence; two may be a name.
_SENTENCE = re.compile(r"[A-Za-z']{2,}(?:[ ,]+[A-Za-z']{2,}){2,}")
#: What is typed, and names of options and places.
_TYPED = re.compile(r"`[^`]*`|watchkeeper( \S+)*|[-/{][^\s：]*")


def english(text: str) -> list[str]:
    return [found[0] for line in text.splitlines() if (found := _SENTENCE.search(_TYPED.sub("|", line)))]


def test_the_search_finds_an_english_sentence() -> None:
    assert english("作业：it has ended\n用法：watchkeeper run resolve RUN STATE REASON") == ["it has ended"]


@pytest.mark.parametrize("words", [(), ("run",), *commands()], ids=" ".join)
def test_every_help_is_chinese(words: tuple[str, ...], watchkeeper: Watchkeeper) -> None:
    told = watchkeeper(*words, "--help", LANG="zh_CN.UTF-8").stdout
    assert re.search(r"[\u4e00-\u9fff]", told)
    assert english(told) == []


LISTINGS = [
    ["job", "list"],
    ["job", "versions", "good"],
    ["job", "diff", "good"],
    ["run", "list"],
    ["run", "show", "1"],
    ["run", "show", "2"],
    ["run", "why", "1"],
    ["run", "why", "3"],
    ["pool", "list"],
    ["audit", "list"],
    ["plugin", "list"],
    ["workspace", "check"],
]
ERRORS = [
    ["run", "start", "nowhere"],
    ["run", "list", "--state", "x"],
    ["run", "list", "--home", "/nowhere"],
    ["apply", "nowhere.yaml"],
    ["run", "mark", "1", "running", "x"],
    ["pool", "save", "a/b", "1"],
    ["run", "cancel", "1"],
    ["job", "show", "good", "--version", "9"],
    ["job", "restore", "nowhere"],
    ["job", "restore", "good"],
    ["import", "crontab", "/nowhere"],
    ["import", "systemd", __file__],
    ["import", "windows-task", "/nowhere"],
    ["workspace", "init", "--home", __file__],
    ["export", "/nowhere/at/all"],
]


def test_a_worked_workspace_is_told_in_chinese(watchkeeper: Watchkeeper, workspace: Path) -> None:
    for words in (["good", "--wait"], ["bad", "--wait"], ["slow"]):
        assert english("".join(watchkeeper("run", "start", *words, LANG="zh_CN.UTF-8")[1:])) == []
    watchkeeper("run", "mark", "2", "succeeded", "x")
    watchkeeper("run", "rerun", "3")
    for words in LISTINGS:
        told = watchkeeper(*words, LANG="zh_CN.UTF-8")
        assert (told.returncode, english(told.stdout), told.stderr) == (0, [], ""), words
    for words in ERRORS:
        told = watchkeeper(*words, LANG="zh_CN.UTF-8")
        assert told.returncode != 0 and re.search(r"[\u4e00-\u9fff]", told.stderr), words
        assert english(told.stderr) == [], words


def test_an_engine_speaks_chinese_too(workspace: Path, environ: dict[str, str], watchkeeper: Watchkeeper) -> None:
    command = [sys.executable, "-m", "watchkeeper", "engine"]
    speaking = {**environ, "LANG": "zh_CN.UTF-8"}
    with subprocess.Popen(command, env=speaking, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        watchkeeper("run", "start", "bad", "--wait")
        process.send_signal(signal.SIGINT)
        lines += process.stdout.readlines()
    assert len(lines) >= 3
    for line in lines:
        assert re.search(r"[\u4e00-\u9fff]", line) and english(line) == []
