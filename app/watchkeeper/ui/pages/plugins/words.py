"""What the states of a plugin file look like and are called."""

from pathlib import PurePath

from watchkeeper.action.plugins import PluginRow
from watchkeeper.model.text import Text, _
from watchkeeper.ui.words import shown

GLYPHS = {
    "loaded": "status/success",
    "broken": "status/failed",
    "refused": "status/disabled",
    "conflict": "status/late",
}
WORDS: dict[str, Text] = {
    "loaded": _("Loaded"),
    "broken": _("Broken"),
    "refused": _("Refused"),
    "conflict": _("In conflict"),
}


def name_of(row: PluginRow) -> str:
    """The file's name; that of the folder where the plugin is a folder."""
    path = PurePath(row.path)
    return path.parent.name if path.name == "__init__.py" else path.name


def origin_of(row: PluginRow) -> Text:
    """Where it comes from."""
    return _("comes with Watchkeeper") if row.is_bundled else _("your own")


def text_of(row: PluginRow) -> str:
    """All that is known of a file, its error first."""
    kinds = ", ".join(row.kinds)
    parts = (
        "" if row.error is None else shown(row.error),
        row.traceback.strip(),
        f"{shown(_('File'))}\n{row.path}",
        f"{shown(_('Kinds'))}\n{kinds}" if kinds else "",
        f"SHA-256\n{row.hash}" if row.hash else "",
    )
    return "\n\n".join(part for part in parts if part)
