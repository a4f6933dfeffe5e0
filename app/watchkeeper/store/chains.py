"""Chains: a job that runs after another. Links are by id, so that a job may get another name."""

from collections.abc import Mapping, Sequence

import msgspec

from watchkeeper.model.codec import from_own
from watchkeeper.model.errors import Conflict, Known, NotFound
from watchkeeper.model.events import OccurrencesMissed, RunQueued
from watchkeeper.model.ids import JobId, RunId, TriggerId, run_id
from watchkeeper.model.job import Job, JobSpec
from watchkeeper.model.run import Origin, Run, State
from watchkeeper.model.text import _
from watchkeeper.model.trigger import After, On, Trigger
from watchkeeper.store import last_runs, pause
from watchkeeper.store.rows import new_row
from watchkeeper.store.tx import Tx

#: The endings that a chain goes on from.
_GOES_ON: Mapping[On, frozenset[State]] = {
    On.SUCCESS: frozenset({State.SUCCEEDED}),
    On.FAILURE: frozenset({State.FAILED, State.TIMED_OUT}),
    On.ANY: frozenset({State.SUCCEEDED, State.FAILED, State.TIMED_OUT, State.CANCELLED}),
}
_SCHEDULER = "scheduler"


class Link(msgspec.Struct, frozen=True):
    """An `after` trigger of an enabled job."""

    trigger_id: TriggerId
    job_id: JobId
    on: On


def upstream_names(spec: JobSpec) -> list[str]:
    """The jobs that a job's `after` triggers name."""
    return [trigger.after for trigger in spec.triggers if isinstance(trigger, After)]


def require_sound(tx: Tx, specs: Sequence[JobSpec]) -> None:
    """Raise NotFound when one of `specs` waits for a job that is not there, Known with the path of a cycle."""
    if not any(map(upstream_names, specs)):
        return
    edges = _edges(tx)
    edges.update({spec.name: upstream_names(spec) for spec in specs})
    for spec in specs:
        for name in upstream_names(spec):
            if name not in edges:
                raise NotFound(
                    _("{job} is to run after {upstream}, and there is no such job", job=spec.name, upstream=name[:60])
                )
        _require_no_cycle(edges, spec.name)


def link(tx: Tx, job: Job) -> None:
    """Tie the `after` triggers of a saved job to the jobs that they name, which exist."""
    tx.run("DELETE FROM chains WHERE trigger_id IN (SELECT id FROM triggers WHERE job_id = :id)", id=job.id)
    for row in tx.rows("SELECT id, spec FROM triggers WHERE job_id = :id", id=job.id):
        trigger = from_own(row.spec, Trigger)
        if isinstance(trigger, After):
            tx.run(
                "INSERT INTO chains (trigger_id, upstream_id) SELECT :trigger_id, id FROM jobs WHERE name = :name",
                trigger_id=row.id,
                name=trigger.after,
            )


def downstream(tx: Tx, job_id: JobId) -> list[str]:
    """The names of the jobs that run after this one."""
    rows = tx.rows(
        "SELECT DISTINCT jobs.name FROM chains JOIN triggers ON triggers.id = chains.trigger_id "
        "JOIN jobs ON jobs.id = triggers.job_id WHERE chains.upstream_id = :id ORDER BY jobs.name",
        id=job_id,
    )
    return [row.name for row in rows]


def require_end(tx: Tx, job: Job) -> None:
    """Raise Conflict while another job runs after this one."""
    names = [name for name in downstream(tx, job.id) if name != job.name]
    if names:
        raise Conflict(
            _(
                "{job} can't be deleted: after it run {others}; take those triggers out first",
                job=job.name,
                others=", ".join(names[:5]),
            )
        )


def upstream_ids(tx: Tx) -> set[JobId]:
    """The jobs after which others run."""
    return {JobId(row.upstream_id) for row in tx.rows("SELECT DISTINCT upstream_id FROM chains")}


def go_on(tx: Tx, job_id: JobId, ended_run: RunId, state: State) -> None:
    """Queue the runs that follow the ending of a run; a second call for the same ending makes none.

    While triggers are paused they become MISSED rows.
    """
    for found in _links(tx, job_id):
        if state in _GOES_ON[found.on]:
            _follow(tx, found, ended_run)


def after_success(tx: Tx, job_id: JobId) -> list[tuple[JobId, str]]:
    """The enabled jobs that run after this one has succeeded: id and name."""
    links = [found for found in _links(tx, job_id) if State.SUCCEEDED in _GOES_ON[found.on]]
    named = ((found.job_id, tx.value("SELECT name FROM jobs WHERE id = :id", id=found.job_id)) for found in links)
    return list(dict(named).items())


def _links(tx: Tx, job_id: JobId) -> list[Link]:
    rows = tx.rows(
        "SELECT triggers.id, triggers.job_id, triggers.spec FROM chains JOIN triggers ON triggers.id = "
        "chains.trigger_id JOIN jobs ON jobs.id = triggers.job_id "
        "WHERE chains.upstream_id = :id AND jobs.is_enabled = 1 ORDER BY triggers.job_id, triggers.position",
        id=job_id,
    )
    return [Link(TriggerId(row.id), JobId(row.job_id), from_own(row.spec, After).on) for row in rows]


def _follow(tx: Tx, found: Link, ended_run: RunId) -> None:
    from watchkeeper.store import jobs

    job, held = jobs.get(tx, found.job_id), pause.find(tx)
    run = Run(
        id=run_id(),
        job_id=job.id,
        job_name=job.name,
        job_version=job.version,
        trigger_id=found.trigger_id,
        origin=Origin.AFTER,
        state=State.QUEUED if held is None else State.MISSED,
        reason=None if held is None else held.reason,
        priority=job.spec.priority,
        concurrency_key=job.concurrency_key(None),
        pool=job.spec.pool,
        created_at=tx.now,
        due_at=tx.now,
        ended_at=None if held is None else tx.now,
        missed_count=0 if held is None else 1,
        actor=_SCHEDULER,
        after_run=ended_run,
    )
    if not _is_new(tx, run):
        return
    tx.tell(RunQueued(run.id, job.name) if held is None else OccurrencesMissed(job.name, 1, held.reason))


def _is_new(tx: Tx, run: Run) -> bool:
    row = new_row(run)
    names = row._fields
    sql = f"INSERT INTO runs ({', '.join(names)}) VALUES (:{', :'.join(names)}) ON CONFLICT DO NOTHING"
    is_new = tx.run(sql, **row._asdict()) == 1
    if is_new:
        last_runs.note(tx, [row])
    return is_new


def _edges(tx: Tx) -> dict[str, list[str]]:
    """Every job by name, with the names of those that it runs after."""
    edges: dict[str, list[str]] = {row.name: [] for row in tx.rows("SELECT name FROM jobs")}
    rows = tx.rows(
        "SELECT jobs.name, upstream.name AS upstream FROM chains JOIN triggers ON triggers.id = chains.trigger_id "
        "JOIN jobs ON jobs.id = triggers.job_id JOIN jobs upstream ON upstream.id = chains.upstream_id"
    )
    for row in rows:
        edges[row.name].append(row.upstream)
    return edges


def _require_no_cycle(edges: Mapping[str, Sequence[str]], start: str) -> None:
    """Walk against the flow from `start`; a way back to it is a cycle, told in the direction of the flow."""
    came_from: dict[str, str] = {}
    open_names = [start]
    while open_names:
        name = open_names.pop()
        for upstream in edges.get(name, ()):
            if upstream == start:
                raise Known(_("cycle: {path}", path=" → ".join(_path(came_from, name, start))))
            if upstream not in came_from:
                came_from[upstream] = name
                open_names.append(upstream)


def _path(came_from: Mapping[str, str], name: str, start: str) -> list[str]:
    """From `start` along the flow back to `start`, when `start` runs into `name`."""
    path = [start, name] if name != start else [start]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return [*path, start] if path == [start] else path
