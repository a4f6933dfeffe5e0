"""The keeper is one file for any Python from 3.6 on, of the standard library only."""

import ast
import sys
from pathlib import Path

from watchkeeper.hosts import keeper
from watchkeeper.hosts.sentences import REFUSALS

_TREE = ast.parse(Path(keeper.__file__).read_bytes(), feature_version=(3, 6))


def test_it_imports_only_the_standard_library() -> None:
    imports = [node for node in ast.walk(_TREE) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {
        name.split(".")[0]
        for node in imports
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert names <= sys.stdlib_module_names


def test_it_is_syntax_of_python_3_6() -> None:
    assert not [node for node in ast.walk(_TREE) if isinstance(node, ast.NamedExpr)]
    assert not [
        node.args.posonlyargs for node in ast.walk(_TREE) if isinstance(node, ast.FunctionDef) and node.args.posonlyargs
    ]


def test_every_refusal_of_the_keeper_can_be_translated() -> None:
    tree = ast.parse(Path(keeper.__file__).read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal"
    ]
    said = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert len(calls) >= 12
    assert said == {text.message for text in REFUSALS}
