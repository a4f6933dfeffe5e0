"""A foreign plugin is known by its likeness: form, checks and secrets are those of its own class."""

from collections.abc import Callable
from typing import Any

import pytest

from watchkeeper.model import codec, places
from watchkeeper.model.errors import Known
from watchkeeper.model.text import Text
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.likeness import Likeness, Record, Shape, Trait, likeness_of, spec_like
from watchkeeper.plugin.loader import load
from watchkeeper.plugin.schema import form_of, params_of, plain_params, schema_of, secrets_of

SpecOf = Callable[[str], Spec]

MANY = """
from datetime import timedelta
from enum import Enum
from typing import Any, Literal

class Speed(Enum):
    FAST = "fast"
    SLOW = "slow"

@dataclass(frozen=True)
class Proxy:
    host: str
    password: Secret | None = None

@dataclass(frozen=True)
class P:
    table: str = param("Table", placeholder="orders", help="The one to copy")
    mode: Literal["append", "replace"] = param("Mode", default="append")
    speed: Speed = param("Speed", default=Speed.SLOW)
    level: int = param("Level", default=2, choices={1: "Low", 2: "High"})
    columns: list[str] = param("Columns", default=[], group="More")
    sizes: tuple[int, ...] = param("Sizes", default=(1, 2))
    pair: tuple[int, str] = param("Pair", default=(1, "a"))
    rename: dict[str, str] = param("Rename", default={}, when={"mode": "replace"})
    older: timedelta | None = param("Older than", default=timedelta(hours=2))
    key: Secret = param("Key", default="")
    proxy: Proxy | None = param("Proxy", default=None)
    pin: str = param("Pin", default="", is_secret=True)
    note: str = param("Note", default="", is_multiline=True)
    anything: Any = param("Anything", default=None)

@handler("x", title=_("A title"), is_repeatable=True)
def run(ctx: Context, p: P) -> None: ...
"""


def again(spec: Spec) -> Spec:
    """The Spec that an engine makes of what another process has told."""
    told = codec.from_own(codec.encode(likeness_of(spec)), Likeness)
    return spec_like(told, spec.source, spec.hash, print, None)


def test_form_and_schema_of_a_likeness_are_those_of_the_class(spec_of: SpecOf) -> None:
    spec = spec_of(MANY)
    like = again(spec)
    assert form_of(like) == form_of(spec)
    assert schema_of(like)["properties"].keys() == schema_of(spec)["properties"].keys()
    assert (like.title, like.help, like.is_repeatable) == (spec.title, spec.help, True)


@pytest.mark.parametrize(
    "given",
    [
        {"table": "a"},
        {
            "table": "a",
            "mode": "replace",
            "speed": "fast",
            "level": 1,
            "columns": ["b"],
            "older": "1h",
            "pair": [2, "c"],
        },
        {"table": "a", "proxy": {"host": "h", "password": "team/proxy"}, "key": "team/key", "anything": [1, {"a": 2}]},
    ],
)
def test_parameters_that_are_right_are_read_alike(spec_of: SpecOf, given: dict[str, Any]) -> None:
    spec = spec_of(MANY)
    mine, theirs = params_of(again(spec), given), params_of(spec, given)
    assert plain_params(mine) == plain_params(theirs)
    assert secrets_of(mine) == secrets_of(theirs)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"table": 1},
        {"table": "a", "speed": "quick"},
        {"table": "a", "mode": "x"},
        {"table": "a", "level": 3},
        {"z": 1},
    ],
)
def test_parameters_that_are_wrong_are_refused_alike(spec_of: SpecOf, given: dict[str, Any]) -> None:
    spec = spec_of(MANY)
    with pytest.raises(Known) as theirs:
        params_of(spec, given)
    with pytest.raises(Known) as mine:
        params_of(again(spec), given)
    assert str(mine.value) == str(theirs.value)


def test_every_bundled_handler_has_a_likeness_with_its_form() -> None:
    for path in sorted(places.plugins().iterdir()):
        if path.name[0] not in "_.":
            for spec in load(path, is_bundled=True).specs:
                assert form_of(again(spec)) == form_of(spec), spec.kind


def test_a_dataclass_that_holds_itself_has_a_likeness(spec_of: SpecOf) -> None:
    spec = spec_of(
        "@dataclass(frozen=True)\nclass P:\n    inner: 'P | None' = param('Inner', default=None)\n"
        "@handler('x', title='X')\ndef run(ctx: Context, p: P): ...\n"
    )
    assert params_of(again(spec), {"inner": {"inner": None}})


@pytest.mark.parametrize("name", ["not a name", "class"])
def test_a_likeness_that_makes_no_sense_is_an_error(name: str) -> None:
    record = Record("P", (Trait(name=name, shape=Shape("str")),))
    with pytest.raises(TypeError):
        spec_like(Likeness("handler", "x", Text("x"), "", False, False, False, False, record), "x.py", "", print, None)
