"""What stands in the column of times: the time itself, since the beginning, or since the line before."""

from enum import StrEnum

from watchkeeper.model.text import Text, _
from watchkeeper.ui.log.times import Stamp, after, span_words


class TimeMode(StrEnum):
    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    DELTA = "delta"


MODE_NAMES: dict[TimeMode, Text] = {
    TimeMode.ABSOLUTE: _("absolute"),
    TimeMode.RELATIVE: _("since the start"),
    TimeMode.DELTA: _("since the line before"),
}


def words(stamp: Stamp, mode: TimeMode, first: Stamp | None, before: Stamp | None) -> str:
    """The column's text, at most twelve characters in almost all logs."""
    if mode is TimeMode.ABSOLUTE:
        return stamp.clock
    origin = first if mode is TimeMode.RELATIVE else before
    return span_words(after(origin.moment, stamp)) if origin is not None else span_words(0.0)
