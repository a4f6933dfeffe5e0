"""What the system says no with is said in words of ours."""

import errno
import os
from pathlib import Path

import pytest

from watchkeeper.action.system import reason_of
from watchkeeper.model.text import say


@pytest.mark.parametrize("what", ["missing", "missing/below", "x" * 5_000, ""])
def test_a_real_refusal_is_said_in_chinese(what: str, tmp_path: Path) -> None:
    with pytest.raises(OSError) as refusal:
        (tmp_path / what).read_bytes()
    assert not say(reason_of(refusal.value), "zh_CN").isascii()


def test_what_has_no_words_of_ours_is_told_as_the_system_tells_it() -> None:
    assert reason_of(OSError(errno.EXDEV, os.strerror(errno.EXDEV))) == os.strerror(errno.EXDEV)
    assert reason_of(ValueError("embedded null byte")) == "embedded null byte"
    assert reason_of(OSError()) == ""
