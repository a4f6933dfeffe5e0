"""A real keyring on a bus of its own: started, locked, unlocked and ended by tests."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "pw"
PATIENCE = 30.0

#: A bus that starts nothing by itself: where no keyring was started there is none.
_BUS = """<busconfig><type>session</type><listen>{address}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


class KeyringSession:
    """A bus and a keyring daemon in folders of their own; `env` leads to them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("home", "data", "runtime"):
            (folder / name).mkdir(mode=0o700)
        self.address = f"unix:path={folder}/bus"
        (folder / "bus.conf").write_text(_BUS.format(address=self.address))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork", "--nopidfile"],
            stderr=subprocess.DEVNULL, env={**os.environ, **self._folders()},
        )  # fmt: skip
        _until((folder / "bus").exists, "the bus is there")
        self._daemon: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        """What a program needs to find it."""
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def start(self) -> None:
        """Start the keyring, unlocked; its default collection is made the first time."""
        self._daemon = self._begun("--unlock", words=PASSWORD)
        _until(lambda: self._state() == "open", "the keyring is open")

    def start_locked(self) -> None:
        """Start it as after a login that did not unlock it."""
        self._daemon = self._begun()
        _until(lambda: self._state() == "locked", "the keyring is there")

    def lock(self) -> None:
        """What a desktop does when its person says so."""
        from secretstorage import dbus_init, get_default_collection

        with self._led(), closing(dbus_init()) as bus:
            get_default_collection(bus).lock()
        _until(lambda: self._state() == "locked", "the keyring is locked")

    def unlock(self) -> None:
        """As a login does, by the daemon's own interface for it."""
        from secretstorage import dbus_init, get_default_collection
        from secretstorage.defines import SS_PATH
        from secretstorage.util import DBusAddressWrapper, format_secret, open_session

        with self._led(), closing(dbus_init()) as bus:
            own = DBusAddressWrapper(SS_PATH, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", bus)
            secret = format_secret(open_session(bus), PASSWORD.encode(), "text/plain")
            path = get_default_collection(bus).collection_path
            own.call("UnlockWithMasterPassword", "o(oayays)", path, secret)
        _until(lambda: self._state() == "open", "the keyring is open again")

    def end_daemon(self) -> None:
        """The keyring crashes; the bus stays."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def end_bus(self) -> None:
        """The whole session ends."""
        self._bus.terminate()
        self._bus.wait()

    def hang(self) -> None:
        """The keyring is there and answers nothing."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.go_on()
        self.end_daemon()
        self.end_bus()

    def _begun(self, *how: str, words: str = "") -> "subprocess.Popen[bytes]":
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", *how, "--foreground", "--components=secrets",
             f"--control-directory={self._folder}/runtime/keyring"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **self._folders(), **self.env},
        )  # fmt: skip
        assert daemon.stdin is not None
        daemon.stdin.write(words.encode())
        daemon.stdin.close()
        return daemon

    def _state(self) -> str:
        from jeepney import DBusErrorResponse
        from secretstorage import SecretStorageException, check_service_availability, dbus_init, get_collection_by_alias

        with self._led(), suppress(SecretStorageException, DBusErrorResponse, OSError), closing(dbus_init()) as bus:
            if check_service_availability(bus):
                return "locked" if get_collection_by_alias(bus, "default").is_locked() else "open"
        return "gone"

    def _folders(self) -> dict[str, str]:
        return {
            "HOME": f"{self._folder}/home",
            "XDG_DATA_HOME": f"{self._folder}/data",
            "XDG_RUNTIME_DIR": f"{self._folder}/runtime",
            "GNOME_KEYRING_CONTROL": f"{self._folder}/runtime/keyring",
        }

    @contextmanager
    def _led(self) -> Iterator[None]:
        with led_to(self.address):
            yield


@contextmanager
def led_to(address: str | None) -> Iterator[None]:
    """This process finds this bus, or none."""
    before = os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    if address is not None:
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    try:
        yield
    finally:
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
        if before is not None:
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = before


@contextmanager
def keyring_session() -> Iterator[KeyringSession]:
    """In a short folder: a socket's path has 107 bytes."""
    with TemporaryDirectory(prefix="wkk-") as folder:
        session = KeyringSession(Path(folder))
        try:
            yield session
        finally:
            session.close()


def _until(found: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)
