"""The attainable limit on this machine, by ref_engine.py as it stands: <folder> noop|process <count> <in flight>."""

import asyncio
import hashlib
import sys
from pathlib import Path

from bench import ref_engine


def sha256() -> str:
    """Of ref_engine.py: equal hashes, equal references."""
    return hashlib.sha256(Path(ref_engine.__file__).read_bytes()).hexdigest()


def main() -> None:
    folder, kind, count, in_flight = sys.argv[1:]
    print(asyncio.run(ref_engine.throughput(folder, int(count), int(in_flight), kind == "process")))


if __name__ == "__main__":
    main()
