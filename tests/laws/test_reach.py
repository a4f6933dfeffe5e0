"""Whatever a person can do or ask is reachable in the window; what is not yet is in a table, with the reason."""

import ast
from collections.abc import Iterator

from tests.laws.sources import TREES, calls
from watchkeeper.action import ACTIONS
from watchkeeper.ui.not_yet import NOT_YET

_TABLE = "app/watchkeeper/ui/not_yet.py"


def _named(tree: ast.AST) -> Iterator[str]:
    """The strings that calls are given or a variable `action` is; the id of a command is none, its action is."""
    ids = {id(call.args[0]) for call in calls(tree, "Command") if call.args}
    for given in _given(tree):
        for node in ast.walk(given):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ids:
                yield node.value


def _given(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (*node.args, *(keyword.value for keyword in node.keywords))
        elif isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "action" for target in node.targets):
            yield node.value


NAMED = {
    name
    for path, tree in TREES.items()
    if path.startswith("app/watchkeeper/ui/") and path != _TABLE
    for name in _named(tree)
}
#: Whatever is done can be taken back from its toast and from Activity.
REACHED = NAMED | {ACTIONS[name].undo for name in NAMED if name in ACTIONS}


def test_what_can_be_done_or_asked_is_reachable_in_the_window() -> None:
    assert sorted(set(ACTIONS) - REACHED - set(NOT_YET)) == []


def test_what_is_said_to_be_out_of_reach_is_out_of_reach_and_tells_why() -> None:
    assert sorted(name for name in NOT_YET if name in REACHED or name not in ACTIONS) == []
    assert [name for name, reason in NOT_YET.items() if not reason.endswith(".")] == []
