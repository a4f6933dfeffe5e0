"""A real X screen with a window manager, driven by keys and seen from outside: titles, the clipboard, its picture."""

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtGui import QImage

#: How long anything may take on a loaded machine, in seconds.
PATIENCE = 60.0
SIZE = (1280, 800)
#: Milliseconds between two typed letters.
PACE = "4"

_CLIPBOARD = """
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
print(application.clipboard().text(), end="")
"""


class Screen:
    """One display; nobody else's windows and keys are on it."""

    def __init__(self, display: str, folder: Path) -> None:
        self._folder = folder
        #: What a program needs to be shown here, and to bother nobody else.
        self.env: Mapping[str, str] = {
            **os.environ,
            "DISPLAY": display,
            "HOME": str(folder),
            "QT_QPA_PLATFORM": "xcb",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def press(self, *keys: str) -> None:
        """Press and release keys, one after the other, as X names them: `ctrl+k`, `Return`."""
        self._xdotool("key", "--delay", PACE, *keys)

    def type(self, text: str) -> None:
        """Press the keys of a text."""
        self._xdotool("type", "--delay", PACE, "--", text)

    def title(self) -> str:
        """Of the window that has the keyboard; "" when none has it."""
        return self._xdotool("getactivewindow", "getwindowname", may_fail=True)

    def clipboard(self) -> str:
        """What another program would paste."""
        words = [sys.executable, "-c", _CLIPBOARD]
        return subprocess.run(words, env=self.env, check=True, capture_output=True, text=True).stdout

    def has_manager(self) -> bool:
        """Whether the window manager answers."""
        return self._xdotool("get_desktop", may_fail=True) == "0"

    def picture(self, file: Path) -> Path:
        """Write what is on the screen to a PNG."""
        dump = (self._folder / "Xvfb_screen0").read_bytes()
        _image_of(dump).save(str(file))
        return file

    @contextmanager
    def looked_at(self, file: Path) -> Iterator[None]:
        """Whatever fails meanwhile names a picture of the screen at that moment."""
        try:
            yield
        except BaseException as error:
            error.add_note(f"The screen then: {self.picture(file)}")
            raise

    def _xdotool(self, *words: str, may_fail: bool = False) -> str:
        done = subprocess.run(["xdotool", *words], env=self.env, capture_output=True, text=True)
        assert may_fail or done.returncode == 0, done.stderr
        return done.stdout.strip() if done.returncode == 0 else ""


@contextmanager
def new_screen(folder: Path) -> Iterator[Screen]:
    """A screen on a display that is free; `folder` is the home of what runs there."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        screen = Screen(stack.enter_context(_server(folder)), folder)
        stack.enter_context(running(["openbox"], screen.env, folder / "openbox.txt"))
        until(screen.has_manager, "the window manager")
        yield screen


@contextmanager
def running(words: list[str], env: Mapping[str, str], out: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is over afterwards in any case; what it says goes to a file."""
    with out.open("wb") as said:
        process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()


def until(is_so: Callable[[], object], what: str, seen: Callable[[], object] = str, patience: float = PATIENCE) -> None:
    """Wait until it is so; else what was waited for, and what `seen` says then."""
    deadline = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain: {what}; {seen()}"
        time.sleep(0.03)


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """The display's name, like `:7`; the server chooses a free one itself and says so when it listens."""
    reading, writing = os.pipe()
    size = f"{SIZE[0]}x{SIZE[1]}x24"
    # Without -noreset it begins anew, and answers nobody meanwhile, whenever its last client has left.
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-noreset", "-nolisten", "tcp"]
    words += ["-fbdir", str(folder)]
    with (folder / "xvfb.txt").open("wb") as said, os.fdopen(reading) as told:
        server = subprocess.Popen(words, stdout=said, stderr=said, pass_fds=[writing])
        os.close(writing)
        try:
            number = told.readline().strip()
            assert number, (folder / "xvfb.txt").read_text()
            yield f":{number}"
        finally:
            server.terminate()
            server.wait()


def _image_of(dump: bytes) -> QImage:
    """The picture in an X window dump (XWDFile.h): a header of big-endian words, a colour map, pixels of 32 bits."""
    header = struct.unpack(">25I", dump[:100])
    start = header[0] + 12 * header[19]
    width, height, row = header[4], header[5], header[12]
    return QImage(dump[start : start + row * height], width, height, row, QImage.Format.Format_RGB32).copy()
