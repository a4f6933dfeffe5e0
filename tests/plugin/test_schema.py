"""Parameters from mappings: strict, and every refusal names the field, the value and what is right."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.plugin import Command, Context, Fail, Secret, _, handler, param
from watchkeeper.plugin.schema import form_of, params_of, plain_params, schema_of, secrets_of


@dataclass(frozen=True)
class Params:
    url: str = param(_("Address"), placeholder="https://...")
    count: int = param(_("Count"), default=3)
    share: float | None = param(_("Share"), default=None)
    is_quiet: bool = param(_("Quiet"), default=False)
    codes: list[int] = param(_("Codes"), default=[])
    words: tuple[str, ...] | None = param(_("Words"), default=None)
    headers: dict[str, str] = param(_("Headers"), default={})
    wait: timedelta = param(_("Wait"), default=timedelta(seconds=5))
    hook: Secret | None = param(_("Hook"), default=None)
    mode: str = param(_("Mode"), default="fast", choices=("fast", "safe"), help=_("How"))

    def __post_init__(self) -> None:
        if self.mode == "safe" and self.is_quiet:
            raise Fail(_("safe is never quiet"))
        if self.count < 0:
            raise ValueError("count is below zero")


@handler("sample", title=_("Sample"))
async def sample(ctx: Context, p: Params) -> None: ...


@handler("bare", title="Bare")
async def bare(ctx: Context) -> Command: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "sample needs the parameter url (Address): give it a value"),
        ({"url": "x", "cuont": 1}, "sample: unknown field cuont: did you mean count?"),
        ({"url": "x", "zzz": 1}, "sample: unknown field zzz; known are codes, count"),
        ({"url": 5}, "the parameter url is 5: expected str, got int"),
        ({"url": "x", "count": "many"}, "the parameter count is 'many': expected int, got str"),
        ({"url": "x", "count": True}, "the parameter count is True: expected int, got bool"),
        ({"url": "x", "codes": [1, "b"]}, "the parameter codes is [1, 'b']: [1]: expected int, got str"),
        ({"url": "x", "wait": "soon"}, "write it like 90s, 5m, 1h30m"),
        ({"url": "x", "mode": "slow"}, "the parameter mode is 'slow': it must be one of fast, safe"),
        ({"url": "x", "mode": "safe", "is_quiet": True}, "sample: safe is never quiet"),
        ({"url": "x", "count": -1}, "sample: count is below zero"),
    ],
)
def test_a_refusal_names_field_value_and_remedy(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Known) as refusal:
        params_of(sample, given)
    assert sentence in str(refusal.value)


def test_choices_with_words_for_people_are_still_the_only_values() -> None:
    @dataclass(frozen=True)
    class Odd:
        mode: str | None = param(_("Mode"), default=None, choices={"fast": _("As fast as it can"), "safe": "Safe"})

    @handler("odd", title="Odd")
    async def odd(ctx: Context, p: Odd) -> None: ...

    (field,) = form_of(odd)
    assert [(option.value, str(option.label)) for option in field.options] == [
        ("fast", "As fast as it can"),
        ("safe", "Safe"),
    ]
    assert [params_of(odd, {"mode": mode}).mode for mode in ("safe", None)] == ["safe", None]
    assert schema_of(odd)["properties"]["mode"]["enum"] == ["fast", "safe", None]
    with pytest.raises(Known, match="one of fast, safe"):
        params_of(odd, {"mode": "Safe"})


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(Known) as refusal:
        params_of(sample, {"url": "x", "hook": ["hunter2"]})
    assert "hook" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_words_of_a_command_line_become_what_the_field_is() -> None:
    words = {
        "url": "5",
        "count": "4",
        "share": "2.5",
        "is_quiet": "true",
        "codes": "1, 2",
        "words": '["a,b"]',
        "headers": '{"a": "b"}',
        "wait": "2m",
        "hook": "token",
    }
    read = params_of(sample, words, is_text=True)
    assert (read.url, read.count, read.share, read.is_quiet, read.codes) == ("5", 4, 2.5, True, [1, 2])
    assert (read.words, read.headers, read.wait, read.hook) == (("a,b",), {"a": "b"}, timedelta(minutes=2), "token")


@pytest.mark.parametrize("words", [{"count": "4"}, {"is_quiet": "true"}, {"codes": "1,2"}, {"headers": "{}"}])
def test_words_are_refused_where_values_are_expected(words: dict[str, str]) -> None:
    with pytest.raises(Known, match="expected"):
        params_of(sample, {"url": "x", **words})


@pytest.mark.parametrize("words", [{"headers": "a"}, {"codes": "[1"}, {"codes": "x"}, {"is_quiet": "maybe"}])
def test_words_that_mean_nothing_are_refused_by_field(words: dict[str, str]) -> None:
    (name,) = words
    with pytest.raises(Known, match=f"the parameter {name} is"):
        params_of(sample, {"url": "x", **words}, is_text=True)


def test_what_was_read_can_be_written_and_read_again() -> None:
    read = params_of(sample, {"url": "x", "wait": "90s", "words": ["a"], "hook": "token"})
    assert params_of(sample, plain_params(read)) == read
    assert plain_params(Params(url="x"))["wait"] == "5s"


def test_a_handler_without_parameters_takes_none() -> None:
    assert params_of(bare, {}) is None
    with pytest.raises(Known, match="unknown parameter x: bare takes none"):
        params_of(bare, {"x": 1})


def test_secrets_are_those_that_the_parameters_name() -> None:
    assert secrets_of(Params(url="x", hook=Secret("token"))) == ("token",)
    assert secrets_of(Params(url="x")) == ()
    assert secrets_of(None) == ()


def test_the_schema_tells_type_label_default_and_choices() -> None:
    schema = schema_of(sample)
    assert schema["required"] == ["url"]
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == [field.name for field in dataclasses.fields(Params)]
    assert schema["properties"]["url"] == {"type": "string", "title": "Address", "examples": ["https://..."]}
    assert schema["properties"]["mode"]["enum"] == ["fast", "safe"]
    assert schema["properties"]["wait"]["default"] == "5s"
    assert schema["properties"]["hook"]["writeOnly"] is True
