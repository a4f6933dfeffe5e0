"""What was done from this window: each deed in its command-line form, with what takes it back."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from watchkeeper.action import ACTIONS
from watchkeeper.model import codec
from watchkeeper.model.address import without_password
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


class Activity(QObject):
    """The newest last."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.deeds: list[Deed] = []

    def add(self, title: Text, cli: str, undo: Callable[[], None] | None, refusal: Text | None) -> Deed:
        """Remember what was done, or was to be done."""
        deed = Deed(now(), title, cli, undo, refusal)
        self.deeds = [*self.deeds[-MOST + 1 :], deed]
        self.changed.emit()
        return deed

    def settle(self, deed: Deed) -> None:
        """It was taken back, which is not to be done twice."""
        self.deeds = [replace(each, undo=None) if each is deed else each for each in self.deeds]
        self.changed.emit()


def cli_form(action: str, given: Mapping[str, Any]) -> str:
    """What a person would type for an action with these values, as far as values are plain words."""
    known = ACTIONS[action]
    words = ["watchkeeper", *action.split(".")]
    for parameter in known.parameters:
        if parameter.name not in given or given[parameter.name] == parameter.default:
            continue
        value = "…" if parameter.is_sensitive else _written(given[parameter.name])
        if parameter.is_required:
            words.append(value)
        else:
            words += [f"--{parameter.name.replace('_', '-')}", value]
    return " ".join(word if word == "…" else shlex.quote(word) for word in words)


def _written(value: Any) -> str:
    name = getattr(value, "name", None)
    if isinstance(name, str):
        return name
    plain = codec.plain(value)
    return without_password(plain) if isinstance(plain, str) else codec.encode(plain).decode()
