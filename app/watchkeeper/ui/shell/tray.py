"""The tray icon: the worst state drawn in it, what is wrong in its menu, and the ways to pause and to quit."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from watchkeeper.action.attention import NAMES, Attention, Cause, Need
from watchkeeper.action.engine import Status
from watchkeeper.model.text import Text, _
from watchkeeper.ui import icons
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import color_of
from watchkeeper.ui.shell.header import menu_title
from watchkeeper.ui.shell.quiet import Quiet
from watchkeeper.ui.spans import ago
from watchkeeper.ui.theme import tokens
from watchkeeper.ui.words import shown

#: Failures that the menu names.
MOST = 3
PAUSES: tuple[tuple[Text, timedelta | None], ...] = (
    (_("Pause the schedule for 15 minutes"), timedelta(minutes=15)),
    (_("Pause the schedule for 1 hour"), timedelta(hours=1)),
    (_("Pause the schedule until resumed"), None),
)
_FAILURES = (Need.FAILED, Need.TIMED_OUT, Need.EXPIRED, Need.UNKNOWN)
RESUME = _("Let the schedule go on")


class Deeds:
    """What the menu can have done; the window says how."""

    def __init__(
        self,
        *,
        show: Callable[[], None],
        go: Callable[[str], None],
        pause: Callable[[timedelta | None], None],
        pause_until: Callable[[], None],
        resume: Callable[[], None],
        open_last: Callable[[], None],
        quit: Callable[[], None],
    ) -> None:
        """`open_last` shows what was told of last."""
        self.show, self.go, self.pause, self.pause_until = show, go, pause, pause_until
        self.resume, self.open_last, self.quit = resume, open_last, quit


class Tray(QObject):
    """Made only where the desktop has a tray."""

    def __init__(self, deeds: Deeds, quiet: Quiet, parent: QObject) -> None:
        super().__init__(parent)
        self._deeds, self._quiet = deeds, quiet
        self._status: Status | None = None
        self._attention: Attention | None = None
        self._menu = QMenu()
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(deeds.open_last)
        self._menu.aboutToShow.connect(self.fill)
        quiet.changed.connect(self._paint)
        self._paint()
        self._icon.show()

    def take_status(self, status: Status | None) -> None:
        """Show what the engine says of itself; None when it does not answer."""
        self._status = status
        self._paint()

    def take_attention(self, attention: Attention) -> None:
        """Show what needs a person."""
        self._attention = attention
        self._paint()

    def notify(self, title: Text | str, text: Text | str) -> None:
        """A notification without actions."""
        self._icon.showMessage(shown(title), shown(text), icons.app_icon())

    def close(self) -> None:
        """Take it away."""
        self._icon.hide()
        self._menu.deleteLater()

    @property
    def state(self) -> str:
        """The worst of what is so: the name of the icon."""
        return state_of(self._status, self._attention, is_quiet=self._quiet.is_on)

    def _paint(self) -> None:
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        self._icon.setIcon(_drawn(self.state, is_dark=is_dark))
        self._icon.setToolTip("Watchkeeper – " + shown(summary(self._status, self._attention)))

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._deeds.show()

    def fill(self) -> QMenu:
        """The menu, with what can be done now."""
        self._menu.clear()
        self._add(summary(self._status, self._attention), None)
        for cause in self._failures():
            words = _("{job}: {need}, {ago}", job=cause.job, need=NAMES[cause.need], ago=ago(cause.since, now()))
            place = f"run/{cause.run_id}" if cause.run_id else "dashboard"
            self._add(words, partial(self._deeds.go, place), "status/failed")
        self._menu.addSeparator()
        if self._status is not None and self._status.pause is not None:
            self._add(RESUME, self._deeds.resume, "ui/play")
        else:
            for text, span in PAUSES:
                self._add(text, partial(self._deeds.pause, span), "ui/pause")
            self._add(_("Pause the schedule until…"), self._deeds.pause_until, "ui/pause")
        quiet = self._add(_("Do not disturb"), self._turn_quiet)
        quiet.setCheckable(True)
        quiet.setChecked(self._quiet.is_on)
        self._menu.addSeparator()
        self._add(_("Open the console"), self._deeds.show)
        self._add(_("Quit"), self._deeds.quit, "ui/power")
        return self._menu

    def _failures(self) -> list[Cause]:
        rows = self._attention.rows if self._attention else []
        failed = [cause for cause in rows if cause.need in _FAILURES]
        return sorted(failed, key=lambda cause: cause.since, reverse=True)[:MOST]

    def _turn_quiet(self) -> None:
        self._quiet.turn(not self._quiet.is_on)

    def _add(self, text: Text, follow: Callable[[], None] | None, icon: str = "") -> QAction:
        action = QAction(menu_title(text), self._menu)
        if icon:
            action.setIcon(icons.pixmap(icon, color_of(icon) or tokens().text_2, 16))
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
