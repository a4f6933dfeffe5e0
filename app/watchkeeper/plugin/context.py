"""The Context that a call is given, wherever it runs: facts, log and doors, each handed in."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import Fail, Flag, Log, Secret, Words

if TYPE_CHECKING:
    import httpx


class Facts(msgspec.Struct, frozen=True):
    """What a run is called."""

    run_id: str
    execution_id: str
    attempt: int = 1
    inputs: Mapping[str, Any] = {}
    #: When it came to be.
    created_at: datetime = msgspec.field(default_factory=lambda: datetime.now(UTC))


class LineLog:
    """A run's log as lines of text; a level other than info is named."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def debug(self, text: Words) -> None:
        self._write(f"debug: {text}")

    def info(self, text: Words) -> None:
        self._write(str(text))

    def warning(self, text: Words) -> None:
        self._write(f"warning: {text}")

    def error(self, text: Words) -> None:
        self._write(f"error: {text}")


class RunContext:
    """One call's Context. `secrets` opens a secret by name, `http` gives the client when it is first wanted."""

    def __init__(
        self,
        facts: Facts,
        *,
        log: Log,
        cancelled: Flag,
        http: "Callable[[], httpx.AsyncClient]",
        secrets: Callable[[str], str],
        on_progress: Callable[[float, Words], None],
    ) -> None:
        self.run_id = facts.run_id
        self.execution_id = facts.execution_id
        self.attempt = facts.attempt
        self.inputs = facts.inputs
        self.created_at = facts.created_at
        self.log = log
        self.cancelled = cancelled
        self._http = http
        self._secrets = secrets
        self._on_progress = on_progress

    @property
    def http(self) -> "httpx.AsyncClient":
        return self._http()

    def secret(self, name: Secret) -> str:
        return self._secrets(name)

    def progress(self, part: float, text: Words = "") -> None:
        self._on_progress(min(max(part, 0.0), 1.0), text)


def opened(values: Mapping[str, str]) -> Callable[[str], str]:
    """Opens the secrets of `values` and no other."""

    def open_secret(name: str) -> str:
        if name not in values:
            raise Fail(unnamed_secret(name))
        return values[name]

    return open_secret


def unnamed_secret(name: str) -> Text:
    """The sentence for a secret that the parameters do not name."""
    return _("the secret {name} is not named by this run's parameters", name=name[:60])
