"""One run's work from the first byte to the commit. It blocks, in a thread of its own; others only stop it."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchkeeper.plugin import Cancel, Fail, _

from .cells import CELL, cut, plain, size_of
from .checks import require_checked
from .results import Result, result_of
from .session import STORE, Answer, Session
from .split import Dialect, Statement, split
from .target import Target

if TYPE_CHECKING:
    from .params import Params

#: Bytes of a script.
SCRIPT = 16 * 1024 * 1024


class Work:
    """`run` does it; `notes` are lines for the log, read when it is over."""

    def __init__(self, p: "Params", target: Target) -> None:
        self._p, self._target = p, target
        self._session: Session | None = None
        self._seconds = p.timeout.total_seconds()
        self._limit = f"{self._seconds:g}"
        self._deadline = float("inf")
        self._why = ""
        self._bytes = 0
        self._is_cut = False
        self.notes: list[Any] = []
        #: Which statement of how many, and how many rows of it have come.
        self.number, self.count, self.rows = 0, 0, 0

    @property
    def part(self) -> float:
        """How far it is, 0 to 1."""
        return (max(self.number - 1, 0) + min(self.rows / self._p.max_rows, 1.0)) / max(self.count, 1)

    @property
    def is_late(self) -> bool:
        """The statement has taken longer than it may, and the server has not stopped it."""
        return time.monotonic() > self._deadline + 1

    def stop(self, why: str) -> None:
        """End it on the server; `why` is "stop" or "timeout", of which the first counts. From any other thread."""
        self._why = self._why or why
        if self._session is not None:
            self._session.stop()

    def run(self) -> Mapping[str, Any]:
        """The outputs; Fail or Cancel when nothing is changed."""
        statements = self._statements()
        self.count = len(statements)
        session, result = self._target.session(), result_of(self._p)
        self._session = session
        try:
            self._open(session)
            rows = self._run_all(session, statements, result)
            self._deadline = float("inf")
            self._check(rows)
            result.finish()
            self._end(session)
            self.notes.append(_("rows: {n}", n=rows))
            return {"row_count": rows, **({"is_cut": True} if self._is_cut else {}), **result.publish()}
        finally:
            self._deadline = float("inf")
            result.abandon()
            with contextlib.suppress(*session.errors):
                session.close()

    def _statements(self) -> list[Statement]:
        p = self._p
        dialect, is_one = self._target.dialect, p.statement is not None
        statements = split(p.statement or "" if is_one else _script(p.script or ""), dialect)
        require_checked(
            statements, p.values, may_write=p.write, is_one=is_one, is_strict=dialect is Dialect.OTHER
        )  # fmt: skip
        return statements

    def _open(self, session: Session) -> None:
        try:
            session.open(may_write=self._p.write, seconds=self._seconds)
            self._require_on()
            found = session.tables()
        except session.errors as error:
            self._raise_if_stopped()
            raise Fail(
                _("cannot connect to {where}: {why}", where=self._target.where, why=self._said(session, error))
            ) from None
        if found == set(STORE):
            raise Fail(_("this is a store of Watchkeeper itself: no job may touch it"))

    def _run_all(self, session: Session, statements: list[Statement], result: Result) -> int:
        """Run them in order; how many rows the last one gave, or changed."""
        try:
            for self.number, statement in enumerate(statements, 1):
                self._require_on()
                is_last = self.number == len(statements)
                self._deadline, self.rows = time.monotonic() + self._seconds, 0
                try:
                    rows = self._run_one(session, statement, result if is_last else None)
                except session.errors as error:
                    raise self._refused(session, statement, error) from None
            return rows
        except BaseException:
            self._roll_back(session)
            raise

    def _run_one(self, session: Session, statement: Statement, result: Result | None) -> int:
        answer = session.run(statement, {name: self._p.values[name] for name in statement.names})
        if answer.columns:
            if result is not None:
                result.begin(answer.columns)
            with _closing(answer):
                self._take(answer, result)
            return self.rows
        return answer.affected()

    def _take(self, answer: Answer, result: Result | None) -> None:
        """Rows as they come; what is beyond the limits is read only where the statement has to come to its end."""
        for row in answer.rows:
            self._require_on()
            if result is not None and not self._is_cut:
                cells = [plain(value) for value in row]
                self._bytes += sum(min(size_of(cell), CELL) for cell in cells)
                if self.rows >= self._p.max_rows or self._bytes > self._p.max_mb * 1_000_000:
                    self._go_beyond()
                else:
                    result.add([cut(cell, result.longest) for cell in cells])
            if self._is_cut and not self._p.write:
                return
            self.rows += 1

    def _go_beyond(self) -> None:
        p = self._p
        if p.beyond == "fail" and self.rows >= p.max_rows:
            raise Fail(_("there are more than {n} rows: select less, or raise max_rows", n=p.max_rows))
        if p.beyond == "fail":
            raise Fail(_("the result is larger than {n} MB: select less, or raise max_mb", n=p.max_mb))
        self._is_cut = True
        self.notes.append(_("the result is cut after {n} rows", n=self.rows))

    def _check(self, rows: int) -> None:
        p = self._p
        if p.check is None or p.check_rows is None:
            return
        holds = {"exactly": rows == p.check_rows, "at least": rows >= p.check_rows, "at most": rows <= p.check_rows}
        is_known = not self._is_cut or p.write or (p.check == "at least" and holds[p.check])
        if holds[p.check] and is_known:
            return
        self._roll_back_open()
        if not is_known:
            raise Fail(_("how many rows there are is not known: the result is cut"))
        raise Fail(_expected(p.check, rows, p.check_rows))

    def _end(self, session: Session) -> None:
        """Commit what may be changed; the file is on disk by now, under its other name."""
        if not self._p.write:
            return self._roll_back(session)
        try:
            self._require_on()
            session.commit()
        except session.errors as error:
            if session.has_answered(error):
                raise Fail(_("the commit was refused: {why}", why=self._said(session, error))) from None
            raise Fail(_("whether it is committed is not known: {why}", why=self._said(session, error))) from None
        self.notes.append(_("committed"))

    def _roll_back_open(self) -> None:
        if self._session is not None:
            self._roll_back(self._session)

    def _roll_back(self, session: Session) -> None:
        with contextlib.suppress(*session.errors):
            session.rollback()
        if self._p.write:
            self.notes.append(_("rolled back, nothing is changed"))

    def _refused(self, session: Session, statement: Statement, error: Exception) -> Exception:
        """What the run ends with when the database did not go along."""
        if self._why != "timeout":
            self._raise_if_stopped()
        line, column = statement.line_and_column(statement.start)
        if self._why or session.is_timeout(error):
            return Fail(
                _(
                    "line {line}: the statement took longer than {n} s and was stopped",
                    line=line,
                    n=self._limit,
                )
            )
        why = self._said(session, error)
        at = session.place_of(error, statement)
        if at is None:
            return Fail(_("line {line}: {why}", line=line, why=why))
        line, column = statement.line_and_column(at)
        return Fail(_("line {line}, column {column}: {why}", line=line, column=column, why=why))

    def _require_on(self) -> None:
        self._raise_if_stopped()
        if self.is_late:
            self._why = "timeout"
        if self._why:
            raise Fail(_("the statement took longer than {n} s and was stopped", n=self._limit))

    def _raise_if_stopped(self) -> None:
        if self._why == "stop":
            raise Cancel(_("it was stopped, and the server with it"))

    def _said(self, session: Session, error: Exception) -> str:
        return self._target.masked(session.words_of(error))


def _script(path: str) -> str:
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            text = file.read(SCRIPT + 1)
    except UnicodeDecodeError:
        raise Fail(_("{path} is not UTF-8 text", path=path)) from None
    except OSError as error:
        raise Fail(_("{path} can't be read: {why}", path=path, why=error.strerror or str(error))) from None
    if len(text) > SCRIPT:
        raise Fail(_("{path} is longer than 16 MB", path=path))
    if "\0" in text:
        raise Fail(_("{path} holds a NUL character", path=path))
    return text


def _expected(check: str, rows: int, wanted: int) -> Any:
    match check:
        case "exactly":
            return _("{rows} rows, where exactly {wanted} are expected", rows=rows, wanted=wanted)
        case "at least":
            return _("{rows} rows, where at least {wanted} are expected", rows=rows, wanted=wanted)
    return _("{rows} rows, where at most {wanted} are expected", rows=rows, wanted=wanted)


@contextlib.contextmanager
def _closing(answer: Answer) -> Iterator[None]:
    try:
        yield
    finally:
        if (close := getattr(answer.rows, "close", None)) is not None:
            close()
