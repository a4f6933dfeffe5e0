"""A MariaDB server of the tests' own, in a temporary folder on a unix socket."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pymysql.constants import CLIENT

from tests.postgresql import PATIENCE, awaited, short_folder

_SMALL = (
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--performance-schema=OFF",
    "--skip-log-bin",
    "--max-allowed-packet=256M",
)


class MariaDb:
    """Runs as `mysql` when we are root. `keeper` may do everything, `reader` has a password."""

    def __init__(self, folder: Path) -> None:
        """`folder` is short: a socket's path has 107 bytes."""
        self.socket = folder / "socket"
        self._data, self._log = folder / "data", folder / "log"
        if os.geteuid() == 0:
            shutil.chown(folder, "mysql", "mysql")
        self._run("mariadb-install-db", "--auth-root-authentication-method=normal", "--skip-test-db")
        words = [_program("mariadbd"), *self._places(), f"--socket={self.socket}", "--skip-networking", *_SMALL]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                _as_user(words, dies_with_us=True),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environ(), cwd="/",
            )  # fmt: skip
        awaited(self._answers, "MariaDB", self._log)
        self.sql("CREATE DATABASE shop")
        self.sql("CREATE USER keeper@localhost")
        self.sql("GRANT ALL ON *.* TO keeper@localhost")
        self.sql("CREATE USER reader@localhost IDENTIFIED BY 'hunter2-secret'")
        self.sql("GRANT ALL ON shop.* TO reader@localhost")

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE)

    def sql(self, statement: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """The rows of a statement, of the first of several."""
        line = pymysql.connect(
            unix_socket=str(self.socket), user="root", database=database, autocommit=True,
            client_flag=CLIENT.MULTI_STATEMENTS,
        )  # fmt: skip
        with closing(line), line.cursor() as cursor:
            cursor.execute(statement)
            rows = list(cursor.fetchall())
            while cursor.nextset():
                pass
            return rows

    def working(self, mark: str) -> list[str]:
        """The statements with `mark` in them that the server is at."""
        rows = self.sql("SELECT info FROM information_schema.processlist WHERE info IS NOT NULL")
        return [info for (info,) in rows if mark in info and "processlist" not in info]

    def _answers(self) -> bool:
        if not self.socket.exists():
            return False
        try:
            self.sql("SELECT 1")
        except pymysql.Error:
            return False
        return True

    def _places(self) -> list[str]:
        return ["--no-defaults", f"--datadir={self._data}", f"--pid-file={self._data}.pid"]

    def _run(self, program: str, *words: str) -> None:
        command = _as_user([_program(program), "--no-defaults", f"--datadir={self._data}", *words])
        done = subprocess.run(command, capture_output=True, text=True, env=_environ(), cwd="/")
        assert done.returncode == 0, done.stderr


@contextmanager
def running_mariadb() -> Iterator[MariaDb]:
    """A server that is gone afterwards, with its folder."""
    with short_folder() as folder:
        server = MariaDb(folder)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    """A server for all tests of a folder whose conftest takes this fixture in."""
    with running_mariadb() as server:
        yield server


def _program(name: str) -> str:
    program = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, f"{name} is missing: python3 dev.py test installs it"
    return program


def _as_user(command: list[str], *, dies_with_us: bool = False) -> list[str]:
    before = ["--pdeathsig", "KILL"] if dies_with_us else []
    if os.geteuid() == 0:
        before += ["--reuid", "mysql", "--regid", "mysql", "--clear-groups"]
    return ["setpriv", *before, *command] if before else command


def _environ() -> dict[str, str]:
    """Without the mark by which a test's own processes are found: a server outlives many tests."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C"}
