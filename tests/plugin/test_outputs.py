"""The text form of outputs: whatever a process writes there, reading it breaks nothing."""

from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.plugin.outputs import parsed

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
LINES = st.text(st.characters(exclude_characters="\n\r"), max_size=30)


@given(st.dictionaries(NAMES, LINES, max_size=8))
def test_every_name_and_value_comes_back(outputs: dict[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in outputs.items())
    assert parsed(text) == (outputs, None)


@given(st.dictionaries(NAMES, st.lists(LINES.filter(lambda line: line != "EOF"), max_size=4), max_size=5))
def test_values_of_several_lines_come_back(outputs: dict[str, list[str]]) -> None:
    text = "".join(
        f"{name}<<EOF\n" + "".join(f"{line}\n" for line in lines) + "EOF\n" for name, lines in outputs.items()
    )
    assert parsed(text) == ({name: "\n".join(lines) for name, lines in outputs.items()}, None)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    parsed(text)


def test_the_last_value_of_a_name_wins() -> None:
    assert parsed("a=1\na=2").outputs == {"a": "2"}


def test_a_value_may_hold_equals_signs_and_be_empty() -> None:
    assert parsed("a=b=c\nd=\n").outputs == {"a": "b=c", "d": ""}


def test_windows_line_ends_are_no_part_of_a_value() -> None:
    assert parsed("a=1\r\nb<<E\r\nx\r\nE\r\n").outputs == {"a": "1", "b": "x"}


def test_a_line_that_is_none_is_told_with_its_number_and_the_others_count() -> None:
    outputs, bad = parsed("a=1\n\nhello\nb=2\n")
    assert outputs == {"a": "1", "b": "2"}
    assert str(bad) == "line 3 of the outputs is not name=value: hello"


def test_a_value_whose_closing_word_never_comes_is_told() -> None:
    outputs, bad = parsed("a<<END\nb=2\n")
    assert outputs == {"b": "2"}
    assert "line 1" in str(bad)
