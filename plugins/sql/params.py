"""The form of the handler, and the combinations that make no sense."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from watchkeeper.plugin import Fail, Secret, _, param

from .checks import require_checked
from .split import Dialect, split

Value = str | int | float | bool | None

MOST_ROWS, MOST_MB, LONGEST = 100_000_000, 100_000, timedelta(days=7)
FILES = ("csv", "json")
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL, MariaDB"}
TLS = {
    "prefer": _("Where the server can"),
    "require": _("Always"),
    "verify": _("Always, with a valid certificate"),
    "off": _("Never"),
}
RESULTS = {
    "table": _("A table at the run"),
    "first row": _("The first row as outputs"),
    "csv": _("A CSV file"),
    "json": _("A JSON file"),
    "none": _("Nothing"),
}
BEYOND = {"fail": _("The run fails"), "cut": _("The first rows are kept")}
CHECKS = {"exactly": _("Exactly"), "at least": _("At least"), "at most": _("At most")}
NO_CONNECTION = {"connection": None}
CHOSEN = {**NO_CONNECTION, "database": tuple(DATABASES)}
ON_SERVER = {**NO_CONNECTION, "database": ("postgresql", "mysql")}


@dataclass(frozen=True)
class Params:
    """Where, what, and what becomes of it."""

    connection: Secret | None = param(
        _("Connection string"),
        default=None,
        help=_("The name of a secret with a URL like postgresql://user:password@host/name; in place of the parts"),
    )
    database: Literal["sqlite", "postgresql", "mysql"] | None = param(
        _("Database"), default=None, help=_("mysql is MariaDB too"), choices=DATABASES, when=NO_CONNECTION
    )
    name: str | None = param(
        _("Name"), default=None, help=_("What the database is called; for SQLite the path of its file"), when=CHOSEN
    )
    host: str | None = param(_("Host"), default=None, help=_("A host, or the path of a socket"), when=ON_SERVER)
    port: int | None = param(_("Port"), default=None, when=ON_SERVER)
    user: str | None = param(_("User"), default=None, when=ON_SERVER)
    password: Secret | None = param(
        _("Password"), default=None, help=_("The name of the secret that holds it"), when=ON_SERVER
    )
    tls: Literal["prefer", "require", "verify", "off"] = param(
        _("Encryption"),
        default="prefer",
        help=_("prefer: where the server can; require: or not at all; verify: with a certificate that is right"),
        choices=TLS,
        when=ON_SERVER,
    )
    statement: str | None = param(
        _("Statement"), default=None, is_multiline=True, placeholder="SELECT ...", help=_("Exactly one")
    )
    script: str | None = param(
        _("Script"), default=None, placeholder="/srv/jobs/month.sql", help=_("A file of statements, instead of one")
    )
    values: dict[str, Value] = param(_("Values"), default={}, help=_("For each :name in the SQL"))
    write: bool = param(_("May change data"), default=False, help=_("Otherwise the database refuses to change any"))
    timeout: timedelta = param(
        _("Statement timeout"), default=timedelta(minutes=5), help=_("The server stops a statement that takes longer")
    )
    result: Literal["table", "first row", "csv", "json", "none"] = param(
        _("Result"), default="table", choices=RESULTS, group=_("Result")
    )
    path: str | None = param(
        _("File of the result"), default=None, placeholder="/srv/out/orders.csv", when={"result": FILES}
    )
    max_rows: int = param(_("Rows at most"), default=100_000)
    max_mb: int = param(_("Megabytes at most"), default=100)
    beyond: Literal["fail", "cut"] = param(
        _("If there is more"),
        default="fail",
        help=_("fail: the run fails; cut: what came first is kept"),
        choices=BEYOND,
    )
    check: Literal["exactly", "at least", "at most"] | None = param(
        _("Check the number of rows"),
        default=None,
        help=_("Those that come back, else those that are changed"),
        choices=CHECKS,
    )
    check_rows: int | None = param(_("Rows to check for"), default=None, when={"check": tuple(CHECKS)})

    def __post_init__(self) -> None:
        _require_place(self)
        _require_work(self)
        _require_limits(self)
        _require_result(self)

    @property
    def is_file(self) -> bool:
        """The result goes to `path`."""
        return self.result in FILES


def _require_place(p: Params) -> None:
    if (p.connection is None) == (p.database is None):
        raise Fail(_("give either database with its parts, or connection with the name of a secret"))
    parts = {"name": p.name, "host": p.host, "port": p.port, "user": p.user, "password": p.password}
    if p.tls != "prefer":
        parts["tls"] = p.tls
    given = ", ".join(name for name, value in parts.items() if value is not None)
    if p.connection is not None:
        if given:
            raise Fail(_("the connection string says where: leave out {fields}", fields=given))
        return
    if not p.name or not p.name.strip():
        raise Fail(_("name is missing: what the database is called, for SQLite the path of its file"))
    if p.database == "sqlite":
        _require_file(p.name, given)
    elif p.host is not None and (not p.host.strip() or "://" in p.host or any(c.isspace() for c in p.host)):
        raise Fail(_("host is {host}: write a host alone, like db.example.org", host=repr(p.host)[:80]))
    if p.port is not None and not 1 <= p.port <= 65535:
        raise Fail(_("port is {port}: it is a number from 1 to 65535", port=p.port))
    _require_no_nul(p.name, p.host, p.user)


def _require_file(name: str, given: str) -> None:
    if given != "name":
        others = ", ".join(part for part in given.split(", ") if part != "name")
        raise Fail(_("SQLite is a file without a server: leave out {fields}", fields=others))
    if not Path(name).is_absolute():
        raise Fail(_("name is {name}: write the whole path of the SQLite file", name=repr(name)[:80]))


def _require_work(p: Params) -> None:
    if (p.statement is None) == (p.script is None):
        raise Fail(_("give either statement or script"))
    if p.script is not None and not Path(p.script).is_absolute():
        raise Fail(_("script is {path}: write the whole path of a file", path=repr(p.script)[:80]))
    for name in p.values:
        if not (name.isascii() and name.isidentifier()):
            raise Fail(_("values: {name} is no name; use letters, digits and _", name=repr(name)[:60]))
    _require_no_nul(p.statement, p.script, p.path, *(each for each in p.values.values() if isinstance(each, str)))
    if p.statement is not None and p.database is not None:
        found = split(p.statement, Dialect(p.database))
        require_checked(found, p.values, may_write=p.write, is_one=True)


def _require_limits(p: Params) -> None:
    if not timedelta(0) < p.timeout <= LONGEST:
        raise Fail(_("timeout must be more than nothing and at most seven days"))
    if not 1 <= p.max_rows <= MOST_ROWS:
        raise Fail(_("max_rows is {n}: it is a number from 1 to {most}", n=p.max_rows, most=MOST_ROWS))
    if not 1 <= p.max_mb <= MOST_MB:
        raise Fail(_("max_mb is {n}: it is a number from 1 to {most}", n=p.max_mb, most=MOST_MB))
    if (p.check is None) != (p.check_rows is None):
        raise Fail(_("check and check_rows go together: give both or neither"))
    if p.check_rows is not None and not 0 <= p.check_rows <= p.max_rows:
        raise Fail(_("check_rows is {n}: it is a number from 0 to max_rows", n=p.check_rows))


def _require_result(p: Params) -> None:
    if p.is_file and not p.path:
        raise Fail(_("path is missing: where the {form} file goes", form=p.result))
    if p.path is None:
        return
    if not p.is_file:
        raise Fail(_("path goes with the result csv or json: the result is {form}", form=p.result))
    if not Path(p.path).is_absolute() or p.path.endswith("/"):
        raise Fail(_("path is {path}: write the whole path of a file", path=repr(p.path)[:80]))
    if p.script is not None and Path(p.path) == Path(p.script):
        raise Fail(_("path and script are the same file: the result would be written over the script"))
    if p.database == "sqlite" and Path(p.path) == Path(p.name or ""):
        raise Fail(_("path is the database itself: the result would be written over it"))


def _require_no_nul(*texts: str | None) -> None:
    if any(text is not None and "\0" in text for text in texts):
        raise Fail(_("no field may hold a NUL character"))
