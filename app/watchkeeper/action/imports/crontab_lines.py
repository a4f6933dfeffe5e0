"""The lines of a crontab as cron(8) tells them apart: settings, entries, comments."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from watchkeeper.action.imports.found import LONGEST_LINE, Found, lines_of
from watchkeeper.model.errors import Known
from watchkeeper.model.text import _


@dataclass(frozen=True)
class Entry:
    """A line that says when and what."""

    line: int
    #: Five fields with single blanks between, or a word that begins with @.
    when: str
    #: The user, in the system's form, and the command.
    rest: str
    comment: str
    #: What was set above it, by name: the line and the value.
    settings: Mapping[str, tuple[int, str]]

    @property
    def first_word(self) -> str:
        """The user in the system's form, the program in a user's own."""
        return self.rest.split(maxsplit=1)[0]

    @property
    def has_more_words(self) -> bool:
        return len(self.rest.split(maxsplit=1)) == 2


_QUOTED = r"\"(?P<{0}_double>[^\"]*)\"|'(?P<{0}_single>[^']*)'"
#: Blanks around the equals sign are allowed; a comment behind the value is none.
_SETTING = re.compile(
    rf"(?:{_QUOTED.format('name')}|(?P<name>[^\s=\"'#][^\s=]*))\s*=\s*(?:{_QUOTED.format('value')}|(?P<value>(?![\"']).*))"
)
_ENTRY = re.compile(r"(?P<when>@\S+|\S+(?:[ \t]+\S+){4})[ \t]+(?P<rest>\S.*)")
#: Comments that say nothing about the job below, and what stands above them: rulers, headings of the columns, what was
#: commented out.
_RULER = re.compile(
    r"[\W_]*"
    r"|.*\bm(in(ute)?)?\s+h(our)?\s+(dom|day|d)\b.*"
    r"|[|*.`,\s]*[|`.]-+.*|[|]\s.*"
    r"|[*\d@][\d*,/@a-z-]*(\s+[\d*,/a-zA-Z-]+){4}\s.*"
    r"|@[a-z]+\s.*"
)
_LONGEST_RULER = 200
_MOST_LINES = 5_000
#: More settings no command gets.
_MOST_SETTINGS = 100


def entries_of(text: str, found: Found) -> Iterator[Entry]:
    """The entries, each with the comment right above it and the settings before it; the rest is refused by line."""
    settings: dict[str, tuple[int, str]] = {}
    comment: list[str] = []
    lines = lines_of(text)
    if len(lines) > _MOST_LINES:
        raise Known(_("the file has more than {most} lines: split it", most=_MOST_LINES))
    for number, line in enumerate(lines, 1):
        words = line.strip()
        if words.startswith("#"):
            comment.append(words.lstrip("#").strip())
            continue
        above, comment = comment, []
        if len(line) > LONGEST_LINE:
            found.refuse(number, _("the line has more than {most} characters: put it into a script", most=LONGEST_LINE))
        elif setting := _SETTING.fullmatch(words):
            settings = {**settings, _part(setting, "name"): (number, _part(setting, "value"))}
            if len(settings) > _MOST_SETTINGS:
                raise Known(_("the file has more than {most} settings: split it", most=_MOST_SETTINGS))
        elif entry := _ENTRY.fullmatch(words):
            yield Entry(number, " ".join(entry["when"].split()), entry["rest"], _described(above), settings)
        elif words:
            found.refuse(number, _("this is no line of a crontab: five fields of time and a command are wanted"))


def _part(setting: re.Match[str], name: str) -> str:
    return next(
        part for part in (setting[f"{name}_double"], setting[f"{name}_single"], setting[name]) if part is not None
    )


def _described(comment: list[str]) -> str:
    for position in reversed(range(len(comment))):
        if len(comment[position]) <= _LONGEST_RULER and _RULER.fullmatch(comment[position]):
            return "\n".join(comment[position + 1 :])[:10_000]
    return "\n".join(comment)[:10_000]
