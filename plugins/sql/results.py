"""What becomes of the rows: a table in the outputs, the first row as outputs, a file, or nothing."""

import csv
import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from watchkeeper.plugin import Fail, _

from .cells import CELL, cut, harmless

if TYPE_CHECKING:
    from .params import Params

#: What of a table fits into a run's outputs beside the rest of them.
TABLE_BYTES, TABLE_ROWS, TABLE_CELL = 48 * 1024, 500, 1_000
#: What can be an output's name.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)


class Result(Protocol):
    """Takes the rows of one statement."""

    #: Characters of a cell.
    longest: int

    def begin(self, columns: Sequence[str]) -> None: ...
    def add(self, row: Sequence[Any]) -> None: ...
    def finish(self) -> None:
        """All rows are there, nothing is committed yet."""

    def publish(self) -> dict[str, Any]:
        """The transaction is committed: the outputs."""

    def abandon(self) -> None:
        """Nothing of it is wanted; also after `publish`."""


def result_of(p: "Params") -> Result:
    """What the parameters want."""
    match p.result:
        case "table":
            return Table()
        case "first row":
            return FirstRow()
        case "none":
            return Nothing()
    return (Csv if p.result == "csv" else Json)(Path(p.path or ""))


class Nothing:
    """Rows are counted by others."""

    longest = TABLE_CELL

    def begin(self, columns: Sequence[str]) -> None: ...
    def add(self, row: Sequence[Any]) -> None: ...
    def finish(self) -> None: ...
    def publish(self) -> dict[str, Any]:
        return {}

    def abandon(self) -> None: ...


class Table(Nothing):
    """Columns, and the first rows."""

    def __init__(self) -> None:
        self._columns: list[str] = []
        self._rows: list[list[Any]] = []
        self._room = TABLE_BYTES
        self._is_full = False

    def begin(self, columns: Sequence[str]) -> None:
        self._columns = [cut(name, 200) for name in columns]
        self._room -= _weight(self._columns)

    def add(self, row: Sequence[Any]) -> None:
        if self._is_full:
            return
        cells = [_small(value) for value in row]
        self._room -= _weight(cells)
        self._is_full = self._room < 0 or len(self._rows) >= TABLE_ROWS
        if not self._is_full:
            self._rows.append(cells)

    def publish(self) -> dict[str, Any]:
        if self._weighs_too_much():
            return {}
        return {"columns": self._columns, "rows": self._rows} if self._columns else {}

    def _weighs_too_much(self) -> bool:
        return _weight(self._columns) > TABLE_BYTES


class FirstRow(Nothing):
    """Each column of the first row is an output."""

    def __init__(self) -> None:
        self._columns: list[str] = []
        self._row: dict[str, Any] | None = None

    def begin(self, columns: Sequence[str]) -> None:
        _require_distinct(columns)
        for name in columns:
            if not _NAME.fullmatch(name):
                raise Fail(_("the column {name} can't be the name of an output: give it one with AS", name=name[:80]))
        self._columns = list(columns)

    def add(self, row: Sequence[Any]) -> None:
        if self._row is None:
            self._row = {name: _small(value) for name, value in zip(self._columns, row, strict=True)}

    def publish(self) -> dict[str, Any]:
        if self._row is not None and _weight(list(self._row.values())) > TABLE_BYTES:
            raise Fail(_("the first row is larger than what outputs hold: select less, or write it to a file"))
        return self._row or {}


class _File:
    """A file beside the one that is meant, which takes its place at the end."""

    longest = CELL

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new: Path | None = None
        self._file: IO[str] | None = None

    def begin(self, columns: Sequence[str]) -> None:
        if self._path.is_dir():
            raise Fail(_("{path} is a folder: write the path of a file", path=str(self._path)))
        try:
            number, name = tempfile.mkstemp(prefix=f".{self._path.name[:100]}.", suffix=".new", dir=self._path.parent)
        except OSError as error:
            raise self._refused(error) from None
        self._new = Path(name)
        self._file = os.fdopen(number, "w", encoding="utf-8", newline="")

    def finish(self) -> None:
        """On disk, under its other name."""
        if self._file is None:
            self.begin(())
        try:
            self._end()
            self._open.flush()
            os.fsync(self._open.fileno())
            self._open.close()
        except OSError as error:
            raise self._refused(error) from None

    def publish(self) -> dict[str, Any]:
        assert self._new is not None, "it was finished"
        size = self._new.stat().st_size
        try:
            os.replace(self._new, self._path)
        except OSError as error:
            raise self._refused(error) from None
        return {"file": str(self._path), "file_bytes": size}

    def abandon(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._new is not None:
            self._new.unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Add to it; Fail when the disk is full."""
        try:
            self._open.write(text)
        except OSError as error:
            raise self._refused(error) from None

    @property
    def _open(self) -> IO[str]:
        assert self._file is not None, "it was begun"
        return self._file

    def _end(self) -> None: ...

    def _refused(self, error: OSError) -> Fail:
        return Fail(_("{path} can't be written: {why}", path=str(self._path), why=error.strerror or str(error)))


class Csv(_File):
    """RFC 4180, with the names of the columns first."""

    def begin(self, columns: Sequence[str]) -> None:
        super().begin(columns)
        self._writer = csv.writer(self)
        if columns:
            self._writer.writerow([harmless(name) for name in columns])

    def add(self, row: Sequence[Any]) -> None:
        self._writer.writerow([_csv_cell(value) for value in row])


class Json(_File):
    """An array with an object for each row, a line each."""

    def begin(self, columns: Sequence[str]) -> None:
        _require_distinct(columns)
        super().begin(columns)
        self._columns, self._count = columns, 0
        self.write("[")

    def add(self, row: Sequence[Any]) -> None:
        told = json.dumps(dict(zip(self._columns, row, strict=True)), ensure_ascii=False)
        self.write(f"{',' if self._count else ''}\n{told}")
        self._count += 1

    def _end(self) -> None:
        self.write("\n]\n" if self._count else "]\n")


def _require_distinct(columns: Sequence[str]) -> None:
    twice = next((name for name in columns if list(columns).count(name) > 1), None)
    if twice is not None:
        raise Fail(_("two columns are called {name}: give one another name with AS", name=twice[:80]))


def _csv_cell(value: Any) -> Any:
    return harmless(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value)


def _small(value: Any) -> Any:
    """For the outputs: nested values as text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _weight(cells: Sequence[Any]) -> int:
    return len(json.dumps(list(cells), ensure_ascii=False).encode("utf-8", "replace")) + 1
