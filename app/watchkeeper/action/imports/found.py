"""What a reader found in a file: jobs, what it could not take, and what to know, each with its line."""

from collections.abc import Callable
from dataclasses import dataclass, field

from watchkeeper.action import files
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec
from watchkeeper.model.text import Text, _

#: A file is no larger, a line no longer.
LARGEST_FILE = 1 << 20
LONGEST_LINE = 64 << 10


@dataclass(frozen=True)
class Machine:
    """What has to be known of the machine that reads."""

    #: Who reads; jobs of others can't be taken.
    user: str
    is_account: Callable[[str], bool]
    #: Whether a word names a program that can be started.
    is_program: Callable[[str], bool]
    is_windows: bool = False


@dataclass(frozen=True)
class Remark:
    """Something about one line; the whole file where there is no line to blame."""

    file: str
    line: int | None
    text: Text

    @property
    def told(self) -> Text:
        if self.line is None:
            return _("{file}: {what}", file=self.file, what=self.text)
        return _("{file}, line {line}: {what}", file=self.file, line=self.line, what=self.text)


@dataclass
class Found:
    """Collects what is found; `file` is the name that remarks carry."""

    file: str
    jobs: list[JobSpec] = field(default_factory=list)
    refusals: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    origins: dict[str, files.Origin] = field(default_factory=dict)

    def add(self, spec: JobSpec, line: int) -> None:
        """A job that begins at `line`."""
        place = f"jobs[{len(self.jobs)}]"
        self.origins[place] = files.Origin(self.file, place, {place: line})
        self.jobs.append(spec)

    def refuse(self, line: int | None, text: Text) -> None:
        self.refusals.append(Remark(self.file, line, text))

    def note(self, line: int | None, text: Text) -> None:
        self.notes.append(Remark(self.file, line, text))

    def take(self, other: "Found") -> None:
        """All that was found in another file."""
        for position, spec in enumerate(other.jobs):
            origin = other.origins[f"jobs[{position}]"]
            place = f"jobs[{len(self.jobs)}]"
            self.origins[place] = files.Origin(origin.file, place, {place: origin.lines[origin.path]})
            self.jobs.append(spec)
        self.refusals += other.refusals
        self.notes += other.notes

    def content(self) -> files.Content:
        """The jobs as a file of jobs would have brought them."""
        return files.Content(jobs=tuple(self.jobs), origins=self.origins)


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; Known when it is none, or too large."""
    if len(data) > LARGEST_FILE:
        raise Known(_("the file is larger than {most} MiB: split it", most=LARGEST_FILE >> 20))
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Known(
            _("byte {offset} in line {line} is not UTF-8: save the file as UTF-8", offset=error.start, line=line)
        ) from None
    if "\0" in text:
        raise Known(
            _("it holds a NUL character in line {line}: take it out", line=text[: text.index("\0")].count("\n") + 1)
        )
    return text


def lines_of(text: str) -> list[str]:
    """Its lines, without the ends that Windows or Unix give them."""
    return [line.removesuffix("\r") for line in text.split("\n")]
