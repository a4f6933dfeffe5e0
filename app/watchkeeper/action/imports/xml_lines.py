"""XML from anybody: a tree with the line of each element. Document types, and so entities, are refused."""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from watchkeeper.model.errors import Known
from watchkeeper.model.text import _

_DEEPEST = 30
_MOST_ELEMENTS = 5_000


@dataclass
class Element:
    """An element without its namespace."""

    name: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        return [child for child in self.children if child.name == name]

    def find(self, *path: str) -> "Element | None":
        """The first element at a path of names below this one; None."""
        found: Element | None = self
        for name in path:
            found = next(iter(found.all(name)), None) if found is not None else None
        return found

    def value(self, *path: str) -> str:
        """The text of the element at a path, without blanks around it; empty where there is none."""
        found = self.find(*path)
        return found.text.strip() if found is not None else ""


class _Builder:
    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self._root: Element | None = None

    def build(self, text: str) -> Element:
        try:
            self._parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            raise Known(_("line {line}: this is not XML: look at the tags before it", line=error.lineno)) from None
        assert self._root is not None  # the parser refuses a document without an element
        return self._root

    def _refuse(self, *_declared: Any) -> None:
        line = self._parser.CurrentLineNumber
        raise Known(_("line {line}: a document type and its entities are not read: take it out", line=line))

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        element = Element(name.rsplit(":", 1)[-1], self._parser.CurrentLineNumber)
        self._count += 1
        if len(self._open) > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise Known(_("line {line}: this is more than a task holds", line=element.line))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def _add(self, text: str) -> None:
        self._texts[-1].append(text)

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())


def tree_of(text: str) -> Element:
    """The root of an XML document, whatever encoding it claims to be in; Known with the line."""
    return _Builder().build(text)
