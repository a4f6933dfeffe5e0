"""The plugin files of the workspace and of the product."""

import msgspec

from watchkeeper.access.actor import Actor
from watchkeeper.action.door import Door
from watchkeeper.action.spec import query
from watchkeeper.model.text import Text, _

#: Letters of a traceback.
_MOST = 10_000


class PluginRow(msgspec.Struct, frozen=True):
    """One plugin file: the kinds it declares, or why it can't be used."""

    path: str
    #: loaded, broken, refused or conflict.
    state: str
    kinds: tuple[str, ...]
    error: Text | None
    is_bundled: bool
    hash: str
    #: Where its code raised an error; empty where it did not.
    traceback: str = ""


@query("plugin.list", title=_("List plugin files"))
async def listed(door: Door, actor: Actor) -> list[PluginRow]:
    """Every plugin file, usable or not."""
    return [
        PluginRow(
            file.path, str(file.state), file.kinds, file.error, file.is_bundled, file.hash, file.traceback[-_MOST:]
        )
        for file in door.registry.files
    ]
