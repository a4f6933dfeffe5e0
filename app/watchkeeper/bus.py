"""Tells events to whoever listens; on the engine's loop only."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from watchkeeper.model.events import Event

_log = logging.getLogger(__name__)
Listener = Callable[[Any], None]


class Bus:
    """One per engine. A listener that raises is logged and hurts nobody else."""

    def __init__(self) -> None:
        self._listeners: dict[type[Event], list[Listener]] = defaultdict(list)

    def listen(self, event_type: type[Event], callback: Listener) -> Callable[[], None]:
        """Call `callback` with every event of `event_type` (Event: with all); the returned function ends it."""
        listeners = self._listeners[event_type]
        listeners.append(callback)
        return lambda: listeners.remove(callback) if callback in listeners else None

    def has_listeners(self, event_type: type[Event]) -> bool:
        """Whether anybody would hear an event of this type."""
        return bool(self._listeners.get(event_type) or self._listeners.get(Event))

    def publish(self, event: Event) -> None:
        """Tell `event` to the listeners of its type and to those of all events."""
        for callback in (*self._listeners.get(type(event), ()), *self._listeners.get(Event, ())):
            try:
                callback(event)
            except Exception:
                _log.exception("a listener of %s failed", type(event).__name__)

    def publish_all(self, events: Iterable[Event]) -> None:
        """Tell several events, in order."""
        for event in events:
            self.publish(event)
