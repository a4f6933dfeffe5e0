"""Diagnostics in the window: judged, copied without secrets, and what mistakes of the console left."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.ui.waiting import eventually, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.action.system import Facts
from watchkeeper.ui import input_method
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.home import without_home
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.pages.diagnostics import engine
from watchkeeper.ui.pages.diagnostics.findings import FACT, OK, WARNING, Finding, Group, as_text
from watchkeeper.ui.pages.diagnostics.gap import Gap
from watchkeeper.ui.pages.diagnostics.page import Diagnostics
from watchkeeper.ui.pages.diagnostics.window import input_findings
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.words import shown, speak


@pytest.fixture
def crashes(tmp_path: Path) -> Path:
    return tmp_path / "home" / "crashes"


@pytest.fixture
async def window(desk: Desk, tmp_path: Path) -> AsyncIterator[Window]:
    """A window that has a workspace on this machine."""
    bridge = Bridge(desk)
    window = Window(desk, bridge, Memory(tmp_path / "home" / "console.json"), "Li Wei")
    window.resize(1280, 800)
    bridge.start()
    window.show()
    yield window
    window.close()
    window.deleteLater()
    await bridge.close()


async def opened(window: Window) -> Diagnostics:
    window.go("diagnostics")
    page = window.page
    assert isinstance(page, Diagnostics)
    await read(page)
    return page


def found(group: Group, name: str) -> Finding:
    return next(finding for finding in group.findings if shown(finding.name) == name)


async def test_engine_and_window_are_looked_at_and_copied_without_secrets(
    desk: Desk, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    await saved(desk, "payroll", "echo geheim")
    page = await opened(window)
    titles = [shown(group.title) for group in page.groups]
    assert titles == ["Versions", "Clock", "Store", "Engine", "Display", "Window"]
    page.copy()
    text = QApplication.clipboard().text()
    assert "[Store]" in text and "~/home/watchkeeper.db" in text and str(tmp_path) not in text
    assert "payroll" not in text and "geheim" not in text
    assert all(finding.remedy is not None for group in page.groups for finding in group.findings if _is_bad(finding))
    page.save()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "report.txt"))
    dialog.close()
    await page.tasks.idle()
    assert (tmp_path / "report.txt").read_text("utf-8") == page.text()
    page.file.save("x", str(tmp_path / "missing" / "report.txt"))
    await page.tasks.idle()
    assert any("can't be written" in text for text in window.toasts.texts())
    speak("zh_CN")
    assert not any(line.isascii() for line in page.text().splitlines() if line.startswith("["))


def _is_bad(finding: Finding) -> bool:
    return finding.glyph == WARNING


async def test_reports_of_mistakes_are_shown_copied_saved_and_forgotten(window: Window, crashes: Path) -> None:
    crashes.mkdir()
    (crashes / "20261124-084100.txt").write_bytes(b"Watchkeeper 0.1.0\n\nTraceback \xff")
    (crashes / "fatal.txt").touch()
    page = await opened(window)
    (line,) = page.crashes.lines.lines
    assert line.text == "20261124-084100.txt" and not page.crashes.forget.isHidden()
    show, copy, save = (link.follow for link in line.links)
    show()
    assert "Traceback \\xff" in page.detail.text.toPlainText() and window.inspector.currentWidget() is page.detail
    copy()
    assert QApplication.clipboard().text().startswith("Watchkeeper 0.1.0")
    save()
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("20261124-084100.txt")
    dialog.close()
    page.crashes.forget.click()
    assert page.crashes.lines.lines == [] and page.crashes.forget.isHidden()
    assert [file.name for file in crashes.iterdir()] == ["fatal.txt"]


async def test_what_is_not_as_it_should_be_is_told_with_its_remedy(desk: Desk) -> None:
    facts: Facts = await desk.ask("system.facts")
    now = facts.now
    is_kept = msgspec.structs.replace(facts, is_clock_synchronised=True)
    assert {finding.glyph for finding in engine.clock_group(is_kept, now).findings} == {OK}
    apart = engine.clock_group(msgspec.structs.replace(facts, is_clock_synchronised=False), now + timedelta(minutes=1))
    assert [finding.glyph for finding in apart.findings] == [WARNING, WARNING, OK]
    assert shown(apart.findings[0].what) == "are 60 s apart"
    old = msgspec.structs.replace(facts, copied_at=now - timedelta(days=3))
    assert found(engine.store_group(old, now, True), "Newest copy").glyph == WARNING
    assert found(engine.store_group(facts, now, True), "Newest copy").glyph == FACT
    assert found(engine.store_group(facts, now, False), "Newest copy").glyph == WARNING
    worn = msgspec.structs.replace(facts.store, journal="delete", is_mended=False)
    group = engine.store_group(msgspec.structs.replace(facts, store=worn), now, True)
    assert [found(group, name).glyph for name in ("Journal", "Database")] == [WARNING, WARNING]
    server = msgspec.structs.replace(facts.store, kind="PostgreSQL", journal="")
    group = engine.store_group(msgspec.structs.replace(facts, store=server), now, True)
    assert "pg_dump" in shown(found(group, "Newest copy").what)
    assert engine.program_finding(msgspec.structs.replace(facts, version="9")).glyph == WARNING
    assert engine.secrets_finding(facts).glyph == FACT
    late, prompt, unknown = timedelta(seconds=1), timedelta(milliseconds=20), None
    name = group.title
    assert [engine.lag_finding(name, lag).glyph for lag in (late, prompt, unknown)] == [WARNING, OK, FACT]
    assert engine.memory_finding(name, None).glyph == FACT


def test_the_home_folder_is_not_named() -> None:
    home = Path("/home/li")
    assert without_home("/home/li/x and /home/li", home) == "~/x and ~"
    assert without_home("/home/li/x and /home/lin", home) == "~/x and /home/lin"
    assert without_home("/a/b", Path("/")) == "/a/b"
    assert as_text([]) == "\n"


@pytest.mark.parametrize(
    ("module", "glyph", "words"),
    [("", FACT, "none is asked for"), ("ibus", OK, "ibus"), ("hime", WARNING, "this Qt does not bring it")],
)
def test_the_input_method_is_told(module: str, glyph: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_IM_MODULE", module)
    first = next(input_findings())
    assert first.glyph == glyph and words in shown(first.what)


def test_what_was_put_in_place_of_fcitx_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(input_method, "_asked", [])
    monkeypatch.setenv("QT_IM_MODULE", "fcitx5")
    input_method.mend()
    assert (input_method.wanted(), input_method.asked()) == ("ibus", "fcitx5")
    assert "fcitx5 is asked for" in shown(next(input_findings()).what)


async def test_a_window_that_keeps_somebody_waiting_is_seen(qapp: QApplication) -> None:
    gap = Gap(qapp)
    assert gap.longest == timedelta()
    gap.begin()
    started = datetime.now(UTC)
    while datetime.now(UTC) - started < timedelta(milliseconds=300):
        pass
    await eventually(lambda: gap.longest > timedelta(milliseconds=200), "it is noted")
    gap.end()
    gap.deleteLater()
