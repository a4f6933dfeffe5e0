"""The secrets that this process has had to do with, as maskers: each set of values has one."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from watchkeeper.model.masker import Masker

T = TypeVar("T")

#: Maskers that are remembered, those that were wanted last.
_MOST = 32

_known: "OrderedDict[frozenset[str], Masker]" = OrderedDict()
_lock = threading.Lock()


def masker_of(values: Iterable[str]) -> "Masker | None":
    """The masker of all `values` but those too short to be masked; None when none is left. From any thread."""
    wanted = frozenset(values)
    if not wanted:
        return None
    with _lock:
        if wanted not in _known:
            _known[wanted] = _made(wanted)
            if len(_known) > _MOST:
                _known.popitem(last=False)
        _known.move_to_end(wanted)
        return _known[wanted]


def hidden(value: T) -> T:
    """A text or plain value of no certain run, like a crash report or the detail of an audit entry, without any."""
    with _lock:
        maskers = list(_known.values())
    for masker in maskers:
        value = masker.masked(value)
    return value


def _made(values: frozenset[str]) -> "Masker":
    from watchkeeper.model.masker import Masker
    from watchkeeper.model.secret_forms import is_maskable

    return Masker(filter(is_maskable, values))
