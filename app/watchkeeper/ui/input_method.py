"""How Chinese is typed: what the desktop asks of Qt, and what Qt can answer."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

_VARIABLE = "QT_IM_MODULE"
_FOLDER = "platforminputcontexts"
#: What the desktop had asked for, where `mend` has put something else in its place.
_asked: list[str] = []


def mend() -> None:
    """Qt's wheels bring no fcitx; fcitx5 answers as ibus does (X11 only, on Wayland the compositor sees to it).

    Before the application is made.
    """
    if sys.platform == "linux" and not os.environ.get("WAYLAND_DISPLAY"):
        if wanted().startswith("fcitx"):
            _asked.append(wanted())
            os.environ[_VARIABLE] = "ibus"


def wanted() -> str:
    """What Qt is asked for now; "" for nothing."""
    return os.environ.get(_VARIABLE, "")


def asked() -> str:
    """What the desktop had asked for and was replaced; "" for nothing."""
    return _asked[-1] if _asked else ""


def offered() -> list[str]:
    """The plugins that this Qt brings."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / _FOLDER
    return sorted(_name(file.name) for file in folder.glob("*plugin*"))


def loaded() -> list[str] | None:
    """Those that are in use; None where the system does not tell."""
    try:
        mapped = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    except OSError:
        return None
    return sorted({_name(line.rpartition("/")[2]) for line in mapped if f"/{_FOLDER}/" in line})


def _name(file: str) -> str:
    return file.partition(".")[0].removeprefix("lib").removesuffix("plugin").removesuffix("platforminputcontext")
