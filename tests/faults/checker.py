"""Judges a history from outside, in the manner of Jepsen's Chronos test: due times against runs against effects.

Due times are computed here from the jobs' periods, effects are read from the payloads' ledger; the engine's own planner
is not asked. Every fault that is found is a sentence.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from tests.faults.ledger import Effect
from watchkeeper.model.instant import from_us
from watchkeeper.model.run import ENDINGS

#: What a run has when it has ended; none of it may ever change.
_FINAL = ("state", "attempt", "exit_code", "reason", "started_at", "ended_at", "outputs", "missed_count", "log_size")

#: Endings without any effect.
_NEVER_STARTED = frozenset({"SKIPPED", "MISSED", "EXPIRED"})
#: Endings that prove that the last attempt had started.
_STARTED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT"})


@dataclass(frozen=True)
class Schedule:
    """When a trigger is due: at whole multiples of `every_us` since 1970, after its job was saved."""

    trigger_id: str
    every_us: int
    saved_us: int

    def due(self, until_us: int) -> list[int]:
        """Every instant after the save and not after `until_us`."""
        first = (self.saved_us // self.every_us + 1) * self.every_us
        return list(range(first, until_us + 1, self.every_us))


Row = Mapping[str, Any]


@dataclass
class Endings:
    """Remembers every ending that was ever seen on disk, and finds those that changed or went."""

    _seen: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def faults(self, runs: Iterable[Row]) -> list[str]:
        """Compare with what was seen before."""
        now = {row["id"]: tuple(row[name] for name in _FINAL) for row in runs if row["state"] in ENDINGS}
        changed = [run_id for run_id, ending in self._seen.items() if now.get(run_id) != ending]
        found = [f"the ending of {run_id} changed: {self._seen[run_id]} -> {now.get(run_id)}" for run_id in changed]
        self._seen.update(now)
        return found


def judge(
    schedules: Sequence[Schedule],
    cursors: Mapping[str, int],
    runs: Sequence[Row],
    attempts: Sequence[Row],
    effects: Sequence[Effect],
) -> list[str]:
    """All that is wrong with a history that has come to rest. `cursors`: how far each trigger has been dealt with."""
    return [
        *_occurrence_faults(schedules, cursors, runs),
        *_double_faults(effects),
        *_effect_faults(runs, effects),
        *_attempt_faults(runs, attempts),
        *(f"{row['id']} is still {row['state']}" for row in runs if row["state"] not in ENDINGS),
    ]


def _occurrence_faults(schedules: Sequence[Schedule], cursors: Mapping[str, int], runs: Sequence[Row]) -> Iterator[str]:
    """Every due time is one run, or is covered by one MISSED row; nothing else was fired."""
    for schedule in schedules:
        due = schedule.due(cursors[schedule.trigger_id])
        own = [row for row in runs if row["trigger_id"] == schedule.trigger_id]
        covered = Counter(instant for row in own for instant in _covered(row, due))
        yield from (f"{_name(schedule, instant)} was lost" for instant in due if not covered[instant])
        yield from (f"{_name(schedule, at)} was dealt with {count} times" for at, count in covered.items() if count > 1)
        undue = {row["nominal_at"] for row in own} - set(due)
        yield from (f"{_name(schedule, instant)} was never due" for instant in undue)
        yield from (fault for row in own for fault in _gap_faults(row, due))


def _covered(row: Row, due: Sequence[int]) -> list[int]:
    if row["state"] != "MISSED":
        return [row["nominal_at"]]
    return [instant for instant in due if row["nominal_at"] <= instant <= row["last_missed_at"]]


def _gap_faults(row: Row, due: Sequence[int]) -> Iterator[str]:
    count = len(_covered(row, due))
    if row["state"] == "MISSED" and count != row["missed_count"]:
        yield f"the gap {row['id']} covers {count} occurrences and says {row['missed_count']}"


def _double_faults(effects: Sequence[Effect]) -> Iterator[str]:
    """One started process per execution id and attempt."""
    starts = Counter((effect.execution_id, effect.attempt) for effect in effects if effect.what == "start")
    yield from (f"attempt {place[1]} of {place[0]} ran {n} times" for place, n in starts.items() if n > 1)


def _effect_faults(runs: Sequence[Row], effects: Sequence[Effect]) -> Iterator[str]:
    """What was started is known, and what is said to have run did."""
    by_id = {execution_id(row): row for row in runs}
    started = {
        place: {effect.attempt for effect in group}
        for place, group in groupby(sorted(effects, key=_by_execution_id), _by_execution_id)
    }
    yield from (f"{place} had an effect and is no run" for place in started if place not in by_id)
    for place, row in by_id.items():
        yield from _row_faults(place, row, started.get(place, set()))


def _row_faults(place: str, row: Row, started: set[int]) -> Iterator[str]:
    if row["state"] in _NEVER_STARTED and started:
        yield f"{place} is {row['state']} and had effects"
    if row["state"] in _STARTED and started != set(range(1, row["attempt"] + 1)):
        yield f"{place} is {row['state']} after {row['attempt']} attempts, and had effects of {sorted(started)}"
    if started and max(started) > row["attempt"]:
        yield f"{place} stands at attempt {row['attempt']} and had an effect of {max(started)}"


def _attempt_faults(runs: Sequence[Row], attempts: Sequence[Row]) -> Iterator[str]:
    """Every attempt but the last is recorded once."""
    recorded: dict[str, list[int]] = {}
    for row in attempts:
        recorded.setdefault(row["run_id"], []).append(row["number"])
    for row in runs:
        expected, found = list(range(1, row["attempt"])), sorted(recorded.get(row["id"], []))
        if found != expected:
            yield f"{row['id']} stands at attempt {row['attempt']} and has records of {found}"


def notice_faults(runs: Sequence[Row], notices: Sequence[Row]) -> list[str]:
    """Every failure is told once, and nothing else is."""
    told = Counter(notice["run_id"] for notice in notices)
    failed = {row["id"] for row in runs if row["state"] in ("FAILED", "TIMED_OUT")}
    found = [f"the failure of {run_id} was told {told[run_id]} times" for run_id in failed if told[run_id] != 1]
    return found + [f"{run_id} did not fail and was told of" for run_id in told if run_id not in failed]


def execution_id(row: Row) -> str:
    """The id under which the run's payload has written its lines."""
    if row["caller_execution_id"]:
        return str(row["caller_execution_id"])
    if row["trigger_id"] is None:
        return str(row["id"])
    return f"cron:{row['trigger_id']}:{from_us(row['nominal_at']).isoformat()}"


def _by_execution_id(effect: Effect) -> str:
    return effect.execution_id


def _name(schedule: Schedule, instant: int) -> str:
    return f"the occurrence {from_us(instant).isoformat()} of {schedule.trigger_id}"
