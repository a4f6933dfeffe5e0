"""Times of a day by rule: those that fields name, or those at even distances."""

from bisect import bisect_left, bisect_right
from typing import Protocol

_SECOND_US = 1_000_000


class Times(Protocol):
    """Times of a day, in microseconds since its midnight."""

    first: int
    count: int

    def after(self, us: int) -> int | None:
        """The first time later than `us`."""

    def index(self, us: int) -> int:
        """How many of them are earlier than `us`."""

    def at(self, index: int) -> int:
        """The one with so many before it."""


class FieldTimes:
    """The times that second, minute and hour fields name."""

    def __init__(self, hours: tuple[int, ...], minutes: tuple[int, ...], seconds: tuple[int, ...]) -> None:
        self._hours, self._minutes, self._seconds = hours, minutes, seconds
        self.first = self._us(hours[0], minutes[0], seconds[0])
        self.count = len(hours) * len(minutes) * len(seconds)

    def after(self, us: int) -> int | None:
        """The first time later than `us`."""
        hours, minutes, seconds = self._hours, self._minutes, self._seconds
        hour, rest = divmod(us // _SECOND_US, 3600)
        h = bisect_left(hours, hour)
        if h < len(hours) and hours[h] == hour:
            minute, second = divmod(rest, 60)
            m = bisect_left(minutes, minute)
            if m < len(minutes) and minutes[m] == minute:
                s = bisect_right(seconds, second)
                if s < len(seconds):
                    return self._us(hour, minute, seconds[s])
                m += 1
            if m < len(minutes):
                return self._us(hour, minutes[m], seconds[0])
            h += 1
        return self._us(hours[h], minutes[0], seconds[0]) if h < len(hours) else None

    def index(self, us: int) -> int:
        """How many of them are earlier than `us`."""
        hours, minutes, seconds = self._hours, self._minutes, self._seconds
        hour, rest = divmod(-(-us // _SECOND_US), 3600)
        minute, second = divmod(rest, 60)
        h = bisect_left(hours, hour)
        before = h * len(minutes) * len(seconds)
        if h == len(hours) or hours[h] != hour:
            return before
        m = bisect_left(minutes, minute)
        before += m * len(seconds)
        if m == len(minutes) or minutes[m] != minute:
            return before
        return before + bisect_left(seconds, second)

    def at(self, index: int) -> int:
        """The one with so many before it."""
        rest, s = divmod(index, len(self._seconds))
        h, m = divmod(rest, len(self._minutes))
        return self._us(self._hours[h], self._minutes[m], self._seconds[s])

    @staticmethod
    def _us(hour: int, minute: int, second: int) -> int:
        return ((hour * 60 + minute) * 60 + second) * _SECOND_US


class EvenTimes:
    """Times at even distances, the first and perhaps the last included."""

    def __init__(self, first: int, last: int, every: int) -> None:
        self.first, self._every = first, every
        self.count = (last - first) // every + 1

    def after(self, us: int) -> int | None:
        """The first time later than `us`."""
        index = 0 if us < self.first else (us - self.first) // self._every + 1
        return self.at(index) if index < self.count else None

    def index(self, us: int) -> int:
        """How many of them are earlier than `us`."""
        return min(max(0, -(-(us - self.first) // self._every)), self.count)

    def at(self, index: int) -> int:
        """The one with so many before it."""
        return self.first + index * self._every
