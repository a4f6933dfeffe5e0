"""What could stand at the caret of a filter of jobs: fields, and the values that they take."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from watchkeeper.model.job_filter import CLOSED, FIELDS, NEVER, TIMES, Piece, Value, pieces
from watchkeeper.model.job_status import STATUSES
from watchkeeper.model.searchable import searchable
from watchkeeper.model.text import Text, _

#: The values that are known of each field whose values are not the same everywhere: tag, owner, group and so on.
Vocabulary = Mapping[str, Sequence[str]]

MOST = 50
_SPANS = ("<1h", "<24h", "<7d", ">1d", ">7d", NEVER)


class Offer(msgspec.Struct, frozen=True):
    """One thing that could stand there, as it is written."""

    text: str
    help: Text | None = None


class Completions(NamedTuple):
    """What could take the place of the characters from `start` up to `end`; the likeliest first."""

    start: int
    end: int
    offers: tuple[Offer, ...]


def completions(text: str, caret: int, known: Vocabulary) -> Completions:
    """What could stand where the caret is, between the characters `caret - 1` and `caret`."""
    caret = max(0, min(caret, len(text)))
    piece = next((each for each in pieces(text) if each.start <= caret <= each.end), None)
    if piece is None:
        return _at_field("", caret, caret, known)
    begin = piece.start + piece.is_not
    if caret < begin:
        return Completions(caret, caret, ())
    if piece.field is None or caret < piece.at:
        is_quoted = piece.field is None and piece.values[0].is_quoted
        end = piece.end if piece.field is None else piece.at
        return Completions(caret, caret, ()) if is_quoted else _at_field(text[begin:caret], begin, end, known)
    return _at_value(piece, piece.field, caret, text, known)


def _at_field(typed: str, start: int, end: int, known: Vocabulary) -> Completions:
    fields = [Offer(f"{field}:", help) for field, help in FIELDS.items() if field.startswith(typed.lower())]
    return Completions(start, end, tuple([*fields, *_values_everywhere(typed, known)][:MOST]))


def _values_everywhere(typed: str, known: Vocabulary) -> Iterator[Offer]:
    """A word that somebody begins to type may be the value of a field."""
    if typed:
        for field in FIELDS:
            for value in _fitting(_values_of(field, known), typed)[:5]:
                yield Offer(f"{field}:{_written(value)}", _help(field, value))


def _at_value(piece: Piece, field: str, caret: int, text: str, known: Vocabulary) -> Completions:
    value = next(each for each in reversed(piece.values) if each.start <= caret)
    typed = text[value.start : caret].strip('"“”')
    taken = {each.text for each in piece.values if each is not value}
    values = _begun_spans(typed) if field in TIMES else _values_of(field, known)
    fitting = [each for each in _fitting(values, typed) if each not in taken]
    return Completions(value.start, _end(value, caret), tuple(_offers(field, fitting)[:MOST]))


def _end(value: Value, caret: int) -> int:
    return max(value.end, caret)


def _offers(field: str, values: Sequence[str]) -> list[Offer]:
    return [Offer(_written(value), _help(field, value)) for value in values]


def _values_of(field: str, known: Vocabulary) -> Sequence[str]:
    if field in CLOSED:
        return CLOSED[field]
    if field in TIMES:
        return _SPANS
    return ("me", *known.get(field, ())) if field == "owner" else known.get(field, ())


def _begun_spans(typed: str) -> Sequence[str]:
    """A number that lacks its unit, else the usual ones."""
    is_number = typed[:1] in ("<", ">") and typed[1:].isascii() and typed[1:].isdigit()
    return [typed + unit for unit in ("h", "d", "m")] if is_number else _SPANS


def _fitting(values: Sequence[str], typed: str) -> list[str]:
    """Those that begin with it, then those that hold it."""
    wanted = searchable(typed)
    looked = [(value, searchable(value)) for value in values]
    begin = [value for value, form in looked if form.startswith(wanted)]
    return begin + [value for value, form in looked if wanted in form and not form.startswith(wanted)]


def _written(value: str) -> str:
    """A value as it has to stand in a filter: what could be taken for more than one, in quotes."""
    if value and not any(each.isspace() or each in ',，"“”\\' for each in value):
        return value
    return '"' + "".join("\\" + each if each in '"“”\\' else each for each in value) + '"'


def _help(field: str, value: str) -> Text | None:
    if field == "status":
        return STATUSES[value].name
    return _("you") if field == "owner" and value == "me" else None
