"""Tells the desktop of notices while nobody looks at the console: with actions where it has them, else by the tray."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication

from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.shell.desktop_notices import DEFAULT, DesktopNotices
from watchkeeper.ui.shell.notices import Notice, Notices
from watchkeeper.ui.shell.quiet import Quiet
from watchkeeper.ui.tasks import Tasks
from watchkeeper.ui.words import shown

#: More at once are told as one.
MOST = 3
#: The key of what tells of many.
_MANY = "many"
LOG, AGAIN, SNOOZE = "log", "again", "snooze"


@dataclass(frozen=True)
class Ways:
    """What the actions of a notification do."""

    #: Shows a place in the console.
    go: Callable[[str], None]
    #: Runs a run again, by its id.
    rerun: Callable[[str], None]
    #: Title and text by the tray.
    tell_by_tray: Callable[[Text, Text | str], None]


class Herald(QObject):
    """One for the program. `bus` None: the tray it is."""

    def __init__(
        self, notices: Notices, quiet: Quiet, ways: Ways, tasks: Tasks, bus: QDBusConnection | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._notices, self._quiet, self._ways, self._tasks = notices, quiet, ways, tasks
        self._desktop = None if bus is None else DesktopNotices(bus, self)
        self._told = ""
        notices.announced.connect(self._announce)
        notices.withdrawn.connect(self._withdraw)
        if self._desktop is not None:
            self._desktop.chosen.connect(self._take)
            tasks.start(self._begin(self._desktop))

    def open_last(self) -> None:
        """Show what the tray has told of last."""
        known = self._notices.get(self._told)
        self._ways.go("dashboard" if known is None else known.place)

    async def _begin(self, desktop: DesktopNotices) -> None:
        await desktop.begin()

    def _announce(self, notices: Sequence[Notice]) -> None:
        if self._quiet.is_on or QApplication.activeWindow() is not None:
            return
        if len(notices) > MOST:
            title: Text = plural("{n} notice", "{n} notices", len(notices))
            self._told = _MANY
            self._tasks.start(self._tell(_MANY, title, _summed(notices), ((DEFAULT, _("Open the console")),)))
            return
        for notice in notices:
            self._told = notice.key
            self._tasks.start(self._tell(notice.key, notice.words, notice.details, _actions(notice)))

    async def _tell(self, key: str, title: Text, body: Text | str, actions: Sequence[tuple[str, Text]]) -> None:
        can_act = self._desktop is not None and "actions" in self._desktop.capabilities
        words = [(name, shown(text)) for name, text in actions] if can_act else []
        is_told = self._desktop is not None and await self._desktop.show(key, shown(title), shown(body), words)
        if not is_told:
            self._ways.tell_by_tray(title, body)

    def _withdraw(self, key: str) -> None:
        if self._desktop is not None:
            self._tasks.start(self._desktop.withdraw(key))

    def _take(self, key: str, action: str) -> None:
        known = self._notices.get(key)
        if known is not None and action == SNOOZE:
            self._notices.snooze(key)
        elif known is not None and action == AGAIN and known.run_id:
            self._ways.rerun(known.run_id)
        else:
            self._ways.go("dashboard" if known is None else known.place)


def _actions(notice: Notice) -> tuple[tuple[str, Text], ...]:
    if not notice.is_open:
        return ((DEFAULT, _("Open the console")),)
    of_run = ((LOG, _("Open the log")), (AGAIN, _("Run again"))) if notice.run_id else ()
    return ((DEFAULT, _("Open the console")), *of_run, (SNOOZE, _("Snooze for 1 hour")))


def _summed(notices: Sequence[Notice]) -> Text:
    first, second = notices[0].words, notices[1].words
    return _("{first}, {second}, and {n} more", first=first, second=second, n=len(notices) - 2)
