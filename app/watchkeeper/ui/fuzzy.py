"""Finds what somebody means by a few letters, in order; Chinese also by its pinyin."""

from functools import lru_cache
from typing import NamedTuple

#: Points for a letter: at all, after the one before, at a word's beginning, at the very beginning.
_HIT, _NEXT, _WORD, _FIRST = 1, 5, 8, 10
#: Points for all that is written there.
_ALL = 20
#: Characters of a candidate that are looked at, and places from which a match may begin.
MOST, MOST_STARTS = 200, 6


class Match(NamedTuple):
    """How well it fits, and which characters of the candidate were meant."""

    score: int
    places: tuple[int, ...]


def match(wanted: str, candidate: str) -> Match | None:
    """How `candidate` fits; None when it does not. Blanks part words that may stand in any order."""
    words = wanted.casefold().split()
    if not words:
        return Match(0, ())
    found = [_best(word, candidate[:MOST]) for word in words]
    if any(each is None for each in found):
        return None
    sure = [each for each in found if each is not None]
    places = tuple(sorted({place for each in sure for place in each.places}))
    whole = _ALL if len(places) == len(candidate) else 0
    return Match(sum(each.score for each in sure) + whole - len(candidate) // 20, places)


def together(wanted: str, candidate: str) -> Match | None:
    """The same for a sentence, in which letters far apart are always somewhere: those of each word stand together."""
    words = [match(word, candidate) for word in wanted.split()]
    is_apart = any(word is None or word.places[-1] - word.places[0] >= len(word.places) for word in words)
    return None if is_apart else match(wanted, candidate)


def _best(word: str, candidate: str) -> Match | None:
    """As it is written, or by the initials and syllables of its Chinese characters."""
    written = _placed(word, [(letter.casefold(),) for letter in candidate], candidate)
    spoken = _placed(word, _sounds(candidate), candidate) if _has_han(candidate) and word.isascii() else None
    return max((each for each in (written, spoken) if each is not None), default=None, key=lambda each: each.score)


def _placed(word: str, letters: "list[tuple[str, ...]]", candidate: str) -> Match | None:
    """The best of the matches from the likeliest places at which the first letter stands."""
    starts = [place for place, sounds in enumerate(letters) if any(sound[:1] == word[0] for sound in sounds)]
    starts.sort(key=lambda place: (-_beginning(candidate, place), place))
    found = (_from(word, letters, candidate, start) for start in starts[:MOST_STARTS])
    return max((each for each in found if each is not None), default=None, key=lambda each: each.score)


def _from(word: str, letters: "list[tuple[str, ...]]", candidate: str, start: int) -> Match | None:
    rest, score, places, before = word, 0, list[int](), -2
    for place in range(start, len(letters)):
        taken = max((_shared(rest, sound) for sound in letters[place]), default=0)
        if not taken:
            continue
        rest = rest[taken:]
        score += _HIT * taken + (_NEXT if place == before + 1 else 0) + _beginning(candidate, place)
        places.append(place)
        before = place
        if not rest:
            return Match(score, tuple(places))
    return None


def _shared(rest: str, sound: str) -> int:
    """How much of `rest` the sound says: its first letter, or as much of a syllable as was typed."""
    count = 0
    while count < min(len(rest), len(sound)) and rest[count] == sound[count]:
        count += 1
    return count if count == len(sound) or count <= 1 or count == len(rest) else 1


def _beginning(candidate: str, place: int) -> int:
    if place == 0:
        return _FIRST
    before, here = candidate[place - 1], candidate[place]
    is_word = not before.isalnum() or (here.isupper() and before.islower()) or _is_han(here)
    return _WORD if is_word else 0


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def _has_han(text: str) -> bool:
    return any(map(_is_han, text))


@lru_cache(maxsize=4_000)
def _sounds_of(letter: str) -> tuple[str, ...]:
    if not _is_han(letter):
        return (letter.casefold(),)
    from pypinyin import Style, pinyin

    return tuple(dict.fromkeys(pinyin(letter, style=Style.NORMAL, heteronym=True)[0]))


def _sounds(candidate: str) -> list[tuple[str, ...]]:
    return [_sounds_of(letter) for letter in candidate]
