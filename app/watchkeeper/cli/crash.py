"""What becomes of a mistake of our own: its traceback in a file, a sentence for people, exit code 70."""

import os
import sys
import tempfile
import traceback
from pathlib import Path
from types import TracebackType

from watchkeeper.cli.exits import Exit
from watchkeeper.cli.speech import Speech
from watchkeeper.model.known_secrets import hidden
from watchkeeper.model.text import _


def report_to(home: Path, speech: Speech) -> None:
    """From now on an exception that nobody catches is written to a file in `home` and ends the program with 70."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        file = _written(home, hidden("".join(traceback.format_exception(kind, error, trace))))
        speech.error(_("this is a mistake in Watchkeeper, not yours: the details are in {file}", file=file))
        sys.stdout.flush()
        raise SystemExit(Exit.BUG)

    sys.excepthook = report


def _written(home: Path, text: str) -> str:
    """The file's name; it lies in the temporary folder while there is no workspace."""
    folder = home if home.is_dir() else None
    descriptor, name = tempfile.mkstemp(prefix="crash-", suffix=".txt", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return name
