"""The page of credentials over a real engine with a real vault: what is listed, where runs wait, what may be done."""

import asyncio
import copy
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.modeltest import ModelTester

from tests.ui.pages.credentials.conftest import VALUE, WORDS, dialog, opened, value_of, window_over
from tests.ui.waiting import PATIENCE, eventually
from watchkeeper.access.actor import Actor
from watchkeeper.access.permission import Permission
from watchkeeper.action.desk import Desk
from watchkeeper.model.job import JobSpec
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.shell.window import Window


async def used(desk: Desk, secret: str, job: str = "copy") -> None:
    """A job that names the secret."""
    params = {"script": "true", "secrets": {"KEY": secret}}
    await desk.do("job.save", spec=JobSpec(name=job, handler="shell", params=params))


async def test_secrets_stand_under_their_folders_with_what_is_known_of_them(
    window: Window, vault: Desk, qtmodeltester: ModelTester
) -> None:
    soon = datetime.now(UTC) + timedelta(days=3)
    await vault.do("secret.add", name="team/a/key", value=VALUE, kind="token", expires=soon, note="for the archive")
    await vault.do("secret.add", name="plain", value=VALUE)
    await used(vault, "team/a/key")
    page = await opened(window)
    model = page.list.model
    rows = [[model.index(row, column).data() for column in range(6)] for row in range(model.rowCount())]
    assert [row[0] for row in rows] == ["team", "team/a", "key", "", "plain"]
    assert rows[2][1:5] == ["Token", "file vault", "1 job", "never"]
    assert rows[2][5] in ("in 2 days", "in 3 days") and rows[4][5] == ""
    qtmodeltester.check(model)
    assert "file vault.key" in page.bar.sentence.text()
    assert [(problem.place, problem.is_error) for problem in window.console.problems.all()] == [("team/a/key", False)]
    page.field.setText("ARCHIVE")
    assert [row.name for row in page.list.matches] == ["team/a/key"]
    page.field.setText("nothing like it")
    assert page._stack.currentWidget() is page.no_match
    page.field.clear()
    page.list.go_to("team/a/key")
    await page.tasks.idle()
    (link,) = page.panel._jobs.findChildren(QPushButton)
    assert (link.text(), page.panel.facts["note"].value.text()) == ("copy", "for the archive")
    link.click()
    assert window.page.place.startswith("job/")
    window.go("credentials/plain")
    await eventually(lambda: page.panel.row is not None and page.panel.row.name == "plain", "it is shown")


async def test_without_a_vault_one_is_chosen_and_never_silently(window: Window, desk: Desk) -> None:
    page = await opened(window)
    assert page._stack.currentWidget() is page.no_vault and page.bar.isHidden()
    page.add()
    asked = dialog(window)
    asked.way.show_value("file")
    asked._turn()
    for passphrase, again, told in (("short", "short", "12 characters"), (WORDS, "other words", "two different")):
        asked.passphrase.put(passphrase)
        asked.again.put(again)
        asked.take()
        complaints = [row.complaint.sentence.text() for row in asked.rows.values() if not row.complaint.isHidden()]
        assert len(complaints) == 1 and told in complaints[0]
    asked.way.show_value("credential")
    asked._turn()
    asked.credential.setText("no-such-credential")
    asked.take()
    await eventually(lambda: not asked.complaint.isHidden(), "systemd hands none over")
    assert "LoadCredential=no-such-credential" in asked.complaint.sentence.text()
    assert str((await desk.ask("vault.status")).state) == "none"
    asked.way.show_value("file")
    asked._turn()
    assert asked.passphrase.value == "", "what was not asked for any more is forgotten"
    for field in (asked.passphrase, asked.again):
        field.put(WORDS)
    asked.take()
    await eventually(lambda: dialog(window) is None, "it is chosen")
    assert page._stack.currentWidget() is page.no_secret
    assert window.activity.deeds[-1].cli == "watchkeeper vault init --file"


async def test_while_the_vault_is_locked_it_is_said_who_waits_and_it_is_opened_here(
    window: Window, vault: Desk
) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    await used(vault, "key")
    page = await opened(window)
    page.list.go_to("key")
    page.doing.lock()
    dialog(window).buttons[-1].click()
    await eventually(lambda: page.vault is not None and page.vault.is_shut, "it is locked")
    started = await vault.do("run.start", job="copy")
    await eventually(lambda: "1 run waits for it" in page.bar.sentence.text(), "it is told who waits")
    assert [button.text() for button in page.bar.buttons] == ["Unlock…", "Show the run"]
    assert not page.adding.isEnabled() and "unlock it first" in page.adding.toolTip()
    assert not page.panel.rotate.isEnabled() and not page.can_change_row() and page.can_delete()
    page.unlock()
    asked = dialog(window)
    asked.passphrase.put("other words altogether")
    asked.take()
    await eventually(lambda: not asked.complaint.isHidden(), "it is refused")
    assert "not the passphrase" in asked.complaint.sentence.text()
    asked.passphrase.put(WORDS)
    asked.take()
    await eventually(lambda: dialog(window) is None and page.adding.isEnabled(), "it is open")
    async with asyncio.timeout(PATIENCE):
        while (run := (await vault.ask("run.show", run=started.run.id)).run).is_live:
            await asyncio.sleep(0.02)
    assert str(run.state) == "SUCCEEDED"
    await eventually(lambda: [button.text() for button in page.bar.buttons] == ["Lock"], "nobody waits")


async def test_a_secret_that_jobs_use_goes_after_a_question_that_names_them_and_comes_back(
    window: Window, vault: Desk
) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    await used(vault, "key")
    page = await opened(window)
    page.list.go_to("key")
    page.delete()
    await eventually(lambda: dialog(window) is not None, "it is asked")
    asked = dialog(window)
    assert [button.text() for button in asked.buttons] == ["Cancel", "Delete all the same"]
    asked.buttons[-1].click()
    await eventually(lambda: page._stack.currentWidget() is page.no_secret, "it is gone")
    await page.tasks.idle()
    undo = window.activity.deeds[-1].undo
    assert undo is not None
    undo()
    await eventually(lambda: [row.name for row in page.list.rows] == ["key"], "it is back")
    assert await value_of(vault, "key") == VALUE


async def test_who_may_not_change_anything_is_told_so_at_the_buttons(vault: Desk) -> None:
    await vault.do("secret.add", name="key", value=VALUE)
    eve = copy.copy(vault)
    eve._actor = Actor("eve", frozenset(Permission) - {Permission.ADMIN})  # type: ignore[attr-defined]
    async with window_over(eve, Memory(None)) as window:
        page = await opened(window)
        page.list.go_to("key")
        await page.tasks.idle()
        for button in (page.adding, page.panel.rotate, page.panel.test, page.panel.reveal, *page.bar.buttons):
            assert not button.isEnabled() and "permission" in button.toolTip()
        assert any("permission" in label.text() for label in page.panel.findChildren(QLabel))
        assert [command.id for command in page.commands() if command.action and command.is_possible()] == []


async def test_f1_opens_the_page_of_help_and_every_deed_is_a_command(window: Window, vault: Desk) -> None:
    page = await opened(window)
    assert page.topic == "credentials"
    ids = {command.id for command in window.console.commands.of_page()}
    assert {"secret.add", "secret.rotate", "secret.reveal", "vault.unlock", "vault.init", "secret.find"} <= ids


async def test_the_passphrase_of_the_vault_is_changed_by_whoever_knows_it(window: Window, vault: Desk) -> None:
    page = await opened(window)
    page.doing.change_passphrase()
    asked = dialog(window)
    for field, words in ((asked.former, "other words at all"), (asked.new, "new words for it"), (asked.again, "new")):
        field.put(words)
    asked.take()
    assert "two different" in asked.rows["again"].complaint.sentence.text()
    asked.again.put("new words for it")
    asked.take()
    await eventually(lambda: not asked.rows["passphrase"].complaint.isHidden(), "the old one is another")
    assert "not the passphrase" in asked.rows["passphrase"].complaint.sentence.text()
    asked.former.put(WORDS)
    asked.take()
    await eventually(lambda: dialog(window) is None, "it is changed")
    await vault.do("vault.lock")
    await vault.do("vault.unlock", passphrase="new words for it")
    assert window.activity.deeds[-1].cli == "watchkeeper vault passphrase"
