"""Parameters that make no sense are refused when they are read; and what the runner is written in."""

import ast
import sys
from typing import Any

import pytest

from tests.laws.sources import ROOT, imported
from watchkeeper.model.errors import Known
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.schema import form_of, params_of

RUNNER = ast.parse((ROOT / "plugins" / "python" / "runner.py").read_text(), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "give one of script, file and function"),
        ({"script": "a", "file": "b"}, "give one of script, file and function"),
        ({"script": "a", "function": "b:c"}, "give one of script, file and function"),
        ({"script": " \n"}, "script is empty"),
        ({"file": ""}, "file is empty"),
        ({"function": ""}, "function is empty"),
        ({"script": "a", "interpreter": " "}, "interpreter is empty"),
        ({"function": "reports"}, "write the function as package.module:function, not reports"),
        ({"function": "reports.build"}, "write the function as package.module:function"),
        ({"function": "reports:"}, "write the function as package.module:function"),
        ({"function": ":build"}, "write the function as package.module:function"),
        ({"function": ".reports:build"}, "write the function as package.module:function"),
        ({"function": "a:b:c"}, "write the function as package.module:function"),
        ({"function": "a:b()"}, "write the function as package.module:function"),
        ({"function": "a b:c"}, "write the function as package.module:function"),
        ({"function": "a:b", "arguments": ["x"]}, "arguments go with a script"),
        ({"function": "a:b", "stdin": "x"}, "stdin goes with a script"),
        ({"script": "a", "kwargs": {"x": 1}}, "kwargs go with a function"),
        ({"script": "a", "arguments": "x y"}, "the parameter arguments is 'x y'"),
        ({"script": "a", "arguments": [1]}, "the parameter arguments is [1]"),
        ({"function": "a:b", "kwargs": ["x"]}, "the parameter kwargs is ['x']"),
        ({"script": "a", "interpreter": "../bin/python"}, "write the interpreter as a name or from the root on"),
        ({"script": "a", "env": {"A B": "x"}}, "A B is no name for a variable"),
        ({"script": "a", "env": {"": "x"}}, "is no name for a variable"),
        ({"script": "a", "env": {"WATCHKEEPER_RUN_ID": "x"}}, "is Watchkeeper's own"),
        ({"script": "a", "env": {"A": 1}}, "the parameter env is"),
        ({"script": "a\0b"}, "NUL"),
        ({"script": "a", "arguments": ["a\0"]}, "NUL"),
        ({"script": "a", "env": {"A": "\0"}}, "NUL"),
        ({"script": "a", "interpreter": "/a\0"}, "NUL"),
        ({"scirpt": "a"}, "did you mean script?"),
        ({"script": 5}, "the parameter script is 5"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(python: Spec, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Known) as refusal:
        params_of(python, given)
    assert sentence in str(refusal.value)


def test_words_of_a_command_line_are_taken(python: Spec) -> None:
    read = params_of(python, {"function": "a.b:c", "kwargs": '{"x": [1]}', "env": '{"A": "b"}'}, is_text=True)
    assert (read.kwargs, read.env) == ({"x": [1]}, {"A": "b"})
    assert params_of(python, {"script": "a", "arguments": "x, y"}, is_text=True).arguments == ("x", "y")


def test_its_form_has_a_field_for_each_parameter(python: Spec) -> None:
    controls = {field.name: str(field.control) for field in form_of(python)}
    assert controls["script"] == controls["stdin"] == "lines"
    assert (controls["arguments"], controls["kwargs"], controls["env"]) == ("list", "data", "table")


def test_the_runner_needs_nothing_but_a_python_of_3_6() -> None:
    assert {name.split(".")[0] for name in imported(RUNNER)} <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(RUNNER) if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr)]
