"""What the operating system tells of this process and of its clock."""

import ctypes
import os
import sys
from pathlib import Path

#: What adjtimex(2) answers where nothing keeps the clock right, and room for its struct on every machine.
_UNSYNCHRONISED = 5
_ROOM = 512


def memory() -> int | None:
    """Bytes of memory that this process holds; None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def is_clock_synchronised() -> bool | None:
    """Whether something like NTP keeps the clock right; None where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_ROOM))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _UNSYNCHRONISED
