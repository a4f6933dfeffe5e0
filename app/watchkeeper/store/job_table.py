"""The table of jobs: which come into the window, in which order, and what stands beside each of them.

Which they are is found by one look at the list of jobs, at the worst at all of it; for a common filter the look ends
when the window is full, and another one counts. The runs are looked up for the rows of the window only.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.instant import from_us
from watchkeeper.model.job_filter import Clause
from watchkeeper.model.job_status import RANKS
from watchkeeper.model.job_table import GroupTally, LastRun, LiveRun, PastRun, Tally
from watchkeeper.model.run import HOLDING, LIVE, State
from watchkeeper.model.text import Text
from watchkeeper.store.conditions import IS_LIVE, IS_NOTABLE
from watchkeeper.store.job_filters import EVERY, Condition, condition
from watchkeeper.store.job_list import LINES, lines_of
from watchkeeper.store.last_runs import not_exceeded_by, read_took
from watchkeeper.store.lists import among, listed
from watchkeeper.store.rows import moment
from watchkeeper.store.triggers import Armed, of_jobs
from watchkeeper.store.tx import Tx

#: Bars of one row.
BARS = 20

_read_text = msgspec.json.Decoder(Text).decode
#: SQLite's truth values are numbers, and spans come as seconds.
_read_bars = msgspec.json.Decoder(list[PastRun], strict=False).decode


class Slice(NamedTuple):
    """Jobs in the order that was asked for, how many there are in all of it, and how many jobs there are at all."""

    ids: list[JobId]
    matches: int
    total: int
    #: Of all of it, when it is grouped.
    groups: tuple[GroupTally, ...] = ()


class Found(NamedTuple):
    """What the store knows of one row."""

    id: JobId
    name: str
    group: str
    owner: str
    handler: str
    pool: str
    is_enabled: bool
    tags: tuple[str, ...]
    triggers: tuple[Armed, ...]
    last: LastRun | None
    live: LiveRun | None
    runs: tuple[PastRun, ...]
    p50: timedelta | None
    p95: timedelta | None


def _rank(column: str) -> str:
    """The best first: most runs succeed, and the database tries one after the other."""
    whens = " ".join(f"WHEN '{state}' THEN {rank}" for state, rank in reversed(RANKS.items()))
    return f"CASE {column} {whens} END"


def _live_rank() -> str:
    """The worst of a job's live runs: one set of jobs for each state, for a look for each job would be too slow."""
    whens = (
        f"WHEN job_id IN (SELECT job_id FROM runs WHERE {IS_LIVE} AND state = '{state}') THEN {rank}"
        for state, rank in RANKS.items()
        if state in LIVE
    )
    return f"CASE {' '.join(whens)} END"


#: A job's own state is that of its live run that is worst, else what its last run came to.
_STATUS = (
    f"CASE WHEN job_id IN (SELECT job_id FROM runs WHERE {IS_LIVE}) THEN {_live_rank()} ELSE {_rank('last_state')} END"
)

#: What a table can be sorted by: for both ways the order in which what has no such value comes last.
_ORDERS: Mapping[str, tuple[str, str]] = {
    "name": ("name", "name DESC"),
    "owner": ("owner = '', owner, name", "owner DESC, name"),
    "group": ("grp = '', grp, name", "grp DESC, name"),
    "last": ("last_ended_at IS NULL, last_ended_at, name", "last_ended_at IS NULL, last_ended_at DESC, name"),
    "p50": ("p50_us IS NULL, p50_us, name", "p50_us IS NULL, p50_us DESC, name"),
    "status": (f"COALESCE({_STATUS}, 99), name", f"COALESCE({_STATUS}, -1) DESC, name"),
}
SORTS = tuple(_ORDERS)
#: By the paths of the groups; what has no group comes last.
_GROUPED = "grp = '', grp"
_HAS_GROUP, _HAS_NONE = Condition("grp <> ''", {}), Condition("grp = ''", {})


def total(tx: Tx) -> int:
    """How many jobs there are."""
    return int(tx.value("SELECT count(*) FROM jobs"))


def window(
    tx: Tx,
    clauses: Sequence[Clause],
    sort: str,
    is_down: bool,
    offset: int,
    limit: int,
    only: Sequence[JobId] | None = None,
    *,
    is_grouped: bool = False,
) -> Slice:
    """The jobs of a window, by one of SORTS and then by name; none but those in `only`, if it is given.

    `is_grouped`: by their groups first, which are told then.
    """
    wanted = condition(tx, clauses, only)
    order = _ORDERS[sort][is_down]
    if is_grouped:
        tallies = _groups(tx, wanted)
        matches = sum(group.count for group in tallies)
        return Slice(_grouped_ids(tx, wanted, order, limit, offset, tallies), matches, total(tx), tallies)
    ids = _ids(tx, wanted, order, limit, offset)
    if len(ids) < limit and (ids or not offset):
        return Slice(ids, offset + len(ids), total(tx))
    return Slice(ids, *_counts(tx, wanted))


def grouped(tx: Tx, ids: Sequence[JobId]) -> list[JobId]:
    """The same jobs by their groups first, within each as they stand."""
    sql = f"SELECT job_id, grp FROM job_list WHERE job_id IN {among(tx, 'ids')} ORDER BY {_GROUPED}"
    group_of = {row.job_id: row.grp for row in tx.rows(sql, ids=listed(ids))}
    ranks = {path: rank for rank, path in enumerate(dict.fromkeys(group_of.values()))}
    return sorted(ids, key=lambda job_id: ranks[group_of[job_id]])


def candidates(tx: Tx, clauses: Sequence[Clause], most: int) -> Slice:
    """Every job that fulfils `clauses`, by name; of more than `most` none."""
    wanted = condition(tx, clauses)
    ids = _ids(tx, wanted, "name", most + 1, 0)
    return Slice(ids, len(ids), total(tx)) if len(ids) <= most else Slice([], *_counts(tx, wanted))


def found(tx: Tx, ids: Sequence[JobId]) -> list[Found]:
    """The rows of these jobs, in this order."""
    wanted = listed(ids)
    triggers, bars, live = of_jobs(tx, ids), _bars(tx, wanted), _live(tx, wanted)
    rows = tx.rows(
        "SELECT job_list.*, runs.number, runs.started_at, runs.reason, runs.exit_code, runs.host FROM job_list "
        f"LEFT JOIN runs ON runs.id = job_list.last_run WHERE job_list.job_id IN {among(tx, 'ids')}",
        ids=wanted,
    )
    made = {row.job_id: _found(row, triggers, bars, live) for row in rows}
    return [made[job_id] for job_id in ids if job_id in made]


def live_counts(tx: Tx, ids: Sequence[JobId]) -> dict[JobId, int]:
    """How many runs of each job live; of those of which none does nothing."""
    sql = (
        f"SELECT job_id, count(*) AS n FROM runs WHERE {IS_LIVE} AND job_id || '' IN {among(tx, 'ids')} GROUP BY job_id"
    )
    return {JobId(row.job_id): row.n for row in tx.rows(sql, ids=listed(ids))}


def tallies(tx: Tx, column: str) -> tuple[Tally, ...]:
    """The values of a column that are not empty, with how many jobs have each; the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for row in tx.rows(f"SELECT {column} AS value, count(*) AS n FROM job_list WHERE {column} <> '' GROUP BY {column}"):
        for value in lines_of(row.value) if column in LINES else (row.value,):
            counts[value] += row.n
    return tuple(Tally(value, n) for value, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def groups(tx: Tx, clauses: Sequence[Clause], only: Sequence[JobId] | None = None) -> tuple[GroupTally, ...]:
    """The groups of the jobs that fulfil `clauses`, as a grouped window has them; only of those in `only`, if given."""
    return _groups(tx, condition(tx, clauses, only))


def _groups(tx: Tx, wanted: Condition) -> tuple[GroupTally, ...]:
    """The many jobs whose last run just succeeded are only counted."""
    counts = tx.rows(
        f"SELECT grp, count(*) AS n FROM job_list WHERE {wanted.sql} GROUP BY grp ORDER BY grp", **wanted.values
    )
    notable: dict[str, list[Any]] = defaultdict(list)
    for row in tx.rows(
        f"SELECT grp, last_state, last_warning, count(*) AS n FROM job_list WHERE ({IS_NOTABLE}) AND {wanted.sql} "
        "GROUP BY grp, last_state, last_warning",
        **wanted.values,
    ):
        notable[row.grp].append(row)
    live: dict[str, dict[State, int]] = defaultdict(dict)
    for row in tx.rows(
        "SELECT grp, state, count(*) AS n FROM job_list JOIN (SELECT DISTINCT job_id AS alive, state FROM runs "
        f"WHERE {IS_LIVE}) AS living ON living.alive = job_list.job_id WHERE {wanted.sql} GROUP BY grp, state",
        **wanted.values,
    ):
        live[row.grp][State(row.state)] = row.n
    return tuple(
        _group(row.grp, row.n, notable[row.grp], live.get(row.grp, {}))
        for row in sorted(counts, key=lambda row: not row.grp)
    )


def _group(path: str, count: int, notable: Sequence[Any], live: Mapping[State, int]) -> GroupTally:
    ended: dict[State, int] = defaultdict(int)
    if just_succeeded := count - sum(row.n for row in notable):
        ended[State.SUCCEEDED] = just_succeeded
    for row in notable:
        if row.last_state is not None:
            ended[State(row.last_state)] += row.n
    return GroupTally(
        path,
        count,
        ended=dict(ended),
        warned=sum(row.n for row in notable if row.last_warning and row.last_state == State.SUCCEEDED),
        live=live,
        worst=min((*ended, *live), key=RANKS.__getitem__, default=None),
    )


def _grouped_ids(
    tx: Tx, wanted: Condition, order: str, limit: int, offset: int, groups: Sequence[GroupTally]
) -> list[JobId]:
    """Those that have a group, and after them those that have none: each of the two has an order that SQLite keeps."""
    ids = _ids(tx, _both(wanted, _HAS_GROUP), f"grp, {order}", limit, offset)
    passed = sum(group.count for group in groups if group.path)
    if len(ids) == limit or not groups or groups[-1].path:
        return ids
    return ids + _ids(tx, _both(wanted, _HAS_NONE), order, limit - len(ids), max(0, offset - passed))


def _both(one: Condition, other: Condition) -> Condition:
    return Condition(f"{one.sql} AND {other.sql}", {**one.values, **other.values})


def _ids(tx: Tx, wanted: Condition, by: str, limit: int, offset: int) -> list[JobId]:
    rows = tx.rows(
        f"SELECT job_id FROM job_list WHERE {wanted.sql} ORDER BY {by} LIMIT :limit OFFSET :offset",
        **wanted.values,
        limit=limit,
        offset=offset,
    )
    return [JobId(row.job_id) for row in rows]


def _counts(tx: Tx, wanted: Condition) -> tuple[int, int]:
    """How many jobs fulfil it, and how many there are: one look at the list tells both."""
    if wanted is EVERY:
        return total(tx), total(tx)
    row = tx.row(
        f"SELECT count(CASE WHEN {wanted.sql} THEN 1 END) AS n, count(*) AS total FROM job_list", **wanted.values
    )
    return row.n, row.total


def _bars(tx: Tx, ids: str) -> dict[str, list[PastRun]]:
    """The last runs of each job, in any order: one value for each, for 4,000 rows would take longer than all else."""
    listing = "json_group_array(json_array({columns}))" if tx.is_sqlite else "json_agg(json_build_array({columns}))"
    columns = (
        "runs.id, runs.number, runs.state, (runs.ended_at - runs.started_at) / 1e6, runs.attempt, runs.has_warning, "
        "runs.verdict"
    )
    rows = tx.rows(
        f"SELECT jobs.id, CAST({listing.format(columns=columns)} AS text) AS bars FROM jobs "
        "JOIN runs ON runs.job_id = jobs.id AND runs.number >= COALESCE("
        f"(SELECT x.number FROM runs x WHERE x.job_id = jobs.id ORDER BY x.number DESC LIMIT 1 OFFSET {BARS - 1}), 0) "
        f"WHERE jobs.id IN {among(tx, 'ids')} GROUP BY jobs.id",
        ids=ids,
    )
    return {row.id: sorted(_read_bars(row.bars), key=attrgetter("number")) for row in rows}


def _live(tx: Tx, ids: str) -> dict[str, list[Any]]:
    """The live runs of each job. The index of live runs is meant, not that of jobs with all their runs."""
    live: dict[str, list[Any]] = defaultdict(list)
    for row in tx.rows(
        "SELECT id, number, job_id, state, attempt, started_at, due_at, reason, cancel_requested_at FROM runs "
        f"WHERE {IS_LIVE} AND job_id || '' IN {among(tx, 'ids')} ORDER BY number",
        ids=ids,
    ):
        live[row.job_id].append(row)
    return live


def _found(
    row: Any,
    triggers: Mapping[JobId, Sequence[Armed]],
    bars: Mapping[str, Sequence[PastRun]],
    live: Mapping[str, Sequence[Any]],
) -> Found:
    took = read_took(row.took)
    return Found(
        JobId(row.job_id),
        row.name,
        row.grp,
        row.owner,
        row.handler,
        row.pool,
        bool(row.is_enabled),
        lines_of(row.tags),
        tuple(triggers.get(row.job_id, ())),
        _last(row),
        _live_run(live.get(row.job_id, ())),
        tuple(bars.get(row.job_id, ())),
        timedelta(microseconds=row.p50_us) if took else None,
        timedelta(microseconds=not_exceeded_by(0.95, took)) if took else None,
    )


def _last(row: Any) -> LastRun | None:
    if row.last_run is None:
        return None
    return LastRun(
        RunId(row.last_run),
        State(row.last_state),
        from_us(row.last_ended_at),
        bool(row.last_warning),
        row.number or 0,
        moment(row.started_at),
        _read_text(row.reason) if row.reason else None,
        row.exit_code,
        row.host,
    )


def _live_run(rows: Sequence[Any]) -> LiveRun | None:
    if not rows:
        return None
    row = next((each for each in reversed(rows) if each.state in HOLDING), rows[-1])
    return LiveRun(
        RunId(row.id),
        row.number,
        State(row.state),
        row.attempt,
        moment(row.started_at),
        from_us(row.due_at),
        _read_text(row.reason) if row.reason else None,
        row.cancel_requested_at is not None,
        len(rows),
    )
