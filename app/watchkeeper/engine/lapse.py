"""What happened to time while somebody waited: the machine slept, or its clock was set."""

from datetime import timedelta

from watchkeeper.engine.clock import Clock

#: A wait that took so much longer than it was asked for means that the machine slept (SEMANTICS: time).
SLEPT = timedelta(seconds=20)
#: From here on it is worth a word that the clock was set; less is what time services do.
SET = timedelta(minutes=1)
#: A clock that was set by more than this was wrong (cron(8)).
CORRECTION = timedelta(hours=3)


class Lapse:
    """Begins when it is made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.from_us = clock.now_us()
        self._elapsed_us = clock.elapsed_us()

    @property
    def elapsed(self) -> timedelta:
        """The time that really went by."""
        return timedelta(microseconds=self._clock.elapsed_us() - self._elapsed_us)

    @property
    def is_sleep(self) -> bool:
        """Whether the machine, or this process, stood still."""
        return self.elapsed > timedelta(seconds=self._clock.longest_wait) + SLEPT

    @property
    def set_by(self) -> timedelta:
        """By how much the clock was set forward, or back if below zero; 0 when it was not."""
        apart = timedelta(microseconds=self._clock.now_us() - self.from_us) - self.elapsed
        return apart if abs(apart) > SET else timedelta(0)
