"""What faults and flows share: where their engines are born, and the site of a test that needs no other.

Each of the two folders says in a `make_site` of its own what its sites are like.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.faults.site import Nursery, Site


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()
