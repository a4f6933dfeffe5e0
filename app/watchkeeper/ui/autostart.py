"""Whether the console starts with the desktop: a file or registry value of the user's own."""

import re
import sys
from pathlib import Path

_PLAIN = re.compile(r"[\w@%+=:,./-]+")

NAME = "io.github.watchkeeper.Watchkeeper"


def is_on(folder: Path | None = None) -> bool:
    """Whether it is switched on. `folder` is that of the desktop's autostart entries."""
    if sys.platform == "win32":
        return _registry_value() is not None
    return _file(folder).is_file()


def turn(is_wanted: bool, home: Path, folder: Path | None = None) -> None:
    """Switch it on or off for the console of the workspace at `home`; OSError when that can't be written."""
    if sys.platform == "win32":
        return _set_registry_value(_windows_command(home) if is_wanted else None)
    file = _file(folder)
    if not is_wanted:
        return file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_plist(home) if sys.platform == "darwin" else _desktop_entry(home), encoding="utf-8")


def command(home: Path) -> list[str]:
    """What is started."""
    return [sys.executable, "-m", "watchkeeper", "--home", str(home), "console"]


def _file(folder: Path | None) -> Path:
    if sys.platform == "darwin":
        return (folder or Path.home() / "Library" / "LaunchAgents") / f"{NAME}.plist"
    import platformdirs

    return (folder or Path(platformdirs.user_config_dir()) / "autostart") / f"{NAME}.desktop"


def _desktop_entry(home: Path) -> str:
    """Autostart specification 0.5; a percent sign is doubled, as the desktop entry specification asks."""
    line = " ".join(_quoted(word) for word in command(home))
    return f"[Desktop Entry]\nType=Application\nName=Watchkeeper\nExec={line}\nIcon={NAME}\nTerminal=false\n"


def _quoted(word: str) -> str:
    doubled = word.replace("%", "%%")
    if _PLAIN.fullmatch(word):
        return doubled
    for letter in '\\"`$':
        doubled = doubled.replace(letter, "\\" + letter)
    # The entry's value is unescaped once more before it is split into words.
    return '"' + doubled.replace("\\", "\\\\") + '"'


def _plist(home: Path) -> str:
    import plistlib

    entry = {"Label": NAME, "ProgramArguments": command(home), "RunAtLoad": True}
    return plistlib.dumps(entry).decode()


def _windows_command(home: Path) -> str:
    import subprocess

    return subprocess.list2cmdline(command(home))


if sys.platform == "win32":
    import winreg

    _RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"

    def _registry_value() -> str | None:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            try:
                return str(winreg.QueryValueEx(key, NAME)[0])
            except FileNotFoundError:
                return None

    def _set_registry_value(value: str | None) -> None:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN, 0, winreg.KEY_SET_VALUE) as key:
            if value is not None:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, value)
            elif _registry_value() is not None:
                winreg.DeleteValue(key, NAME)
