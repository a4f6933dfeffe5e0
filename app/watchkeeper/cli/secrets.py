"""Secrets and the vault on the command line: no value is ever a word of a command."""

import sys
from pathlib import Path
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import Desk
from watchkeeper.cli import asking
from watchkeeper.cli.commands import Command, Request, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.shown import show
from watchkeeper.cli.usage import Option
from watchkeeper.model.secret import Place, VaultState
from watchkeeper.model.text import _

_FILE = Option(
    ("--file",),
    _("read the value from this file, like a private key; a passphrase is asked for"),
    {"metavar": "FILE"},
)
_IN_FILE = Option(("--file",), _("in a file of the workspace, under a passphrase"), {"action": "store_true"})
_IN_KEYRING = Option(("--keyring",), _("in the keyring of the system"), {"action": "store_true"})


async def put(request: Request) -> int:
    """Carry out secret add, replace or rotate."""
    action = ACTIONS[".".join(request.words)]
    value, passphrase = [each for each in action.parameters if each.is_asked]
    given = request.values
    if request.options.file is not None:
        given = {**given, "value": _text_of(Path(request.options.file))}
        given |= asking.asked(request.speech, [passphrase])
    else:
        given = {**given, **asking.asked(request.speech, [value])}
    async with desk_of(request, is_writing=True) as desk:
        await _open(desk, request)
        show(request.speech, await desk.do(action.name, **given))
    return Exit.OK


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Usage(_("{file} is no text: only what is text can be kept", file=str(file)[-200:])) from None


async def reveal(request: Request) -> int:
    """Both steps, with a question in between."""
    name = request.values["name"]
    async with desk_of(request, is_writing=True) as desk:
        await _open(desk, request)
        leave = await desk.do("secret.ticket", **request.values)
        if sys.stdin.isatty():
            print(
                request.speech.say(_("Its name once more, to show the value of {name}: ", name=name)),
                end="",
                flush=True,
            )
            if sys.stdin.readline().strip() != name:
                raise Usage(_("that was another name: nothing is shown"))
        show(request.speech, await desk.do("secret.reveal", name=name, ticket=leave.ticket))
    return Exit.OK


async def test(request: Request) -> int:
    """Test a secret's value where it lies."""
    async with desk_of(request, is_writing=False) as desk:
        await _open(desk, request)
        show(request.speech, await desk.ask("secret.test", **request.values))
    return Exit.OK


async def init(request: Request) -> int:
    """Choose the vault: nothing is chosen unasked."""
    if request.options.file == request.options.keyring:
        raise Usage(_("say where the key is to lie: --keyring for the system's keyring, --file for a file"))
    given: dict[str, Any] = {**request.values, "place": Place.FILE if request.options.file else Place.KEYRING}
    if request.options.file and not given.get("credential"):
        (passphrase,) = [each for each in ACTIONS["vault.init"].parameters if each.is_asked]
        given |= asking.asked(request.speech, [passphrase])
        if sys.stdin.isatty() and asking.prompted(request.speech, passphrase) != given.get("passphrase"):
            raise Usage(_("these were two different passphrases: nothing was done"))
    async with desk_of(request, is_writing=True) as desk:
        show(request.speech, await desk.do("vault.init", **given))
    return Exit.OK


async def unlock(request: Request) -> int:
    """Ask for the passphrase where there is one, and unlock."""
    async with desk_of(request, is_writing=True) as desk:
        status = await desk.ask("vault.status")
        if status.state is not VaultState.READY:
            given = _passphrase(request) if status.place is Place.FILE else {}
            status = await desk.do("vault.unlock", **given)
        show(request.speech, status)
    return Exit.OK


async def passphrase(request: Request) -> int:
    """Ask for the passphrase that holds and for another one, at a terminal for that one twice."""
    former, new = [each for each in ACTIONS["vault.passphrase"].parameters if each.is_asked]
    if sys.stdin.isatty():
        given = {each.name: asking.prompted(request.speech, each) for each in (former, new)}
        if asking.prompted(request.speech, new) != given[new.name]:
            raise Usage(_("these were two different passphrases: nothing was done"))
    else:
        lines = asking.from_input(former).splitlines()
        if len(lines) != len((former, new)):
            raise Usage(_("pipe two lines in: the passphrase that holds, and the one that is to hold"))
        given = {former.name: lines[0], new.name: lines[1]}
    async with desk_of(request, is_writing=True) as desk:
        show(request.speech, await desk.do("vault.passphrase", **given))
    return Exit.OK


async def _open(desk: Desk, request: Request) -> None:
    """Whoever sits at a terminal is asked for the passphrase when it is wanted."""
    status = await desk.ask("vault.status")
    if status.state is VaultState.LOCKED and status.place is Place.FILE and sys.stdin.isatty():
        await desk.do("vault.unlock", **_passphrase(request))


def _passphrase(request: Request) -> dict[str, Any]:
    return asking.asked(request.speech, [each for each in ACTIONS["vault.unlock"].parameters if each.is_asked])


def _words_of(name: str, *, but: tuple[str, ...] = ()) -> Any:
    return tuple(each for each in ACTIONS[name].parameters if not each.is_asked and each.name not in but)


def _command(name: str, run: Any, *options: Option, but: tuple[str, ...] = ()) -> Command:
    action = ACTIONS[name]
    return Command(tuple(name.split(".")), action.title, run, _words_of(name, but=but), options, (name,))


SECRET_COMMANDS = (
    _command("secret.add", put, _FILE),
    _command("secret.replace", put, _FILE),
    _command("secret.rotate", put, _FILE),
    _command("secret.test", test),
    Command(
        ("secret", "reveal"),
        ACTIONS["secret.reveal"].title,
        reveal,
        _words_of("secret.ticket"),
        actions=("secret.reveal", "secret.ticket"),
    ),
    _command("vault.init", init, _IN_KEYRING, _IN_FILE, but=("place",)),
    _command("vault.unlock", unlock),
    _command("vault.passphrase", passphrase),
)
