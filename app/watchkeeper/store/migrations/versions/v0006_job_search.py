"""What a keystroke in the filter of jobs looks through on SQLite."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_IS_NOTABLE = "COALESCE(last_state, '') <> 'SUCCEEDED' OR last_warning = 1"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_index("ix_job_list_grp", "job_list", ["grp", "name", "job_id", "words"])
    op.create_index(
        "ix_job_list_notable",
        "job_list",
        ["grp", "last_state", "last_warning", "words"],
        sqlite_where=sa.text(_IS_NOTABLE),
    )
    # The last of two that serve a count alike is taken: the one that the rows themselves are read by.
    op.create_index("ix_job_list_name", "job_list", ["name", "job_id", "words"])
