"""Notices: one for each cause, however often it fails; what recovers takes the place of the failure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from watchkeeper.action.attention import Attention
from watchkeeper.model import events
from watchkeeper.model.events import Event
from watchkeeper.model.run import State
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.glyphs import WORDS, glyph_of

#: Notices that are remembered.
MOST = 500
SNOOZE = timedelta(hours=1)
#: Milliseconds between two looks at what was snoozed.
BEAT = 15_000
_BAD = (State.FAILED, State.TIMED_OUT, State.EXPIRED, State.UPSTREAM_FAILED)


@dataclass(frozen=True)
class Notice:
    """One cause: a job, or a part of the engine."""

    #: Like `job:etl`, `disk`.
    key: str
    title: Text
    glyph: str
    at: datetime
    reason: Text | str = ""
    #: How often it came since it was in order last.
    count: int = 1
    #: Whether it is so still.
    is_open: bool = True
    is_seen: bool = False
    #: The newest run; None where none is to blame.
    run_id: str | None = None
    #: Jobs that it keeps from running.
    blocks: int = 0
    snoozed_until: datetime | None = None

    @property
    def place(self) -> str:
        """Where there is more about it."""
        return f"run/{self.run_id}" if self.run_id else "dashboard"

    @property
    def words(self) -> Text:
        """Its title, with the count where there is one."""
        return self.title if self.count == 1 else _("{title} ({n} times)", title=self.title, n=self.count)

    @property
    def details(self) -> Text | str:
        """Why, and what comes of it."""
        if not self.blocks:
            return self.reason
        blocked = plural("{n} job is kept from running", "{n} jobs are kept from running", self.blocks)
        return _("{reason}; {blocked}", reason=self.reason, blocked=blocked) if self.reason else blocked


class Notices(QObject):
    """One for the window; the newest last."""

    changed = Signal()
    #: A list of notices that somebody should be told of now.
    announced = Signal(list)
    #: The key of one about which nobody needs to be told any more.
    withdrawn = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[str, Notice] = {}
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self.wake)

    def all(self) -> list[Notice]:
        """The newest first."""
        return list(reversed(self._known.values()))

    @property
    def unseen(self) -> int:
        """How many nobody has looked at."""
        return sum(not notice.is_seen for notice in self._known.values())

    def get(self, key: str) -> Notice | None:
        """The notice of a cause."""
        return self._known.get(key)

    def take(self, batch: Sequence[Event]) -> None:
        """What has happened."""
        touched = [notice for event in batch if (notice := self._taken(event)) is not None]
        if touched:
            self._tell(touched)

    def take_attention(self, attention: Attention) -> None:
        """What comes of each failure."""
        for cause in attention.rows:
            known = self._known.get(_of_job(cause.job))
            if known is not None and known.run_id == cause.run_id and known.blocks != cause.blocks:
                self._known[known.key] = replace(known, blocks=cause.blocks)
                self.changed.emit()

    def take_connection(self, is_connected: bool) -> None:
        """Whether the engine answers."""
        trouble = Notice("engine", _("The engine does not answer"), "status/lost", now())
        calm = Notice("engine", _("The engine answers again"), "status/success", now(), is_open=False)
        touched = self._recovered(calm) if is_connected else self._failed(trouble)
        if touched is not None:
            self._tell([touched])

    def see(self) -> None:
        """Somebody has looked at all of them."""
        if self.unseen:
            self._known = {key: replace(notice, is_seen=True) for key, notice in self._known.items()}
            self.changed.emit()

    def clear(self) -> None:
        """Forget all."""
        for key in list(self._known):
            self.withdrawn.emit(key)
        self._known = {}
        self.changed.emit()

    def snooze(self, key: str, span: timedelta = SNOOZE) -> None:
        """Be silent about a cause for a while; then it is told again if it is so still."""
        if (known := self._known.get(key)) is not None:
            self._known[key] = replace(known, snoozed_until=now() + span, is_seen=True)
            self._beat.start()
            self.withdrawn.emit(key)
            self.changed.emit()

    def wake(self) -> None:
        """Tell again what was snoozed for long enough."""
        snoozed = [notice for notice in self._known.values() if notice.snoozed_until is not None]
        over = [notice for notice in snoozed if notice.snoozed_until and notice.snoozed_until <= now()]
        for notice in over:
            self._known[notice.key] = replace(notice, snoozed_until=None, is_seen=not notice.is_open)
        if len(over) == len(snoozed):
            self._beat.stop()
        if over:
            self._tell([self._known[notice.key] for notice in over if notice.is_open])

    def _tell(self, touched: Sequence[Notice]) -> None:
        newest = {notice.key: notice for notice in touched}
        loud = [notice for notice in newest.values() if notice.snoozed_until is None]
        if loud:
            self.announced.emit(loud)
        self.changed.emit()

    def _taken(self, event: Event) -> Notice | None:
        if isinstance(event, events.RunAcknowledged):
            self._forget(_of_job(event.job_name))
        if (trouble := _trouble_of(event)) is not None:
            return self._failed(trouble)
        return next((told for calm in _calm_of(event) if (told := self._recovered(calm)) is not None), None)

    def _failed(self, trouble: Notice) -> Notice:
        before = self._known.pop(trouble.key, None)
        if before is not None and before.is_open:
            until, blocks = before.snoozed_until, before.blocks
            count = before.count + trouble.count
            trouble = replace(trouble, count=count, snoozed_until=until, is_seen=until is not None, blocks=blocks)
        self._known[trouble.key] = trouble
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return trouble

    def _recovered(self, calm: Notice) -> Notice | None:
        before = self._known.get(calm.key)
        if before is None or not before.is_open:
            return None
        del self._known[calm.key]
        self._known[calm.key] = calm
        return calm

    def _forget(self, key: str) -> None:
        """Somebody has taken care of it."""
        if self._known.pop(key, None) is not None:
            self.withdrawn.emit(key)
            self.changed.emit()


def _of_job(name: str) -> str:
    return f"job:{name}"


def _trouble_of(event: Event) -> Notice | None:
    at = now()
    match event:
        case events.RunEnded(state=state) if state in _BAD:
            title = _("{job}: {state}", job=event.job_name, state=WORDS[state])
            return Notice(_of_job(event.job_name), title, glyph_of(state), at, event.reason or "", run_id=event.run_id)
        case events.RunLost():
            title = _("{job}: {state}", job=event.job_name, state=WORDS[State.UNKNOWN])
            return Notice(_of_job(event.job_name), title, "status/lost", at, event.reason or "", run_id=event.run_id)
        case events.OccurrencesMissed():
            title = _("{job}: {state}", job=event.job_name, state=WORDS[State.MISSED])
            key = f"missed:{event.job_name}"
            return Notice(key, title, "status/missed", at, event.reason, event.count)
        case events.StoreStalled():
            return Notice("store", _("Nothing can be written"), "status/failed", at, event.reason)
        case events.DiskIsLow():
            free = _("{free} MiB are free, {floor} are wanted", free=event.free, floor=event.floor)
            return Notice("disk", _("The disk is low: no run starts"), "status/late", at, free)
        case events.BackupFailed():
            return Notice("backup", _("The daily copy could not be made"), "status/late", at, event.reason)
    return None


def _calm_of(event: Event) -> Iterator[Notice]:
    """What takes the place of a trouble that is over."""
    at = now()
    match event:
        case events.RunEnded(state=State.SUCCEEDED) | events.RunResolved(state=State.SUCCEEDED):
            title = _("{job} works again", job=event.job_name)
            yield Notice(_of_job(event.job_name), title, "status/success", at, run_id=event.run_id, is_open=False)
        case events.StoreRecovered():
            yield Notice("store", _("Everything can be written again"), "status/success", at, is_open=False)
        case events.DiskHasRoom():
            yield Notice("disk", _("The disk has room again: runs start"), "status/success", at, is_open=False)
        case events.BackupMade():
            yield Notice("backup", _("The daily copy is made again"), "status/success", at, is_open=False)
