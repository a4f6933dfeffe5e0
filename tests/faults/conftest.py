"""How much time the faults have, and the sites that they befall."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.fixtures import nursery, site
from tests.faults.site import Nursery, Site, site_in

__all__ = ["SECONDS", "make_site", "nursery", "site"]

#: Seconds for everything in this folder together; a run of a few minutes is a sample.
SECONDS = float(os.environ.get("WATCHKEEPER_FAULT_SECONDS", "180"))
#: Whether this is the long campaign and not the sample, in which every kind of fault is repeated less.
IS_LONG = SECONDS >= 600


@pytest.fixture
def make_site(tmp_path: Path, nursery: Nursery) -> Iterator[Callable[..., Site]]:
    """Sites by name, each with a workspace and a host of its own; settings as text."""
    with ExitStack() as stack:
        yield lambda name="site", settings="", **more: stack.enter_context(
            site_in(tmp_path / name, nursery, settings, **more)
        )
