"""Pretends to be a team's daily work, for pictures and tests of the console.

It takes its time, writes a log and fails on cue; what happens depends on nothing but the run's execution id.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from watchkeeper.plugin import Context, Fail, Secret, _, handler, param

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Params:
    seconds: float = param(_("Duration"), default=1.0)
    wobble: float = param(_("Share by which it varies"), default=0.15)
    #: Hours from 1970 (UTC) in which its runs fail, as "from-until".
    fails_in: tuple[str, ...] = param(_("Hours in which it fails"), default=())
    #: Of ten thousand first attempts so many fail.
    flaky: int = param(_("Flaky first attempts"), default=0)
    error: str = param(_("Error"), default="exit 1")
    login: Secret | None = param(_("Login"), default=None)
    lines: tuple[str, ...] = param(_("Log"), default=())


@handler("showcase.work", title=_("Work"))
async def work(ctx: Context, p: Params) -> dict[str, object]:
    at = _moment(ctx.execution_id)
    dice = int.from_bytes(hashlib.sha256(f"{ctx.execution_id}:{ctx.attempt}".encode()).digest()[:4], "big")
    seconds = p.seconds * (1 + p.wobble * (dice % 2001 - 1000) / 1000)
    fails = any(_holds(span, at) for span in p.fails_in) or (ctx.attempt == 1 and dice % 10_000 < p.flaky)
    lines = p.lines or ("connecting", "working", "done")
    for number, line in enumerate(lines):
        moment = at + timedelta(seconds=seconds * number / len(lines), milliseconds=dice % 1000)
        level, _colon, words = line.rpartition(": ") if line.startswith(("WARN", "DEBUG")) else ("", "", line)
        said = f"{_clock(moment)} {level + ' ' if level else ''}{words}"
        ctx.log.info(said)
        # What is shorter is taken for one of the engine's own beats (boot/showcase.py).
        await asyncio.sleep(max(seconds / len(lines), 2.1))
    if fails:
        moment = at + timedelta(seconds=seconds)
        ctx.log.info(f"{_clock(moment)} ERROR {p.error}")
        raise Fail(p.error)
    return {"rows": dice % 200_000, "seconds": round(seconds, 1)}


def _moment(execution_id: str) -> datetime:
    if execution_id.startswith("cron:"):
        return datetime.fromisoformat(execution_id.split(":", 2)[2]).astimezone(ZONE)
    return datetime.now(ZONE)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"


def _holds(span: str, at: datetime) -> bool:
    first, _dash, last = span.partition("/")
    return datetime.fromisoformat(first) <= at <= datetime.fromisoformat(last)
