"""How much memory a process of a plugin may have."""

import sys


def limit_memory(mebibytes: int) -> None:
    """Let this process and all that it starts have at most so much data each; 0 for no limit.

    What it asks for beyond is refused: a MemoryError in Python. Address space alone, as libraries reserve it, is free.
    """
    if mebibytes <= 0 or sys.platform == "win32":
        return
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = mebibytes << 20
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
