"""Leave to see one value, once, within a minute, by whoever asked for it."""

import secrets
import threading
import time

from watchkeeper.model.errors import Refused
from watchkeeper.model.text import _

#: Seconds for which a ticket is good.
GOOD_FOR = 60.0


class Tickets:
    """Kept in memory only; may be used from any thread."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        #: The secret's id, who asked, and when by the clock that nobody sets.
        self._given: dict[str, tuple[str, str, float]] = {}

    def give(self, secret_id: str, actor: str) -> str:
        """A new one."""
        ticket = secrets.token_urlsafe(24)
        with self._turn:
            now = time.monotonic()
            self._given = {each: given for each, given in self._given.items() if now - given[2] < GOOD_FOR}
            self._given[ticket] = (secret_id, actor, now)
        return ticket

    def take(self, ticket: str) -> str:
        """The id of the secret that it is for and who asked, between them a space; Refused when it is not good."""
        with self._turn:
            given = self._given.pop(ticket, None)
        if given is None or time.monotonic() - given[2] >= GOOD_FOR:
            raise Refused(_("this ticket is used up or older than a minute: ask for a new one"))
        return f"{given[0]} {given[1]}"
