"""Starts runs where they belong and stops them there: inside the engine, or on a host."""

from collections.abc import Sequence
from datetime import timedelta

from watchkeeper.engine.finish import Finisher
from watchkeeper.engine.inside import Inside
from watchkeeper.engine.live import INSIDE, Live
from watchkeeper.engine.place import Placer
from watchkeeper.engine.result import cancelled
from watchkeeper.engine.tasks import Tasks


class Starter:
    """Returns at once; what is asked of hosts is done beside."""

    def __init__(self, inside: Inside, placer: Placer, finisher: Finisher, tasks: Tasks) -> None:
        self._inside = inside
        self._placer = placer
        self._finisher = finisher
        self._tasks = tasks

    def start(self, place: str, lives: Sequence[Live]) -> None:
        """Start runs of one place whose intent is on disk."""
        if place != INSIDE:
            self._tasks.spawn(self._placer.start(place, lives))
            return
        for live in lives:
            if live.cancelled_by is None:
                self._inside.start(live)
            else:
                self._finisher.finish(live, cancelled(live.cancelled_by))

    def stop(self, live: Live, grace: timedelta | None = None) -> None:
        """Stop a run that was started, or is about to be; `grace`: how long it may take to end by itself."""
        if live.is_on_host:
            self._tasks.spawn(self._placer.stop(live, grace))
        else:
            self._inside.stop(live, grace)
