"""How long a job's runs usually take."""

from datetime import timedelta

import msgspec


class Usual(msgspec.Struct, frozen=True):
    """Of so many of a job's last runs that succeeded: what half of them, and what all but one in twenty did not exceed.

    None while none has succeeded.
    """

    p50: timedelta | None
    p95: timedelta | None
    count: int
