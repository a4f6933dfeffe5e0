"""A link names a place of the console, and can do nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model.errors import Known
from watchkeeper.ui.links import link_to, place_of


@pytest.mark.parametrize("place", ["run/1234", "jobs", "job/作业", "run/0198f3"])
def test_a_place_survives_its_link(place: str) -> None:
    assert place_of(link_to(place)) == place


@pytest.mark.parametrize(
    "link",
    [
        "",
        "run/1",
        "http://run/1",
        "watchkeeper://",
        "watchkeeper://../x",
        "watchkeeper://run/../x",
        "watchkeeper://run/1/2",
        "watchkeeper://run\n/1",
        "watchkeeper://--home/x",
        "watchkeeper://run/" + "1" * 400,
    ],
)
def test_what_is_no_link_is_said(link: str) -> None:
    with pytest.raises(Known, match="is no link of the console"):
        place_of(link)


@given(st.text(max_size=400))
def test_any_text_is_a_place_or_a_sentence(text: str) -> None:
    try:
        place = place_of("watchkeeper://" + text)
    except Known:
        return
    assert ".." not in place
    assert place.isprintable()
