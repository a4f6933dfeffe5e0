"""A mistake of ours is written down and shown at the next start; nothing is lost and nothing is sent."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning

from watchkeeper.model.known_secrets import masker_of
from watchkeeper.ui.crash import MOST, Reporter


@pytest.fixture
def reporter(qapp: object, tmp_path: Path) -> Iterator[Reporter]:
    hooks = sys.excepthook, threading.excepthook
    reporter = Reporter(tmp_path)
    reporter.begin()
    yield reporter
    reporter.end()
    sys.excepthook, threading.excepthook = hooks


def raised(words: str) -> Exception:
    try:
        raise RuntimeError(words)
    except RuntimeError as error:
        return error


def test_an_error_that_nobody_catches_is_written_with_the_versions(reporter: Reporter) -> None:
    told: list[Path] = []
    reporter.on_report = told.append
    error = raised("作业")
    sys.excepthook(type(error), error, error.__traceback__)
    assert told == reporter.reports()
    text = told[0].read_text(encoding="utf-8")
    assert text.startswith("Watchkeeper ")
    assert "RuntimeError: 作业" in text
    assert told[0].stat().st_mode & 0o077 == 0


def test_a_report_says_no_secret_that_a_run_of_this_process_had(reporter: Reporter) -> None:
    masker_of(["hunter2-of-a-report"])
    error = raised("no login with hunter2-of-a-report")
    sys.excepthook(type(error), error, error.__traceback__)
    assert "RuntimeError: no login with ***" in reporter.reports()[0].read_text(encoding="utf-8")


def test_an_error_of_a_thread_and_of_a_loop_is_written(reporter: Reporter) -> None:
    error = raised("of a thread")
    threading.excepthook(threading.ExceptHookArgs([type(error), error, error.__traceback__, None]))
    reporter.take_from_loop(None, {"message": "m", "exception": raised("of a loop")})
    assert len(reporter.reports()) == 2


def test_only_the_newest_reports_are_kept(reporter: Reporter) -> None:
    for number in range(MOST + 5):
        error = raised(str(number))
        sys.excepthook(type(error), error, None)
    assert len(reporter.reports()) == MOST
    reporter.forget()
    assert reporter.reports() == []


def test_what_qt_says_goes_to_the_log(reporter: Reporter, caplog: pytest.LogCaptureFixture) -> None:
    qWarning("from below")
    assert "Qt: from below" in caplog.text


def test_a_fatal_signal_leaves_a_report(tmp_path: Path) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path; from watchkeeper.ui.crash import Reporter\n"
        "Reporter(Path(sys.argv[1])).begin(); os.kill(os.getpid(), signal.SIGSEGV)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert ended.returncode != 0
    (report,) = Reporter(tmp_path).reports()
    assert "Segmentation fault" in report.read_text()
