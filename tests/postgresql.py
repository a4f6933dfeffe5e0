"""A PostgreSQL server of the tests' own, in a temporary folder on a unix socket; and a PgBouncer before it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

#: How long a server may take to come up on a loaded machine.
PATIENCE = 60.0

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}


class Server:
    """Runs as `postgres` when we are root, which PostgreSQL refuses to be. Its superuser is called `keeper`."""

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        """`folder` is short: a socket's path has 107 bytes. `is_durable`: a commit survives the machine's end."""
        self.folder = folder
        self._data = folder / "data"
        self._copies = count()
        self._settings = _SETTINGS if is_durable else {**_SETTINGS, "fsync": "off", "full_page_writes": "off"}
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", "-D", self._data, "-U", "keeper", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def url(self, database: str) -> str:
        return f"postgresql://keeper@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it, and return when it answers."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        words = [_binary("postgres"), "-D", self._data, "-k", self.folder, *settings]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                _as_user([str(word) for word in words], dies_with_us=True),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environ(), cwd="/",
            )  # fmt: skip
        awaited(self._answers, "the server", self.folder / "log")

    def kill(self) -> None:
        """As a power cut would: no process of it gets to say a word."""
        assert self._process is not None
        pids = [self._process.pid, *_children(self._process.pid)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        awaited(lambda: not any(map(_is_alive, pids)), "the server's death", self.folder / "log")

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def copied(self, template: str) -> Iterator[str]:
        """The name of a database that is a copy of another, and is gone afterwards."""
        name = f"copy_{next(self._copies)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield name
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _answers(self) -> bool:
        return subprocess.run(
            [_binary("pg_isready"), "-q", "-h", str(self.folder)], env=_environ(), stdout=subprocess.DEVNULL
        ).returncode == 0  # fmt: skip

    def _run(self, program: str, *words: object) -> None:
        command = _as_user([_binary(program), *map(str, words)])
        done = subprocess.run(command, capture_output=True, text=True, env=_environ(), cwd="/")
        assert done.returncode == 0, done.stderr


class Bouncer:
    """PgBouncer in transaction mode: every transaction may find another session of the server."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._folder = folder
        (folder / "users").write_text('"keeper" ""\n')
        (folder / "ini").write_text(
            f"[databases]\n* = host={server.folder} user=keeper\n"
            f"[pgbouncer]\npool_mode = transaction\nunix_socket_dir = {folder}\nlisten_port = 5432\n"
            f"auth_type = trust\nauth_file = {folder}/users\ndefault_pool_size = 4\nserver_round_robin = 1\n"
        )
        for path in (folder, *folder.iterdir()):
            if os.geteuid() == 0:
                shutil.chown(path, "postgres", "postgres")
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                _as_user(["/usr/sbin/pgbouncer", "-q", str(folder / "ini")], dies_with_us=True),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environ(), cwd="/",
            )  # fmt: skip
        awaited((folder / ".s.PGSQL.5432").exists, "PgBouncer", folder / "log")

    def url(self, database: str) -> str:
        return f"postgresql://keeper@/{database}?host={self._folder}"

    def close(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)


@contextmanager
def running_server(*, is_durable: bool = False) -> Iterator[Server]:
    """A server that is gone afterwards, with its folder."""
    with short_folder() as folder:
        server = Server(folder, is_durable=is_durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def running_bouncer(server: Server) -> Iterator[Bouncer]:
    """A PgBouncer before `server` that is gone afterwards."""
    with short_folder() as folder:
        bouncer = Bouncer(server, folder)
        try:
            yield bouncer
        finally:
            bouncer.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for all tests of a folder whose conftest takes this fixture in."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def bouncer(server: Server) -> Iterator[Bouncer]:
    """A PgBouncer before it."""
    with running_bouncer(server) as bouncer:
        yield bouncer


@contextmanager
def short_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="wkpg-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binary(name: str) -> str:
    """The newest of the server's own programs; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    program = str(found[-1]) if found else shutil.which(name)
    assert program, f"{name} is missing: python3 dev.py test installs it"
    return program


def _as_user(command: Sequence[str], *, dies_with_us: bool = False) -> list[str]:
    before = ["--pdeathsig", "INT"] if dies_with_us else []
    if os.geteuid() == 0:
        before += ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    return ["setpriv", *before, *command] if before else list(command)


def _environ() -> dict[str, str]:
    """Without the mark by which a test's own processes are found: a server outlives many tests."""
    return {name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("LC_")}


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def awaited(is_so: Callable[[], bool], what: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}: {log.read_text(errors='replace')[-2000:]}"
        time.sleep(0.02)
