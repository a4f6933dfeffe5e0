"""The console starts with the desktop while the switch is on."""

from pathlib import Path

import pytest

from watchkeeper.ui import autostart


def test_the_switch_makes_and_removes_the_entry(tmp_path: Path) -> None:
    assert not autostart.is_on(tmp_path)
    autostart.turn(True, tmp_path / "home", tmp_path / "autostart")
    assert autostart.is_on(tmp_path / "autostart")
    autostart.turn(False, tmp_path / "home", tmp_path / "autostart")
    autostart.turn(False, tmp_path / "home", tmp_path / "autostart")
    assert not autostart.is_on(tmp_path / "autostart")


@pytest.mark.parametrize(
    ("home", "written"),
    [
        ("/srv/watch", "/srv/watch"),
        ("/srv/my watch", '"/srv/my watch"'),
        ("/srv/50%", "/srv/50%%"),
        ('/srv/a"b', '"/srv/a\\\\"b"'),
        ("/srv/$x", '"/srv/\\\\$x"'),
    ],
)
def test_a_path_is_quoted_as_desktop_entries_want_it(tmp_path: Path, home: str, written: str) -> None:
    autostart.turn(True, Path(home), tmp_path)
    entry = next(tmp_path.glob("*.desktop")).read_text()
    assert f"--home {written} console\n" in entry
