"""Plugin files in the window: usable or not, with the whole of their error, bundled or one's own."""

from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from tests.ui.waiting import eventually, read
from watchkeeper.ui.pages.plugins.page import Plugins
from watchkeeper.ui.shell.window import Window
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
    for name, text in wanted.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return wanted


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
    text = page.detail.text.toPlainText()
    assert "ZeroDivisionError" in text and "Traceback" in text and "SHA-256" in text
    assert (page.detail.title.text(), page.detail.fact.text()) == ("broken.py", "Broken, your own")
    assert window.inspector.currentWidget() is page.detail
    page._which.choose("faulty")
    await eventually(lambda: [row.path.rpartition("/")[2] for row in page.model.rows()] == ["broken.py"], "it is left")
    speak("zh_CN")
    page.reread()
    await eventually(lambda: page._fact.text() == "1 个文件不可用", "in Chinese too")
