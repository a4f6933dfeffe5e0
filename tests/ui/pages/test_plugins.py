"""Plugin files in the window: usable or not, with the whole of their error, bundled or one's own."""

from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from tests.ui.waiting import eventually, read
from watchkeeper.action.plugins import PluginDetail
from watchkeeper.ui.pages.plugins.page import Plugins
from watchkeeper.ui.pages.plugins.panel import PluginPanel
from watchkeeper.ui.pages.plugins.words import changes_of
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.run_dialog import RunDialog
from watchkeeper.ui.words import shown, speak

FILES = {
    "broken.py": "1 / 0\n",
    "mine.py": (
        '"""Mine."""\nfrom watchkeeper.plugin import _, handler\n\n@handler("mine", title=_("Mine"))\n'
        "async def mine(ctx):\n    return {}\n"
    ),
}


@pytest.fixture(autouse=True)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The person's own, which are there before the engine starts."""
    wanted: dict[str, str] = getattr(request, "param", {})
    folder = tmp_path / "home" / "plugins"
    folder.mkdir(mode=0o700, parents=True)
    (tmp_path / "home" / "settings.toml").write_text("" if "theirs.py" in wanted else '[plugins]\nown = "plugins"\n')
    for name, text in wanted.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return wanted


THEIRS = {"theirs.py": '__version__ = "1.0"\n' + FILES["mine.py"].replace("mine", "theirs")}


def lines_of(panel: PluginPanel) -> list[str]:
    """What is shown of a file that waits."""
    return [line for field in panel.diff._fields for line in field.lines]


async def opened(window: Window) -> Plugins:
    window.go("plugins")
    page = window.page
    assert isinstance(page, Plugins)
    await read(page)
    return page


async def test_without_plugins_of_ones_own_the_folder_is_told(window: Window, tmp_path: Path) -> None:
    page = await opened(window)
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal, page)
    assert page.model.total >= 1 and all(row.is_bundled for row in page.model.rows())
    assert "all is well" in page._fact.text()
    page._which.choose("own")
    await eventually(lambda: page._stack.currentWidget() is page._own, "there is none")
    assert f"{tmp_path}/home/plugins" in shown(page._own._text._text)
    page._which.choose("faulty")
    await eventually(lambda: page._stack.currentWidget() is page._sound, "none is faulty")
    page._help.click()
    assert window.page.place == "help/plugins"


@pytest.mark.parametrize("files", [FILES], indirect=True)
async def test_a_file_that_breaks_is_told_with_its_whole_error(window: Window) -> None:
    page = await opened(window)
    page._which.choose("own")
    await eventually(lambda: page.model.total == 2, "both are there")
    page.table.go_to(next(n for n in range(2) if page.model.rows()[n].path.endswith("broken.py")))
    text = page.panel.detail.text.toPlainText()
    assert "ZeroDivisionError" in text and "Traceback" in text and "SHA-256" in text
    assert (page.panel.detail.title.text(), page.panel.detail.fact.text()) == ("broken.py", "Broken, your own")
    assert window.inspector.currentWidget() is page.panel
    page._which.choose("faulty")
    await eventually(lambda: [row.path.rpartition("/")[2] for row in page.model.rows()] == ["broken.py"], "it is left")
    speak("zh_CN")
    page.reread()
    await eventually(lambda: page._fact.text() == "1 个文件不可用", "in Chinese too")


@pytest.mark.parametrize("files", [THEIRS], indirect=True)
async def test_what_waits_is_shown_allowed_tried_and_asked_for_again_when_it_changes(
    window: Window, files: dict[str, str], tmp_path: Path
) -> None:
    page = await opened(window)
    assert page._fact.text() == "1 file waits for permission"
    page.table.go_to(next(n for n, row in enumerate(page.model.rows()) if row.path.endswith("theirs.py")))
    panel = page.panel
    assert (panel.detail.fact.text(), panel.row and panel.row.version) == (
        "Waiting for permission, each change is asked for",
        "1.0",
    )
    await eventually(lambda: '+__version__ = "1.0"' in lines_of(panel), "its text is shown")
    assert panel.allow.isVisible() and panel.forbid.isVisible() and not panel.attempt.isVisible()
    panel.allow.click()
    await eventually(lambda: panel.row and panel.row.state == "loaded", "it is loaded")
    assert not panel.allow.isVisible() and panel.attempt.isVisible()
    panel.attempt.click()
    await eventually(lambda: window.findChildren(RunDialog), "it is asked for its parameters")
    window.findChildren(RunDialog)[0].take()
    await eventually(lambda: window.page.place.startswith("run/"), "the run is shown")
    window.go("plugins")
    file = tmp_path / "home" / "plugins" / "theirs.py"
    file.write_text(files["theirs.py"].replace("1.0", "1.1"))
    await eventually(lambda: panel.row and panel.row.state == "waiting", "it waits again")
    await eventually(lambda: '-__version__ = "1.0"' in lines_of(panel), "what has changed is shown")
    panel.forbid.click()
    await eventually(lambda: panel.row and panel.row.state == "forbidden", "it is forbidden")
    assert panel.allow.isVisible() and not panel.forbid.isVisible()
    assert panel.diff.isVisible(), "nothing is allowed that is not shown"


def test_nothing_of_what_is_to_be_allowed_is_cut() -> None:
    source = "a" + " " * 200 + "evil()\n" + "字" * 50 + "\n\n\tb"
    parts = changes_of(PluginDetail("a.py", "waiting", (), None, False, "", source=source))
    assert "".join(part[1:] for part in parts) == source.replace("\n", "").replace("\t", "   ")
    assert {part[0] for part in parts} == {"+"} and max(map(len, parts)) <= 41


async def test_the_settings_of_plugins_are_a_click_away(window: Window) -> None:
    page = await opened(window)
    page._settings.click()
    assert window.page.place == "settings"
    await read(window.page)
    assert window.page.nav.current == "plugins"
