"""What the states of a plugin file look like and are called."""

from collections.abc import Sequence
from pathlib import PurePath

from watchkeeper.action.plugins import PluginDetail, PluginRow
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.words import shown

#: Letters of a line that have room in the panel.
_LETTERS = 40

GLYPHS = {
    "loaded": "status/success",
    "waiting": "status/waiting-confirm",
    "forbidden": "status/blocked",
    "tried": "status/running",
    "broken": "status/failed",
    "refused": "status/disabled",
    "conflict": "status/late",
}
WORDS: dict[str, Text] = {
    "loaded": _("Loaded"),
    "waiting": _("Waiting for permission"),
    "forbidden": _("Forbidden"),
    "tried": _("Being tried"),
    "broken": _("Broken"),
    "refused": _("Refused"),
    "conflict": _("In conflict"),
}
#: States out of which a file can be allowed, so that its text is shown.
UNDECIDED = ("waiting", "forbidden")


def name_of(row: PluginRow) -> str:
    """The file's name; that of the folder where the plugin is a folder."""
    path = PurePath(row.path)
    return path.parent.name if path.name == "__init__.py" else path.name


def origin_of(row: PluginRow) -> Text:
    """Where it comes from."""
    if row.is_bundled:
        return _("comes with Watchkeeper")
    return _("your own") if row.is_own else _("each change is asked for")


def fact_of(rows: Sequence[PluginRow]) -> Text:
    """What is to be said of all of them: who waits for a person first."""
    waiting = sum(row.state == "waiting" for row in rows)
    faulty = sum(row.state not in ("loaded", "tried") for row in rows)
    if waiting:
        return plural("{n} file waits for permission", "{n} files wait for permission", waiting)
    if faulty:
        return plural("{n} file can't be used", "{n} files can't be used", faulty)
    return plural("{n} file, all is well", "{n} files, all is well", len(rows))


def about(detail: PluginDetail) -> Text:
    """What the text beside the table is."""
    if detail.state not in UNDECIDED:
        return _("Its text; {actor} allowed it", actor=detail.allowed_by) if detail.allowed_by else _("Its text")
    if detail.changes:
        return _("What has changed since {actor} allowed it; it would run as you", actor=detail.allowed_by)
    return _("What would run as you: nothing of this was ever allowed")


def changes_of(detail: PluginDetail) -> tuple[str, ...]:
    """Lines that begin with -, + or a blank: of a file that was never allowed all are new, of one in use none is.

    Long ones go on in the next: whoever allows a file has to see all of it.
    """
    mark = "+" if detail.state in UNDECIDED else " "
    lines = detail.changes or tuple(f"{mark}{line}" for line in detail.source.splitlines())
    return tuple(part for line in lines for part in _parts(line.expandtabs(4)))


def _parts(line: str) -> list[str]:
    mark, rest, most = line[:1], line[1:], _LETTERS if line.isascii() else _LETTERS // 2
    return [mark + rest[start : start + most] for start in range(0, max(1, len(rest)), most)]


def text_of(row: PluginRow) -> str:
    """All that is known of a file, its error first."""
    parts = (
        "" if row.error is None else shown(row.error),
        row.traceback.strip(),
        row.help,
        *_named(row),
    )
    return "\n\n".join(part for part in parts if part)


def permissions_of(row: PluginRow) -> Text:
    """What it may do, and who lets it."""
    if row.is_bundled:
        return _("It comes with Watchkeeper, and runs inside the engine or as a process, as each handler needs it.")
    if row.is_own:
        return _("You write it yourself: changes hold at once, and an async def runs inside the engine.")
    return _(
        "Each change waits for somebody to allow it. It runs in processes of its own, within a limit of memory, and is "
        "given the secrets that a job names."
    )


def _named(row: PluginRow) -> tuple[str, ...]:
    facts: tuple[tuple[Text, str], ...] = (
        (_("Kinds"), "\n".join(row.kinds)),
        (_("Permissions"), shown(permissions_of(row))),
        (_("Name"), row.name),
        (_("Version"), row.version),
        (_("Needs"), "\n".join(row.needs)),
        (_("File"), row.path),
        (Text("SHA-256"), row.hash),
    )
    return tuple(f"{shown(title)}\n{value}" for title, value in facts if value)
