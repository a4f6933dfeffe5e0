"""What must hold whatever happens: said a second time, by a model that knows nothing of the engine."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from tests.engine.driver import START, Driver
from watchkeeper.engine.deliver import TOLD
from watchkeeper.hosts.host import Phase
from watchkeeper.model.run import ENDINGS, State, may_move

#: Of the one fixed-rate trigger, whose every instant is accounted for.
EVERY = timedelta(minutes=1)


class Promises:
    """Remembers what it has seen, so that nothing may change which must not."""

    def __init__(self, driver: Driver) -> None:
        self._driver, self._world = driver, driver.world
        #: The state of every run that there ever was.
        self.states: dict[str, State | None] = {}
        self._endings: dict[str, tuple[Any, ...]] = {}
        self._occurrences: dict[tuple[str, int], str] = {}
        self._gaps: dict[str, tuple[str, int, int, int]] = {}
        self._ledger_at = 0

    def require(self) -> None:
        """What must hold after every step."""
        rows = self._driver.rows("SELECT * FROM runs")
        self._require_legal(self._driver.rows("SELECT * FROM ledger WHERE n > ? ORDER BY n", self._ledger_at))
        self._require_endings_kept(rows)
        self._require_occurrences_once(rows)
        self._require_one_start_each()
        self._require_keys_exclusive(rows)

    def require_at_rest(self) -> None:
        """And at the end: nobody has been forgotten."""
        self.require()
        self._require_all_ended()
        self._require_all_accounted_for()

    def untold(self) -> set[str]:
        """Failures that nobody was told of; what a person has said needs no telling."""
        failed = {found for found, ending in self._endings.items() if ending[0] in TOLD} - self._driver.resolved
        return {f"{found}.ended" for found in failed} - set(self._driver.delivered)

    def _require_legal(self, moves: list[Any]) -> None:
        for move in moves:
            before = State(move["before"]) if move["before"] else None
            assert self.states.get(move["run_id"]) == before, "every move begins where the one before ended"
            assert may_move(before, State(move["after"])), tuple(move)
            self.states[move["run_id"]] = State(move["after"])
            self._ledger_at = move["n"]

    def _require_endings_kept(self, rows: list[Any]) -> None:
        for row in rows:
            if row["state"] in ENDINGS:
                ending = (row["state"], row["ended_at"], row["attempt"], row["exit_code"])
                assert self._endings.setdefault(row["id"], ending) == ending

    def _require_occurrences_once(self, rows: list[Any]) -> None:
        for row in rows:
            if row["trigger_id"] is None:
                continue
            if row["state"] == State.MISSED:
                gap = (row["trigger_id"], row["nominal_at"], row["last_missed_at"], row["missed_count"])
                assert self._gaps.setdefault(row["id"], gap) == gap
            else:
                occurrence = (row["trigger_id"], row["nominal_at"])
                assert self._occurrences.setdefault(occurrence, row["id"]) == row["id"]

    def _require_one_start_each(self) -> None:
        assert all(count == 1 for count in self._world.starts.values()), self._world.starts
        for attempts in self._world.attempts.values():
            assert len(set(attempts)) == len(attempts)
            # After a restart of the host it can't be proved that a start which got lost never came: that attempt is
            # UNKNOWN and, for a job that may run twice, the next one follows.
            if self._world.boot == 1:
                assert sorted(attempts) == list(range(1, len(attempts) + 1)), "no attempt is skipped"
            going = [folder for folder in attempts.values() if folder.phase is Phase.RUNNING]
            assert len(going) <= 1, "an attempt begins when the one before is over"

    def _require_keys_exclusive(self, rows: list[Any]) -> None:
        keys = {row["id"]: row["concurrency_key"] for row in rows}
        going = [keys[self._world.folders[key].run_id] for key in self._world.running()]
        held = [key for key in going if key is not None]
        assert len(held) == len(set(held)), held

    def _require_all_ended(self) -> None:
        assert self._driver.submitted <= set(self.states)
        assert set(self.states.values()) <= ENDINGS
        for ended, (state, _at, attempt, exit_code) in self._endings.items():
            folder = self._world.attempts.get(ended, {}).get(attempt)
            if state == State.SUCCEEDED and folder is not None and exit_code is not None:
                assert folder.exit_code == exit_code == 0
            if state in (State.SKIPPED, State.EXPIRED, State.MISSED):
                assert ended not in self._world.attempts, "what was skipped never ran"
        assert not self.untold()

    def _require_all_accounted_for(self) -> None:
        """Every minute up to the cursor is a run or lies in a gap that counts it."""
        ((trigger_id, cursor),) = self._driver.rows(
            'SELECT id, cursor_at FROM triggers WHERE spec LIKE \'%"every":"1m"%\''
        )
        every = int(EVERY / timedelta(microseconds=1))
        fired = {nominal for trigger, nominal in self._occurrences if trigger == trigger_id}
        covered = defaultdict(int, dict.fromkeys(fired, 1))
        for trigger, first, last, count in self._gaps.values():
            if trigger == trigger_id:
                instants = range(first, last + 1, every)
                assert len(instants) == count
                for instant in instants:
                    covered[instant] += 1
        start = int(START.timestamp()) * 1_000_000
        last_due = max(covered, default=start)
        assert sorted(covered) == list(range(start + every, last_due + 1, every))
        assert set(covered.values()) <= {1}
        assert cursor >= last_due
