"""Room: slots by place, pools, concurrency keys. Under the lease one engine alone gives them out."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from watchkeeper.engine.live import Live
from watchkeeper.model.pulse import Slots


class Bar(NamedTuple):
    """What stands in a run's way: `pause`, `slot`, `pool`, `key` or `vault`, and its name."""

    kind: str
    name: str


VAULT = Bar("vault", "")


class Limits:
    """Counts what is held. The store's unique index on held keys is the second wall."""

    def __init__(self, slots: Mapping[str, int]) -> None:
        self._slots = dict(slots)
        self._used: Counter[str] = Counter()
        self._pools: dict[str, int] = {}
        self._pooled: Counter[str] = Counter()
        self._holders: dict[str, Live] = {}
        #: Runs that are older do not start, in microseconds since 1970.
        self.held_before_us = 0
        #: While it is, runs that need a secret do not start.
        self.is_vault_shut = False
        self.needs_vault: Callable[[Live], bool] = lambda live: False

    def set_pools(self, pools: Mapping[str, int]) -> None:
        """The pools' sizes, as they are now."""
        self._pools = dict(pools)

    def free_slots(self, place: str) -> int:
        """How many more may start there."""
        return self._slots.get(place, 0) - self._used[place]

    def slots(self) -> tuple[Slots, ...]:
        """The room of every place, and how much of it is taken."""
        return tuple(Slots(place, self._used[place], size) for place, size in self._slots.items())

    def has_room(self, pool: str) -> bool:
        """Whether one more of the pool may start; a pool that is gone has no room."""
        return self._pooled[pool] < self._pools.get(pool, 0)

    def holder(self, key: str) -> Live | None:
        """The run that holds a key."""
        return self._holders.get(key)

    def bar(self, live: Live) -> Bar | None:
        """What stands in the run's way; None when it may start."""
        if live.created_us < self.held_before_us:
            return Bar("pause", "")
        if live.key is not None and self._holders.get(live.key, live) is not live:
            return Bar("key", live.key)
        if self.is_vault_shut and self.needs_vault(live):
            return VAULT
        if live.pool is not None and not self.has_room(live.pool):
            return Bar("pool", live.pool)
        if self.free_slots(live.place) <= 0:
            return Bar("slot", live.place)
        return None

    def take(self, live: Live) -> None:
        """Give the run its slot, its place in the pool, and its key."""
        if not live.holds_room:
            live.holds_room = True
            self._used[live.place] += 1
            if live.pool is not None:
                self._pooled[live.pool] += 1
        self.take_key(live)

    def take_key(self, live: Live) -> None:
        """Give the run its key alone: a retry wait holds nothing else."""
        if live.key is not None:
            live.holds_key = True
            self._holders[live.key] = live

    def release_room(self, live: Live) -> list[Bar]:
        """Take slot and pool back; the bars that have gone."""
        if not live.holds_room:
            return []
        live.holds_room = False
        self._used[live.place] -= 1
        freed = [Bar("slot", live.place)]
        if live.pool is not None:
            self._pooled[live.pool] -= 1
            freed.append(Bar("pool", live.pool))
        return freed

    def release(self, live: Live) -> list[Bar]:
        """Take everything back; the bars that have gone."""
        freed = self.release_room(live)
        if live.key is not None and self._holders.get(live.key) is live:
            live.holds_key = False
            del self._holders[live.key]
            freed.append(Bar("key", live.key))
        return freed
