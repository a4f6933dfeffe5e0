"""Where a command's words go: sentences in the user's language, or one JSON object a line."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

import msgspec

from watchkeeper.cli.screen import harmless, on_one_line
from watchkeeper.model import codec
from watchkeeper.model.audit import Entry
from watchkeeper.model.text import Text, from_stored, say


@dataclass(frozen=True)
class Speech:
    """How this command speaks."""

    language: str
    is_json: bool = False

    def say(self, text: Text | str | None) -> str:
        """The words in the user's language; nothing for None."""
        return "" if text is None else say(text, self.language)

    def line(self, text: Text | str) -> None:
        """One line for people on standard output; nothing with --json."""
        if not self.is_json:
            self.out(on_one_line(self.say(text)))

    def lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.out(line)

    def json(self, value: Any) -> None:
        """One JSON object on a line of its own, its sentences in the user's language."""
        self.out(codec.encode(self.spoken(value)).decode())

    def error(self, text: Text | str) -> None:
        """One line on standard error."""
        print("watchkeeper: " + on_one_line(self.say(text)), file=sys.stderr, flush=True)

    def out(self, text: str, end: str = "\n") -> None:
        print(harmless(text) if _is_terminal(sys.stdout) else text, end=end)

    def spoken(self, value: Any) -> Any:
        """`value` as plain data in which every Text is a sentence."""
        if isinstance(value, Text):
            return self.say(value)
        if isinstance(value, Entry):
            return {**codec.plain(value), "detail": self.audit_detail(value)}
        if isinstance(value, msgspec.Struct) and not value.__struct_config__.omit_defaults:
            return {name: self.spoken(getattr(value, name)) for name in value.__struct_fields__}
        if isinstance(value, list | tuple):
            return [self.spoken(each) for each in value]
        return codec.plain(value)

    def audit_detail(self, entry: Entry) -> dict[str, Any]:
        """What an entry tells, its error as a sentence."""
        error = entry.detail.get("error")
        return {**entry.detail, **({"error": self.say(from_stored(error))} if error else {})}


def local_time(moment: datetime | None) -> str:
    """A moment on this machine's clock, to the second; nothing for None."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty()
