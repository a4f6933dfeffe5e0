"""A real engine, a real host, and a workspace of their own for every story."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.fixtures import nursery, site
from tests.faults.site import Nursery, Site, site_in
from tests.postgresql import bouncer, server

__all__ = ["bouncer", "make_site", "nursery", "server", "site"]


@pytest.fixture
def make_site(tmp_path: Path, nursery: Nursery) -> Iterator[Callable[..., Site]]:
    """A site with its engine; settings as text."""
    with ExitStack() as stack:

        def make(settings: str = "") -> Site:
            site = stack.enter_context(site_in(tmp_path / "site", nursery, settings))
            site.start()
            return site

        yield make
