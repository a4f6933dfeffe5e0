"""How plugin files, and what was said to them, look to people."""

from collections.abc import Mapping

from watchkeeper.action.plugins import Decided, PluginDetail, PluginRow
from watchkeeper.cli.speech import Speech
from watchkeeper.model.text import Text, _

Row = tuple[str | Text, ...]

PLUGIN_HEADER: tuple[Text, ...] = (_("FILE"), _("VERSION"), _("STATE"), _("KINDS"), _("ERROR"))

_STATES: Mapping[str, Text] = {
    "loaded": _("loaded"),
    "waiting": _("waiting for permission"),
    "forbidden": _("forbidden"),
    "tried": _("being tried"),
    "broken": _("broken"),
    "refused": _("refused"),
    "conflict": _("conflict"),
}


def plugin_row(speech: Speech, row: PluginRow) -> Row:
    """One line of `plugin list`."""
    return row.path, row.version, _STATES[row.state], ", ".join(row.kinds), row.error or ""


def facts_of_plugin(file: PluginDetail) -> list[tuple[Text, str | Text]]:
    """What it is and what became of it; those that are empty are not shown."""
    return [
        (_("file"), file.path),
        (_("name"), file.name),
        (_("version"), file.version),
        (_("state"), _STATES[file.state]),
        (_("kinds"), ", ".join(file.kinds)),
        (_("needs"), ", ".join(file.needs)),
        (Text("SHA-256"), file.hash),
        (_("error"), file.error or ""),
    ]


def text_of_plugin(file: PluginDetail) -> list[str]:
    """Its traceback, and what has changed in it since it was allowed; else all of it."""
    return [*file.traceback.splitlines(), *(file.changes or file.source.splitlines())]


def show_decided(speech: Speech, decided: Decided) -> None:
    """What holds now."""
    words = {
        True: _("{path} is allowed: SHA-256 {hash}", path=decided.path, hash=decided.hash),
        False: _("{path} is forbidden: SHA-256 {hash}", path=decided.path, hash=decided.hash),
        None: _("nothing is said to {path}: SHA-256 {hash}", path=decided.path, hash=decided.hash),
    }
    speech.line(words[decided.is_allowed])
