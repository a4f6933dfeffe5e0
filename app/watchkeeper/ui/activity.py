"""What was done from this window: each deed in its command-line form, with what takes it back."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from watchkeeper.action import ACTIONS
from watchkeeper.action.spec import Parameter
from watchkeeper.model import codec
from watchkeeper.model.address import without_password
from watchkeeper.model.calendar import CalendarSpec
from watchkeeper.model.job import JobSpec
from watchkeeper.model.secret import Place
from watchkeeper.model.text import Text
from watchkeeper.ui.clock import now

#: Deeds that are remembered.
MOST = 500


@dataclass(frozen=True, eq=False)
class Deed:
    """One thing that was done."""

    at: datetime
    title: Text
    #: What does the same on a command line.
    cli: str
    #: Takes it back; None when that can't be done, or has been done.
    undo: Callable[[], None] | None = None
    #: Why it was refused; None when it was done.
    refusal: Text | None = None
    #: Where what it was done to is found; "" when nowhere.
    place: str = ""


class Activity(QObject):
    """The newest last."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.deeds: list[Deed] = []

    def add(
        self, title: Text, cli: str, undo: Callable[[], None] | None, refusal: Text | None, place: str = ""
    ) -> Deed:
        """Remember what was done, or was to be done."""
        deed = Deed(now(), title, cli, undo, refusal, place)
        self.deeds = [*self.deeds[-MOST + 1 :], deed]
        self.changed.emit()
        return deed

    def clear(self) -> None:
        """Forget all of it here; the audit trail does not."""
        self.deeds = []
        self.changed.emit()

    def settle(self, deed: Deed) -> None:
        """It was taken back, which is not to be done twice."""
        self.deeds = [replace(each, undo=None) if each is deed else each for each in self.deeds]
        self.changed.emit()


def place_of(given: Mapping[str, Any]) -> str:
    """The place of the run or job that an action was given."""
    for noun in ("run", "job"):
        if isinstance(value := given.get(noun), str):
            return f"{noun}/{value}"
    return ""


def cli_form(action: str, given: Mapping[str, Any]) -> str:
    """What a person would type for an action with these values; FILE stands for a job or calendar that is a file."""
    words = ["watchkeeper", *action.replace("_", "-").split(".")]
    for parameter in ACTIONS[action].parameters:
        if parameter.name in given and given[parameter.name] != parameter.default:
            words += _typed(parameter, given[parameter.name])
    return " ".join(words)


def _typed(parameter: Parameter, value: Any) -> Iterator[str]:
    """In its place, or behind its flag; of several values each behind a flag of its own, which is in the singular.

    What a command asks for is no word of it, and where a vault's key lies is a flag by itself.
    """
    if parameter.is_asked:
        return
    if isinstance(value, Place):
        yield f"--{value}"
        return
    if parameter.is_sensitive:
        values = ["…"]
    elif isinstance(value, JobSpec | CalendarSpec):
        values = ["FILE"]
    elif isinstance(value, Mapping):
        values = [shlex.quote(f"{name}={_written(each)}") for name, each in value.items()]
    else:
        each_value = value if isinstance(value, list | tuple) else [value]
        values = [shlex.quote(_written(each)) for each in each_value]
    is_repeated = isinstance(value, list | tuple | Mapping)
    flag = parameter.name.removesuffix("s") if is_repeated else parameter.name.removesuffix("_")
    for each in values:
        if not parameter.is_required:
            yield "--" + flag.replace("_", "-")
        yield each


def _written(value: Any) -> str:
    plain = codec.plain(value)
    return without_password(plain) if isinstance(plain, str) else codec.encode(plain).decode()
