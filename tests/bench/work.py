"""The two jobs that the peers run."""

import subprocess


def noop() -> int:
    """Nothing."""
    return 0


def process() -> int:
    """/bin/true; its exit code."""
    return subprocess.run(["/bin/true"], check=False).returncode


KINDS = {"noop": noop, "process": process}
