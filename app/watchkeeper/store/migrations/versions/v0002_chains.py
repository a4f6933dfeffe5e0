"""Chains, arrived files, and what was chosen for missed occurrences."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "chains",
        sa.Column("trigger_id", sa.Text(), nullable=False),
        sa.Column("upstream_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["trigger_id"], ["triggers.id"], name=op.f("fk_chains_trigger_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["upstream_id"], ["jobs.id"], name=op.f("fk_chains_upstream_id")),
        sa.PrimaryKeyConstraint("trigger_id", name=op.f("pk_chains")),
    )
    op.create_index(op.f("ix_chains_upstream_id"), "chains", ["upstream_id"], unique=False)
    op.add_column("runs", sa.Column("after_run", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("file", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("made_up", sa.Text(), nullable=True))
    is_after, is_open = sa.text("after_run IS NOT NULL"), sa.text("state = 'MISSED' AND made_up IS NULL")
    op.create_index(
        "uq_runs_after", "runs", ["after_run", "job_id"], unique=True, sqlite_where=is_after, postgresql_where=is_after
    )
    op.create_index("ix_runs_missed", "runs", ["number"], unique=False, sqlite_where=is_open, postgresql_where=is_open)
