"""One value of a TOML text is changed, and nothing else of it."""

import tomllib

import pytest

from watchkeeper.model.toml_text import put

COMMENTED = """# Ours.
[engine]   # room
local_slots = 8   # two for each core
# lease = "1m"

[retention]
runs = "90d"
"""


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("", 4, "[engine]\nlocal_slots = 4\n"),
        ("[retention]\nruns = '1d'", 4, "[retention]\nruns = '1d'\n\n[engine]\nlocal_slots = 4\n"),
        ("[engine]\n", 4, "[engine]\nlocal_slots = 4\n"),
        ("[engine]", 4, "[engine]\nlocal_slots = 4\n"),
        ("[engine]\r\nlocal_slots = 1\r\n", 4, "[engine]\r\nlocal_slots = 4\r\n"),
        ('[engine]\nlease = "1m"\n\n[store]\n', 4, '[engine]\nlease = "1m"\nlocal_slots = 4\n\n[store]\n'),
        (COMMENTED, 4, COMMENTED.replace("= 8 ", "= 4 ")),
        (COMMENTED, None, COMMENTED.replace("local_slots = 8   ", "")),
        ("engine.local_slots = 60\n", 4, "engine.local_slots = 4\n"),
        ("engine.local_slots = 60\n", None, ""),
        ('engine.lease = "1s"\n', 4, 'engine.lease = "1s"\nengine.local_slots = 4\n'),
        ("engine = {inside_slots = 1, local_slots = 2} # x\n", 4, "engine = {inside_slots = 1, local_slots = 4} # x\n"),
        ("engine = {local_slots = 2, inside_slots = 1}\n", None, "engine = { inside_slots = 1}\n"),
        ("engine = {inside_slots = 1, local_slots = 2}\n", None, "engine = {inside_slots = 1}\n"),
        ("engine = {inside_slots = 1}\n", 4, "engine = {inside_slots = 1, local_slots = 4}\n"),
        ("engine = {}\n", 4, "engine = {local_slots = 4}\n"),
        ('[ "engine" ]\n"local_slots"=1', 4, '[ "engine" ]\n"local_slots"=4'),
        ("[engine]\nlocal_slots = '1 # 2'\n", 4, "[engine]\nlocal_slots = 4\n"),
        ("[retention]\n", None, "[retention]\n"),
    ],
)
def test_the_value_is_changed_and_the_rest_stays(before: str, value: int | None, after: str) -> None:
    assert put(before, "engine", "local_slots", value) == after


@pytest.mark.parametrize("value", [True, 0, "", 'a "quoted" \\ word', "数据库", "a\nb"])
def test_what_was_put_is_read_again(value: str | int | bool) -> None:
    text = put(COMMENTED, "store", "url", value)
    assert tomllib.loads(text)["store"] == {"url": value}
    assert put(text, "store", "url", None).rstrip() == COMMENTED + "\n[store]"


@pytest.mark.parametrize(
    "text",
    [
        'note = """\n[engine]\nlocal_slots = 1\n"""\n',
        "[engine]\nlocal_slots = [\n1]\n",
        "[engine]\nlocal_slots = {a = 1}\n",
    ],
)
def test_what_is_not_understood_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError):
        put(text, "engine", "local_slots", 4)
