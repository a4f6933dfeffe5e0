"""The topics of the help, in the window's language: their titles, and where words stand in them."""

from dataclasses import dataclass
from pathlib import Path

from watchkeeper.model import places

#: The order in which they are read; others follow by their names.
ORDER = (
    "getting-started",
    "console",
    "jobs-file",
    "triggers",
    "calendars",
    "credentials",
    "retries",
    "states",
    "imports",
    "settings",
    "diagnostics",
)


@dataclass(frozen=True)
class Topic:
    """One page of help."""

    name: str
    title: str
    text: str

    def count(self, words: str) -> int:
        """How often the words stand in it, whatever their case."""
        return self.text.casefold().count(words.casefold())


def topics(language: str) -> list[Topic]:
    """All of them, in the order in which they are read."""
    folder = places.resources() / "help" / language
    found = [_read(file) for file in sorted(folder.glob("*.md"))]
    return sorted(
        found, key=lambda topic: (ORDER.index(topic.name) if topic.name in ORDER else len(ORDER), topic.title)
    )


def _read(file: Path) -> Topic:
    text = file.read_text(encoding="utf-8")
    title = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), file.stem)
    return Topic(file.stem, title, text)
