"""What the audit trail holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One line of the audit trail."""

    number: int
    at: datetime
    actor: str
    action: str
    object: str | None
    #: `ok`, `refused` or `failed`.
    outcome: str
    detail: Mapping[str, Any]
