"""Why something does not run, with until when that is likely, and the way to what stands in its way."""

from datetime import datetime

from watchkeeper.model.text import Text, _
from watchkeeper.ui.clock import now
from watchkeeper.ui.spans import ahead, clock


def why_words(sentence: Text, at: datetime | None, zone: str) -> Text:
    """A sentence, and the moment at which it is likely to be over."""
    if at is None or at <= now():
        return sentence
    return _("{why}. Likely to start at {at} ({soon})", why=sentence, at=clock(at, zone), soon=ahead(at, now()))


def way_of(blocker: str, blocker_id: str) -> tuple[str, Text | None]:
    """A place, and the words that lead there; None where there is none."""
    match blocker:
        case "run":
            return f"run/{blocker_id}", _("Open that run")
        case "pool" | "slots":
            return "runs", _("Show what runs")
        case "vault":
            return "diagnostics", _("Diagnostics")
        case _:
            return "", None
