"""What a cause is in words: a fact, the line that tells it best, how many there are of its kind."""

import re

from watchkeeper.action.attention import Cause, Need
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.clock import now
from watchkeeper.ui.log.times import stamp_of
from watchkeeper.ui.spans import span

GLYPHS = {
    Need.FAILED: "status/failed",
    Need.TIMED_OUT: "status/timed-out",
    Need.EXPIRED: "status/blocked",
    Need.UNKNOWN: "status/lost",
    Need.LATE: "status/late",
    Need.MISSED: "status/missed",
}

#: The word by which a line names its level; the glyph says it already.
_LEVEL = re.compile(r"\[?(?:ERROR|FATAL|CRITICAL)\]?:?\s+")


def fact_of(cause: Cause) -> Text:
    """What happened, in two words."""
    match cause.need:
        case Need.FAILED if cause.exit_code is not None:
            return _("exit {code}", code=cause.exit_code)
        case Need.FAILED:
            return _("failed")
        case Need.TIMED_OUT:
            return _("timed out")
        case Need.EXPIRED:
            return _("expired")
        case Need.UNKNOWN:
            return _("unknown")
        case Need.LATE:
            return _("{span} late", span=span(now() - cause.since))
    return _("{n} missed", n=cause.count)


def why_of(cause: Cause) -> Text | str:
    """The line that tells it best, without the time and the level that it begins with."""
    return bare(cause.first_error) if cause.first_error else cause.reason or ""


def bare(line: str) -> str:
    """A line of output from where it begins to say something."""
    stamp = stamp_of(line)
    told = line[stamp.length :] if stamp is not None else line
    return _LEVEL.sub("", told, count=1) if _LEVEL.match(told) else told


def blocks_of(cause: Cause) -> Text:
    """The jobs that wait for it, by name; how many more there are."""
    names, rest = ", ".join(cause.blocked), cause.blocks - len(cause.blocked)
    if rest > 0:
        return plural("blocks {names} and {n} more", "blocks {names} and {n} more", rest, names=names)
    return _("blocks {names}", names=names)


def count_of(need: Need, count: int) -> Text:
    """How many there are of a kind."""
    match need:
        case Need.FAILED:
            return _("{n} failed", n=count)
        case Need.TIMED_OUT:
            return _("{n} timed out", n=count)
        case Need.EXPIRED:
            return _("{n} expired", n=count)
        case Need.UNKNOWN:
            return _("{n} unknown", n=count)
        case Need.LATE:
            return _("{n} late", n=count)
    return plural("{n} job missed runs", "{n} jobs missed runs", count)
