"""The tables. Moments are whole microseconds since 1970 (UTC), JSON is text, booleans are 0 and 1."""

import sqlalchemy as sa

from watchkeeper.model.run import ENDINGS, HOLDING, State
from watchkeeper.store.conditions import HAS_FAILED, IS_LIVE, IS_NOTABLE, IS_UNSUCCESSFUL, listed

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite makes only an INTEGER primary key an alias of the rowid.
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)

pools = sa.Table(
    "pools",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.CheckConstraint("size >= 0", name="size"),
)

calendars = sa.Table(
    "calendars",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("spec", sa.Text, nullable=False),
    sa.Column("saved_at", sa.BigInteger, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_enabled", sa.Integer, nullable=False),
    sa.Column("pool", sa.Text, sa.ForeignKey("pools.name")),
)

#: What the table of jobs is filtered and sorted by, a row for each job. It lies in the order of names, so that one look
#: at all of it finds a window and its size; what is long comes last.
job_list = sa.Table(
    "job_list",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("is_enabled", sa.Integer, nullable=False),
    sa.Column("pool", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    #: The path of its group; `group` is a word of SQL.
    sa.Column("grp", sa.Text, nullable=False),
    sa.Column("handler", sa.Text, nullable=False),
    #: Tags, and the calendars that its triggers name: each between two line feeds.
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("calendars", sa.Text, nullable=False),
    #: The run whose ending was written last, and what it came to (see last_runs.py).
    sa.Column("last_run", sa.Text),
    sa.Column("last_state", sa.Text),
    sa.Column("last_warning", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_ended_at", sa.BigInteger),
    #: What half of those in `took` did not exceed.
    sa.Column("p50_us", sa.BigInteger),
    #: Microseconds that its last runs took which succeeded, the newest last.
    sa.Column("took", sa.Text, nullable=False, server_default="[]"),
    #: Name and description, as free text is looked for in them (see model/searchable.py).
    sa.Column("words", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
_searched = job_list.c.words
#: A keystroke in the filter looks through these, each a third of the table or less. An entry of PostgreSQL's has no
#: room for a description: there the table is looked through.
sa.Index("ix_job_list_name", job_list.c.name, job_list.c.job_id, _searched).ddl_if(dialect="sqlite")
sa.Index("ix_job_list_grp", job_list.c.grp, job_list.c.name, job_list.c.job_id, _searched).ddl_if(dialect="sqlite")
sa.Index(
    "ix_job_list_notable",
    job_list.c.grp,
    job_list.c.last_state,
    job_list.c.last_warning,
    _searched,
    sqlite_where=sa.text(IS_NOTABLE),
).ddl_if(dialect="sqlite")

job_versions = sa.Table(
    "job_versions",
    metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("spec", sa.Text, nullable=False),
    sa.Column("saved_at", sa.BigInteger, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
)

triggers = sa.Table(
    "triggers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("spec", sa.Text, nullable=False),
    #: The last nominal instant that became a run or a MISSED row; nothing at or before it is fired again.
    sa.Column("cursor_at", sa.BigInteger, nullable=False),
    #: Fixed delay only: when it fires next; NULL while its run lives.
    sa.Column("next_at", sa.BigInteger),
)

#: Which job's endings an `after` trigger waits for.
chains = sa.Table(
    "chains",
    metadata,
    sa.Column("trigger_id", sa.Text, sa.ForeignKey("triggers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("upstream_id", sa.Text, sa.ForeignKey("jobs.id"), nullable=False, index=True),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("number", Number, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("job_name", sa.Text, nullable=False),
    sa.Column("job_version", sa.Integer, nullable=False),
    sa.Column("trigger_id", sa.Text),
    sa.Column("nominal_at", sa.BigInteger),
    sa.Column("caller_execution_id", sa.Text),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("rerun_of", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("params", sa.Text),
    sa.Column("concurrency_key", sa.Text),
    #: The concurrency key while this run holds it.
    sa.Column("held_key", sa.Text),
    sa.Column("pool", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("started_at", sa.BigInteger),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("exit_code", sa.Integer),
    sa.Column("has_warning", sa.Integer, nullable=False),
    sa.Column("outputs", sa.Text),
    sa.Column("host", sa.Text),
    #: What the host stood on when the intent was written: boot id and folder id.
    sa.Column("ground", sa.Text),
    sa.Column("log_size", sa.BigInteger, nullable=False),
    sa.Column("log_dropped", sa.BigInteger, nullable=False),
    sa.Column("cancel_requested_at", sa.BigInteger),
    sa.Column("cancel_requested_by", sa.Text),
    sa.Column("verdict", sa.Text),
    sa.Column("verdict_by", sa.Text),
    sa.Column("verdict_reason", sa.Text),
    sa.Column("last_missed_at", sa.BigInteger),
    sa.Column("missed_count", sa.Integer, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    #: The run whose ending started this one.
    sa.Column("after_run", sa.Text),
    #: The file whose arrival started this one.
    sa.Column("file", sa.Text),
    #: With MISSED: what a person chose to make up for: once, all, none; NULL while nobody has.
    sa.Column("made_up", sa.Text),
    sa.CheckConstraint(f"state IN ({listed(frozenset(State))})", name="state"),
    sa.CheckConstraint(f"(ended_at IS NOT NULL) = (state IN ({listed(ENDINGS)}))", name="ended_at"),
    sa.CheckConstraint(
        f"held_key IS NULL OR state IN ({listed(HOLDING | {State.WAITING, State.QUEUED})})", name="held_key"
    ),
    sa.CheckConstraint("attempt >= 1", name="attempt"),
)
_trigger_known, _key_held = sa.text("trigger_id IS NOT NULL"), sa.text("held_key IS NOT NULL")
_is_after, _is_open = sa.text("after_run IS NOT NULL"), sa.text("state = 'MISSED' AND made_up IS NULL")
_is_live = sa.text(IS_LIVE)
sa.Index(
    "uq_runs_occurrence",
    runs.c.trigger_id,
    runs.c.nominal_at,
    unique=True,
    sqlite_where=_trigger_known,
    postgresql_where=_trigger_known,
)
sa.Index("uq_runs_held_key", runs.c.held_key, unique=True, sqlite_where=_key_held, postgresql_where=_key_held)
sa.Index("ix_runs_live", runs.c.state, runs.c.number, sqlite_where=_is_live, postgresql_where=_is_live)
sa.Index(
    "uq_runs_after",
    runs.c.after_run,
    runs.c.job_id,
    unique=True,
    sqlite_where=_is_after,
    postgresql_where=_is_after,
)
sa.Index("ix_runs_missed", runs.c.number, sqlite_where=_is_open, postgresql_where=_is_open)
sa.Index("ix_runs_job_id", runs.c.job_id, runs.c.number)
_has_failed, _is_unsuccessful = sa.text(HAS_FAILED), sa.text(IS_UNSUCCESSFUL)
sa.Index("ix_runs_failed", runs.c.job_id, runs.c.number, sqlite_where=_has_failed, postgresql_where=_has_failed)
sa.Index(
    "ix_runs_unsuccessful",
    runs.c.state,
    runs.c.number,
    sqlite_where=_is_unsuccessful,
    postgresql_where=_is_unsuccessful,
)

#: Runs that a person has seen and need not be told of again.
acknowledgements = sa.Table(
    "acknowledgements",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("started_at", sa.BigInteger),
    sa.Column("ended_at", sa.BigInteger, nullable=False),
    sa.Column("exit_code", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.Column("host", sa.Text),
)

execution_ids = sa.Table(
    "execution_ids",
    metadata,
    sa.Column("execution_id", sa.Text, primary_key=True),
    sa.Column("payload_hash", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False, index=True),
)

#: Finished runs whose log still lies on the host, and whose run directories are to go.
shelf = sa.Table(
    "shelf",
    metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
)

#: What people have said to plugin files; `source` is the text that they looked at.
plugin_verdicts = sa.Table(
    "plugin_verdicts",
    metadata,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("is_allowed", sa.Integer, nullable=False),
    sa.Column("decided_at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", Number, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("object", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("detail", sa.Text),
)

#: What is known of a secret without its value. `wipe_at`: it was deleted, and goes for good then.
secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Column("last_used_at", sa.BigInteger),
    sa.Column("last_used_by", sa.Text, nullable=False),
    sa.Column("wipe_at", sa.BigInteger),
)
_is_kept = sa.text("wipe_at IS NULL")
sa.Index("uq_secrets_name", secrets.c.name, unique=True, sqlite_where=_is_kept, postgresql_where=_is_kept)

#: The values, under the vault's seal. `wipe_at`: an earlier one, kept until then.
secret_versions = sa.Table(
    "secret_versions",
    metadata,
    sa.Column("secret_id", sa.Text, sa.ForeignKey("secrets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("saved_at", sa.BigInteger, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("wipe_at", sa.BigInteger),
)
