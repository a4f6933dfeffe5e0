"""What the database's errors mean for us: wait, give up, or somebody was first."""

from enum import StrEnum


class Fault(StrEnum):
    """A family of database errors."""

    #: The disk is full; it may be freed.
    FULL = "full"
    #: The disk or the file is broken, or a commit's fate is unknown: nothing may be written any more.
    BROKEN = "broken"
    #: Another process holds the lock, or the server is away for the moment.
    BUSY = "busy"
    #: A constraint refused the rows.
    CONSTRAINT = "constraint"
    #: The statement or our code.
    OTHER = "other"


_SQLITE = {
    "SQLITE_FULL": Fault.FULL,
    "SQLITE_IOERR": Fault.BROKEN,
    "SQLITE_CORRUPT": Fault.BROKEN,
    "SQLITE_NOTADB": Fault.BROKEN,
    "SQLITE_READONLY": Fault.BROKEN,
    "SQLITE_CANTOPEN": Fault.BROKEN,
    "SQLITE_BUSY": Fault.BUSY,
    "SQLITE_LOCKED": Fault.BUSY,
    "SQLITE_CONSTRAINT": Fault.CONSTRAINT,
}
#: By code or class (https://www.postgresql.org/docs/current/errcodes-appendix.html), the longer first.
_POSTGRESQL = {
    "53100": Fault.FULL,
    "55P03": Fault.BUSY,
    "25P03": Fault.BUSY,
    "08": Fault.BUSY,
    "40": Fault.BUSY,
    "53": Fault.BUSY,
    "57": Fault.BUSY,
    "23": Fault.CONSTRAINT,
    "58": Fault.BROKEN,
    "XX": Fault.BROKEN,
}


def fault_of(error: BaseException) -> Fault:
    """The family of an error that a driver or SQLAlchemy raised; OTHER for everything else."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None)
    if name is not None:
        return next((fault for prefix, fault in _SQLITE.items() if name.startswith(prefix)), Fault.OTHER)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], Fault.OTHER)
    return Fault.BUSY if _is_out_of_reach(error, cause) else Fault.OTHER


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is torn, or no database any more."""
    name = getattr(getattr(error, "orig", None) or error, "sqlite_errorname", None) or ""
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _is_out_of_reach(error: BaseException, cause: BaseException) -> bool:
    """The connection broke, or there was none to be had: only of such errors the server has no code."""
    is_of_server = hasattr(cause, "sqlstate") and type(cause).__name__ == "OperationalError"
    return is_of_server or bool(getattr(error, "connection_invalidated", False))
