"""How a database is reached, what is said when it is not, and that no secret is among it."""

import asyncio
import importlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mariadb import MariaDb
from tests.plugins.sql.asking import Asking
from tests.plugins.sql.conftest import KINDS
from tests.postgresql import Server
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import Cancelled, Failed

PASSWORD = "hunter2-secret"


def by_url(sql: Spec, url: str) -> Asking:
    return Asking(sql, {"connection": "shop-url"}, {"shop-url": url})


def urls(kind: str, request: pytest.FixtureRequest) -> list[str]:
    """The same shop by connection strings."""
    if kind == "sqlite":
        return [f"sqlite:///{request.getfixturevalue('file')}"]
    if kind == "postgresql":
        server: Server = request.getfixturevalue("server")
        request.getfixturevalue("postgres")
        end = f"keeper@/postgres?host={server.folder}"
        return [f"{scheme}://{end}" for scheme in ("postgresql", "postgres", "postgresql+psycopg")]
    mariadb: MariaDb = request.getfixturevalue("mariadb")
    request.getfixturevalue("maria")
    end = f"reader:{PASSWORD}@/shop?unix_socket={mariadb.socket}"
    return [f"{scheme}://{end}" for scheme in ("mysql", "mariadb", "mysql+pymysql")]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_string_out_of_a_secret_leads_there(
    sql: Spec, kind: str, request: pytest.FixtureRequest
) -> None:
    for url in urls(kind, request):
        assert (await by_url(sql, url).outputs("SELECT count(*) AS n FROM orders", result="first row"))["n"] == 3


async def test_a_password_comes_from_a_secret(sql: Spec, mariadb: MariaDb, maria: Asking) -> None:
    place = {"database": "mysql", "host": str(mariadb.socket), "user": "reader", "name": "shop", "password": "pw"}
    assert await Asking(sql, place, {"pw": f"{PASSWORD}\n"}).outputs("SELECT 1 AS a", result="first row")
    told = await Asking(sql, place, {"pw": "wrong-secret"}).refusal("SELECT 1")
    assert "Access denied" in told and "wrong-secret" not in told


async def test_a_secret_that_the_run_does_not_name_is_not_opened(sql: Spec) -> None:
    place = {"database": "mysql", "name": "shop", "password": "pw"}
    assert "the secret pw" in await Asking(sql, place).refusal("SELECT 1")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"postgresql://me:{PASSWORD}@127.0.0.1:1/shop", "cannot connect to postgresql 127.0.0.1:1/shop"),
        (f"mysql://me:{PASSWORD}@127.0.0.1:1/shop", "cannot connect to mysql 127.0.0.1:1/shop"),
        (f"postgresql://me:{PASSWORD}@nosuch.invalid/shop", "cannot connect to postgresql nosuch.invalid/shop"),
        (f"mysql://me:{PASSWORD}@nosuch.invalid/shop", "cannot connect to mysql nosuch.invalid/shop"),
        (f"postgresql://me:{PASSWORD}%zz@127.0.0.1:1/shop", "cannot connect to"),
        (f"postgresql://me@127.0.0.1:1/shop?password={PASSWORD}&nosuch=1", "cannot connect to"),
        (f"mysql://me:{PASSWORD}@db/shop?nosuch={PASSWORD}", "the connection string has nosuch"),
        (f"postgresql://me:{PASSWORD}@db:port/shop", "its host or port is wrong"),
        (f"me:{PASSWORD}@db", "the connection string is no URL"),
        ("", "the connection string is no URL"),
        (f"://{PASSWORD}", "the connection string is no URL"),
        ("sqlite://shop.db", "names no whole path"),
        ("sqlite:////nowhere/shop.db", "there is no database /nowhere/shop.db"),
        (f"nosuch://me:{PASSWORD}@db/shop", "SQLAlchemy knows no database of this kind"),
        (f"oracle+oracledb://me:{PASSWORD}@db/shop", "the driver oracledb is missing"),
        (f"mssql+pyodbc://me:{PASSWORD}@db/shop", "the driver pyodbc is missing"),
    ],
)
async def test_what_leads_nowhere_is_told_without_the_secret(sql: Spec, url: str, sentence: str) -> None:
    asking = by_url(sql, url)
    outcome = await asking.answer("SELECT 1")
    assert isinstance(outcome, Failed), outcome
    told = str(outcome.text)
    assert sentence in told
    assert PASSWORD not in told + repr(outcome) + "".join(asking.log)


async def test_what_is_no_database_is_told(sql: Spec, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, " * 200)
    told = await Asking(sql, {"database": "sqlite", "name": str(path)}).refusal("SELECT 1")
    assert told == f"cannot connect to {path}: file is not a database"


@pytest.fixture
def deaf() -> Iterator[int]:
    """The port of one who takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
async def test_a_stop_does_not_wait_for_a_server_that_says_nothing(
    sql: Spec, kind: str, deaf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    attend = importlib.import_module(f"{sql.fn.__module__}.attend")
    assert attend.PATIENCE < 5
    monkeypatch.setattr(attend, "PATIENCE", 0.5)
    asking = Asking(sql, {"database": kind, "host": "127.0.0.1", "port": deaf, "name": "shop", "user": "me"})
    run = asyncio.ensure_future(asking.answer("SELECT 1"))
    asyncio.get_running_loop().call_later(0.1, asking.flag.set)
    begun = asyncio.get_running_loop().time()
    assert isinstance(await run, Cancelled)
    assert asyncio.get_running_loop().time() - begun < 5


@pytest.mark.parametrize(
    ("kind", "module", "driver"), [("mysql", "mysql", "pymysql"), ("postgresql", "postgresql", "psycopg")]
)
async def test_a_missing_driver_is_named_with_what_to_type(
    sql: Spec, monkeypatch: pytest.MonkeyPatch, kind: str, module: str, driver: str
) -> None:
    monkeypatch.delitem(sys.modules, f"{sql.fn.__module__}.{module}", raising=False)
    monkeypatch.setitem(sys.modules, driver, None)
    place: dict[str, Any] = {"database": kind, "name": "shop"}
    told = await Asking(sql, place).refusal("SELECT 1")
    assert told == f"the driver {driver} is missing: pip install 'watchkeeper[{kind}]'"
    importlib.invalidate_caches()


async def test_encryption_that_the_server_has_not_is_not_done_without(postgres: Asking, maria: Asking) -> None:
    over_tcp = {**postgres.params, "host": "127.0.0.1", "port": 1, "tls": "verify"}
    assert "cannot connect" in await Asking(postgres.spec, over_tcp).refusal("SELECT 1")
    for how in ("require", "verify"):
        strict = Asking(maria.spec, {**maria.params, "tls": how})
        told = await strict.refusal("SELECT 1")
        assert "cannot connect" in told and "SSL" in told


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"SELECT '\xff'", "is not UTF-8 text"), (b"SELECT 1\0", "holds a NUL character"), (b"", "there is no SQL in it")],
)
async def test_a_script_that_cannot_be_read_is_told(
    lite: Asking, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(content)
    assert sentence in await lite.refusal(script=str(path))
    assert "No such file" in await lite.refusal(script=str(tmp_path / "nosuch.sql"))
    assert "Is a directory" in await lite.refusal(script=str(tmp_path))
