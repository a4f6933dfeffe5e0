"""A second console hands its words to the first."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from watchkeeper.ui.single import Reception, hand_over, name_of


@pytest.fixture
def reception(qapp: object, tmp_path: Path) -> Reception:
    return Reception(tmp_path)


def test_without_a_first_console_nothing_is_handed_over(qapp: object, tmp_path: Path) -> None:
    assert not hand_over(tmp_path, ["watchkeeper://run/1"])


def test_the_first_console_gets_the_words(qtbot: QtBot, reception: Reception, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
        "app = QCoreApplication([])\n"
        "from watchkeeper.ui.single import hand_over; sys.exit(not hand_over(Path(sys.argv[1]), sys.argv[2:]))"
    )
    words = ["watchkeeper://run/作业", "--x"]
    with qtbot.waitSignal(reception.asked, timeout=20_000) as asked:
        second = subprocess.Popen([sys.executable, "-c", code, str(tmp_path), *words])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert asked.args == [words]
    assert second.returncode == 0
    reception.close()


def test_a_socket_that_was_left_behind_is_no_console(qapp: object, tmp_path: Path) -> None:
    Path(name_of(tmp_path)).touch()
    reception = Reception(tmp_path)
    assert reception.is_open
    reception.close()


@pytest.mark.parametrize("line", [b"{}\n", b"[1]\n", b"\xff\n", b"[" * 9_000 + b"\n"])
def test_whoever_talks_nonsense_is_turned_away(qtbot: QtBot, reception: Reception, tmp_path: Path, line: bytes) -> None:
    heard: list[object] = []
    reception.asked.connect(heard.append)
    stranger = QLocalSocket()
    stranger.connectToServer(name_of(tmp_path))
    assert stranger.waitForConnected(1_000)
    stranger.write(line)
    qtbot.waitUntil(lambda: stranger.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert heard == []
    reception.close()
