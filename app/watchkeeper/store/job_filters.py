"""A filter of jobs as a condition in SQL."""

import re
from collections.abc import Collection, Iterable
from itertools import count
from typing import Any, NamedTuple

from watchkeeper.model.ids import JobId
from watchkeeper.model.instant import span_us
from watchkeeper.model.job_filter import Among, Clause, Time, Words
from watchkeeper.model.job_status import STATUSES
from watchkeeper.model.run import ENDINGS, LIVE
from watchkeeper.model.searchable import searchable
from watchkeeper.store.conditions import IS_LIVE
from watchkeeper.store.conditions import listed as among_states
from watchkeeper.store.job_list import holds, line
from watchkeeper.store.lists import among, listed
from watchkeeper.store.tx import Tx


class Condition(NamedTuple):
    """What stands behind WHERE in a query of `job_list`, and its values."""

    sql: str
    values: dict[str, Any]


#: Lets all jobs through.
EVERY = Condition("1 = 1", {})


def condition(tx: Tx, clauses: Iterable[Clause], only: Collection[JobId] | None = None) -> Condition:
    """The condition that lets through what fulfils all of `clauses`, and is in `only` if that is given.

    `next:` is nothing that SQL could tell: see action/job_filter.py.
    """
    bound = _Bound(tx)
    parts = [_part(clause, bound) for clause in clauses if not (isinstance(clause, Time) and clause.field == "next")]
    if only is not None:
        bound.values["only"] = listed(only)
        parts.append(f"job_id IN {among(tx, 'only')}")
    return Condition(" AND ".join(parts), bound.values) if parts else EVERY


class _Bound:
    """Gives each value a name of its own."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.values: dict[str, Any] = {}
        self._numbers = count()

    def __call__(self, value: Any) -> str:
        name = f"f{next(self._numbers)}"
        self.values[name] = value
        return f":{name}"


def _part(clause: Clause, bound: _Bound) -> str:
    match clause:
        case Words():
            said = f"words LIKE {bound(_pattern(clause.text))} ESCAPE '!'"
        case Time():
            said = _ended(clause, bound)
        case Among():
            said = " OR ".join(_having(clause.field, value, bound) for value in clause.values)
    return f"NOT ({said})" if clause.is_not else f"({said})"


def _pattern(text: str) -> str:
    escaped = re.sub("([!%_])", r"!\1", searchable(text))
    return f"%{escaped}%"


def _ended(clause: Time, bound: _Bound) -> str:
    if clause.span is None:
        return "last_ended_at IS NULL"
    mark = "<" if clause.is_farther else ">"
    return f"COALESCE(last_ended_at {mark} {bound(bound.tx.now_us - span_us(clause.span))}, 1 = 0)"


def _having(field: str, value: str, bound: _Bound) -> str:
    match field:
        case "status":
            return _status(value)
        case "is":
            return f"is_enabled = {int(value == 'enabled')}"
        case "group" if value:
            path = value.rstrip("/")
            return f"grp = {bound(path)} OR substr(grp, 1, {len(path) + 1}) = {bound(path + '/')}"
        case "tag" | "calendar" if value:
            return holds(bound.tx, f"{field}s", bound(line(value)))
    return f"{_COLUMNS.get(field, field)} = {bound(value)}"


#: Where a field's column is not called as it is.
_COLUMNS = {"group": "grp", "tag": "tags", "calendar": "calendars"}


def _status(value: str) -> str:
    match value:
        case "never":
            return "last_run IS NULL"
        case "disabled":
            return "is_enabled = 0"
        case "warning":
            return "(COALESCE(last_state, '') = 'SUCCEEDED' AND last_warning = 1)"
    states = STATUSES[value].states
    ended, live = among_states(states & ENDINGS), among_states(states & LIVE)
    parts = [f"COALESCE(last_state, '') IN ({ended})"] if ended else []
    if live:
        # The index of live runs is taken only where its own condition stands in the query.
        parts.append(f"job_id IN (SELECT job_id FROM runs WHERE {IS_LIVE} AND state IN ({live}))")
    return " OR ".join(parts)
