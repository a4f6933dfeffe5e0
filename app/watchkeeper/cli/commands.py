"""All commands: one for each action, and the few that are more or none."""

import argparse
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from watchkeeper.action import ACTIONS
from watchkeeper.action.desk import Desk
from watchkeeper.action.socket_desk import SocketDesk
from watchkeeper.action.spec import Action, Kind, Parameter
from watchkeeper.action.wire import Unreachable
from watchkeeper.cli.asking import asked
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.shown import show
from watchkeeper.cli.speech import Speech
from watchkeeper.cli.usage import Option, option_of
from watchkeeper.model import places
from watchkeeper.model.text import Text


@dataclass(frozen=True)
class Request:
    """One command with its values."""

    home: Path
    speech: Speech
    options: argparse.Namespace
    values: dict[str, Any] = field(default_factory=dict)
    #: The command itself, as it was typed.
    words: tuple[str, ...] = ()


#: Carries a command out; its exit code.
Run = Callable[[Request], Awaitable[int] | int]


@dataclass(frozen=True)
class Command:
    """Something that can be typed."""

    words: tuple[str, ...]
    title: Text
    run: Run
    parameters: tuple[Parameter, ...] = ()
    options: tuple[Option, ...] = ()
    #: The actions that it reaches.
    actions: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[Option, ...]:
        """All that may stand behind it."""
        return (*map(option_of, self.parameters), *self.options)


@asynccontextmanager
async def desk_of(request: Request, *, is_writing: bool, runs_one: bool = False) -> AsyncIterator[Desk]:
    """The running engine's desk, for which little has to be imported; else the one that boot opens."""
    try:
        desk = await SocketDesk.connect(places.socket_of(request.home, "engine"))
    except Unreachable:
        from watchkeeper import boot

        async with boot.open_desk(request.home, is_writing=is_writing, runs_one=runs_one) as own:
            yield own
        return
    try:
        yield desk
    finally:
        await desk.close()


def commands() -> Mapping[tuple[str, ...], Command]:
    """Every command by its words, in the order of the help."""
    from watchkeeper.cli.more import MORE

    derived = {_words(name): _derived(action) for name, action in ACTIONS.items()}
    hidden = {_words(name) for command in MORE for name in command.actions}
    ours = {command.words: command for command in MORE}
    rest = {words: command for words, command in derived.items() if words not in hidden}
    return dict(sorted({**ours, **rest}.items(), key=lambda item: _place(item[1])))


_NOUNS = (
    "engine", "workspace", "apply", "diff", "import", "export", "schema", "job", "run", "attention", "missed",
    "timeline", "away", "schedule", "pool", "calendar", "secret", "vault", "audit", "handler", "plugin",
    "settings", "system", "samples", "completion",
)  # fmt: skip


def _place(command: Command) -> tuple[int, int]:
    """By noun, then as the actions stand in their file; what is no action comes first."""
    noun = command.words[0]
    verb = list(ACTIONS).index(command.actions[0]) if command.actions else -1
    return _NOUNS.index(noun) if noun in _NOUNS else len(_NOUNS), verb


def _derived(action: Action) -> Command:
    wanted = [each for each in action.parameters if each.is_asked]

    async def run(request: Request) -> int:
        values = {**request.values, **asked(request.speech, wanted)}
        async with desk_of(request, is_writing=action.kind is Kind.DO) as desk:
            answer = await _answer(desk, action, values)
            show(request.speech, [] if answer is None and action.kind is Kind.ASK else answer)
        return Exit.OK

    typed = tuple(each for each in action.parameters if not each.is_asked)
    return Command(_words(action.name), action.title, run, typed, (), (action.name,))


def _words(name: str) -> tuple[str, ...]:
    """The action `job.dry_run` is typed as `job dry-run`."""
    return tuple(name.replace("_", "-").split("."))


async def _answer(desk: Desk, action: Action, values: dict[str, Any]) -> Any:
    if action.kind is Kind.DO:
        return await desk.do(action.name, **values)
    if any(parameter.name == "after" for parameter in action.parameters) and "limit" not in values:
        return [row async for row in _all_pages(desk, action.name, values)]
    return await desk.ask(action.name, **values)


async def _all_pages(desk: Desk, name: str, values: dict[str, Any]) -> AsyncIterator[Any]:
    while page := await desk.ask(name, **values):
        for row in page:
            yield row
        values = {**values, "after": page[-1].name}
