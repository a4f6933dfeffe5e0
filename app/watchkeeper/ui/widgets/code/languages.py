"""Which words of a script are of which kind, by Pygments; only a few kinds, for colour is kept for what is wrong."""

from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from PySide6.QtGui import QColor, QFont, QTextCharFormat

from watchkeeper.ui.theme import Tokens, mixed

#: A longer text is shown in one ink.
LONGEST = 200_000


class Ink(Enum):
    """What a word is drawn as."""

    KEYWORD = "keyword"
    NAME = "name"
    STRING = "string"
    COMMENT = "comment"
    NUMBER = "number"


class Piece(NamedTuple):
    """Part of a line."""

    start: int
    length: int
    ink: Ink


#: Interpreters and handlers by the language that they read.
LEXERS = {
    "sh": "bash",
    "bash": "bash",
    "python": "python",
    "powershell": "powershell",
    "cmd": "batch",
    "sql": "sql",
    "yaml": "yaml",
    "json": "json",
}


def pieces(text: str, language: str) -> list[list[Piece]]:
    """The coloured parts of each line."""
    lines: list[list[Piece]] = [[]]
    lexer = _lexer(LEXERS.get(language, ""))
    if lexer is None or len(text) > LONGEST:
        return lines
    column = 0
    for kind, value in lexer.get_tokens(text):
        ink = _ink(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if ink is not None and part:
                lines[-1].append(Piece(column, _units(part), ink))
            column += _units(part)
    return lines


def formats(t: Tokens) -> dict[Ink, QTextCharFormat]:
    """How each kind looks in a theme."""
    string = mixed(t.accent, t.text_2, 0.55)
    return {
        Ink.KEYWORD: _format(t.text, QFont.Weight.DemiBold),
        Ink.NAME: _format(t.accent),
        Ink.STRING: _format(string),
        Ink.COMMENT: _format(t.text_3),
        Ink.NUMBER: _format(t.accent),
    }


def _format(color: QColor, weight: QFont.Weight | None = None) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(color)
    if weight is not None:
        made.setFontWeight(weight)
    return made


@cache
def _lexer(name: str) -> Any:
    if not name:
        return None
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _ink(kind: Any) -> Ink | None:
    from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String

    for known, ink in (
        (Comment, Ink.COMMENT),
        (Keyword, Ink.KEYWORD),
        (Operator.Word, Ink.KEYWORD),
        (Name.Tag, Ink.KEYWORD),
        (Name.Variable, Ink.NAME),
        (Name.Builtin, Ink.NAME),
        (Name.Function, Ink.NAME),
        (Name.Decorator, Ink.NAME),
        (String, Ink.STRING),
        (Number, Ink.NUMBER),
        (Literal, Ink.STRING),
    ):
        if kind in known:
            return ink
    return None


def _units(text: str) -> int:
    """How Qt counts: a character beyond the first plane is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
