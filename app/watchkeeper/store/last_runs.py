"""What each job's last run was, and how long its runs take: beside the job, so that 100,000 can be asked at once.

Decision: the ending's own transaction writes it, once for each job of a round.
Question: how is a table of all jobs filtered and sorted by what their last runs were, within a keystroke?
Why: asking `runs` for the newest of each of 100,000 jobs takes half a second. A round that ends a thousand runs of one
job writes one row more; what a thousand jobs end costs each 6 µs (E1 of the bench: not to be seen, and 4 %).
Alternatives: a covering index of runs with their state (written at every move, and still 0.2 s), a fold now and then
(what has just failed is not among the failed).
State: in force. What was written last counts, not what has the highest number: of two runs side by side the one that
ended last. Live runs are not noted here: there is an index of them.
"""

import math
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from watchkeeper.model.codec import encode
from watchkeeper.model.run import ENDINGS, Run, State
from watchkeeper.store.lists import among, listed
from watchkeeper.store.moves import STATEMENTS, Ended, Remembered
from watchkeeper.store.tx import Tx

#: So many runs that succeeded tell how long the next one will take.
REMEMBERED = 20

#: Jobs whose spans are kept in memory.
_MOST = 20_000

_TOOK = msgspec.json.Decoder(list[int])
_ENDED_OF_JOB = (
    "SELECT id, COALESCE(verdict, state) AS state, has_warning, started_at, ended_at FROM runs "
    f"WHERE job_id = :job AND ended_at IS NOT NULL ORDER BY number DESC LIMIT {REMEMBERED}"
)


class Spans:
    """How long the last runs of jobs took, in the memory of the one thread that writes it."""

    def __init__(self) -> None:
        self._took: dict[str, list[int]] = {}

    def forget(self) -> None:
        """What was written last is not on disk, or was not the last."""
        self._took = {}

    def grown(self, tx: Tx, added: dict[str, list[int]]) -> dict[str, list[int]]:
        """The spans of these jobs with those added."""
        took = self._took
        unread = [job_id for job_id in added if job_id not in took]
        if unread:
            if len(took) + len(unread) > _MOST:
                took.clear()
                unread = list(added)
            took.update(_read(tx, unread))
        for job_id, spans in added.items():
            took[job_id] = [*took.get(job_id, ()), *spans][-REMEMBERED:]
        return took


def of(tx: Tx, rows: Sequence[Any], spans: Spans) -> list[Remembered]:
    """What is to be remembered of these rows of moves.py, once for each job; what has not ended is passed over."""
    last: dict[str, Any] = {}
    added: dict[str, list[int]] = {}
    for row in rows:
        if row.state not in ENDINGS:
            continue
        if row.job_id not in last or row.ended_at >= last[row.job_id].ended_at:
            last[row.job_id] = row
        if type(row) is Ended and _is_measure(row):
            added.setdefault(row.job_id, []).append(row.ended_at - row.started_at)  # type: ignore[operator]  # a measure
    took = spans.grown(tx, added) if added else {}
    return [_remembered(job_id, row, took[job_id] if job_id in added else ()) for job_id, row in last.items()]


def note(tx: Tx, rows: Sequence[Any]) -> None:
    """Remember these rows at once."""
    tx.run_many(STATEMENTS[Remembered], [row._asdict() for row in of(tx, rows, Spans())])


def judge(tx: Tx, run: Run, state: State) -> None:
    """A person's verdict takes the place of what the job's last run came to; of an earlier run it changes nothing."""
    sql = "UPDATE job_list SET last_state = :state WHERE job_id = :job AND last_run = :run"
    tx.run(sql, state=str(state), job=run.job_id, run=run.id)


def recall(tx: Tx, job_id: str) -> None:
    """Find again, among the runs that are kept, what is remembered of a job that was gone."""
    rows = tx.rows(_ENDED_OF_JOB, job=job_id)
    if rows:
        took = [row.ended_at - row.started_at for row in reversed(rows) if _is_measure(row)]
        tx.run(STATEMENTS[Remembered], **_remembered(job_id, rows[0], took)._asdict())


def read_took(stored: str) -> list[int]:
    """Microseconds that the last runs took which succeeded, the newest last."""
    return _TOOK.decode(stored)


def not_exceeded_by(share: float, took: Sequence[int]) -> int:
    """The least of these spans that `share` of them do not exceed (nearest rank); there is one at least."""
    return sorted(took)[math.ceil(share * len(took)) - 1]


def _is_measure(row: Any) -> bool:
    """Whether it says how long a run takes; where the clock was set back meanwhile it does not."""
    return row.state == State.SUCCEEDED and row.started_at is not None and row.ended_at >= row.started_at


def _read(tx: Tx, jobs: Collection[str]) -> dict[str, list[int]]:
    rows = tx.rows(f"SELECT job_id, took FROM job_list WHERE job_id IN {among(tx, 'jobs')}", jobs=listed(jobs))
    return {row.job_id: read_took(row.took) for row in rows}


def _remembered(job_id: str, row: Any, took: Sequence[int]) -> Remembered:
    return Remembered(
        job_id,
        row.id,
        row.state,
        getattr(row, "has_warning", 0),
        row.ended_at,
        encode(took).decode() if took else None,
        not_exceeded_by(0.5, took) if took else None,
    )
