"""Gives room to runs that wait: the intent is on disk before anything is asked of the outside."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from watchkeeper.engine.book import Book
from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.limits import VAULT, Bar
from watchkeeper.engine.live import INSIDE, Live
from watchkeeper.hosts.keys import attempt_key
from watchkeeper.model.errors import Stale
from watchkeeper.model.events import RunStarted
from watchkeeper.model.ids import RunId
from watchkeeper.model.job import Policy
from watchkeeper.model.points import Point, reach
from watchkeeper.model.run import Ground, State
from watchkeeper.model.text import Text, _
from watchkeeper.store.moves import Intended
from watchkeeper.store.rows import stored
from watchkeeper.store.store import Store

#: Intents of one commit at the most.
BATCH = 512

#: Starts runs at a place whose intent is on disk; returns at once.
Starter = Callable[[str, Sequence[Live]], None]


class Dispatcher:
    """Picks by priority and age, under slots, pools and concurrency keys."""

    def __init__(
        self,
        store: Store,
        book: Book,
        finisher: Finisher,
        workspace_id: str,
        start: Starter,
        stop: Callable[[Live], None],
        read_again: Callable[[Sequence[RunId]], None],
    ) -> None:
        self._store = store
        self._book = book
        self._finisher = finisher
        self._workspace_id = workspace_id
        self._start = start
        self._stop = stop
        self._read_again = read_again
        self._is_held = False
        #: What the hosts stand on, by name.
        self.grounds: Mapping[str, Ground] = {}

    async def run(self) -> None:
        """Dispatch whenever there may be room, until cancelled."""
        while True:
            await self._book.room.wait()
            self._book.room.clear()
            while chosen := self._choose():
                await self._dispatch(chosen)

    def hold(self, is_held: bool) -> None:
        """Let nothing start any more, or let things start again."""
        self._is_held = is_held
        self._book.room.set()

    def reserve(self, live: Live) -> None:
        """Take room for a run that is not in the store yet, so that it is born DISPATCHING; if there is any."""
        if self._is_open(live.place) and self._book.limits.bar(live) is None:
            self._prepare(live)

    def begin(self, lives: Sequence[Live]) -> None:
        """Start runs whose intent is on disk."""
        by_place: dict[str, list[Live]] = defaultdict(list)
        for live in lives:
            by_place[live.place].append(live)
        for place, many in by_place.items():
            self._start(place, many)

    def _choose(self) -> list[Live]:
        chosen: list[Live] = []
        for place in filter(self._is_open, self._book.queue.places()):
            while len(chosen) < BATCH and self._book.limits.free_slots(place) > 0:
                live = self._book.queue.pop(place)
                if live is None:
                    break
                if live.is_settled:
                    continue
                if self._admit(live):
                    chosen.append(live)
        return chosen

    def _is_open(self, place: str) -> bool:
        """Whether anything may start there: of a host that has not answered yet nothing could be proved later."""
        return not self._is_held and (place == INSIDE or place in self.grounds)

    def _admit(self, live: Live) -> bool:
        bar = self._book.limits.bar(live)
        if bar is None:
            self._prepare(live)
            return True
        if bar.kind != "key" or (reason := self._loses(live, bar)) is None:
            self._book.queue.park(live, bar)
            if bar == VAULT:
                self._book.on_withheld(live)
        else:
            self._finisher.drop(live, State.SKIPPED, reason)
        self._book.offer_next(live)
        return False

    def _loses(self, live: Live, bar: Bar) -> Text | None:
        """Why a run whose key is held is skipped; None when it waits."""
        holder = self._book.limits.holder(bar.name)
        concurrency = live.job.spec.concurrency
        waiting = [other for other in self._book.queue.parked(bar) if other is not live and not other.is_settled]
        match concurrency.policy:
            case Policy.FORBID:
                return _("another run of the same key was live")
            case Policy.COALESCE if waiting:
                return _("it fell together with a run that was waiting already")
            case Policy.QUEUE if len(waiting) >= concurrency.max_waiting:
                return _("{count} runs of the same key were waiting already", count=len(waiting))
            case Policy.REPLACE:
                self._replace(holder, waiting)
        return None

    def _replace(self, holder: Live | None, waiting: Sequence[Live]) -> None:
        for other in waiting:
            self._finisher.drop(other, State.SKIPPED, _("a newer run of the same key took its place"))
        if holder is not None and holder.state in (State.WAITING, State.QUEUED):
            self._finisher.drop(holder, State.CANCELLED, _("a newer run of the same key took its place"))
        elif holder is not None and holder.cancelled_by is None:
            holder.cancelled_by = "replace"
            self._stop(holder)

    def _prepare(self, live: Live) -> None:
        self._book.limits.take(live)
        live.state = State.DISPATCHING
        live.started_us = self._book.clock.now_us()
        if live.place != INSIDE:
            live.host_key = attempt_key(self._workspace_id, live.execution_id, live.attempt)
            live.ground = self.grounds.get(live.place)
            self._book.by_host_key[live.host_key] = live

    async def _dispatch(self, chosen: Sequence[Live]) -> None:
        reach(Point.BEFORE_INTENT_COMMIT)
        lost_ids = await self._intend(chosen)
        reach(Point.AFTER_INTENT_COMMIT)
        for live in chosen:
            if live.id in lost_ids:
                self._book.strike(live)
        if lost_ids:
            # The store knows better than this memory: read what it says, and begin anew.
            self._read_again(list(lost_ids))
        self.begin([live for live in chosen if live.id not in lost_ids])

    async def _intend(self, chosen: Sequence[Live]) -> set[RunId]:
        """Write the intents; the ids of those that could not be."""
        rows = [_intended(live) for live in chosen]
        events = [RunStarted(live.id, live.job.name, live.attempt) for live in chosen]
        try:
            return {row.id for row in await self._store.move(rows, events=events)}
        except Stale:
            if len(chosen) == 1:
                return {chosen[0].id}
            return set().union(*[await self._intend([live]) for live in chosen])


def _intended(live: Live) -> Intended:
    is_on_host = live.place != INSIDE
    return Intended(
        live.id,
        live.attempt,
        live.started_us or 0,
        live.key,
        live.place if is_on_host else None,
        stored(live.ground) if is_on_host else None,
    )
