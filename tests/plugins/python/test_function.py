"""A function in an environment: what it is called with, what it answers, and a sentence for each way to go wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.python.conftest import REPORTS
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import Failed, Succeeded
from watchkeeper.plugin.testing import command_of, perform


def test_what_a_function_returns_are_the_outputs_as_what_they_are(python: Spec, venv: Path) -> None:
    log: list[str] = []
    kwargs = {"day": "2026-03-29 ä\n'$(x)", "parts": 3, "names": ["a", "b"]}
    outcome = perform(python, function="reports:build", kwargs=kwargs, interpreter=str(venv), log=log)
    told = {**kwargs, "share": 0.5, "is_new": True, "prefix": str(venv)}
    assert outcome == Succeeded(told), log
    assert log == ["building 2026-03-29 ä", "'$(x)"]


@pytest.mark.parametrize(
    ("function", "kwargs", "outputs"),
    [
        ("reports:fetch", {"day": "x"}, {"day": "x"}),
        ("reports:nothing", {}, {}),
        ("reports:Report.of", {"day": "x"}, {"day": "x"}),
        ("package.module:function", {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ("reports:written", {}, {"rows": "3", "day": "late"}),
        ("reports:leaves", {"code": 0}, {}),
    ],
)
def test_functions_of_many_forms_are_called(
    python: Spec, venv: Path, function: str, kwargs: dict[str, Any], outputs: dict[str, Any]
) -> None:
    assert perform(python, function=function, kwargs=kwargs, interpreter=str(venv)) == Succeeded(outputs)


@pytest.mark.parametrize(
    ("function", "kwargs", "sentence"),
    [
        ("nowhere:f", {}, "has no module nowhere: install it there"),
        ("package.missing:f", {}, "has no module package.missing"),
        ("reports.inner:f", {}, "has no module reports.inner"),
        ("half:f", {}, "ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("reports:biuld", {}, "the module reports has no biuld: did you mean build?"),
        ("reports:zzz", {}, "the module reports has no zzz"),
        ("reports:Report.off", {}, "the module reports has no Report.off: did you mean of?"),
        ("reports:COUNT", {}, "COUNT in reports is a int and can't be called"),
        ("reports:build", {}, "does not take these arguments: missing a required argument: 'day'"),
        ("reports:build", {"day": "x", "dya": 1}, "build(day, parts=1, *, names=()) does not take these arguments"),
        ("reports:text", {}, "the function returned a str: it must return a mapping of outputs or None"),
        ("reports:unspeakable", {}, "the output bad is a set that JSON cannot carry"),
        ("reports:endless", {}, "the output share is a float that JSON cannot carry"),
        ("reports:unnamed", {}, "the output 'no name' has no usable name"),
        ("reports:huge", {}, "bytes, 65520 are kept: pass a path instead"),
        ("reports:broken", {"word": "ä"}, "LookupError: no such word: ä"),
        ("reports:leaves", {"code": 3}, "it ended with exit code 3"),
        ("reports:leaves", {"code": "no day"}, "no day"),
        ("reports:build", {"day": "x", "parts": 1 << 70}, "the output parts is a int that JSON cannot carry"),
    ],
)
def test_what_goes_wrong_is_a_sentence(
    python: Spec, venv: Path, function: str, kwargs: dict[str, Any], sentence: str
) -> None:
    outcome = perform(python, function=function, kwargs=kwargs, interpreter=str(venv))
    assert isinstance(outcome, Failed), outcome
    assert sentence in str(outcome.text)
    assert "\n" not in str(outcome.text)


def test_a_module_is_found_in_the_working_folder(python: Spec, venv: Path, tmp_path: Path) -> None:
    (tmp_path / "local_reports.py").write_text(REPORTS)
    env = {"PYTHONPATH": str(tmp_path)}
    outcome = perform(python, function="local_reports:fetch", interpreter=str(venv), env=env)
    assert outcome == Succeeded({"day": "today"})


def test_no_value_of_a_keyword_stands_in_the_argv(python: Spec) -> None:
    command = command_of(python, function="reports:build", kwargs={"day": "hunter22"})
    assert command.argv is not None
    assert "hunter22" not in " ".join(command.argv)
    assert json.loads(command.stdin or "") == {"day": "hunter22"}
    assert command.script is None
