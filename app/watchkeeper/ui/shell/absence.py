"""Offers what happened meanwhile to whoever comes back, in a toast: nothing is taken from under their hands."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from watchkeeper.action.away import Away
from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.seen import saw, seen_at
from watchkeeper.ui.shell.toasts import Offer
from watchkeeper.ui.spans import span
from watchkeeper.ui.tasks import Tasks

if TYPE_CHECKING:
    from watchkeeper.ui.shell.window import Window

#: Whoever was away for longer is told what happened.
ABSENCE = timedelta(hours=1)
#: Milliseconds that it is offered: a screen that wakes takes its time, and so do people.
OFFERED = 60_000
#: A wake, an unlock and the first key tell of one return.
ONE_RETURN = timedelta(minutes=10)


class Absence:
    """One for the program; `take_return` follows all that knows of somebody's coming back."""

    def __init__(self, window: "Window", tasks: Tasks) -> None:
        self._window, self._tasks = window, tasks
        self._returned_at: datetime | None = None
        #: Since when it was offered last; that stays the beginning until somebody has seen it.
        self._offered: datetime | None = None

    def take_return(self, left_at: datetime) -> None:
        """Somebody is back who went then."""
        before = self._returned_at
        if now() - left_at <= ABSENCE or (before is not None and now() - before < ONE_RETURN):
            return
        self._returned_at = now()
        memory = self._window.console.memory
        is_unseen = self._offered is not None and seen_at(memory) == self._offered
        if not is_unseen and not any(page.place == "away" for page in self._window.pages):
            self._offered = left_at
            saw(memory, left_at)
        self._tasks.start(self._offer(left_at), "absence")

    async def _offer(self, left_at: datetime) -> None:
        """What happened since then, in a line; nothing where nothing did."""
        from watchkeeper.ui.pages.away.told import counts_of

        found: Away = await self._window.console.desk.ask("away.summary", since=left_at)
        counts = counts_of(found)
        if not counts:
            return
        glyph, words = counts[0][0], sentence(span(now() - left_at), [text for _glyph, text in counts])
        self._window.toasts.show_offer(words, glyph, Offer(_("Show"), self._show, OFFERED))

    def _show(self) -> None:
        self._window.go("away")


def sentence(away: Text, counts: list[Text]) -> Text:
    """`You were away 6 h: 2 jobs missed runs, 1 failed`."""
    listed = counts[0]
    for text in counts[1:]:
        listed = _("{some}, {another}", some=listed, another=text)
    return _("You were away {span}: {what}", span=away, what=listed)
