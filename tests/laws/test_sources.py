"""Habits of the house that can be read from the sources."""

import ast
import re
from collections.abc import Iterator

from tests.laws.sources import FILES, ROOT, TREES, calls, public

#: The edges at which a stranger's code may raise anything: execute (and the vocabulary it reads), bus.publish, the
#: plugin loader. The writer catches no less, but hands every error on to the one who asked; so does a query's thread.
EDGES = re.compile(
    r"app/watchkeeper/(engine/execute|bus|plugin/(loader|outcome|isolated|call)|store/(round|writer))\.py"
    r"|plugins/(python/runner|sql/attend)\.py"
)
FORBIDDEN_NAMES = re.compile(r"(^|_)(manager|helper|helpers|util|utils|service|common)(_|$)")
STATE_NAMES = re.compile(r"(?i)(^|[a-z_])(manager|helper|utils?|service|common)$")


def test_everything_is_caught_at_the_edges_only() -> None:
    caught = [place for place in _broad_catches() if not EDGES.match(place)]
    assert not caught, "\n".join(caught)


def test_words_for_people_are_literals() -> None:
    """Else they can't be extracted, and a value would be spliced into a message."""
    spliced = [
        f"{path}:{call.lineno}"
        for path, tree in TREES.items()
        for call in calls(tree, "_", "plural")
        for words in call.args[: 2 if getattr(call.func, "id", "") == "plural" else 1]
        if not (isinstance(words, ast.Constant) and isinstance(words.value, str))
    ]
    assert not spliced, "\n".join(spliced)


def test_errors_for_people_are_translated() -> None:
    """Known, Fail, Retry and Cancel never carry an f-string, a sum of strings or a bare one from the house."""
    bare = [
        f"{path}:{call.lineno}"
        for path, tree in TREES.items()
        for call in calls(tree, "Known", "Fail", "Retry", "Cancel", "NotFound", "Refused", "Conflict")
        if call.args and _is_spliced(call.args[0])
    ]
    assert not bare, "\n".join(bare)


def test_modules_classes_and_public_functions_say_what_they_are() -> None:
    silent = [path for path, tree in TREES.items() if not ast.get_docstring(tree) and path != MAIN]
    silent += [
        f"{path}:{thing.lineno} {thing.name}"
        for path, tree in TREES.items()
        for thing in public(tree)
        if not ast.get_docstring(thing) and not _is_short(thing) and not _is_told_above(path, thing)
    ]
    assert not silent, "\n".join(silent)


MAIN = "app/watchkeeper/__main__.py"


def test_no_file_holds_two_things() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in FILES}
    del lengths["app/watchkeeper/hosts/keeper.py"]  # one file by contract: it is sent to other hosts as it stands
    assert {path: count for path, count in lengths.items() if count > 400} == {}


def test_names_say_what_a_thing_is() -> None:
    vague = [path for path in TREES if FORBIDDEN_NAMES.search(path.rsplit("/", 1)[-1].removesuffix(".py"))]
    vague += [f"{path}:{node.lineno} {node.name}" for path, node in _definitions() if STATE_NAMES.search(node.name)]
    assert not vague, "\n".join(vague)


def test_nothing_is_left_to_be_done_in_comments() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [str(path.relative_to(ROOT)) for path in FILES if marks.search(path.read_text("utf-8"))]
    assert not left, "\n".join(left)


def test_dangerous_readers_are_not_used() -> None:
    risky = {"pickle", "marshal", "shelve", "yaml"}
    used = {
        f"{path}: {alias.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.split(".")[0] in risky
    }
    assert used == set()


def _broad_catches() -> Iterator[str]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _raises_again(node):
                yield f"{path}:{node.lineno}"


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_spliced(words: ast.expr) -> bool:
    return isinstance(words, ast.JoinedStr | ast.BinOp | ast.Constant)


def _is_short(thing: ast.stmt) -> bool:
    """Up to six lines, whose name and types already say it."""
    return (thing.end_lineno or thing.lineno) - thing.lineno < 6


def _is_told_above(path: str, thing: ast.stmt) -> bool:
    """A handler's help is its module's docstring, and so is a migration's."""
    return path.startswith("plugins/") or "/migrations/versions/" in path


def _definitions() -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node
