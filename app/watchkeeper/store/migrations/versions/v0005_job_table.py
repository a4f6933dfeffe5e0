"""The table of jobs: what is asked of many jobs at once stands beside each of them, as does what its last run was."""

import json
import math
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SPECS = (
    "SELECT jobs.id, jobs.name, jobs.is_enabled, jobs.pool, v.spec FROM jobs JOIN job_versions v ON v.job_id = jobs.id AND v.version = jobs.version "
    "WHERE jobs.id > :after ORDER BY jobs.id LIMIT :limit"
)
_FILL = (
    "INSERT INTO job_list (name, job_id, is_enabled, pool, owner, grp, handler, tags, calendars, last_run, last_state, "
    "last_warning, last_ended_at, p50_us, took, words) VALUES (:name, :job_id, :is_enabled, :pool, '', '', :handler, "
    ":tags, :calendars, :last_run, :last_state, :last_warning, :last_ended_at, :p50_us, :took, :words)"
)
_RUNS = (
    "SELECT id, COALESCE(verdict, state) AS state, has_warning, started_at, ended_at FROM runs "
    "WHERE job_id = :id AND ended_at IS NOT NULL ORDER BY number DESC LIMIT 20"
)
#: Jobs that are in memory at once.
_BATCH = 1_000


def upgrade() -> None:
    op.create_table(
        "job_list",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Integer(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("grp", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("calendars", sa.Text(), nullable=False),
        sa.Column("last_run", sa.Text(), nullable=True),
        sa.Column("last_state", sa.Text(), nullable=True),
        sa.Column("last_warning", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_ended_at", sa.BigInteger(), nullable=True),
        sa.Column("p50_us", sa.BigInteger(), nullable=True),
        sa.Column("took", sa.Text(), server_default="[]", nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_list_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_list")),
        sa.UniqueConstraint("job_id", name=op.f("uq_job_list_job_id")),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    after = ""
    while rows := connection.execute(sa.text(_SPECS), {"after": after, "limit": _BATCH}).all():
        connection.execute(sa.text(_FILL), [_filled(connection, row) for row in rows])
        after = rows[-1].id


def _filled(connection: sa.Connection, row: Any) -> dict[str, Any]:
    spec = json.loads(row.spec)
    runs = connection.execute(sa.text(_RUNS), {"id": row.id}).all()
    last = runs[0] if runs else None
    took = [
        run.ended_at - run.started_at
        for run in reversed(runs)
        if run.state == "SUCCEEDED" and run.started_at is not None and run.ended_at >= run.started_at
    ]
    words = f"{row.name}\n{spec.get('description', '')}"
    return {
        "name": row.name,
        "job_id": row.id,
        "is_enabled": row.is_enabled,
        "pool": row.pool or "",
        "handler": spec["handler"],
        "tags": _lines(spec.get("tags", ())),
        "calendars": _lines(_named(spec)),
        "last_run": last.id if last else None,
        "last_state": last.state if last else None,
        "last_warning": last.has_warning if last else 0,
        "last_ended_at": last.ended_at if last else None,
        "p50_us": sorted(took)[math.ceil(len(took) / 2) - 1] if took else None,
        "took": json.dumps(took, separators=(",", ":")),
        "words": unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold()),
    }


def _lines(words: Iterable[str]) -> str:
    lines = "\n".join(dict.fromkeys(words))
    return f"\n{lines}\n" if lines else ""


def _named(spec: dict[str, Any]) -> Iterator[str]:
    for trigger in spec.get("triggers", ()):
        yield from (*trigger.get("only_on", ()), *trigger.get("not_on", ()))
