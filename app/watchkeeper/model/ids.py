"""Ids made in memory: time-ordered UUIDs (RFC 9562, version 7)."""

import os
import time
from typing import NewType

RunId = NewType("RunId", str)
JobId = NewType("JobId", str)
TriggerId = NewType("TriggerId", str)

_last = 0


def uuid7() -> str:
    """32 hex digits: 48 bits of milliseconds, version, a counter within the millisecond, 62 random bits.

    Rising within one process, which keeps index pages warm.
    """
    global _last
    stamp = time.time_ns() * 4096 // 1_000_000
    _last = stamp = stamp if stamp > _last else _last + 1
    milliseconds, counter = divmod(stamp, 4096)
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return f"{milliseconds << 80 | 0x7 << 76 | counter << 64 | 0x2 << 62 | random:032x}"


def run_id() -> RunId:
    return RunId(uuid7())


def job_id() -> JobId:
    return JobId(uuid7())


def trigger_id() -> TriggerId:
    return TriggerId(uuid7())
