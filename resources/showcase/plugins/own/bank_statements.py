"""Fetch the statements of the house bank."""

from watchkeeper.plugin import Context, handler

__version__ = "0.3"

COLUMNS = dict(zip(("day", "amount", "purpose"), range(3), strict=True))
BOOKED = COLUMNS["booked"]


@handler("bank.statements", title="Bank statements")
def fetch(ctx: Context) -> None: ...
