"""The places where a crash hurts most, by name. Tests set an observer that kills there; the program sets none."""

from collections.abc import Callable
from enum import StrEnum


class Point(StrEnum):
    """Before and after every commit of a run's life and every call to its host."""

    BEFORE_FIRE_COMMIT = "before-fire-commit"
    AFTER_FIRE_COMMIT = "after-fire-commit"
    BEFORE_INTENT_COMMIT = "before-intent-commit"
    AFTER_INTENT_COMMIT = "after-intent-commit"
    BEFORE_HOST_START = "before-host-start"
    AFTER_HOST_START = "after-host-start"
    BEFORE_RUNNING_COMMIT = "before-running-commit"
    BEFORE_ENDING_COMMIT = "before-ending-commit"
    AFTER_ENDING_COMMIT = "after-ending-commit"
    BEFORE_RETRY_COMMIT = "before-retry-commit"
    AFTER_RETRY_COMMIT = "after-retry-commit"
    BEFORE_LOG_TAKEN = "before-log-taken"
    AFTER_LOG_TAKEN = "after-log-taken"
    BEFORE_DELIVERY = "before-delivery"
    AFTER_DELIVERY = "after-delivery"


class Upkeep(StrEnum):
    """Where a store is changed or replaced as a whole, while no engine runs."""

    BEFORE_MIGRATION_COMMIT = "before-migration-commit"
    AFTER_MIGRATION_COMMIT = "after-migration-commit"
    AFTER_COPY_DRAWN = "after-copy-drawn"
    AFTER_STORE_NAMED = "after-store-named"
    BEFORE_STORE_REPLACED = "before-store-replaced"
    AFTER_STORE_REPLACED = "after-store-replaced"


_observer: Callable[[Point | Upkeep], None] | None = None


def reach(point: Point | Upkeep) -> None:
    """Say that the program stands at `point`."""
    if _observer is not None:
        _observer(point)


def observe(observer: Callable[[Point | Upkeep], None] | None) -> None:
    """Let `observer` be called at every point; None ends it."""
    global _observer
    _observer = observer
