"""The language in which jobs are filtered: `status:failed -is:disabled tag:etl owner:me next:<24h backup`.

Words stand side by side and all must hold; `-` before one turns it round; values parted by commas are alternatives;
quotes keep blanks and commas together. What has no field before a colon is looked for in name and description.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from watchkeeper.model.errors import Known, Misfit
from watchkeeper.model.job_status import STATUSES
from watchkeeper.model.span import Span
from watchkeeper.model.span import parse as parse_span
from watchkeeper.model.text import Text, _

#: Longer ones are nobody's; and so many words are.
LONGEST = 2_000
MOST_WORDS = 50

#: What can stand before the colon, and what it is about.
FIELDS: Mapping[str, Text] = {
    "status": _("what the last run came to, or what a live one is doing"),
    "tag": _("a tag of the job"),
    "owner": _("who is asked about the job; me is you"),
    "group": _("the group, with those within it"),
    "handler": _("what carries it out"),
    "pool": _("the limit that it shares"),
    "calendar": _("a calendar that one of its triggers follows"),
    "is": _("enabled or disabled"),
    "next": _("how long until it fires: <24h, >2d, never"),
    "last": _("how long ago a run ended: <24h, >2d, never"),
}
#: Fields whose values are times, and those whose values are known beforehand.
TIMES = ("next", "last")
CLOSED: Mapping[str, tuple[str, ...]] = {"status": tuple(STATUSES), "is": ("enabled", "disabled")}

_COLONS, _COMMAS, _QUOTES = ":：", ",，", '"“”'
NEVER = "never"


class Words(NamedTuple):
    """Something to be found in name or description."""

    text: str
    is_not: bool = False


class Among(NamedTuple):
    """A field that holds one of these values; an empty value means that it holds none."""

    field: str
    values: tuple[str, ...]
    is_not: bool = False


class Time(NamedTuple):
    """A moment, `next` or `last`, that is nearer than `span`, or farther away; without a span there is none."""

    field: str
    span: Span | None
    is_farther: bool = False
    is_not: bool = False


Clause = Words | Among | Time


class Fault(msgspec.Struct, frozen=True):
    """What can't be read, and where: from the character `start` up to `end`."""

    text: Text
    start: int
    end: int


class JobFilter(NamedTuple):
    """What could be read, and what could not."""

    clauses: tuple[Clause, ...] = ()
    faults: tuple[Fault, ...] = ()


class Value(NamedTuple):
    """One of the alternatives behind a colon, as it stands from `start` up to `end`."""

    text: str
    start: int
    end: int
    is_quoted: bool = False


class Piece(NamedTuple):
    """A word of a filter as it stands: `-tag:etl,"my own"`, or text, which is its only value."""

    start: int
    end: int
    is_not: bool
    #: None where no colon stands.
    field: str | None
    values: tuple[Value, ...]
    #: Where the values begin.
    at: int


def read(text: str, me: str) -> JobFilter:
    """What `text` asks for; Known with the first fault. `me` is who asks."""
    found = parse(text, me)
    for fault in found.faults:
        raise Known(fault.text)
    return found


def parse(text: str, me: str = "me") -> JobFilter:
    """What `text` asks for, and each fault with its place."""
    if len(text) > LONGEST:
        return JobFilter((), (Fault(_("a filter has at most {most} characters", most=LONGEST), LONGEST, len(text)),))
    found = list(pieces(text))
    if len(found) > MOST_WORDS:
        start = found[MOST_WORDS].start
        return JobFilter((), (Fault(_("a filter has at most {most} words", most=MOST_WORDS), start, len(text)),))
    clauses: list[Clause] = []
    faults: list[Fault] = []
    for piece in found:
        read_one = _clause(piece, me)
        (faults if isinstance(read_one, Fault) else clauses).append(read_one)  # type: ignore[arg-type]  # of its kind
    return JobFilter(tuple(clauses), tuple(faults))


def pieces(text: str) -> Iterator[Piece]:
    """The words of a filter, as they stand. Whatever is typed has some reading: a quote may lack its other one."""
    place = 0
    while (place := _not_blank(text, place)) < len(text):
        piece = _piece(text, place)
        yield piece
        place = piece.end


def written(piece: Piece) -> str:
    """The word in the form in which it can stand beside any other; one with a field only."""
    values = ",".join(_in_quotes(each.text) if each.is_quoted else each.text for each in piece.values)
    return f"{'-' * piece.is_not}{piece.field}:{values}"


def _in_quotes(value: str) -> str:
    return '"' + "".join("\\" + each if each in _QUOTES + "\\" else each for each in value) + '"'


def _piece(text: str, start: int) -> Piece:
    is_not = text[start] == "-" and start + 1 < len(text) and not text[start + 1].isspace()
    begin = start + is_not
    colon = begin
    while colon < len(text) and (text[colon].isalnum() or text[colon] in "_-"):
        colon += 1
    if begin < colon < len(text) and text[colon] in _COLONS:
        values = tuple(_values(text, colon + 1))
        return Piece(start, values[-1].end, is_not, text[begin:colon].lower(), values, colon + 1)
    word = _value(text, begin, "")
    return Piece(start, word.end, is_not, None, (word,), begin)


def _values(text: str, place: int) -> Iterator[Value]:
    while True:
        value = _value(text, place, _COMMAS)
        yield value
        if value.end >= len(text) or text[value.end] not in _COMMAS:
            return
        place = value.end + 1


def _value(text: str, start: int, ends: str) -> Value:
    """From `start` to the next blank, or to one of `ends`; in quotes to their end."""
    if start < len(text) and text[start] in _QUOTES:
        return _quoted(text, start)
    end = start
    while end < len(text) and not text[end].isspace() and text[end] not in ends:
        end += 1
    return Value(text[start:end], start, end)


def _quoted(text: str, start: int) -> Value:
    place, said = start + 1, ""
    while place < len(text) and text[place] not in _QUOTES:
        place += text[place] == "\\" and place + 1 < len(text)
        said += text[place]
        place += 1
    return Value(said, start, min(place + 1, len(text)), is_quoted=True)


def _not_blank(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _clause(piece: Piece, me: str) -> Clause | Fault:
    if piece.field is None:
        return Words(piece.values[0].text, piece.is_not)
    if piece.field not in FIELDS:
        said = _(
            "there is no field {field} to filter by: there are {fields}; put the words in quotes to look for them",
            field=piece.field[:40],
            fields=", ".join(FIELDS),
        )
        return Fault(said, piece.start, piece.end)
    try:
        return _time(piece) if piece.field in TIMES else _among(piece, me)
    except _Unreadable as error:
        return Fault(error.text, error.value.start, max(error.value.end, error.value.start + 1))


class _Unreadable(Known):
    def __init__(self, text: Text, value: Value) -> None:
        super().__init__(text)
        self.value = value


def _among(piece: Piece, me: str) -> Among:
    field = piece.field or ""
    for value in piece.values:
        _require_known(field, value)
    known = field in CLOSED
    values = (value.text.lower() if known else _meant(field, value, me) for value in piece.values)
    return Among(field, tuple(dict.fromkeys(values)), piece.is_not)


def _require_known(field: str, value: Value) -> None:
    if not value.text and not value.is_quoted:
        raise _Unreadable(_missing(field), Value("", value.start - 1, value.end))
    known = CLOSED.get(field)
    if known is not None and value.text.lower() not in known:
        raise _Unreadable(
            _(
                "{field} can't be {value}: it is one of {known}",
                field=field,
                value=value.text[:40] or '""',
                known=", ".join(known),
            ),
            value,
        )


def _missing(field: str) -> Text:
    if field in CLOSED:
        return _("behind {field}: stands nothing yet: {known}", field=field, known=", ".join(CLOSED[field]))
    return _('behind {field}: stands nothing yet; write {field}:"" for what has none', field=field)


def _meant(field: str, value: Value, me: str) -> str:
    return me if field == "owner" and value.text == "me" and not value.is_quoted else value.text


def _time(piece: Piece) -> Time:
    field, (value, *more) = piece.field or "", piece.values
    if more:
        raise _Unreadable(_("{field} takes one span of time: {field}:<24h", field=field), more[0])
    if value.text.lower() == NEVER:
        return Time(field, None, is_not=piece.is_not)
    mark = value.text[:1].translate(str.maketrans("＜＞", "<>"))
    if mark not in ("<", ">"):
        raise _Unreadable(_time_sentence(field, value.text), value)
    try:
        span = parse_span(value.text[1:].removeprefix("="))
    except Misfit:
        raise _Unreadable(_time_sentence(field, value.text), value) from None
    return Time(field, span, mark == ">", piece.is_not)


def _time_sentence(field: str, value: str) -> Text:
    return _(
        "{field} can't be {value}: write {field}:<24h for nearer than a day, {field}:>2d for farther than two, or "
        "{field}:never",
        field=field,
        value=value[:40] or '""',
    )
