"""Fields that take the name of a secret are completed by the names that there are."""

from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.waiting import eventually
from watchkeeper.action.desk import Desk
from watchkeeper.ui.pages.job.page import JobPage
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.entries import LineEntry, TableEntry
from watchkeeper.vault.file_place import Cost, FilePlace
from watchkeeper.vault.sealing import new_key

WORDS = "a few good words"


def completions(line: QLineEdit, typed: str) -> list[str]:
    completer = line.completer()
    completer.setCompletionPrefix(typed)
    return [completer.completionModel().index(row, 0).data() for row in range(completer.completionCount())]


async def test_names_of_secrets_are_offered_wherever_a_job_takes_one(
    window: Window, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    FilePlace(tmp_path / "home", "", {}, Cost(memory_kib=64, passes=1, lanes=1)).keep(new_key(), WORDS)
    await desk.do("vault.init", place="file", passphrase=WORDS)
    for name in ("finance/database", "deploy/ssh"):
        await desk.do("secret.add", name=name, value="correct-horse-battery")
    jobs = {"shell": {"script": "true"}, "sql": {"connection": "finance/database", "statement": "SELECT 1"}}
    ids = {}
    for handler, params in jobs.items():
        ids[handler] = (await desk.do("job.save", spec={"name": handler, "handler": handler, "params": params})).id
    window.go(f"job/{ids['shell']}")
    page = window.page
    assert isinstance(page, JobPage)
    await eventually(lambda: page.view.command._form is not None, "the form is there")
    await page.tasks.idle()
    entry = page.view.command._form.entries["secrets"]  # type: ignore[union-attr]
    assert isinstance(entry, TableEntry)
    line = entry.pairs.lines[0]
    assert completions(line.value, "DATA") == ["finance/database"]
    line.name.setText("KEY")
    line.value.setText("deploy/ssh")
    line.value.completer().activated.emit("deploy/ssh")
    await eventually(lambda: page.document.get("params.secrets") == {"KEY": "deploy/ssh"}, "it is taken")
    assert completions(entry.pairs.lines[1].value, "ssh") == ["deploy/ssh"]
    window.go(f"job/{ids['sql']}")
    page = window.page
    assert isinstance(page, JobPage)
    await eventually(lambda: page.view.command._form is not None, "the form is there")
    await page.tasks.idle()
    entry = page.view.command._form.entries["connection"]  # type: ignore[union-attr]
    assert isinstance(entry, LineEntry)
    assert completions(entry.line, "fin") == ["finance/database"]
