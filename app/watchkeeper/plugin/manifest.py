"""What a plugin says of itself, read from its text: nothing of it is executed for that.

Decision: plain constants at the top of the module, `__version__ = "1.2"`, `NAME = "..."`, `NEEDS = ["boto3>=1.30"]`.
Question: how does a file tell its version and what it needs before a person has allowed its code to run?
Why: a constant is read by the standard library's parser, and a file stays one file.
Alternatives: a file beside it (two to keep together), inline script metadata in comments (a second syntax).
State: in force. A need is a distribution's name with comparisons of dotted numbers; no extras, no markers.
"""

import ast
import importlib.metadata
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text, _

_NEED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*((?:(?:>=|<=|==|!=|>|<)\s*[0-9.]+\s*,?\s*)*)", re.ASCII)
_BOUND = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9.]+)")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
#: Letters of a name or version, and things needed.
_MOST_LETTERS, _MOST_NEEDS = 200, 50


class Manifest(msgspec.Struct, frozen=True):
    """What stands at the top of a plugin's module; empty where it says nothing, or can't be read as Python."""

    name: str = ""
    version: str = ""
    needs: tuple[str, ...] = ()
    #: The docstring.
    help: str = ""
    #: The kinds that its decorators name.
    kinds: tuple[str, ...] = ()


def manifest_of(text: bytes) -> Manifest:
    """The manifest in the source of a module."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Manifest()
    said = _constants(tree)
    needs = said.get("NEEDS", ())
    return Manifest(
        name=_line(said.get("NAME")),
        version=_line(said.get("__version__")),
        needs=tuple(map(_line, needs[:_MOST_NEEDS])) if isinstance(needs, list | tuple) else (_line(needs),),
        help=ast.get_docstring(tree) or "",
        kinds=tuple(kind for kind in map(_kind, ast.walk(tree)) if kind),
    )


def require_needs(needs: Sequence[str]) -> None:
    """Known, with the line that installs it, for what is needed and is not here."""
    missing = [need for need in needs if not _is_met(need)]
    if missing:
        quoted = " ".join(f'"{need}"' for need in missing)
        raise Known(
            _("it needs {needs}, which is not installed: pip install {line}", needs=", ".join(missing), line=quoted)
        )


def _is_met(need: str) -> bool:
    read = _NEED.fullmatch(need.strip())
    if read is None:
        raise Known(_("NEEDS has {need}, which is not understood: write it like boto3>=1.30", need=repr(need)[:80]))
    try:
        found = importlib.metadata.version(read[1])
    except importlib.metadata.PackageNotFoundError:
        return False
    return all(_COMPARISONS[sign](*_even(found, wanted)) for sign, wanted in _BOUND.findall(read[2]))


def _even(*versions: str) -> tuple[tuple[int, ...], ...]:
    """The numbers of versions, of one length: 1.2 and 1.2.0 are the same."""
    numbers = [[int(part) for part in re.findall(r"\d+", version.split("+")[0])] for version in versions]
    size = max(map(len, numbers))
    return tuple((*parts, *[0] * (size - len(parts))) for parts in numbers)


def _constants(tree: ast.Module) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id in ("NAME", "__version__", "NEEDS") and value is not None:
            try:
                said[target.id] = ast.literal_eval(value)
            except ValueError:
                continue
    return said


def _kind(node: ast.AST) -> str:
    """The kind in `handler("http.check", ...)`; empty for anything else."""
    match node:
        case ast.Call(func=ast.Name("handler" | "channel"), args=[ast.Constant(str(kind)), *_]):
            return kind[:_MOST_LETTERS]
    return ""


def _line(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())[:_MOST_LETTERS]


def missing_kind(kind: str, path: str, what: Text) -> Text:
    """The sentence for a kind whose file can't be used."""
    return _("the handler {kind} is in {path}, which can't be used: {what}", kind=kind, path=path, what=what)
