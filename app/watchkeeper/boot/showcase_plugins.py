"""Plugins for the showcase: allowed, changed since, forbidden, and one that lacks what it needs."""

from pathlib import Path

from watchkeeper.action.desk import Desk
from watchkeeper.model import places

_CHANGED, _FORBIDDEN = "ledger_export.py", "old_probe.py"
#: What a file said when it was allowed, in place of what it says now.
_BEFORE = (('__version__ = "1.4"', '__version__ = "1.3"'), ("day,account,amount", "day;account;amount"))


def prepare(home: Path) -> None:
    """Put the files where the workspace looks for its own, one of them as it once was."""
    for file in sorted((places.resources() / "showcase" / "_plugins").glob("*.py")):
        text = file.read_text(encoding="utf-8")
        if file.name == _CHANGED:
            for now, before in _BEFORE:
                text = text.replace(now, before)
        _write(home / "plugins" / file.name, text)


async def decide(desk: Desk, home: Path) -> None:
    """Say what a person says of each, and change the one that was changed since."""
    for file in sorted((home / "plugins").glob("*.py")):
        await desk.do("plugin.forbid" if file.name == _FORBIDDEN else "plugin.allow", path=str(file))
    now = places.resources() / "showcase" / "_plugins" / _CHANGED
    _write(home / "plugins" / _CHANGED, now.read_text(encoding="utf-8"))
    await desk.do("plugin.reload")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
