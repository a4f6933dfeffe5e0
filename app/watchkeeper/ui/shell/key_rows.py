"""The commands as rows of the sheet of keys: those of the page first, then those that are there everywhere."""

from dataclasses import replace

from watchkeeper.model.text import Text, _
from watchkeeper.ui.commands import Command, Commands, shown_keys
from watchkeeper.ui.fuzzy import match
from watchkeeper.ui.palette.found import Hit, Offer, Section
from watchkeeper.ui.words import shown

EVERYWHERE = _("Everywhere")


def rows_of(commands: Commands, page_title: Text | str, wanted: str) -> list[Hit]:
    """Those that fit by title or keys; without words those with keys go first."""
    of_page = commands.of_page()
    groups = (
        (page_title, of_page),
        (EVERYWHERE, [command for command in commands if command not in of_page]),
    )
    found = []
    for heading, group in groups:
        ordered = sorted(group, key=lambda command: not commands.keys_of(command))
        found += [hit for hit in (_row(commands, command, heading, wanted) for command in ordered) if hit is not None]
    return found


def awaiting(hit: Hit) -> Hit:
    """The row of a command whose new keys are about to be pressed."""
    fact = _("press the new keys, or Backspace for its own")
    return replace(hit, offer=replace(hit.offer, fact=fact, keys=("…",)))


def _row(commands: Commands, command: Command, heading: Text | str, wanted: str) -> Hit | None:
    keys = commands.keys_of(command)
    places = _places(shown(command.title), [*keys, *map(shown_keys, keys)], wanted)
    if places is None:
        return None
    fact = _("changed") if commands.is_rebound(command.id) else ""
    caps = tuple(map(shown_keys, keys))
    return Hit(Offer(command.id, Section.COMMANDS, command.title, _nothing, command.icon, fact, caps), heading, places)


def _places(title: str, keys: list[str], wanted: str) -> tuple[int, ...] | None:
    """Which letters of the title were meant; None where neither it nor its keys fit."""
    found = match(wanted, title)
    if found is not None:
        return found.places
    return () if any(wanted.casefold() in each.casefold() for each in keys) else None


def _nothing() -> None:
    """A row of the sheet is not carried out."""
