"""The parts of the editor: which fields stand in which, their icons and titles."""

from collections.abc import Sequence
from typing import NamedTuple

from watchkeeper.model.form import FormField
from watchkeeper.model.text import Text, _


class Part(NamedTuple):
    """One part of the editor."""

    name: str
    icon: str
    title: Text
    #: Paths, or beginnings of paths, of the fields that belong to it.
    fields: tuple[str, ...]


PARTS = (
    Part("basics", "ui/file", _("Basics"), ("name", "description", "tags", "owner", "group", "priority", "is_enabled")),
    Part("schedule", "ui/calendar", _("Schedule"), ("triggers", "concurrency.policy")),
    Part("command", "ui/terminal", _("Command"), ("handler", "params")),
    Part("host", "ui/hosts", _("Host and limits"), ("cwd", "pool", "concurrency.max_waiting", "key")),
    Part("dependencies", "ui/workflows", _("Dependencies"), ()),
    Part("retry", "ui/retry", _("Retry, timeouts"), ("retry", "timeouts", "on_unknown", "is_idempotent")),
    Part("environment", "ui/credentials", _("Environment"), ("env",)),
    Part("versions", "ui/history", _("Versions"), ()),
)


def part_of(path: str) -> str:
    """The part in which a field stands; what nobody has placed stands among the basics."""
    for part in PARTS:
        if any(path == field or path.startswith((f"{field}.", f"{field}[")) for field in part.fields):
            return part.name
    return "basics"


def fields_of(part: str, fields: Sequence[FormField]) -> list[FormField]:
    """The fields of a part, in the order in which it names them."""
    mine = [field for field in fields if part_of(field.name) == part]
    order = next(each.fields for each in PARTS if each.name == part)
    ranks = {name: rank for rank, name in enumerate(order)}
    return sorted(mine, key=lambda field: ranks.get(field.name, ranks.get(field.name.partition(".")[0], len(ranks))))
