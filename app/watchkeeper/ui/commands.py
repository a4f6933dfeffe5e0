"""What can be done in the window: one list from which menus, keys, palette and the sheet of keys are made."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from PySide6.QtGui import QKeySequence

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _
from watchkeeper.ui.memory import Memory

_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}

_FUNCTION = re.compile(r"(Shift\+)?F([1-9]|[12]\d|3[0-5])")

#: Where the rebound keys are remembered.
REMEMBERED = "keys"
#: What moves, chooses and leaves in every list and field.
_EVERYWHERE = ("Return", "Enter", "Tab", "Shift+Tab", "Esc", "Backspace", "Up", "Down", "Left", "Right", "Menu")
#: What switches the input method.
_INPUT_METHOD = "Ctrl+Space"


@dataclass(frozen=True, eq=False)
class Command:
    """Something to do, by its id; itself and no other is equal to it."""

    #: Like `run.again`; where it stands for one action, the action's own name.
    id: str
    title: Text
    run: Callable[[], object]
    #: As Qt writes them in English: `Ctrl+K`, `R`; the first one is shown.
    keys: tuple[str, ...] = ()
    icon: str = ""
    #: The menu in which it stands, `view`, or one that opens from it, `view/theme`; "" for none.
    menu: str = ""
    #: The action whose permission it takes; "" when anybody may.
    action: str = ""
    #: Whether it can be done now.
    is_possible: Callable[[], bool] = field(default=lambda: True)
    #: Whether it holds now, for one of several that exclude each other; None for what is just done.
    is_on: Callable[[], bool] | None = None
    #: What does the same on a command line; "" when nothing does.
    cli: Callable[[], str] = field(default=lambda: "")
    is_in_palette: bool = True

    @property
    def group(self) -> str:
        """What stands together in a menu: what its id begins with."""
        return self.id.partition(".")[0] if "." in self.id else ""

    @property
    def is_letter(self) -> bool:
        """Whether a plain letter triggers it, which never happens while somebody types."""
        return any(is_letter(keys) for keys in self.keys)


def is_letter(keys: str) -> bool:
    """Whether keys are without a modifier that keeps them from being text; the keys F1 to F35 never are text."""
    return not any(name in keys for name in ("Ctrl+", "Alt+", "Meta+")) and _FUNCTION.fullmatch(keys) is None


def is_pressable(keys: str) -> bool:
    """Whether these are the keys of a keyboard."""
    return keys == "?" or QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText) == keys != ""


class Commands:
    """The commands of the window, and over them those of the page that is shown."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._own: dict[str, Command] = {}
        self._of_page: dict[str, Command] = {}
        #: Of every kind of page that was shown, what it had.
        self._of_kind: dict[str, dict[str, Command]] = {}

    def add(self, commands: Iterable[Command]) -> None:
        """Take commands of the window; ValueError when an id is taken."""
        for command in commands:
            if command.id in self._own:
                raise ValueError(f"two commands are called {command.id}")
            self._own[command.id] = command

    def set_page(self, commands: Iterable[Command], kind: str = "") -> None:
        """The commands of the page that is shown now; one with an id of the window's takes its place.

        `kind` is the page's noun: what one of a kind has, another one has too.
        """
        self._of_page = {command.id: command for command in commands}
        self._of_kind[kind] = self._of_page

    def __iter__(self) -> Iterator[Command]:
        return iter((self._own | self._of_page).values())

    def of_page(self) -> tuple[Command, ...]:
        """Those of the page alone."""
        return tuple(self._of_page.values())

    def get(self, command_id: str) -> Command | None:
        """The command of this id."""
        return self._of_page.get(command_id) or self._own.get(command_id)

    def by_keys(self, keys: str) -> Command | None:
        """The command that these keys trigger now; the page's before the window's."""
        own = (command for command in self._own.values() if command.id not in self._of_page)
        for command in (*self._of_page.values(), *own):
            if keys in self.keys_of(command) and command.is_possible():
                return command
        return None

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """Its keys, as the person wants them; one that takes the place of the window's answers to that one's, too."""
        rebound = self._memory.get(REMEMBERED, {}).get(command.id)
        if rebound is not None:
            return tuple(rebound)
        own = self._own.get(command.id, command)
        return tuple(dict.fromkeys((*command.keys, *own.keys)))

    def is_rebound(self, command_id: str) -> bool:
        """Whether the person wants other keys than it came with."""
        return command_id in self._memory.get(REMEMBERED, {})

    def holder(self, command_id: str, keys: str) -> Command | None:
        """The other command that these keys trigger where this one can be triggered.

        For a command of the window that is any page's, as far as pages have been shown; for one of a page it is that
        page's and the window's.
        """
        beside = (
            self._of_kind.values()
            if command_id in self._own
            else [kind for kind in self._of_kind.values() if command_id in kind]
        )
        others = chain(self._own.values(), *(kind.values() for kind in beside))
        return next((other for other in others if other.id != command_id and keys in self.keys_of(other)), None)

    def rebind(self, command_id: str, keys: tuple[str, ...]) -> None:
        """Let other keys trigger a command; Known when they trigger another one already or can't be keys of one."""
        for one in keys:
            _require_free(one)
            holder = self.holder(command_id, one)
            if holder is not None:
                raise Known(_("{keys} is taken: it is for “{title}”", keys=one, title=holder.title))
        self._memory.put(REMEMBERED, {**self._memory.get(REMEMBERED, {}), command_id: list(keys)})

    def forget_keys(self, command_id: str) -> None:
        """Give a command its own keys back; Known when another one has been given them meanwhile."""
        command = self.get(command_id)
        for one in command.keys if command is not None else ():
            holder = self.holder(command_id, one)
            if holder is not None:
                raise Known(_("{keys} is taken: it is for “{title}”", keys=one, title=holder.title))
        rebound = dict(self._memory.get(REMEMBERED, {}))
        rebound.pop(command_id, None)
        self._memory.put(REMEMBERED, rebound)


def _require_free(keys: str) -> None:
    if not is_pressable(keys):
        raise Known(_("{keys} can't be pressed: write them like Ctrl+Shift+N", keys=keys[:40]))
    if keys in _EVERYWHERE:
        raise Known(_("{keys} moves and chooses in every list: take other keys", keys=keys))
    if keys == _INPUT_METHOD:
        raise Known(_("{keys} switches the input method: take other keys", keys=keys))


def shown_keys(keys: str) -> str:
    """Keys as this desktop writes them; arrows as arrows."""
    written = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys
    for name, arrow in _ARROWS.items():
        if keys.endswith(f"+{name}") or keys == name:
            return keys.removesuffix(name) + arrow
    return written
