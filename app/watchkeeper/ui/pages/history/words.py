"""What is written into the history's field: words of a job's name or a run's number, and `tag:`, `host:`, `job:`."""

import re
from typing import NamedTuple

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

_FIELDS = ("job", "tag", "host")
_WORD = re.compile(r'(?:(job|tag|host)[:：])?(?:["“”]([^"“”]*)["“”]|(\S+))', re.IGNORECASE)


class Wanted(NamedTuple):
    """Which runs; None and "" take all."""

    text: str = ""
    job: str | None = None
    tag: str | None = None
    host: str | None = None


def wanted(written: str) -> Wanted:
    """What the words mean; Known when a field stands twice or has no value."""
    found: dict[str, str] = {}
    plain: list[str] = []
    for field, quoted, bare in _WORD.findall(written):
        value = quoted or bare
        name = field.lower()
        if not name:
            _require_value(bare)
            plain.append(value)
        elif name in found:
            raise Known(_("{field}: stands twice: one run has one of them", field=name))
        else:
            found[name] = value
    return Wanted(" ".join(plain), **found)


def _require_value(word: str) -> None:
    name = word.rstrip(":：").lower()
    if name in _FIELDS and word != word.rstrip(":："):
        raise Known(_("{field}: has no value: write it like {field}:name", field=name))
