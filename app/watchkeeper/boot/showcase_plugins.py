"""Plugin files for the showcase: one that is used, one that is broken, and three of a colleague's to be decided on."""

from pathlib import Path

from watchkeeper.action.desk import Desk
from watchkeeper.model import places

#: The folder that is not marked as one's own.
SHARED = "shared"
SETTINGS = f"""[plugins]
own = "plugins"
folders = "{SHARED}"
"""
_CHANGED, _FORBIDDEN = "dns_renew.py", "tidy_up.py"


def lay_out(home: Path) -> None:
    """Put the files into the workspace, before its plugins are read, and say whose they are."""
    with (home / "settings.toml").open("a") as settings:
        settings.write(SETTINGS)
    source = places.resources() / "showcase" / "plugins"
    for inner, folder in (("own", home / "plugins"), ("shared", home / SHARED)):
        folder.mkdir(mode=0o700, exist_ok=True)
        for file in sorted((source / inner).glob("*.py")):
            _write(folder / file.name, file.read_text("utf-8"))


async def decide(desk: Desk, home: Path) -> None:
    """Allow one, which changes afterwards, and forbid another."""
    changed = home / SHARED / _CHANGED
    await desk.do("plugin.allow", path=str(changed))
    await desk.do("plugin.forbid", path=str(home / SHARED / _FORBIDDEN))
    text = changed.read_text("utf-8")
    _write(changed, text.replace('"1.4"', '"1.5"').replace(" 300 A ", " 60 A ").replace('"key"]', '"key", "-v"]'))
    await desk.do("plugin.reload")


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
