"""What may be said of a job, and what is refused."""

import pytest

from watchkeeper.model.codec import convert
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec


@pytest.mark.parametrize("name", ["nightly", "备份", "etl/load", "a b", "..a", "x" * 200, "émigré", "👩‍💻"[:1]])
def test_a_name_in_any_language_is_taken(name: str) -> None:
    assert convert({"name": name, "handler": "shell"}, JobSpec).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " a",
        "a ",
        ".",
        "..",
        "a\0b",
        "a\nb",
        "\x1b[31m",
        "a\u202eb",
        "\u200fa",
        "a\u2066b",
        "x" * 201,
        "x" * 4096,
        "\t",
    ],
)
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(Known):
        convert({"name": name, "handler": "shell"}, JobSpec)


@pytest.mark.parametrize("owner", ["", "li", "李伟", "a b", "ops@example.org"])
def test_an_owner_in_any_language_is_taken(owner: str) -> None:
    assert convert({"name": "a", "handler": "shell", "owner": owner}, JobSpec).owner == owner


@pytest.mark.parametrize("group", ["", "finance", "finance/daily", "财务/每日"])
def test_a_group_is_a_path(group: str) -> None:
    assert convert({"name": "a", "handler": "shell", "group": group}, JobSpec).group == group


@pytest.mark.parametrize("owner", [" a", "a ", ".", "a\0b", "a\u202eb", "x" * 201])
def test_an_owner_that_hides_something_is_refused(owner: str) -> None:
    with pytest.raises(Known, match="owner"):
        convert({"name": "a", "handler": "shell", "owner": owner}, JobSpec)


@pytest.mark.parametrize("group", ["/", "a/", "/a", "a//b", "a/ b", "a /b", "a/..", "a/\0", "x" * 201])
def test_a_group_that_hides_something_or_has_an_empty_part_is_refused(group: str) -> None:
    with pytest.raises(Known, match="group"):
        convert({"name": "a", "handler": "shell", "group": group}, JobSpec)


@pytest.mark.parametrize("env", [{"": "x"}, {"A=B": "x"}, {"A B": "x"}, {"1A": "x"}, {"A\0": "x"}, {"A": "x\0y"}])
def test_an_environment_that_no_process_can_have_is_refused(env: dict[str, str]) -> None:
    with pytest.raises(Known):
        convert({"name": "a", "handler": "shell", "env": env}, JobSpec)


@pytest.mark.parametrize(
    "retry",
    [{"factor": float("nan")}, {"jitter": float("nan")}, {"jitter": "half"}, {"jitter": 1.5}],
)
def test_a_retry_that_can_not_be_reckoned_is_refused(retry: dict[str, object]) -> None:
    with pytest.raises(Known):
        convert({"name": "a", "handler": "shell", "retry": retry}, JobSpec)
