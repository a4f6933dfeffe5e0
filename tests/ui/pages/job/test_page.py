"""The job editor over a real engine: what is entered is checked, kept as a draft, and saved when it is right."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from tests.ui.waiting import eventually
from watchkeeper.action.desk import Desk
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.job.form import Form
from watchkeeper.ui.pages.job.page import JobPage
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.entries import ChoiceEntry, CodeEntry, LineEntry, LinesEntry, ListEntry, TableEntry
from watchkeeper.ui.widgets.form import Row
from watchkeeper.ui.words import shown, speak

JOB = {
    "name": "nightly",
    "handler": "shell",
    "params": {"script": "true\n"},
    "triggers": [{"kind": "cron", "cron": "0 2 * * 1-5", "zone": "Asia/Shanghai"}],
}


async def opened(window: Window, ref: str) -> JobPage:
    window.go(f"job/{ref}")
    assert isinstance(window.page, JobPage)
    await settled(window.page)
    return window.page


async def settled(page: JobPage) -> None:
    """Until what was entered is kept and checked."""
    while page._timer.isActive():
        await asyncio.sleep(0.02)
    await page.tasks.idle()


@pytest.fixture
async def job(desk: Desk) -> str:
    return str((await desk.do("job.save", spec=JOB)).id)


@pytest.fixture
async def page(window: Window, job: str) -> AsyncIterator[JobPage]:
    page = await opened(window, job)
    yield page
    await settled(page)


def forms(page: JobPage) -> list[Form]:
    return page.view.findChildren(Form)


def row_of(page: JobPage, path: str) -> Row:
    found = [form.rows[path.removeprefix(form._prefix)] for form in forms(page) if path in form.paths]
    return found[0]


def enter(page: JobPage, path: str, text: str) -> None:
    """Type into the field of a path, as a person would."""
    entry = next(form.entries[path.removeprefix(form._prefix)] for form in forms(page) if path in form.paths)
    match entry:
        case LineEntry():
            entry.line.setText(text)
            entry.line.textEdited.emit(text)
        case LinesEntry():
            entry.lines.setPlainText(text)
        case CodeEntry():
            entry.code.setPlainText(text)
        case ListEntry():
            entry.chips.input.setText(text)
            entry.chips.input.returnPressed.emit()
        case TableEntry():
            name, _mark, value = text.partition("=")
            entry.pairs.show_value({name: value})
            entry.pairs.edited.emit(entry.pairs.value)
        case ChoiceEntry():
            entry.choice.show_value(text)
            entry.choice.picked.emit(text)
        case _:
            raise AssertionError(type(entry))


async def test_a_job_is_opened_changed_and_saved(page: JobPage, desk: Desk, job: str) -> None:
    assert page.title == "nightly" and not page.is_dirty
    enter(page, "description", "Copies the database.")
    enter(page, "params.script", "pg_dump sales\n")
    await settled(page)
    assert page.is_dirty and not page.errors
    page.save()
    await settled(page)
    saved = await desk.ask("job.show", job=job)
    assert saved.version == 2 and saved.spec.description == "Copies the database."
    assert saved.spec.params == {"script": "pg_dump sales\n"}
    assert not page.is_dirty and page.base == 2


#: What breaks a rule that binds two fields is told beside the other one.
ELSEWHERE = {("retry.delay", "2h"): "retry.max_delay", ("params.script", ""): "handler"}
#: A value that each field must not take. The fields of the form that are not here can't be filled in wrongly.
BAD = [
    ("name", "a/b"),
    ("name", ""),
    ("name", " a"),
    ("description", "x" * 10_001),
    ("tags", "a/b"),
    ("priority", "12"),
    ("priority", "high"),
    ("priority", "1.5"),
    ("params.script", ""),
    ("params.success", "three"),
    ("params.interpreter", "zsh"),
    ("cwd", "x" * 5_000),
    ("pool", "gone"),
    ("key", "x" * 501),
    ("concurrency.max_waiting", "-1"),
    ("retry.max_attempts", "0"),
    ("retry.max_attempts", "many"),
    ("retry.delay", "5x"),
    ("retry.delay", "2h"),
    ("retry.factor", "0"),
    ("retry.factor", "nan"),
    ("retry.factor", "twice"),
    ("retry.max_delay", "-1s"),
    ("retry.jitter", "some"),
    ("retry.retry_on", "256"),
    ("retry.no_retry_on", "exit 3"),
    ("retry.total_deadline", "soon"),
    ("timeouts.soft", "0"),
    ("timeouts.hard", "for ever"),
    ("timeouts.queue", "-5m"),
    ("timeouts.silence", "0s"),
    ("timeouts.grace", "x"),
    ("on_unknown", "retry"),
    ("env", "WATCHKEEPER_X=1"),
    ("env", "A B=1"),
    ("triggers[0].grace", "a while"),
    ("triggers[0].every_nth", "0"),
    ("triggers[0].valid_from", "tomorrow"),
    ("triggers[0].valid_until", "2026-01-01"),
    ("triggers[0].only_on", "gone"),
    ("triggers[0].jitter", "-1"),
    ("triggers[0].zone", "Mars/Base"),
    ("triggers[0].catch_up.most", "0"),
    ("triggers[0].catch_up.window", "x"),
]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_a_bad_value_is_told_beside_its_field_and_nothing_is_saved(
    page: JobPage, desk: Desk, job: str, language: str
) -> None:
    """One engine for all of them: each is entered, told, refused, and taken back."""
    speak(language)
    page._timer.setInterval(0)
    page.view.schedule._toggle_more()
    for path, text in BAD:
        enter(page, path, text)
        await settled(page)
        place = ELSEWHERE.get((path, text), path)
        where = (page.view.command.row if place == "handler" else row_of(page, place)).complaint
        assert not where.isHidden(), (path, text)
        said = where.sentence.text()
        assert said and "{" not in said, (path, text)
        assert any("一" <= letter <= "鿿" for letter in said) is (language == "zh_CN"), (path, said)
        page.save()
        await settled(page)
        assert page.is_dirty and page.errors, (path, text)
        while page.document.stack.canUndo():
            page.document.stack.undo()
        await settled(page)
        assert not page.errors, (path, text, page.errors)
    assert (await desk.ask("job.show", job=job)).version == 1


async def test_the_field_that_is_wrong_gets_the_keyboard_when_it_should_be_saved(page: JobPage, window: Window) -> None:
    enter(page, "retry.delay", "5x")
    page.save()
    await settled(page)
    assert page.view.nav.current == "retry"
    window.activateWindow()
    assert page.view.sections["retry"].isAncestorOf(page.window().focusWidget())
    told = page.console.problems.all()
    assert [problem.is_error for problem in told] == [True]


async def test_a_new_job_is_made_and_the_tab_is_then_that_jobs(window: Window, desk: Desk) -> None:
    page = await opened(window, "new")
    assert not page.problems and not page.is_dirty
    enter(page, "name", "fresh")
    enter(page, "params.script", "true")
    page.save()
    await settled(page)
    saved = await desk.ask("job.show", job="fresh")
    assert saved.version == 1 and page.place == f"job/{saved.id}"


async def test_what_is_not_saved_is_there_after_a_crash(desk: Desk, job: str) -> None:
    memory, bridge = Memory(None), Bridge(desk)
    window = Window(desk, bridge, memory, "Li Wei")
    page = await opened(window, job)
    enter(page, "description", "half a sen")
    await settled(page)
    # The window is gone without a word.
    again = Window(desk, bridge, memory, "Li Wei")
    page = await opened(again, job)
    assert page.document.get("description") == "half a sen" and page.is_dirty and page.base == 1
    page.discard()
    await settled(page)
    assert not page.is_dirty and memory.get("job.drafts", {}) == {}
    page.document.stack.undo()
    assert page.document.get("description") == "half a sen"
    for each in (window, again):
        each.close()
        each.deleteLater()
    await bridge.close()


async def test_two_who_change_the_same_job_are_told_and_neither_is_lost(
    page: JobPage, desk: Desk, job: str, window: Window
) -> None:
    enter(page, "description", "mine")
    await settled(page)
    await desk.do("job.save", spec={**JOB, "priority": 7}, job=job)
    while page.view.banner.isHidden():
        await asyncio.sleep(0.02)
    page.save()
    await settled(page)
    assert (await desk.ask("job.show", job=job)).version == 2
    keep = next(button for button in page.view.banner.buttons if button.text() == "Keep mine")
    keep.click()
    enter(page, "priority", "7")
    page.save()
    await settled(page)
    saved = await desk.ask("job.show", job=job)
    assert saved.version == 3 and saved.spec.priority == 7 and saved.spec.description == "mine"


async def test_without_changes_of_ones_own_the_newest_version_is_simply_shown(
    page: JobPage, desk: Desk, job: str
) -> None:
    await desk.do("job.save", spec={**JOB, "priority": 7}, job=job)
    while page.base != 2:
        await asyncio.sleep(0.02)
    assert page.view.banner.isHidden() and page.document.get("priority") == 7


async def test_a_deleted_job_can_be_made_anew_from_what_is_on_the_screen(page: JobPage, desk: Desk, job: str) -> None:
    await desk.do("job.delete", job=job)
    while page.view.banner.isHidden():
        await asyncio.sleep(0.02)
    page.save()
    await settled(page)
    assert (await desk.ask("job.show", job="nightly")).spec.params == {"script": "true\n"}


async def test_a_job_that_is_not_there_is_said(window: Window) -> None:
    page = await opened(window, "gone")
    assert page.view.body.isHidden()
    assert page.view.head.title.text() == "No such job"


async def test_the_schedule_is_built_by_lists_and_told_in_words(page: JobPage) -> None:
    page.view.show_part("schedule")
    builder, schedule = page.view.schedule.builder, page.view.schedule
    assert builder.time.text() == "02:00" and builder.days.value == frozenset(range(1, 6))
    builder.time.setText("03:30")
    builder.time.textEdited.emit("03:30")
    builder.days.days[6].click()
    assert page.document.get("triggers[0]") == {"kind": "cron", "cron": "30 3 * * 1-6", "zone": "Asia/Shanghai"}
    assert "03:30" in schedule.said.text and "Monday to Saturday" in schedule.said.text
    await settled(page)
    assert len(page.view.schedule.strip.days) == 35
    assert [day.count for day in schedule.strip.days[1:8]].count(1) == 6


@pytest.mark.parametrize(
    ("mode", "kind"), [("cron", "cron"), ("interval", "interval"), ("once", "once"), ("event", "startup")]
)
async def test_another_kind_of_schedule_keeps_what_both_have(page: JobPage, mode: str, kind: str) -> None:
    page.document.put("triggers[0].misfire", "skip")
    page.view.schedule.modes.choose(mode)
    trigger = page.document.get("triggers[0]")
    assert trigger["kind"] == kind
    assert trigger.get("misfire") == (None if kind == "startup" else "skip")
    page.document.stack.undo()


async def test_triggers_are_added_and_removed(page: JobPage) -> None:
    schedule = page.view.schedule
    schedule.add.click()
    assert len(page.document.get("triggers")) == 2 and schedule._position == 1
    schedule.remove.click()
    schedule.remove.click()
    assert not page.document.get("triggers") and not schedule.empty.isHidden()


async def test_an_upstream_job_is_a_trigger_too(page: JobPage, desk: Desk) -> None:
    await desk.do("job.save", spec={**JOB, "name": "extract"})
    page.view.show_part("dependencies")
    page.view.dependencies._add()
    row = page.view.dependencies.rows[0]
    row.job.line.setText("extract")
    row.job.line.textEdited.emit("extract")
    row.on.show_value("any")
    row.on.picked.emit("any")
    await settled(page)
    assert page.document.get("triggers[1]") == {"kind": "after", "after": "extract", "on": "any"}
    assert not page.errors
    row.job.line.textEdited.emit("gone")
    row.job.line.setText("gone")
    row.job.line.textEdited.emit("gone")
    await settled(page)
    assert not row.row.complaint.isHidden()


async def test_the_dry_run_shows_the_command_and_no_secret(page: JobPage) -> None:
    enter(page, "env", "API_TOKEN=hunter22")
    enter(page, "params.script", "echo hunter22\n")
    page.try_out()
    await settled(page)
    panel = page.view.dry_run
    assert "hunter22" not in panel.script.toPlainText() + panel.env.accessibleName()
    assert "API_TOKEN" in panel.env.accessibleName() and "sh <script>" in panel.facts.accessibleName()


async def test_an_earlier_version_is_looked_at_and_taken_back(page: JobPage, desk: Desk, job: str) -> None:
    enter(page, "description", "two")
    page.save()
    await settled(page)
    page.view.show_part("versions")
    await settled(page)
    assert [version.number for version in page.view.versions.model.versions] == [2, 1]
    page.restore_version(1)
    await settled(page)
    assert (await desk.ask("job.show", job=job)).version == 3
    assert page.base == 3 and not page.is_dirty and page.document.get("description") != "two"


async def test_the_list_of_versions_keeps_the_rules_of_models(page: JobPage, qtmodeltester: Any) -> None:
    page.view.show_part("versions")
    await settled(page)
    qtmodeltester.check(page.view.versions.model)


async def test_the_handlers_own_parameters_are_the_form(page: JobPage) -> None:
    page.view.show_part("command")
    command = page.view.command
    assert command._form is not None and list(command._form.rows) == [
        *("script", "interpreter", "success", "warning", "stdin", "secrets"),
    ]
    command.either.choose("argv")
    assert page.document.get("params") == {"argv": ["true"]}
    assert "script" not in command._form.rows and "argv" in command._form.rows


async def test_every_field_can_be_reached_and_says_its_name(page: JobPage) -> None:
    for form in forms(page):
        for name, entry in form.entries.items():
            fields = [entry.widget, *entry.widget.findChildren(QLineEdit), *entry.widget.findChildren(QPlainTextEdit)]
            stops = [each for each in fields if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
            assert stops, name
            assert any(each.accessibleName() for each in fields), name


async def test_a_script_of_the_python_handler_is_read_as_python(window: Window, desk: Desk) -> None:
    params = {"script": "import os\n", "interpreter": "/srv/reports/.venv"}
    job = await desk.do("job.save", spec={"name": "report", "handler": "python", "params": params})
    page = await opened(window, str(job.id))
    entry = next(form.entries["script"] for form in forms(page) if "params.script" in form.paths)
    assert isinstance(entry, CodeEntry)
    assert entry.code._language == "python"
    await settled(page)


async def test_another_language_is_spoken_at_once(page: JobPage) -> None:
    page.view.show_part("retry")
    enter(page, "timeouts.soft", "1h30m")
    speak("zh_CN")
    await asyncio.sleep(0.05)
    row = row_of(page, "timeouts.soft")
    assert row.label.text() == "软超时" and isinstance(row.field, QLineEdit)
    assert row.field.text() == "1 小时 30 分钟"
    assert page.view.head.save.text() == "保存…"


async def test_a_refused_save_says_so_and_keeps_the_draft(page: JobPage, desk: Desk) -> None:
    await desk.do("job.save", spec={**JOB, "name": "taken"})
    enter(page, "name", "taken")
    page.save()
    await settled(page)
    assert [shown(problem.text) for problem in page.errors] == ["another job has this name: choose a different one"]
    assert page.is_dirty


async def test_copies_are_what_the_command_line_takes(page: JobPage, qapp: Any) -> None:
    page.copy_yaml()
    assert qapp.clipboard().text().startswith("jobs:\n  - name: nightly\n")
    page.copy_command()
    assert qapp.clipboard().text().startswith("watchkeeper job save - <<'YAML'\njobs:\n")


async def test_a_place_may_name_a_part_of_the_page(window: Window, job: str) -> None:
    await opened(window, job)
    window.go(f"job/{job}#command")
    assert [page.place for page in window.pages].count(f"job/{job}") == 1
    assert isinstance(window.page, JobPage) and window.page.view.nav.current == "command"
    window.go(f"job/{job}#nowhere")
    assert window.page.view.nav.current == "command"
    await settled(window.page)


async def test_what_is_not_known_of_a_followed_calendar_is_noted_and_names_are_completed(
    page: JobPage, desk: Desk
) -> None:
    await desk.do("calendar.save", spec={"name": "moon", "holds": [{"kind": "country", "country": "EG"}]})
    page.view.show_part("schedule")
    page.document.put("triggers[0].only_on", ["moon", "gone"])
    await settled(page)
    await eventually(lambda: page.view.schedule.doubts.isVisibleTo(page), "it is noted")
    assert "moon: these holidays of Egypt are estimates" in page.view.schedule.doubts.sentence.text()
    await page.refresh()
    entries = [form.entries["only_on"] for form in forms(page) if "only_on" in form.entries]
    (entry,) = [each for each in entries if isinstance(each, ListEntry)]
    completer = entry.chips.input.completer()
    completer.setCompletionPrefix("oo")
    assert completer.currentCompletion() == "moon"
    page.document.put("triggers[0].only_on", [])
    await settled(page)
    assert page.view.schedule.doubts.isHidden()
