"""Where values are in an answer: JSON paths, patterns and headers, written as words."""

import re

from .reading import environment


def source_of(words: str) -> tuple[str, str]:
    """The kind (path, header, regex, or empty when it is none) and what follows it."""
    if words.startswith("$"):
        return "path", words
    kind, colon, what = words.partition(":")
    return (kind, what.strip() if kind == "header" else what) if colon and kind in ("header", "regex") else ("", words)


def fault_of_path(path: str) -> str:
    """Why `path` is no JSON path; empty when it is one."""
    from jsonpath.exceptions import JSONPathError

    try:
        environment().compile(path)
    except (JSONPathError, RecursionError) as error:
        return str(error.args[0] if error.args else type(error).__name__)[:120]
    return ""


def fault_of_pattern(pattern: str) -> str:
    """Why `pattern` is no regular expression; empty when it is one."""
    if not pattern:
        return "it is empty"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)[:120]
    return ""


def is_costly(kind: str, expression: str) -> bool:
    """Whether an answer made for it could keep the search busy without end."""
    return kind == "regex" or "?" in expression or ".." in expression
