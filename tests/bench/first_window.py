"""The console as a person starts it: <home>; says when its first page is read and painted (monotonic), and ends."""

import gc
import os
import sys

from watchkeeper.cli import main


def first_window(home: str) -> int:
    """Loads, like the command itself, what is needed for a window without a look for garbage."""
    gc.disable()
    from bench.first_page import FirstWindow
    from watchkeeper.ui import session

    session.Window = FirstWindow  # type: ignore[misc]  # in the place of the class that it is
    return main(["--home", home, "console"])


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(first_window(sys.argv[1]))
