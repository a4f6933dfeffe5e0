"""How much there is of a log, in words."""

from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.log.log import Log
from watchkeeper.ui.log.reading import Reading
from watchkeeper.ui.words import locale


def amount(reading: Reading, log: Log, lines_at_pause: int | None) -> Text:
    """Lines and bytes, and whether more may come; `lines_at_pause`: how many there were when the end was left."""
    index, size = reading.index, size_words(log.size)
    if not reading.is_indexed:
        said = _("{percent} % read, {size}", percent=100 * index.end // max(1, log.size), size=size)
    else:
        count = locale().toString(index.lines)
        said = plural("{count} line, {size}", "{count} lines, {size}", index.lines, count=count, size=size)
    if log.is_closed:
        return said
    if lines_at_pause is not None and index.lines > lines_at_pause:
        return _("{amount}, {new} new", amount=said, new=locale().toString(index.lines - lines_at_pause))
    return _("{amount}, live", amount=said)


def size_words(size: int) -> str:
    """Bytes as the language writes them."""
    return locale().formattedDataSize(size, 0 if size < 1024 * 1024 else 1)
