"""What is in a text: values by JSON path and matches of patterns. Standard library and jsonpath only: it is also run
by itself, as a process, where an answer made for it could keep a search busy without end.
"""

import json
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from jsonpath import JSONPathEnvironment

#: Of a path that means many places.
MOST_VALUES = 1000


@cache
def environment() -> "JSONPathEnvironment":
    """JSON paths as RFC 9535 has them, and nothing more."""
    from jsonpath import JSONPathEnvironment

    return JSONPathEnvironment(strict=True)


def read(text: str, asks: list[tuple[str, str]]) -> dict[str, Any]:
    """`found`: for each ask, ("path", $...) or ("regex", ...), a list with its value, or None; or else `fault`: why
    the text is no JSON."""
    from jsonpath.exceptions import JSONPathError

    try:
        document = parsed(text) if any(kind == "path" for kind, _what in asks) else None
    except (ValueError, RecursionError) as error:
        return {"fault": str(error)[:200] or type(error).__name__}
    try:
        return {"found": [_at(what, document) if kind == "path" else _match(what, text) for kind, what in asks]}
    except (JSONPathError, RecursionError) as error:
        return {"fault": str(error.args[0] if error.args else type(error).__name__)[:200]}


def parsed(text: str) -> Any:
    """The document; ValueError also for NaN and Infinity, which JSON does not have."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"JSON has no {word}")


def _at(path: str, document: Any) -> list[Any] | None:
    from jsonpath import JSONPath

    query = environment().compile(path)
    found = query.findall(document)
    if isinstance(query, JSONPath) and query.singular_query():
        return found or None
    return [found[:MOST_VALUES]] if found else None


def _match(pattern: str, text: str) -> list[Any] | None:
    found = re.search(pattern, text)
    return None if found is None else [found[1] if found.re.groups else found[0]]


if __name__ == "__main__":
    task = json.loads(sys.stdin.buffer.read())
    answer = read(task["text"], task["asks"])
    sys.stdout.buffer.write(json.dumps(answer).encode())
