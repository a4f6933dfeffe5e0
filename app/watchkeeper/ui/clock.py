"""The moment that the window takes for now; pictures let it stand still."""

from datetime import UTC, datetime

_stands_at: datetime | None = None


def now() -> datetime:
    """Now, aware, in UTC."""
    return _stands_at or datetime.now(UTC)


def stand_still(moment: datetime | None) -> None:
    """Let it be that moment for ever; None lets time go by."""
    global _stands_at
    _stands_at = moment
