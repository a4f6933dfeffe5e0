"""Runs: what was asked for, what happened, and what a person says of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from watchkeeper.model.errors import Conflict, NotFound
from watchkeeper.model.events import RunResolved, RunStopRequested
from watchkeeper.model.ids import JobId, RunId, TriggerId
from watchkeeper.model.instant import to_us
from watchkeeper.model.pulse import Pulse, Slots
from watchkeeper.model.run import ENDINGS, HOLDING, NAMES, Attempt, Run, State
from watchkeeper.model.span import Span
from watchkeeper.model.text import _
from watchkeeper.store import last_runs, leases
from watchkeeper.store.conditions import IS_LIVE, listed
from watchkeeper.store.moves import STATEMENTS, Dropped, NewRun
from watchkeeper.store.rows import attempt_of, new_row, run_of
from watchkeeper.store.tx import Tx


def insert(tx: Tx, run: Run) -> Run:
    """A new run; the same run with its number."""
    row = new_row(run)
    tx.run(STATEMENTS[NewRun], **row._asdict())
    last_runs.note(tx, [row])
    return get(tx, run.id)


def get(tx: Tx, run_id: str) -> Run:
    """The run with this id; NotFound."""
    row = tx.row("SELECT * FROM runs WHERE id = :id", id=run_id)
    if row is None:
        raise NotFound(_("there is no run {run}: `watchkeeper run list` shows those that are kept", run=run_id))
    return run_of(row)


def find(tx: Tx, ref: str) -> Run:
    """The run that a person means by its number, its id or the beginning of its id (8 characters at least)."""
    wanted = ref.strip().removeprefix("#").lower()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        row = tx.row("SELECT * FROM runs WHERE number = :number", number=int(wanted))
        if row is not None:
            return run_of(row)
    rows = _beginning_with(tx, wanted) if len(wanted) >= 8 and wanted.isalnum() else []
    if len(rows) > 1:
        raise NotFound(_("{run} is the beginning of several run ids: give more of it", run=ref[:60]))
    if not rows:
        raise NotFound(_("there is no run {run}: `watchkeeper run list` shows those that are kept", run=ref[:60]))
    return run_of(rows[0])


def page(
    tx: Tx,
    *,
    job_id: JobId | None = None,
    states: Sequence[State] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Run]:
    """Runs, newest first, those with a number below `before`."""
    wheres = ["number < :before" if before is not None else "1 = 1"]
    if job_id is not None:
        wheres.append("job_id = :job_id")
    if states:
        wheres.append("state IN (" + ", ".join(f"'{State(state)}'" for state in states) + ")")
    sql = f"SELECT * FROM runs WHERE {' AND '.join(wheres)} ORDER BY number DESC LIMIT :limit"
    values = {"before": before, "job_id": job_id}
    given = {name: value for name, value in values.items() if value is not None}
    return [run_of(row) for row in tx.rows(sql, limit=limit, **given)]


def many(tx: Tx, run_ids: Sequence[RunId]) -> list[Run]:
    """The runs with these ids that exist."""
    rows = (tx.row("SELECT * FROM runs WHERE id = :id", id=run_id) for run_id in run_ids)
    return [run_of(row) for row in rows if row is not None]


def live(tx: Tx) -> list[Run]:
    """Every run that has no ending yet, oldest first."""
    return [run_of(row) for row in tx.rows(f"SELECT * FROM runs WHERE {IS_LIVE} ORDER BY number")]


def lives_of_trigger(tx: Tx, trigger_id: TriggerId) -> bool:
    """Whether a run that this trigger fired has no ending yet."""
    found = tx.value(f"SELECT 1 FROM runs WHERE {IS_LIVE} AND trigger_id = :id LIMIT 1", id=trigger_id)
    return found is not None


def holding(tx: Tx, limit: int) -> list[Run]:
    """Runs that hold room, by the moment of their start."""
    sql = f"SELECT * FROM runs WHERE {IS_LIVE} AND state IN ({listed(HOLDING)}) ORDER BY started_at, number"
    return [run_of(row) for row in tx.rows(sql + " LIMIT :limit", limit=limit)]


def waiting(tx: Tx, limit: int) -> list[Run]:
    """Live runs that hold no room, the oldest first."""
    sql = f"SELECT * FROM runs WHERE {IS_LIVE} AND state IN ('QUEUED', 'WAITING') ORDER BY number LIMIT :limit"
    return [run_of(row) for row in tx.rows(sql, limit=limit)]


def count_live(tx: Tx) -> dict[State, int]:
    """How many live runs there are of each state."""
    rows = tx.rows(f"SELECT state, count(*) AS n FROM runs WHERE {IS_LIVE} GROUP BY state")
    return {State(row.state): row.n for row in rows}


def jobs_of_newest(tx: Tx, last: int, since: datetime, looked_at: int) -> list[JobId]:
    """The jobs of the newest runs up to the number `last` that were made, or ended, at `since` or later; each once."""
    rows = tx.rows(
        "SELECT job_id, max(number) AS newest FROM (SELECT job_id, number, created_at, ended_at FROM runs "
        "WHERE number <= :last ORDER BY number DESC LIMIT :looked_at) AS newest_runs "
        "WHERE created_at >= :since OR ended_at IS NULL OR ended_at >= :since GROUP BY job_id ORDER BY newest DESC",
        last=last,
        looked_at=looked_at,
        since=to_us(since),
    )
    return [JobId(row.job_id) for row in rows]


def success_before(tx: Tx, run: Run) -> Run | None:
    """The last success of its job before it; the newest of all if none was; None if no other run has succeeded."""
    sql = (
        "SELECT * FROM runs WHERE job_id = :job AND number < :number AND COALESCE(verdict, state) = 'SUCCEEDED' "
        "AND number <> :own ORDER BY number DESC LIMIT 1"
    )
    for number in (run.number, 2**62):
        if (row := tx.row(sql, job=run.job_id, number=number, own=run.number)) is not None:
            return run_of(row)
    return None


def pulse(tx: Tx) -> Pulse:
    """How much room is taken and what waits, as far as the store knows; without an engine there is no room."""
    lease = leases.living(tx)
    rows = tx.rows(
        f"SELECT state, host IS NULL AS is_inside, count(*) AS n FROM runs WHERE {IS_LIVE} GROUP BY state, host IS NULL"
    )
    states, used = Counter[str](), Counter[str]()
    for row in rows:
        states[row.state] += row.n
        if State(row.state) in HOLDING:
            used["inside" if row.is_inside else "local"] += row.n
    sizes = dict(lease.slots) if lease else {}
    slots = tuple(Slots(place, used[place], sizes.get(place, 0)) for place in ("local", "inside"))
    return Pulse(slots, states[State.QUEUED], states[State.WAITING])


def attempts(tx: Tx, run_id: RunId) -> list[Attempt]:
    """The attempts of a run that another followed, in order."""
    return [attempt_of(row) for row in tx.rows("SELECT * FROM attempts WHERE run_id = :id ORDER BY number", id=run_id)]


def request_cancel(tx: Tx, run_id: RunId, actor: str, grace: Span | None = None) -> Run:
    """Wish that a live run stops; the engine sees to it. Conflict when it has ended.

    `grace` hurries what was wished before; an engine that starts anew lets it have the grace of its job.
    """
    run = get(tx, run_id)
    if run.state in ENDINGS:
        raise Conflict(_("run #{number} has ended already: {state}", number=run.number, state=NAMES[run.state]))
    if run.cancel_requested_at is None:
        tx.run(
            "UPDATE runs SET cancel_requested_at = :now, cancel_requested_by = :actor WHERE id = :id",
            now=tx.now_us,
            actor=actor,
            id=run_id,
        )
    if grace is not None or run.cancel_requested_at is None:
        tx.tell(RunStopRequested(run_id, grace))
    return get(tx, run_id)


def resolve(tx: Tx, run_id: RunId, state: State, actor: str, reason: str) -> Run:
    """A person decides that an UNKNOWN run SUCCEEDED or FAILED; Conflict when it is in another state."""
    touched = tx.run(
        "UPDATE runs SET state = :state, ended_at = :now, held_key = NULL, "
        "verdict_by = :actor, verdict_reason = :reason "
        "WHERE id = :id AND state = 'UNKNOWN'",
        state=_judged(state),
        now=tx.now_us,
        actor=actor,
        reason=reason,
        id=run_id,
    )
    run = get(tx, run_id)
    if not touched:
        raise Conflict(
            _(
                "run #{number} is {state}: only an UNKNOWN one can be resolved",
                number=run.number,
                state=NAMES[run.state],
            )
        )
    last_runs.note(tx, [Dropped(run_id, run.job_id, run.attempt, str(state), None, tx.now_us)])
    tx.tell(RunResolved(run_id, run.job_name, state))
    return run


def unknown(tx: Tx, job_id: JobId | None, limit: int) -> list[Run]:
    """Those that nobody can tell about, of one job or of all, oldest first."""
    is_wanted = "state = 'UNKNOWN'" + (" AND job_id = :job_id" if job_id is not None else "")
    given = {"job_id": job_id} if job_id is not None else {}
    rows = tx.rows(f"SELECT * FROM runs WHERE {is_wanted} ORDER BY number LIMIT :limit", limit=limit, **given)
    return [run_of(row) for row in rows]


def give_verdict(tx: Tx, run_id: RunId, state: State, actor: str, reason: str) -> Run:
    """A person's judgement beside an ending, which stays as it is; Conflict while the run lives."""
    run = get(tx, run_id)
    if run.state not in ENDINGS:
        raise Conflict(_("run #{number} has not ended yet: {state}", number=run.number, state=NAMES[run.state]))
    tx.run(
        "UPDATE runs SET verdict = :verdict, verdict_by = :actor, verdict_reason = :reason WHERE id = :id",
        verdict=_judged(state),
        actor=actor,
        reason=reason,
        id=run_id,
    )
    last_runs.judge(tx, run, state)
    return get(tx, run_id)


def _judged(state: State) -> str:
    if state not in (State.SUCCEEDED, State.FAILED):
        raise Conflict(_("a person can say SUCCEEDED or FAILED, not {state}", state=NAMES[state]))
    return str(state)


def _beginning_with(tx: Tx, beginning: str) -> list[object]:
    end = beginning + "~"
    return tx.rows("SELECT * FROM runs WHERE id >= :low AND id < :high LIMIT 2", low=beginning, high=end)


def durations(tx: Tx, job_id: JobId, limit: int) -> list[timedelta]:
    """How long the last runs of a job took that succeeded, newest first."""
    rows = tx.rows(
        "SELECT started_at, ended_at FROM runs WHERE job_id = :job_id AND state = 'SUCCEEDED' "
        "AND started_at IS NOT NULL ORDER BY number DESC LIMIT :limit",
        job_id=job_id,
        limit=limit,
    )
    return [timedelta(microseconds=row.ended_at - row.started_at) for row in rows]
