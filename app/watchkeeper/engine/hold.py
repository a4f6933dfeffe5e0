"""The pause as the engine remembers it: while it lasts no trigger fires."""

from watchkeeper.engine.clock import Clock, now
from watchkeeper.model.instant import to_us
from watchkeeper.model.text import Text
from watchkeeper.store import pause
from watchkeeper.store.pause import Pause
from watchkeeper.store.store import Store


class Hold:
    """Shared by all that fires."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._pause: Pause | None = None

    async def read(self) -> None:
        """The pause was begun, changed or ended."""
        self._pause = await self._store.read(pause.find)

    @property
    def reason(self) -> Text | None:
        """Why no trigger fires now; None when they do."""
        return self._pause.reason if self._pause is not None and self._pause.lasts_at(now(self._clock)) else None

    @property
    def until_us(self) -> int | None:
        """When it ends by itself, in microseconds since 1970; None when somebody has to end it."""
        return None if self._pause is None or self._pause.until is None else to_us(self._pause.until)
