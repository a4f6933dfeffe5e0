"""What a plugin says of itself is read and not executed."""

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.plugin.manifest import Manifest, manifest_of, require_needs

WHOLE = b'''"""Does it.

At length.
"""
NAME = "My handlers"
__version__: str = "1.4"
NEEDS = ["msgspec>=0.18", "no-such-thing"]

@handler("a.b", title="A")
def run(ctx): ...
'''


def test_everything_is_read_from_constants() -> None:
    read = manifest_of(WHOLE)
    assert (read.name, read.version, read.needs) == ("My handlers", "1.4", ("msgspec>=0.18", "no-such-thing"))
    assert (read.help, read.kinds) == ("Does it.\n\nAt length.", ("a.b",))


@pytest.mark.parametrize("text", [b"def broken(", b"\0", b"\xff\xfe", b"(" * 10_000, b"NEEDS = [open('/x')]", b""])
def test_whatever_else_there_is_says_nothing(text: bytes) -> None:
    assert manifest_of(text) == Manifest()


@pytest.mark.parametrize("need", ["msgspec", "msgspec>=0.1", "MsgSpec >= 0.1, != 0.2", "msgspec<1000"])
def test_what_is_here_is_enough(need: str) -> None:
    require_needs([need])


def test_what_is_not_here_is_told_with_the_line_that_installs_it() -> None:
    with pytest.raises(Known, match=r'needs no-such-thing, msgspec>=1000, which .*: pip install "no-such-thing" "msg'):
        require_needs(["no-such-thing", "msgspec", "msgspec>=1000"])


@pytest.mark.parametrize("need", ["", "a b", "x>=", "; rm -rf", "x @ http://y", "x[extra]"])
def test_what_is_not_understood_is_told(need: str) -> None:
    with pytest.raises(Known, match="is not understood"):
        require_needs([need])
