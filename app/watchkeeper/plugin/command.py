"""From a Command to what a host is to start, and from an exit code and outputs to an outcome. Pure."""

import signal
from collections.abc import Mapping

import msgspec

from watchkeeper.model.text import Text, _
from watchkeeper.plugin.contract import SCRIPT, Command
from watchkeeper.plugin.outcome import Failed, Outcome, Succeeded, settled
from watchkeeper.plugin.outputs import parsed

_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "sh": ("sh",),
    "bash": ("bash",),
    "python": ("python3",),
    "powershell": ("pwsh", "-NoProfile", "-NonInteractive", "-File"),
    "cmd": ("cmd.exe", "/d", "/c"),
}
_SUFFIXES = {"powershell": ".ps1", "cmd": ".cmd"}


class Placement(msgspec.Struct, frozen=True):
    """What a host needs to start the process; field by field what `hosts.host.Start` asks for."""

    argv: tuple[str, ...]
    script: str | None
    script_suffix: str
    env: Mapping[str, str]
    cwd: str | None
    stdin: str | None
    #: NAME of WATCHKEEPER_SECRET_<NAME>_FILE to the name of a secret, still to be opened.
    secrets: Mapping[str, str]


def placed(command: Command) -> Placement:
    """`command` as a host takes it: the script goes as a file, never as words on a command line."""
    argv = tuple(command.argv) if command.argv is not None else (*_PREFIXES[command.interpreter], SCRIPT)
    return Placement(
        argv=argv,
        script=command.script,
        script_suffix=_SUFFIXES.get(command.interpreter, "") if command.script is not None else "",
        env=dict(command.env),
        cwd=command.cwd,
        stdin=command.stdin,
        secrets=dict(command.secrets),
    )


def judged(command: Command, exit_code: int, outputs_text: str) -> Outcome:
    """What the exit code means by the command's lists; outputs are read, and lines that are none are a warning."""
    if exit_code not in (*command.success, *command.warning):
        return Failed(_ended_with(exit_code), kind="exit", exit_code=exit_code)
    outputs, bad = parsed(outputs_text)
    outcome = settled(outputs)
    if not isinstance(outcome, Succeeded):
        return outcome
    note = _ended_with(exit_code) if exit_code in command.warning else bad
    return Succeeded(outcome.outputs, has_warning=note is not None, note=note)


def _ended_with(exit_code: int) -> Text:
    if exit_code > 128 and (name := _signal_name(exit_code - 128)):
        return _("it ended with exit code {code} ({signal})", code=exit_code, signal=name)
    return _("it ended with exit code {code}", code=exit_code)


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in signal.Signals._value2member_map_ else ""
