"""Values go in through masked fields, are shown to whoever asks twice, and go again."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.pages.credentials.conftest import VALUE, dialog, opened, value_of
from tests.ui.waiting import eventually
from watchkeeper.action.desk import Desk
from watchkeeper.model.secret import SecretKind
from watchkeeper.ui.pages.credentials.page import CredentialsPage
from watchkeeper.ui.pages.credentials.reveal import SECONDS, RevealedPanel
from watchkeeper.ui.shell.window import Window

SECOND = "staple-of-the-second-kind"


def complaint(asked: Any, name: str) -> str:
    row = asked.rows[name]
    return "" if row.complaint.isHidden() else str(row.complaint.sentence.text())


async def shown(window: Window, page: CredentialsPage, name: str) -> RevealedPanel:
    """By both steps."""
    page.list.go_to(name)
    page.reveal()
    dialog(window).field.setText("the partner asks")
    dialog(window)._do()
    dialog(window).buttons[-1].click()
    await eventually(lambda: isinstance(dialog(window), RevealedPanel), "it is shown")
    await page.tasks.idle()
    panel = dialog(window)
    assert isinstance(panel, RevealedPanel)
    return panel


async def test_a_secret_is_added_by_keys_and_bad_input_is_told_at_its_field(
    window: Window, vault: Desk, qtbot: QtBot
) -> None:
    await vault.do("secret.add", name="taken", value=VALUE)
    page = await opened(window)
    page.add()
    asked = dialog(window)
    asked.take()
    assert "a name" in complaint(asked, "name") and complaint(asked, "value") == "fill in the value"
    qtbot.keyClicks(asked.name, "taken")
    qtbot.keyClicks(asked.value.line.line, "12345")
    asked.expires.setText("2020-01-01")
    asked.take()
    assert "there is a secret taken already" in complaint(asked, "name")
    assert "fewer than 6" in complaint(asked, "value") and "12345" not in complaint(asked, "value")
    assert complaint(asked, "expires").startswith("2020-01-01 is past")
    asked.name.setText("team//key")
    asked.expires.clear()
    qtbot.keyClicks(asked.value.line.line, "67890-and-more")
    asked.take()
    await eventually(lambda: "empty part" in complaint(asked, "name"), "the engine refuses the name")
    assert len((await vault.ask("secret.table")).rows) == 1
    asked.name.setText("team/key")
    asked.note.setText("for the archive")
    qtbot.keyClick(asked.value.line.line, Qt.Key.Key_Return)
    await eventually(lambda: dialog(window) is None, "it is added")
    assert await value_of(vault, "team/key") == "1234567890-and-more"
    assert page.row is not None and (page.row.name, page.row.note) == ("team/key", "for the archive")


async def test_a_key_comes_from_a_file_and_what_is_none_is_refused(window: Window, vault: Desk, tmp_path: Path) -> None:
    page = await opened(window)
    page.add()
    asked = dialog(window)
    asked.name.setText("deploy/ssh")
    asked.kind.show_value(SecretKind.KEY)
    asked._turn()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "large").write_bytes(b"x" * (1 << 19))
    (tmp_path / "text").write_text("no key at all\n")
    for file, told in (("missing", "can't be read"), ("bytes", "no text"), ("large", "larger than 256 KiB")):
        asked.value.read_file(str(tmp_path / file))
        await eventually(lambda told=told: told in complaint(asked, "value"), told)  # type: ignore[misc]
    asked.value.read_file(str(tmp_path / "text"))
    await eventually(lambda: asked.value.value == "no key at all\n", "it is read")
    asked.take()
    await eventually(lambda: "nothing in PEM" in complaint(asked, "value"), "it is judged")
    asked.value.lines.put(_key())
    asked.take()
    await eventually(lambda: dialog(window) is None, "it is added")
    page.test()
    await eventually(lambda: not page.panel.tested.isHidden(), "it is tested")
    assert "a private key" in page.panel.tested.sentence.text()


async def test_another_value_can_be_taken_back_and_is_remembered_nowhere(window: Window, vault: Desk) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    page = await opened(window)
    page.list.go_to("key")
    page.rotate()
    asked = dialog(window)
    asked.value.line.put(SECOND)
    asked.take()
    await eventually(lambda: dialog(window) is None, "it is rotated")
    assert page.row is not None and page.row.version == 2
    deed = window.activity.deeds[-1]
    assert deed.cli == "watchkeeper secret rotate key"
    window.deeds.undo()
    await eventually(lambda: page.row is not None and page.row.version == 1, "it is taken back")
    await eventually(lambda: not window.deeds._tasks.is_busy, "all is said")
    assert await value_of(vault, "key") == VALUE
    assert not window.deeds.can_redo(), "the value would have to be remembered for that"
    page.list.go_to("key")
    page.revert()
    asked = dialog(window)
    assert asked.version.value == 2
    asked.take()
    await eventually(lambda: dialog(window) is None, "it is given back")
    assert page.row.version == 2
    assert await value_of(vault, "key") == SECOND
    page.replace()
    dialog(window).value.line.put("a third value")
    dialog(window).take()
    await eventually(lambda: dialog(window) is None, "it is replaced")
    assert page.row.version == 3


async def test_a_value_is_shown_for_half_a_minute_with_the_reason_on_record(window: Window, vault: Desk) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    page = await opened(window)
    panel = await shown(window, page, "key")
    assert panel.fields[0].toPlainText() == VALUE and panel.fields[0].isReadOnly()
    ticket, look = [
        next(entry for entry in await vault.ask("audit.list", object="key") if entry.action == action)
        for action in ("secret.ticket", "secret.reveal")
    ]
    assert ticket.detail["reason"] == "the partner asks" and look.outcome == "ok"
    assert window.activity.deeds[-1].cli == "watchkeeper secret reveal key"
    for _second in range(SECONDS - 1):
        panel._tick()
    assert dialog(window) is panel
    panel._tick()
    assert dialog(window) is None and panel.fields[0].toPlainText() == ""


@pytest.mark.parametrize("way", ["another window", "another page", "Escape"])
async def test_it_is_hidden_as_soon_as_nobody_looks(way: str, window: Window, vault: Desk, qtbot: QtBot) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    page = await opened(window)
    panel = await shown(window, page, "key")
    if way == "another window":
        QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    elif way == "another page":
        window.go("jobs")
    else:
        qtbot.keyClick(panel.close_button, Qt.Key.Key_Escape)
    assert dialog(window) is None and panel.fields[0].toPlainText() == ""


async def test_what_is_copied_leaves_the_clipboard_unless_something_else_lies_there(
    window: Window, vault: Desk
) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    page = await opened(window)
    panel = await shown(window, page, "key")
    clipboard = QGuiApplication.clipboard()
    panel.copy(panel.fields[0])
    assert clipboard.text() == VALUE
    assert clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    _lent()[-1].take_back()
    assert clipboard.text() == ""
    panel.fields[0].selectAll()
    panel.fields[0].copy()
    assert clipboard.text() == VALUE
    clipboard.setText("something else")
    for lent in _lent():
        lent.take_back()
    assert clipboard.text() == "something else"


def _lent() -> list[Any]:
    from watchkeeper.ui.lent import Lent

    app = QApplication.instance()
    assert app is not None
    return app.findChildren(Lent)


def _key() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.decode()
