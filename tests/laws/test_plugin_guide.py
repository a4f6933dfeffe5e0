"""The guide for plugin authors: every block of code on it is loaded, performed or typed, in a workspace of its own."""

import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.laws.sources import ROOT
from watchkeeper import boot
from watchkeeper.action import files
from watchkeeper.cli import main
from watchkeeper.plugin.schema import params_of
from watchkeeper.plugin.testing import spec_of

HELP = ROOT / "resources" / "help"
ENGLISH, CHINESE = ((HELP / language / "plugins.md").read_text("utf-8") for language in ("en", "zh_CN"))

#: What stands on the page for an address that answers.
ADDRESS = "https://example.org/"


def test_both_languages_have_the_same_blocks_saved_under_the_same_names() -> None:
    assert _blocks(ENGLISH) == _blocks(CHINESE)
    assert _files(ENGLISH) == _files(CHINESE)
    assert len(_files(ENGLISH)) >= 8


def test_the_first_handler_is_as_short_as_the_page_says_and_its_job_is_taken(guide: Path, tmp_path: Path) -> None:
    first = next(iter(_files(ENGLISH).values()))
    assert len([line for line in first.splitlines() if line]) <= 15
    (job_block,) = [text for kind, text in _blocks(ENGLISH) if text.startswith("jobs:")]
    (tmp_path / "jobs.yaml").write_text(job_block)
    (job,) = files.read(tmp_path / "jobs.yaml").jobs
    check = spec_of(guide / "plugins" / "http_check.py")
    assert job.handler == check.kind
    assert params_of(check, job.params).url == job.params["url"]


def test_every_command_can_be_typed_as_it_stands(
    guide: Path, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(guide)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for line in _lines():
        words = shlex.split(line.replace(ADDRESS, address))
        assert main(words[1:]) == 0, (line, capsys.readouterr())
        told = capsys.readouterr().out
        if line == "watchkeeper plugin list":
            assert len(re.findall(r" loaded ", told)) >= len(_plugins()), told
            assert not re.findall(" broken | refused | conflict ", told)
        elif "=" in line:
            assert "it succeeded" in told, line


def test_every_plugin_of_the_page_is_performed_on_it() -> None:
    performed = {shlex.split(line)[3] for line in _lines() if "=" in line}
    assert [name for name in _plugins() if f"plugins/{name}" not in performed] == []


def test_the_tests_of_the_page_pass(guide: Path) -> None:
    tests = [name for name in _files(ENGLISH) if name.startswith("_test")]
    assert tests
    command = [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(command, cwd=guide / "plugins", env=environ, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_the_page_names_all_that_a_plugin_may_import_and_all_that_the_context_gives() -> None:
    from watchkeeper import plugin
    from watchkeeper.plugin.contract import Context

    for page in (ENGLISH, CHINESE):
        assert [name for name in plugin.__all__ if name not in page and name != "_"] == []
        given = [name for name in vars(Context) if not name.startswith("_")]
        assert [name for name in given if f"ctx.{name}" not in page] == []


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with all that the page tells people to save."""
    home = tmp_path / "home"
    boot.init_workspace(home)
    monkeypatch.setenv("WATCHKEEPER_HOME", str(home))
    for name, text in _files(ENGLISH).items():
        path = home / "plugins" / name
        path.write_text(text)
        path.chmod(0o600)
    (home / "signing.txt").write_text("hunter22\n")
    return home


@pytest.fixture
def address() -> Iterator[str]:
    """An address that answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_words: object) -> None:
        """Nothing on standard error."""


def _blocks(page: str) -> list[tuple[str, str]]:
    """The kind and the text of every fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def _files(page: str) -> dict[str, str]:
    """Every block in Python by the name of the file that the words before it tell people to save it as."""
    found: dict[str, str] = {}
    for before, text in re.findall(
        r"(?:^|\n```\n)((?:(?!```).)*?)```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE
    ):
        found[re.findall(r"`plugins/(\w+\.py)`", before)[-1]] = text
    assert len(found) == len([kind for kind, _text in _blocks(page) if kind == "python"])
    return found


def _plugins() -> list[str]:
    return [name for name in _files(ENGLISH) if not name.startswith("_")]


def _lines() -> list[str]:
    """All commands of the page, in their order."""
    blocks = [text for kind, text in _blocks(ENGLISH) if kind == "" and text.startswith("watchkeeper ")]
    return [line for text in blocks for line in text.splitlines()]
