"""Where a run goes to: its parts, or what a connection string says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from watchkeeper.plugin import Fail, Secret, _

from .session import Session
from .split import Dialect

if TYPE_CHECKING:
    from .params import Params

_SCHEMES = {
    "sqlite": Dialect.SQLITE,
    "postgres": Dialect.POSTGRESQL,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MYSQL,
    "mariadb": Dialect.MYSQL,
}
#: What hides a secret.
_DOTS = "••••"


@dataclass(frozen=True)
class Target:
    """`url` is a whole connection string; else the parts say where."""

    dialect: Dialect
    name: str = ""
    host: str | None = None
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: str = "prefer"
    url: str | None = field(default=None, repr=False)
    options: dict[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @property
    def where(self) -> str:
        """For people, without anything that opens it."""
        if self.dialect is Dialect.SQLITE:
            return self.name
        place = self.host or "localhost"
        return f"{self.dialect} {place}:{self.port}/{self.name}" if self.port else f"{self.dialect} {place}/{self.name}"

    def masked(self, text: str) -> str:
        """`text` without the password or the connection string."""
        for secret in sorted(filter(None, self.hidden), key=len, reverse=True):
            text = text.replace(secret, _DOTS)
        return text

    def session(self) -> Session:
        """A connection that is still to be opened; Fail when its driver is missing."""
        if self.dialect is Dialect.SQLITE:
            from .sqlite import SqliteSession

            return SqliteSession(self)
        if self.dialect is Dialect.POSTGRESQL:
            from .postgresql import PostgresqlSession

            return PostgresqlSession(self)
        if self.dialect is Dialect.MYSQL:
            from .mysql import MysqlSession

            return MysqlSession(self)
        from .other import OtherSession

        return OtherSession(self)


def target_of(p: "Params", open_secret: Callable[[Secret], str]) -> Target:
    """Where the parameters lead; Fail when the connection string makes no sense."""
    if p.connection is not None:
        return _of_url(open_secret(p.connection).strip())
    assert p.database is not None and p.name is not None, "the form refuses anything else"
    password = None if p.password is None else open_secret(p.password).rstrip("\r\n")
    return Target(
        Dialect(p.database), p.name, p.host, p.port, p.user, password, p.tls, hidden=_forms(password)
    )  # fmt: skip


def _of_url(url: str) -> Target:
    """Of a string that is a secret: no part of it is said in a refusal but its scheme."""
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.replace("+", "").replace("_", "").isalnum():
        raise Fail(_("the connection string is no URL: write it as postgresql://user:password@host/name"))
    dialect = _SCHEMES.get(scheme.split("+")[0].lower(), Dialect.OTHER)
    if dialect is Dialect.OTHER:
        return Target(dialect, url=url, hidden=(url, *_forms(_password(url))))
    plain = f"{scheme.split('+')[0].lower()}://{rest}"
    try:
        parts = urlsplit(plain)
        port, user, password = parts.port, parts.username, parts.password
    except ValueError:
        raise Fail(_("the connection string can't be read: its host or port is wrong")) from None
    name = unquote(parts.path.removeprefix("/"))
    if dialect is Dialect.SQLITE and not Path(name).is_absolute():
        raise Fail(_("the connection string names no whole path: write it as sqlite:////srv/data/shop.db"))
    return Target(
        dialect,
        name,
        parts.hostname,
        port,
        None if user is None else unquote(user),
        None if password is None else unquote(password),
        url=plain.replace("postgres://", "postgresql://", 1) if dialect is Dialect.POSTGRESQL else None,
        options=dict(parse_qsl(parts.query)),
        hidden=(url, plain, *_forms(password), *_forms(_option(parts.query, "password"))),
    )


def _forms(password: str | None) -> tuple[str, ...]:
    return () if not password else (password, unquote(password))


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None


def _option(query: str, name: str) -> str | None:
    found: dict[str, Any] = dict(parse_qsl(query))
    return found.get(name)
