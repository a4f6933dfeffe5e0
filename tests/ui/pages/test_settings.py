"""Settings in the window: its own hold at once, the program's go through the desk, bad values are said in place."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.waiting import PATIENCE, eventually, read
from watchkeeper.action.desk import Desk
from watchkeeper.settings import Settings as ProgramSettings
from watchkeeper.settings import load, names
from watchkeeper.ui import autostart
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.settings.page import Settings
from watchkeeper.ui.pages.settings.row import SettingRow
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.theme import Density, Motion, Theme, look
from watchkeeper.ui.widgets.entries import LineEntry, SegmentsEntry, SwitchEntry
from watchkeeper.ui.widgets.segmented import Segmented
from watchkeeper.ui.words import language, speak


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def window(desk: Desk, home: Path) -> AsyncIterator[Window]:
    """A window that remembers."""
    bridge = Bridge(desk)
    window = Window(desk, bridge, Memory(home / "console.json"), "Li Wei")
    window.resize(1280, 800)
    bridge.start()
    window.show()
    yield window
    look().set_motion(Motion.SYSTEM)
    look().set_density(Density.COMFORTABLE)
    window.close()
    window.deleteLater()
    await bridge.close()


async def opened(window: Window, place: str = "settings") -> Settings:
    window.go(place)
    page = window.page
    assert isinstance(page, Settings)
    await read(page)
    return page


def enter(row: SettingRow, words: str) -> None:
    """Type something in place of what stands there, and leave the field."""
    assert isinstance(row.entry, LineEntry)
    row.entry.line.setText(words)
    row.entry.line.textEdited.emit(words)
    row.entry.line.editingFinished.emit()


def choose(row: SettingRow, value: str) -> None:
    assert isinstance(row.entry, SegmentsEntry)
    control = row.entry.widget
    assert isinstance(control, Segmented)
    control.choose(value)


def turn(row: SettingRow) -> None:
    assert isinstance(row.entry, SwitchEntry)
    row.entry.toggle.click()


def line_of(row: SettingRow) -> str:
    assert isinstance(row.entry, LineEntry)
    return row.entry.line.text()


async def test_every_setting_of_the_program_has_a_field_that_shows_it(window: Window) -> None:
    page = await opened(window)
    assert [name for name in page.rows if name in dict(names())] == [name for name, _field in names()]
    assert line_of(page.rows["retention.runs"]) == "90d"
    assert line_of(page.rows["engine.local_slots"]) == str(ProgramSettings().engine.local_slots)
    assert page.rows["backup.is_daily"].back.isHidden()
    late = [name for name, row in page.rows.items() if "next start" in row.note.text()]
    assert late == [name for name, field in names() if not field.metadata["is_live"]]


async def test_a_value_is_written_and_undone_and_a_bad_one_is_said_at_its_field(window: Window, home: Path) -> None:
    page = await opened(window)
    row = page.rows["engine.local_slots"]
    enter(row, "3")
    await eventually(lambda: load(home).engine.local_slots == 3, "it is in the file")
    await eventually(
        lambda: not row.back.isHidden() and "another value" in row.row.complaint.sentence.text(), "pending"
    )
    enter(row, "0")
    await eventually(lambda: "too little" in row.row.complaint.sentence.text(), "it is refused")
    assert load(home).engine.local_slots == 3
    assert row.row.complaint.sentence.text() == "engine.local_slots: 0 is too little: at least 1 is wanted"
    page.reread()
    await page.tasks.idle()
    assert line_of(row) == "0"
    row.row.complaint.fix.click()
    assert line_of(row) == "3"
    (deed,) = window.activity.deeds
    assert deed.cli == "watchkeeper settings change engine.local_slots 3"
    assert deed.undo is not None
    deed.undo()
    await eventually(lambda: load(home) == ProgramSettings(), "it is undone")
    await eventually(row.back.isHidden, "the default is shown")


async def test_words_of_the_language_are_understood_and_the_default_comes_back(window: Window, home: Path) -> None:
    speak("zh_CN")
    page = await opened(window)
    row = page.rows["retention.runs"]
    assert line_of(row) == "90 天"
    enter(row, "2小时")
    await eventually(lambda: load(home).retention.runs.total_seconds() == 7_200, "it is in the file")
    await eventually(lambda: line_of(row) == "2 小时" and not row.back.isHidden(), "it is shown")
    row.back.click()
    await eventually(lambda: load(home) == ProgramSettings(), "the default holds")
    enter(row, "很快")
    await eventually(lambda: "不是时长" in row.row.complaint.sentence.text(), "it is refused in Chinese")


async def test_what_can_be_taken_at_once_is_taken_by_the_engine_that_runs(window: Window, desk: Desk) -> None:
    page = await opened(window)
    enter(page.rows["disk.floor_mib"], str(1 << 20))

    async def until(is_low: bool) -> None:
        async with asyncio.timeout(PATIENCE):
            while ((await desk.ask("engine.status")).disk is not None) is not is_low:
                await asyncio.sleep(0.02)

    await until(True)
    page.rows["disk.floor_mib"].back.click()
    await until(False)
    await page.tasks.idle()


async def test_a_change_elsewhere_is_seen(window: Window, desk: Desk) -> None:
    page = await opened(window)
    await desk.do("settings.change", name="retention.logs", value="5d")
    await eventually(lambda: line_of(page.rows["retention.logs"]) == "5d", "it is shown")


async def test_the_windows_own_settings_hold_at_once_and_are_remembered(window: Window, home: Path) -> None:
    page = await opened(window)
    choose(page.rows["appearance.theme"], "dark")
    choose(page.rows["appearance.density"], "compact")
    choose(page.rows["appearance.motion"], "reduced")
    choose(page.rows["general.language"], "zh_CN")
    choose(page.rows["general.closing"], "hide")
    choose(page.rows["log.times"], "delta")
    turn(page.rows["log.is_wrapped"])
    turn(page.rows["notifications.is_quiet"])
    await eventually(lambda: Memory(home / "console.json").get("quiet", False), "the last is kept")
    await page.tasks.idle()
    assert (look().theme, look().density, look().is_motion_reduced) == (Theme.DARK, Density.COMPACT, True)
    assert language() == "zh_CN"
    kept = Memory(home / "console.json")
    assert [kept.get(name, None) for name in ("theme", "density", "motion", "language", "window.closing")] == [
        "dark", "compact", "reduced", "zh_CN", "hide",
    ]  # fmt: skip
    assert (kept.get("log.times", ""), kept.get("log.wrap", True)) == ("delta", False)
    page.rows["appearance.theme"].back.click()
    await eventually(lambda: look().theme is Theme.SYSTEM, "the default holds again")


async def test_it_starts_with_the_desktop_or_says_why_not(
    window: Window, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    page = await opened(window)
    row = page.rows["general.is_started_with_desktop"]
    turn(row)
    await eventually(autostart.is_on, "it is switched on")
    assert f"--home {home} console" in next((tmp_path / "config").rglob("*.desktop")).read_text()
    await page.tasks.idle()
    turn(row)
    await eventually(lambda: not autostart.is_on(), "it is switched off")
    await page.tasks.idle()
    (tmp_path / "blocked").write_text("a file where a folder is wanted")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "blocked"))
    turn(row)
    await eventually(lambda: "can't be written" in row.row.complaint.sentence.text(), "it is refused")
    row.row.complaint.fix.click()


async def test_it_is_searched_by_words_and_by_pinyin_and_a_place_leads_to_its_field(window: Window) -> None:
    page = await opened(window)

    def left() -> list[str]:
        return [name for name, row in page.rows.items() if not row.isHidden() and not row.parentWidget().isHidden()]

    page.field.setText("lease")
    assert left() == ["engine.lease"]
    page.field.setText("nothing like that at all")
    assert left() == [] and page._stack.currentIndex() == 1
    page.field.clear()
    assert len(left()) == len(page.rows)
    speak("zh_CN")
    page.field.setText("zhuti")
    assert "appearance.theme" in left() and "engine.lease" not in left()
    window.go("settings/store.url")
    assert window.page is page and len(window.pages) == 2
    await eventually(page.rows["store.url"].entry.widget.hasFocus, "the field has the keyboard")
    assert page.field.text() == "" and page.nav.current == "store"
    bar = page._area.verticalScrollBar()
    await eventually(lambda: bar.value() > bar.maximum() / 2, "it is in view")


async def test_its_parts_are_walked_by_keys(window: Window) -> None:
    page = await opened(window)
    page.nav.chosen.emit("disk")
    assert page.nav.current == "disk"
    for deed, command in zip(page.deeds, ("keys", "layout.forget", "diagnostics"), strict=True):
        assert window.commands.get(command) is not None and deed.button.text()
    window.keep()
    window.resize(950, 640)
    page.deeds[1].button.click()
    assert (window.width(), window.height()) != (950, 640)
    assert window.console.memory.get("window.places", []) == []
    QApplication.sendPostedEvents()
    assert page.focusPolicy() is Qt.FocusPolicy.StrongFocus
