"""What the window remembers from one day to the next: a small JSON file beside the workspace's store."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any


class Memory:
    """Plain values by name. A file that can't be read is as good as none: nothing in it is precious."""

    def __init__(self, file: Path | None) -> None:
        """`file` None: nothing is kept."""
        self._file = file
        self._values: dict[str, Any] = _read(file)

    @property
    def folder(self) -> Path | None:
        """The folder of the workspace on this machine; None where nothing is kept."""
        return None if self._file is None else self._file.parent

    def get(self, name: str, default: Any) -> Any:
        """What was put there, if it is of the default's type; else the default."""
        found = self._values.get(name, default)
        return found if default is None or isinstance(found, type(default)) else default

    def put(self, name: str, value: Any) -> None:
        """Remember it; on disk at once, because windows may end without a word."""
        if self._values.get(name) != value:
            self._values[name] = value
            self._write()

    def forget(self, *names: str) -> None:
        """Remember none of these."""
        for name in names:
            self.put(name, None)

    def _write(self) -> None:
        if self._file is None:
            return
        new = self._file.with_suffix(".new")
        with suppress(OSError):
            new.touch(0o600)
            new.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(new, self._file)


def _read(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
