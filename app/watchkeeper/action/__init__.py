"""Everything a person can do, one file per noun, and the desk: the only door to the engine, local or remote.

Decision: an action is a plain function, registered with its facts; a parameter of type Job or Run is an object.
Question: how do command line, audit trail and permission check stay one thing?
Why: all three read the same list; the object is found, checked and changed in one transaction.
Alternatives: a class per action (ten lines of frame for three of work), checks written in each function (forgotten).
State: in force.

Decision: checks of a job that are pure and may be slow run before the transaction, off the loop (`prepare`).
Question: where are a thousand jobs of a file checked without holding up the one writer?
Why: only what must be seen in the same transaction belongs into it.
Alternatives: inside the transaction (80 ms of silence for the engine), in the client (can be left out).
State: in force.
"""

from watchkeeper.action import (
    apply,
    attention,
    audit,
    away,
    calendar_preview,
    calendar_table,
    calendars,
    comparison,
    dry_run,
    engine,
    first_error,
    handlers,
    history,
    job_effect,
    job_table,
    job_tags,
    jobs,
    live,
    log_diff,
    missed,
    plugins,
    pools,
    preview,
    runs,
    samples,
    schedule,
    secret_table,
    secret_values,
    secrets,
    settings,
    system,
    timeline,
    upcoming,
    vault,
    verdict,
    versions,
    workspace,
)
from watchkeeper.action.spec import ACTIONS

__all__ = [
    "ACTIONS",
    "apply",
    "attention",
    "audit",
    "away",
    "calendar_preview",
    "calendar_table",
    "calendars",
    "comparison",
    "dry_run",
    "engine",
    "first_error",
    "handlers",
    "history",
    "job_effect",
    "job_table",
    "job_tags",
    "jobs",
    "live",
    "log_diff",
    "missed",
    "plugins",
    "pools",
    "preview",
    "runs",
    "samples",
    "schedule",
    "secret_table",
    "secret_values",
    "secrets",
    "settings",
    "system",
    "timeline",
    "upcoming",
    "vault",
    "verdict",
    "versions",
    "workspace",
]
