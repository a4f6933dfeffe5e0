"""The list of jobs: of each what jobs are filtered and sorted by, written with every save."""

from collections.abc import Iterable
from typing import Any

from watchkeeper.model.job import Job
from watchkeeper.model.searchable import searchable
from watchkeeper.store.tx import Tx

#: The columns that hold any number of words.
LINES = ("tags", "calendars")


def write(tx: Tx, job: Job) -> None:
    """Let the list say of a job what is saved; what its last runs were stays (see last_runs.py)."""
    values = _values(job)
    columns = [name for name in values if name != "job_id"]
    if not tx.run(f"UPDATE job_list SET {', '.join(f'{c} = :{c}' for c in columns)} WHERE job_id = :job_id", **values):
        tx.run(f"INSERT INTO job_list ({', '.join(values)}) VALUES (:{', :'.join(values)})", **values)


def holds(tx: Tx, column: str, text: str) -> str:
    """The condition that a column holds some text, wherever."""
    return f"{'instr' if tx.is_sqlite else 'strpos'}({column}, {text}) > 0"


def line(word: str) -> str:
    """A word as it stands among others."""
    return f"\n{word}\n"


def lines_of(stored: str) -> tuple[str, ...]:
    """The words of a column of lines."""
    return tuple(stored[1:-1].split("\n")) if stored else ()


def _values(job: Job) -> dict[str, Any]:
    spec = job.spec
    return {
        "job_id": job.id,
        "name": spec.name,
        "is_enabled": int(spec.is_enabled),
        "pool": spec.pool or "",
        "owner": spec.owner,
        "grp": spec.group,
        "handler": spec.handler,
        "tags": _lines(spec.tags),
        "calendars": _lines(name for _place, name in spec.calendars()),
        "words": searchable(f"{spec.name}\n{spec.description}"),
    }


def _lines(words: Iterable[str]) -> str:
    joined = "\n".join(dict.fromkeys(words))
    return line(joined) if joined else ""
