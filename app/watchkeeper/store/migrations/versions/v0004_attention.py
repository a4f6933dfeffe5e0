"""What a person has seen, and quick ways to the runs that did not succeed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "acknowledgements",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_acknowledgements")),
    )
    has_failed = sa.text("state IN ('EXPIRED', 'FAILED', 'TIMED_OUT') OR verdict = 'FAILED'")
    is_other = sa.text(
        "state IN ('CANCELLED', 'EXPIRED', 'FAILED', 'MISSED', 'SKIPPED', 'TIMED_OUT', 'UPSTREAM_FAILED')"
    )
    op.create_index(
        "ix_runs_failed", "runs", ["job_id", "number"], sqlite_where=has_failed, postgresql_where=has_failed
    )
    op.create_index(
        "ix_runs_unsuccessful", "runs", ["state", "number"], sqlite_where=is_other, postgresql_where=is_other
    )
