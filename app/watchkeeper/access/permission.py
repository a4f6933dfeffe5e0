"""The kinds of deeds that can be allowed."""

from enum import StrEnum


class Permission(StrEnum):
    """What an actor may be allowed to do."""

    #: See jobs, runs, logs.
    VIEW = "view"
    #: Start, cancel, re-run and judge runs.
    RUN = "run"
    #: Make, change and delete jobs and pools.
    EDIT = "edit"
    #: The workspace itself: plugins, audit trail, checks.
    ADMIN = "admin"
