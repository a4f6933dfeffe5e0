"""The payloads' own book: real shell jobs append a line to it with O_APPEND, so no line is torn or lost."""

from dataclasses import dataclass
from pathlib import Path

#: A shell line that writes down that something happened; `$1` is what.
WRITE = """note() {
printf '%s %s %s %s %s\\n' "$1" "$WATCHKEEPER_EXECUTION_ID" "$WATCHKEEPER_ATTEMPT" "$$" "$(date +%s.%N)" >> "$LEDGER"
}
"""


@dataclass(frozen=True)
class Effect:
    """One line: something that a payload did, once for every time it did it."""

    what: str
    execution_id: str
    attempt: int
    pid: int
    at: float


def script(body: str) -> str:
    """A job's script that notes its start before `body`, which may call `note` too."""
    return f"{WRITE}note start\n{body}\n"


def effects(ledger: Path) -> list[Effect]:
    """Every line of the ledger, in order."""
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    return [_effect(line) for line in lines]


def _effect(line: str) -> Effect:
    what, execution_id, attempt, pid, at = line.split(" ")
    return Effect(what, execution_id, int(attempt), int(pid), float(at))
