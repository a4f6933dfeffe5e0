"""Addresses of stores."""

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.store import driver


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("postgresql://keeper:secret@db/watch", "leave the password out"),
        ("postgresql://keeper@db/watch?password=secret", "leave the password out"),
        ("mysql://keeper@db/watch", "can't be at mysql"),
        ("sqlite:///file.db", "can't be at sqlite"),
        ("watch.db", "postgresql://user@host/database"),
        ("postgresql://[::1", "postgresql://user@host/database"),
        ("postgresql://h:port/d", "postgresql://user@host/database"),
    ],
)
def test_an_address_that_can_not_be_is_refused_in_a_sentence(place: str, sentence: str) -> None:
    with pytest.raises(Known) as refused:
        driver.require_server(place)
    assert sentence in str(refused.value) and "secret" not in str(refused.value)
