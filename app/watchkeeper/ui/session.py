"""The time from the first window to the last: window, tray, later starts, and how it ends."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from watchkeeper.model.errors import Known
from watchkeeper.model.span import Span
from watchkeeper.model.text import Text, _
from watchkeeper.ui.bridge import Bridge
from watchkeeper.ui.clock import now
from watchkeeper.ui.crash import Reporter
from watchkeeper.ui.desktop_bus import session_bus, system_bus
from watchkeeper.ui.desktop_wishes import DesktopWishes
from watchkeeper.ui.idleness import Idleness
from watchkeeper.ui.links import SCHEME, place_of
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.presence import Presence
from watchkeeper.ui.seen import saw, seen_at
from watchkeeper.ui.shell.absence import ABSENCE, Absence
from watchkeeper.ui.shell.herald import Herald, Ways
from watchkeeper.ui.shell.leaving import Leaving
from watchkeeper.ui.shell.pause_until import pause_until
from watchkeeper.ui.shell.tray import Deeds, Tray, has_tray
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.single import Reception
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.theme import look
from watchkeeper.ui.widgets.question import Question

if TYPE_CHECKING:
    from watchkeeper.ui.app import Opening


class Session:
    """One for the program."""

    def __init__(self, home: Path, memory: Memory, person: str, reporter: Reporter) -> None:
        self._home, self._memory, self._person, self._reporter = home, memory, person, reporter
        self._ended = asyncio.Event()
        #: The person wants an engine to go on when the program has ended.
        self.engine_continues = False
        self._tray: Tray | None = None

    async def shown(self, opening: "Opening", words: Sequence[str]) -> None:
        """Show the window until the program is quit."""
        async with opening() as opened:
            bridge = Bridge(opened.desk)
            self._window = window = Window(opened.desk, bridge, self._memory, self._person)
            self._tasks = Tasks(window.toast)
            reception = Reception(self._home)
            reception.asked.connect(self._take_words)
            self._dress(window, bridge, has_engine=opened.is_embedded)
            bridge.start()
            window.show()
            self._take_words(list(words))
            self._tell_crashes()
            self._tell_absence()
            await self._ended.wait()
            reception.close()
            await self._close(window, bridge)

    def _dress(self, window: Window, bridge: Bridge, *, has_engine: bool) -> None:
        is_trayed = has_tray()
        window.leaving = Leaving(window, has_tray=is_trayed, quit=self._quit, has_engine=has_engine)
        if is_trayed:
            self._tray = self._make_tray(window)
        ways = Ways(go=self._go, rerun=window.rerun, tell_by_tray=self._tell_by_tray)
        bus = session_bus()
        self._herald = Herald(window.notices, window.quiet, ways, self._tasks, bus, window)
        if bus is not None:
            DesktopWishes(bus, self._tasks, window).told.connect(look().take_wish)
        self._absence = Absence(window, self._tasks)
        Presence(bus, system_bus(), window).back.connect(self._absence.take_return)
        Idleness(ABSENCE, window).back.connect(self._absence.take_return)
        QApplication.instance().commitDataRequest.connect(lambda _manager: window.keep())  # type: ignore[union-attr]

    def _make_tray(self, window: Window) -> Tray:
        deeds = Deeds(
            show=window.come_back,
            go=self._go,
            pause=self._pause,
            pause_until=self._ask_until,
            resume=self._resume,
            open_last=self._open_last,
            quit=window.quit,
        )
        tray = Tray(deeds, window.quiet, window)
        window.lookout.status_read.connect(tray.take_status)
        window.lookout.attention_read.connect(tray.take_attention)
        return tray

    async def _close(self, window: Window, bridge: Bridge) -> None:
        if self._tray is not None:
            self._tray.close()
        self._tasks.close()
        if not any(page.place == "away" for page in window.pages):
            saw(self._memory)
        window.leaving = None
        window.close()
        await bridge.close()

    def _quit(self, engine_continues: bool) -> None:
        self.engine_continues = engine_continues
        self._ended.set()

    def _go(self, place: str) -> None:
        self._window.come_back()
        self._window.go(place)

    def _take_words(self, words: list[str]) -> None:
        """The words that a start was given: a link opens its place, none shows the window."""
        links = [word for word in words if word.startswith(SCHEME)]
        self._window.come_back()
        for link in links[:1]:
            try:
                self._window.go(place_of(link))
            except (Known, KeyError):
                self._window.toast(_("{link} leads nowhere", link=link[:80]), glyph="status/failed")

    def _tell_by_tray(self, title: Text, text: Text | str) -> None:
        if self._tray is not None:
            self._tray.notify(title, text)

    def _open_last(self) -> None:
        self._herald.open_last()

    def _ask_until(self) -> None:
        self._window.come_back()
        self._window.lay_over(pause_until(self._window.zone(), self._pause_until))

    def _pause_until(self, moment: datetime) -> None:
        self._tasks.start(self._acted("schedule.pause", {"until": moment}))

    def _pause(self, span: timedelta | None) -> None:
        given: dict[str, Any] = {} if span is None else {"span": Span(seconds=span.total_seconds())}
        self._tasks.start(self._acted("schedule.pause", given))

    def _resume(self) -> None:
        self._tasks.start(self._acted("schedule.resume", {}))

    async def _acted(self, action: str, given: dict[str, Any]) -> None:
        await self._window.console.act(action, **given)

    def _tell_absence(self) -> None:
        """Offer what happened meanwhile to whoever was away for a while."""
        seen = seen_at(self._memory)
        if seen is None:
            saw(self._memory)
        elif now() - seen > ABSENCE:
            self._window.go("away")

    def _tell_crashes(self) -> None:
        """What went wrong the last time, once; nothing leaves the machine."""
        reports = self._reporter.reports()
        if not reports:
            return
        text = _(
            "The console met a mistake of its own. The report stays on this machine, in {folder}: please add it when "
            "you report the mistake.",
            folder=str(self._reporter.folder),
        )
        answers = (
            (_("Copy the report"), lambda _box: QApplication.clipboard().setText(reports[0].read_text("utf-8"))),
            (_("Forget it"), lambda _box: self._reporter.forget()),
            (_("Keep it"), lambda _box: None),
        )
        self._window.lay_over(Question(_("Something went wrong last time"), text, answers))
