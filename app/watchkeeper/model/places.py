"""Where the program's own files lie (checkout or wheel) and where a user's files belong."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def resources() -> Path:
    """Icons, translations, help pages and samples: beside the sources, or inside the installed package."""
    return _own("resources")


def plugins() -> Path:
    """The bundled handlers and alert channels."""
    return _own("plugins")


def user_plugins() -> Path:
    """The user's own handlers and alert channels, for all workspaces."""
    import platformdirs

    return Path(platformdirs.user_config_dir("watchkeeper", appauthor=False)) / "plugins"


def default_home() -> Path:
    """The workspace that is used when none is named."""
    import platformdirs

    return Path(platformdirs.user_data_dir("watchkeeper", appauthor=False))


def host_root() -> Path:
    """Where this user's keeper on this machine has its run directories."""
    import platformdirs

    named = os.environ.get("WATCHKEEPER_HOST_ROOT")
    return Path(named) if named else Path(platformdirs.user_state_dir("watchkeeper", appauthor=False)) / "host"


def runtime_folder() -> Path:
    """The user's folder for sockets: 0700, and short enough for the 107 bytes of an AF_UNIX path."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    if base and os.path.isdir(base) and len(base) <= 50:
        folder = Path(base) / "watchkeeper"
    else:
        folder = Path(tempfile.gettempdir()) / f"watchkeeper-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_private(folder)
    return folder


def socket_of(folder: Path, purpose: str) -> Path:
    """The socket that belongs to `folder`: same folder, same name, whoever asks."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return runtime_folder() / f"{purpose}-{name}.sock"


def _own(name: str) -> Path:
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _CHECKOUT / name


def _require_private(folder: Path) -> None:
    found = folder.lstat()
    if not hasattr(os, "getuid"):
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a folder of your own with mode 0700: remove it or mend its mode")
