"""From words to values."""

import pytest

from watchkeeper.action import ACTIONS
from watchkeeper.cli.refusal import Usage
from watchkeeper.cli.usage import flag_of, option_of, parsed, typed, values_of
from watchkeeper.model.run import State


def values(action: str, *given: str) -> dict[str, object]:
    parameters = ACTIONS[action].parameters
    return values_of(parsed(action.split("."), [option_of(each) for each in parameters], given), parameters)


def test_what_every_command_takes_may_stand_anywhere() -> None:
    around = typed(["run", "--json", "list", "--home", "x", "--limit", "3", "-h"])
    assert around.words == ["run", "list", "--limit", "3"]
    assert (around.home, around.is_json, around.wants_help) == ("x", True, True)


def test_what_follows_two_dashes_is_left_alone() -> None:
    assert typed(["run", "show", "--", "--json"]).words == ["run", "show", "--", "--json"]


def test_values_come_in_their_types() -> None:
    assert values("run.list", "--state", "failed", "--state", "QUEUED", "--limit", "3") == {
        "states": [State.FAILED, State.QUEUED],
        "limit": 3,
    }
    assert values("run.start", "a", "--param", "x=1=2", "--param", "y=") == {
        "job": "a",
        "params": {"x": "1=2", "y": ""},
    }


def test_what_was_not_given_is_left_out() -> None:
    assert values("run.list") == {}


def test_a_version_of_a_job_is_not_the_version_of_the_program() -> None:
    assert values("job.show", *typed(["a", "--version", "2"]).words) == {"job": "a", "version": 2}


def test_what_can_be_given_several_times_is_named_in_the_singular() -> None:
    flags = {flag_of(parameter) for name in ("run.start", "run.list") for parameter in ACTIONS[name].parameters}
    assert {"--param", "--state", "--execution-id"} <= flags


@pytest.mark.parametrize(
    ("shown", "action", "name"),
    [
        ("--limit N", "run.list", "limit"),
        ("--param NAME=VALUE", "run.start", "params"),
        ("--execution-id ID", "run.start", "execution_id"),
        ("--state STATE", "run.list", "states"),
        ("JOB", "run.start", "job"),
        ("FILE", "job.save", "spec"),
    ],
)
def test_the_help_shows_how_a_value_is_written(shown: str, action: str, name: str) -> None:
    (parameter,) = [each for each in ACTIONS[action].parameters if each.name == name]
    assert option_of(parameter).shown == shown


@pytest.mark.parametrize("state", ["runing", "", "0"])
def test_a_value_that_does_not_fit_is_refused_with_the_name_of_its_option(state: str) -> None:
    with pytest.raises(Usage, match=r"^--state: "):
        values("run.list", "--state", state)
