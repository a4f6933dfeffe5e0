"""Unit files as systemd reads them: sections, settings with their lines, words with quotes, spans of time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from watchkeeper.action.imports.found import LONGEST_LINE, lines_of
from watchkeeper.model.errors import Known
from watchkeeper.model.span import LONGEST, Span
from watchkeeper.model.text import _

_MOST_LINES = 5_000
_TRUE, _FALSE = frozenset({"1", "yes", "true", "on"}), frozenset({"0", "no", "false", "off"})
_UNITS = {
    ("us", "usec"): 1e-6,
    ("ms", "msec"): 1e-3,
    ("", "s", "sec", "second", "seconds"): 1.0,
    ("m", "min", "minute", "minutes"): 60.0,
    ("h", "hr", "hour", "hours"): 3_600.0,
    ("d", "day", "days"): 86_400.0,
    ("w", "week", "weeks"): 604_800.0,
    ("M", "month", "months"): 2_629_800.0,
    ("y", "year", "years"): 31_557_600.0,
}
_SECONDS = {unit: seconds for units, seconds in _UNITS.items() for unit in units}
_SPAN_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}


@dataclass(frozen=True)
class Setting:
    """`name=value` in a section."""

    line: int
    section: str
    name: str
    value: str


@dataclass
class Unit:
    """The settings of one file, in order."""

    file: str
    settings: list[Setting] = field(default_factory=list)
    #: What has been asked for; the rest is what nobody understood.
    asked: set[tuple[str, str]] = field(default_factory=set)

    def all(self, section: str, name: str) -> list[Setting]:
        """Every value of a setting that adds up; an empty one forgets those before it."""
        self.asked.add((section, name))
        found: list[Setting] = []
        for each in self.settings:
            if (each.section, each.name) == (section, name):
                found.append(each) if each.value else found.clear()
        return found

    def last(self, section: str, name: str) -> Setting | None:
        """The value that counts of a setting that has one; None when it is not there, or empty."""
        return next(reversed(self.all(section, name)), None)

    def rest(self) -> Iterator[Setting]:
        """What nobody has asked for."""
        return (each for each in self.settings if each.value and (each.section, each.name) not in self.asked)


def unit_of(file: str, text: str) -> Unit:
    """A unit file; Known with the line of what is none."""
    unit, section = Unit(file), ""
    for number, line in _logical(text):
        words = line.strip()
        if len(words) > LONGEST_LINE:
            raise Known(_("line {line} has more than {most} characters", line=number, most=LONGEST_LINE))
        if words.startswith("[") and words.endswith("]"):
            section = words[1:-1]
            continue
        name, mark, value = words.partition("=")
        if not mark or not section or not re.fullmatch(r"[\w.-]+", name.strip()):
            raise Known(_("line {line}: {words} is no setting of a section", line=number, words=words[:60]))
        unit.settings.append(Setting(number, section, name.strip(), value.strip()))
    return unit


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that a backslash continues, without comments and empty ones, by the number of the first."""
    lines = lines_of(text)
    if len(lines) > _MOST_LINES:
        raise Known(_("the file has more than {most} lines: split it", most=_MOST_LINES))
    begun: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(("#", ";")) or not (begun or line.strip()):
            continue
        first = first if begun else number
        begun.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield first, " ".join(begun)
            begun = []
    if begun:
        yield first, " ".join(begun)


def is_true(setting: Setting | None, default: bool = False) -> bool:
    """A yes or a no; Known for anything else."""
    if setting is None:
        return default
    word = setting.value.lower()
    if word not in _TRUE | _FALSE:
        raise Known(_("{name}: {value} is neither yes nor no", name=setting.name, value=setting.value[:60]))
    return word in _TRUE


def span_of(setting: Setting) -> Span:
    """A span of time in systemd's words: `1h 30min`, `90`, `5 minutes`; Known when it is none."""
    parts = _SPAN_PART.findall(setting.value[:100])
    is_all = len(setting.value) <= 100 and not _SPAN_PART.sub("", setting.value).strip()
    if not parts or not is_all or any(unit not in _SECONDS for _number, unit in parts):
        raise Known(_("{name}: {value} is no span of time", name=setting.name, value=setting.value[:60]))
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if seconds > LONGEST.total_seconds():
        raise Known(_("{name}: {value} is longer than 100 years", name=setting.name, value=setting.value[:60]))
    return Span(milliseconds=round(seconds * 1000))


def is_endless(setting: Setting | None) -> bool:
    """Whether a limit is none."""
    return setting is None or setting.value == "infinity" or not setting.value.strip("0")


def words_of(text: str) -> list[str]:
    """The words of a command line or of Environment=, with systemd's quotes and escapes; Known when a quote is open."""
    words: list[str] = []
    word, quote, position = None, "", 0
    while position < len(text):
        mark = text[position]
        position += 1
        if mark == "\\":
            piece, position = _escaped(text, position)
            word = (word or "") + piece
        elif quote:
            quote, word = ("", word) if mark == quote else (quote, (word or "") + mark)
        elif mark in "\"'" and word is None:
            quote, word = mark, ""
        elif mark in "\"'":
            quote = mark
        elif mark.isspace():
            words += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + mark
    if quote:
        raise Known(_("a quotation mark is missing"))
    return [*words, word] if word is not None else words


def _escaped(text: str, position: int) -> tuple[str, int]:
    if found := re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{3})").match(text, position):
        number = int(found[3], 8) if found[3] else int(found[1] or found[2], 16)
        if not number or 0xD800 <= number <= 0xDFFF:
            raise Known(_("\\{code} is no character", code=found[0]))
        return chr(number), found.end()
    mark = text[position : position + 1]
    return _ESCAPES.get(mark, mark if mark in "\"'\\" else "\\" + mark), position + 1
