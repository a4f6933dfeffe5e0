"""The tray icon: the worst state drawn in it, what is wrong in its menu, and the ways to pause and to quit."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from watchkeeper.action.attention import Attention, Need
from watchkeeper.action.engine import Status
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.memory import Memory
from watchkeeper.ui.words import shown

#: Remembered: whether nobody wants to be disturbed.
QUIET = "quiet"
#: Failures that the menu names.
MOST = 3
PAUSES: tuple[tuple[Text, timedelta | None], ...] = (
    (_("Pause the schedule for 15 minutes"), timedelta(minutes=15)),
    (_("Pause the schedule for 1 hour"), timedelta(hours=1)),
    (_("Pause the schedule until resumed"), None),
)
RESUME = _("Let the schedule go on")


class Deeds:
    """What the menu can have done; the window says how."""

    def __init__(
        self,
        *,
        show: Callable[[], None],
        go: Callable[[str], None],
        pause: Callable[[timedelta | None], None],
        resume: Callable[[], None],
        quit: Callable[[], None],
    ) -> None:
        self.show, self.go, self.pause, self.resume, self.quit = show, go, pause, resume, quit


class Tray(QObject):
    """Made only where the desktop has a tray."""

    def __init__(self, deeds: Deeds, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self._deeds, self._memory = deeds, memory
        self._status: Status | None = None
        self._attention: Attention | None = None
        self._menu = QMenu()
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._menu.aboutToShow.connect(self._fill)
        self._paint()
        self._icon.show()

    def take(self, status: Status | None, attention: Attention | None) -> None:
        """Show what the engine and the list of what needs a person say."""
        self._status, self._attention = status, attention or self._attention
        self._paint()

    def notify(self, title: Text | str, text: Text | str) -> None:
        """A notice of the desktop, unless nobody wants to be disturbed."""
        if not self.is_quiet:
            self._icon.showMessage(shown(title), shown(text), icons.app_icon())

    def close(self) -> None:
        """Take it away."""
        self._icon.hide()

    @property
    def is_quiet(self) -> bool:
        """Whether nobody wants to be disturbed."""
        return self._memory.get(QUIET, False)  # type: ignore[no-any-return]  # of the default's type

    @property
    def state(self) -> str:
        """The worst of what is so: the name of the icon."""
        return state_of(self._status, self._attention, is_quiet=self.is_quiet)

    def _paint(self) -> None:
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        self._icon.setIcon(_drawn(self.state, is_dark=is_dark))
        self._icon.setToolTip("Watchkeeper – " + shown(summary(self._status, self._attention)))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._deeds.show()

    def _fill(self) -> None:
        self._menu.clear()
        self._add(summary(self._status, self._attention), None)
        for cause in (self._attention.rows if self._attention else [])[:MOST]:
            place = f"run/{cause.run_id}" if cause.run_id else "dashboard"
            self._add(_("{job}: look at it", job=cause.job), partial(self._deeds.go, place))
        self._menu.addSeparator()
        if self._status is not None and self._status.pause is not None:
            self._add(RESUME, self._deeds.resume)
        else:
            for text, span in PAUSES:
                self._add(text, partial(self._deeds.pause, span))
        quiet = self._add(_("Do not disturb"), self._turn_quiet)
        quiet.setCheckable(True)
        quiet.setChecked(self.is_quiet)
        self._menu.addSeparator()
        self._add(_("Open the console"), self._deeds.show)
        self._add(_("Quit"), self._deeds.quit)

    def _turn_quiet(self) -> None:
        self._memory.put(QUIET, not self.is_quiet)
        self._paint()

    def _add(self, text: Text, follow: Callable[[], None] | None) -> QAction:
        action = QAction(shown(text), self._menu)
        action.setEnabled(follow is not None)
        if follow is not None:
            action.triggered.connect(follow)
        self._menu.addAction(action)
        return action


def state_of(status: Status | None, attention: Attention | None, *, is_quiet: bool = False) -> str:
    """offline, failed, blocked, late, paused, dnd, running or ok: the first of these that is so."""
    if status is None or not status.is_running:
        return "offline"
    counts = attention.counts if attention else {}
    if counts.get(Need.FAILED) or counts.get(Need.TIMED_OUT):
        return "failed"
    if attention is not None and (attention.blocked or counts.get(Need.EXPIRED)):
        return "blocked"
    if counts.get(Need.LATE) or counts.get(Need.UNKNOWN) or counts.get(Need.MISSED) or status.disk is not None:
        return "late"
    if status.pause is not None:
        return "paused"
    if is_quiet:
        return "dnd"
    return "running" if status.running else "ok"


def summary(status: Status | None, attention: Attention | None) -> Text:
    """How things are, in a line."""
    if status is None or not status.is_running:
        return _("no engine answers")
    needing = sum(attention.counts.values()) if attention else 0
    if needing:
        return _("{n} need attention, {running} running", n=needing, running=status.running)
    return _("{running} running, {queued} queued", running=status.running, queued=status.queued)


def _drawn(state: str, *, is_dark: bool) -> QIcon:
    name = "tray/ok" if state == "ok" else f"tray/{state}-{'dark' if is_dark else 'light'}"
    made = QIcon()
    for size in (16, 22, 24, 32, 48):
        made.addPixmap(icons.pixmap(name, QColor("#DDE1E7" if is_dark else "#1B1F24"), size, 1))
    return made


def has_tray() -> bool:
    """Whether the desktop has one."""
    return QSystemTrayIcon.isSystemTrayAvailable()
