"""Instants as the store keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The aware UTC moment of `us`, exact."""
    return _EPOCH + timedelta(microseconds=us)


def span_us(span: timedelta) -> int:
    """A span in whole microseconds."""
    return span // _MICROSECOND


def naive(moment: datetime) -> datetime:
    """An aware moment as UTC without saying so; `replace` takes four times as long."""
    return _NAIVE_EPOCH + (moment - _EPOCH)


def aware(moment: datetime) -> datetime:
    """A naive UTC moment as what it is."""
    return _EPOCH + (moment - _NAIVE_EPOCH)
