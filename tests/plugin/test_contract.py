"""What authors may write, and what they are told when it makes no sense."""

import ast
import sys
from dataclasses import FrozenInstanceError, dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.laws.sources import imported
from watchkeeper.plugin import Command, Context, channel, contract, handler, param


@dataclass(frozen=True)
class Params:
    first: str = param("First", default="a")
    second: str = param("Second")


@handler("sample.plain", title="Plain")
def plain(ctx: Context, p: Params) -> dict[str, object]:
    return {"said": p.second}


@handler("sample.process", title="Process")
async def process(ctx: Context) -> Command:
    return Command(argv=["true"])


def test_a_spec_says_what_the_function_is_and_stays_callable() -> None:
    assert (plain.role, plain.kind, plain.params, plain.is_async) == ("handler", "sample.plain", Params, False)
    assert plain.help == "What authors may write, and what they are told when it makes no sense."
    assert plain(None, Params(second="b")) == {"said": "b"}
    with pytest.raises(FrozenInstanceError):
        plain.kind = "other"  # type: ignore[misc]


def test_only_the_annotation_command_places_a_process() -> None:
    assert process.places_process
    assert process.params is None
    assert not plain.places_process


def test_a_foreign_plain_def_is_isolated_and_a_command_or_async_def_is_not() -> None:
    assert plain.is_isolated
    assert not process.is_isolated


def test_isolate_wins_over_async() -> None:
    @handler("sample.isolated", title="Isolated", isolate=True)
    async def isolated(ctx: Context) -> None: ...

    assert isolated.is_isolated


def test_a_field_without_default_may_follow_one_with_it() -> None:
    assert Params(second="b").first == "a"


def test_a_mutable_default_is_not_shared() -> None:
    @dataclass(frozen=True)
    class Many:
        items: dict[str, int] = param("Items", default={})

    assert Many().items is not Many().items


@pytest.mark.parametrize("kind", ["", "Has Space", "UPPER", "a..b", ".a", "ü"])
def test_a_kind_that_cannot_be_named_in_a_job_is_refused(kind: str) -> None:
    with pytest.raises(TypeError, match="is no kind"):
        handler(kind, title="x")(lambda ctx: None)


def test_a_function_of_another_form_is_refused() -> None:
    def too_many(ctx: Context, p: Params, more: int) -> None: ...
    def no_dataclass(ctx: Context, p: int) -> None: ...
    def no_notice(ctx: Context, p: Params) -> None: ...
    def placing(ctx: Context) -> Command: ...  # type: ignore[empty-body]

    for wrong, sentence in ((too_many, r"function of \(ctx\)"), (no_dataclass, "annotate 'p' with a dataclass")):
        with pytest.raises(TypeError, match=sentence):
            handler("x", title="x")(wrong)
    with pytest.raises(TypeError, match="notice"):
        channel("x", title="x")(no_notice)
    with pytest.raises(TypeError, match="drop isolate"):
        handler("x", title="x", isolate=True)(placing)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "a script or an argv"),
        ({"script": "a", "argv": ["a"]}, "no item of argv is {script}"),
        ({"script": "a", "argv": ["a", "x{script}"]}, "no item of argv is {script}"),
        ({"argv": "ls -l"}, "not one string"),
        ({"argv": []}, "names no program"),
        ({"argv": [""]}, "names no program"),
        ({"script": "a", "interpreter": "ruby"}, "'ruby' is none of sh, bash"),
        ({"argv": ["a\0b"]}, "NUL"),
        ({"script": "a", "env": {"A=B": "x"}}, "no name for a variable"),
        ({"script": "a", "secrets": {"A-B": "x"}}, "no name for a variable"),
        ({"script": "a", "warning": [0]}, "exit code 0 stands under success and under warning"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_in_a_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Command(**given)


def test_the_contract_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(contract.__file__).read_text(encoding="utf-8"))
    told = [node for node in tree.body if not _is_for_types_only(node)]
    names = [name.split(".")[0] for node in told for name in imported(node)]
    assert names
    assert not [name for name in names if name not in sys.stdlib_module_names]


def _is_for_types_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
