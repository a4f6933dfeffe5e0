"""Remove what lies around in a folder."""

import shutil
from dataclasses import dataclass

from watchkeeper.plugin import Context, handler, param


@dataclass(frozen=True)
class Params:
    folder: str = param("Folder")


@handler("tidy.up", title="Tidy up")
def tidy(ctx: Context, p: Params) -> None:
    shutil.rmtree(p.folder)
