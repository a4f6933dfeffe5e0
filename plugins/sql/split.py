"""SQL cut into statements, with the places of its `:names`; strings and comments are left as they stand."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from watchkeeper.plugin import Fail, _


class Dialect(StrEnum):
    """Whose rules of quoting hold."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    OTHER = "other"


@dataclass(frozen=True)
class Piece:
    """Some text, or where `is_name` the name of a value."""

    text: str
    #: Where it stands in the whole text.
    at: int
    is_name: bool = False


@dataclass
class Statement:
    """One statement of a text."""

    #: The whole text, for places in it.
    source: str
    pieces: list[Piece] = field(default_factory=list)
    #: Its bare words in capitals, in order.
    words: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The values that it wants, each once."""
        return list(dict.fromkeys(piece.text for piece in self.pieces if piece.is_name))

    @property
    def verb(self) -> str:
        """Its first word; empty when there is none."""
        return self.words[0] if self.words else ""

    @property
    def start(self) -> int:
        """Where its first word is."""
        return next((piece.at for piece in self.pieces if piece.text.strip()), 0)

    @property
    def text(self) -> str:
        """As it was written."""
        return "".join(f":{piece.text}" if piece.is_name else piece.text for piece in self.pieces).strip()

    def line_and_column(self, at: int) -> tuple[int, int]:
        """Of a place in the whole text, from 1."""
        before = self.source[:at]
        return before.count("\n") + 1, at - before.rfind("\n")


#: Ends by its own word, not by a semicolon.
_ROUTINES = {"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"}

_STRING = r"'(?:[^']|'')*'"
_ESCAPED = r"(?:[^{q}\\]|\\.|{q}{q})*"
_QUOTES = {
    Dialect.SQLITE: (_STRING, r'"(?:[^"]|"")*"', r"`(?:[^`]|``)*`", r"\[[^\]]*\]"),
    Dialect.POSTGRESQL: (rf"[eE]'{_ESCAPED.format(q=chr(39))}'", _STRING, r'"(?:[^"]|"")*"'),
    Dialect.MYSQL: (f"'{_ESCAPED.format(q=chr(39))}'", f'"{_ESCAPED.format(q=chr(34))}"', r"`(?:[^`]|``)*`"),
    Dialect.OTHER: (_STRING, r'"(?:[^"]|"")*"'),
}
_NOTES = {Dialect.MYSQL: r"--(?=\s|\Z)[^\n]*|#[^\n]*"}


def _scanner(dialect: Dialect) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<note>{_NOTES.get(dialect, '--[^' + chr(92) + 'n]*')})"
        r"|(?P<block>/\*)"
        rf"|(?P<quoted>{'|'.join(_QUOTES[dialect])})"
        r"|(?P<dollar>\$(?:[A-Za-z_]\w*)?\$)"
        r"|(?P<cast>::)"
        r"|(?<![\w:]):(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
        r"|(?P<end>;)"
        r"|(?P<word>[^\W\d][\w$]*)"
        r"|(?P<open>['\"`])"
        r"|(?P<rest>\s+|[\d.]+|.)",
        re.DOTALL,
    )


_SCANNERS = {dialect: _scanner(dialect) for dialect in Dialect}


def split(text: str, dialect: Dialect) -> list[Statement]:
    """The statements of `text`; Fail with the place of a quote or comment that is never closed."""
    found, current = list[Statement](), Statement(text)
    for kind, piece in _scanned(text, dialect):
        if kind == "end" and not _goes_on(current, dialect):
            found.append(current)
            current = Statement(text)
            continue
        if kind != "comment":
            current.pieces.append(piece)
        if kind == "word":
            current.words.append(piece.text.upper())
    return [statement for statement in (*found, current) if statement.text]


def _scanned(text: str, dialect: Dialect) -> Iterator[tuple[str, Piece]]:
    at, scanner = 0, _SCANNERS[dialect]
    while at < len(text):
        match = scanner.match(text, at)
        assert match is not None, "any character is something"
        kind, end = match.lastgroup or "", match.end()
        if kind in ("block", "dollar", "open"):
            kind, end = _closed(text, at, match.group(), dialect)
        if kind == "name":
            yield kind, Piece(match["name"], at, is_name=True)
        elif kind in ("note", "comment"):
            yield "comment", Piece(text[at:end], at)
            yield "rest", Piece(" ", at)
        else:
            yield kind, Piece(text[at:end], at)
        at = end


def _closed(text: str, at: int, opened: str, dialect: Dialect) -> tuple[str, int]:
    """What begins at `at` and where it ends."""
    if opened == "/*":
        if dialect is Dialect.MYSQL and text[at + 2 : at + 4].lstrip("M").startswith("!"):
            raise Fail(_("{place}: a comment that the server would run is refused", place=_place(text, at)))
        return "comment", _end_of_comment(text, at, dialect)
    if opened[0] == "$":
        if dialect is not Dialect.POSTGRESQL:
            return "rest", at + 1
        return "quoted", _end(text, at, opened)
    raise Fail(_("{place}: this quote is never closed", place=_place(text, at)))


def _end_of_comment(text: str, at: int, dialect: Dialect) -> int:
    """PostgreSQL's comments hold others."""
    if dialect is not Dialect.POSTGRESQL:
        return _end(text, at, "/*", "*/")
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    raise Fail(_("{place}: this comment is never closed", place=_place(text, at)))


def _end(text: str, at: int, opened: str, close: str | None = None) -> int:
    found = text.find(close or opened, at + len(opened))
    if found < 0:
        if close:
            raise Fail(_("{place}: this comment is never closed", place=_place(text, at)))
        raise Fail(_("{place}: this quote is never closed", place=_place(text, at)))
    return found + len(close or opened)


def _goes_on(statement: Statement, dialect: Dialect) -> bool:
    """Whether a semicolon stands inside the body of a routine; of a server's that is the rest of the text."""
    words = statement.words
    if not words or words[0] != "CREATE" or not _ROUTINES & set(words[:6]):
        return False
    if dialect is Dialect.SQLITE:
        return not sqlite3.complete_statement(statement.text + ";")
    return "BEGIN" in words


def _place(text: str, at: int) -> Any:
    line, column = Statement(text).line_and_column(at)
    return _("line {line}, column {column}", line=line, column=column)
