"""Export the ledger of a day as CSV.

The file goes to the folder from which the accounting department fetches it.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from watchkeeper.plugin import Context, Fail, handler, param

NAME = "Ledger export"
__version__ = "1.4"


@dataclass(frozen=True)
class Params:
    folder: str = param("Folder", placeholder="/srv/export")
    day: str = param("Day", default="", placeholder="2026-11-23", help="The day before, if none is given")


@handler("ledger.export", title="Export the ledger")
def export(ctx: Context, p: Params) -> dict[str, object]:
    file = Path(p.folder, f"ledger-{p.day or date.today()}.csv")
    if file.exists():
        raise Fail(f"{file} is there already: move it away first")
    file.write_text("day,account,amount\n")
    return {"file": str(file)}
