"""What was found, as sentences: whether it is as it should be, and what to do where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from watchkeeper.model.text import Text
from watchkeeper.ui.home import without_home
from watchkeeper.ui.words import shown

OK, WARNING, FACT = "status/success", "status/late", "status/scheduled"


@dataclass(frozen=True)
class Finding:
    """One line."""

    name: Text
    what: Text | str
    #: OK, WARNING, or FACT where there is nothing to judge.
    glyph: str = OK
    #: What to do.
    remedy: Text | None = None


@dataclass(frozen=True)
class Group:
    """Lines under one title."""

    title: Text
    findings: tuple[Finding, ...]


def warned(name: Text, what: Text | str, remedy: Text) -> Finding:
    """Something that is not as it should be."""
    return Finding(name, what, WARNING, remedy)


def warnings(groups: Sequence[Group]) -> int:
    """How many are not as they should be."""
    return sum(finding.glyph == WARNING for group in groups for finding in group.findings)


def as_text(groups: Sequence[Group]) -> str:
    """All of it to be sent to somebody: in the window's language, and without the name of your home."""
    blocks = ["\n".join((f"[{shown(group.title)}]", *map(_line, group.findings))) for group in groups]
    return without_home("\n\n".join(blocks)) + "\n"


def _line(finding: Finding) -> str:
    mark = "!" if finding.glyph == WARNING else " "
    remedy = "" if finding.remedy is None else f" → {shown(finding.remedy)}"
    return f"{mark} {shown(finding.name)}: {shown(finding.what)}{remedy}"
