"""Whatever is done with a secret, its value stands nowhere: in no widget, model, log, memory or trail."""

import gc
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget

from tests.ui.pages.credentials.conftest import dialog, opened, window_over
from tests.ui.waiting import eventually
from watchkeeper.action.desk import Desk
from watchkeeper.model import codec
from watchkeeper.model.secret import SecretKind
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.steps import Step
from watchkeeper.ui.shell.window import Window

FIRST, SECOND, THIRD = "zebra-umbrella-4417", "violet-tortoise-9902", "marble\nlantern-6638\nquartz"
#: What no eye and no program is to find; of several lines each.
PARTS = (FIRST, SECOND, "lantern-6638")
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.UserRole,
)
_SAID = ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "toPlainText", "windowTitle")


def said() -> Iterator[str]:
    """All that widgets say, hold in their models, and tell a screen reader; a field of dots tells its dots."""
    for widget in QApplication.allWidgets():
        for name in _SAID:
            told = getattr(widget, name, None)
            if isinstance(widget, QLineEdit) and name == "text":
                told = widget.displayText
            if callable(told) and isinstance(words := told(), str):
                yield words
        yield from _read_aloud(widget)
        if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
            for row in range(model.rowCount(QModelIndex())):
                for column in range(model.columnCount(QModelIndex())):
                    yield from (repr(model.index(row, column).data(role)) for role in _ROLES)


def _read_aloud(widget: QWidget) -> Iterator[str]:
    told = QAccessible.queryAccessibleInterface(widget)
    if told is not None:
        yield from (told.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value))
        if (text := told.textInterface()) is not None:
            yield text.text(0, text.characterCount())


def found() -> list[str]:
    return [words for words in said() if any(part in words for part in PARTS)]


async def test_the_value_of_a_secret_stands_nowhere(
    vault: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    memory = Memory(tmp_path / "window.json")
    async with window_over(vault, memory) as window:
        await lived(window)
        steps = [repr(step.calls) for step in gc.get_objects() if isinstance(step, Step)]
        deeds = [f"{deed.title} {deed.cli} {deed.refusal}" for deed in window.activity.deeds]
    trail = codec.encode(await vault.ask("audit.list", limit=100)).decode()
    kept = [json.dumps(memory._values), *(file.read_text("utf-8") for file in tmp_path.glob("window*"))]
    for told in (*steps, trail, *deeds, *kept, caplog.text):
        assert not any(part in told for part in PARTS), told[:300]
    assert "rotate" in trail and steps
    ours = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    assert ours and not [file for file in ours if any(part.encode() in file.read_bytes() for part in PARTS)]


async def lived(window: Window) -> None:
    """Everything that is done with values, with a look around after each step."""
    page = await opened(window)
    page.add()
    asked = dialog(window)
    asked.name.setText("team/key")
    asked.value.line.put(FIRST)
    assert found() == [], "while it is typed"
    asked.value.line.peek.pressed.emit()
    assert found(), "it is shown while the button is pressed"
    asked.value.line.peek.released.emit()
    asked.take()
    await eventually(lambda: dialog(window) is None, "it is added")
    page.rotate()
    dialog(window).value.line.put(SECOND)
    dialog(window).take()
    await eventually(lambda: dialog(window) is None, "it is rotated")
    assert page.row is not None and page.row.version == 2
    page.add()
    asked = dialog(window)
    asked.name.setText("other/key")
    asked.kind.show_value(SecretKind.KEY)
    asked._turn()
    asked.value.lines.put(THIRD)
    asked.passphrase.put(FIRST)
    assert found() == [], "while it is pasted"
    asked.take()
    await eventually(lambda: not asked.rows["value"].complaint.isHidden(), "it is refused")
    assert found() == [], "in the refusal"
    asked.done.emit()
    assert asked.value.value == asked.passphrase.value == "", "a form that is closed has forgotten it"
    page.test()
    window.deeds.undo()
    await eventually(lambda: page.row is not None and page.row.version == 1, "it is taken back")
    for place in ("jobs", "audit", "dashboard", "credentials"):
        window.go(place)
        await window.page.tasks.idle()
        assert found() == [], place
