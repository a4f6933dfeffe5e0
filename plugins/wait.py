"""Wait: for a span, until a moment, until a file is there, or until a port answers. Nothing runs meanwhile.

Give one of `span`, `until`, `file` and `port`:

    handler: wait
    params: {span: 90s}

    handler: wait
    params: {until: "18:00 Europe/Berlin"}

    handler: wait
    params: {file: /srv/inbox/orders.csv, stable: 30s, limit: 2h}

    handler: wait
    params: {port: "db.example.org:5432", interval: 5s, limit: 10m, at_limit: success}

`until` is a moment with its offset or zone, 2026-03-29T18:00+02:00 or 2026-03-29 18:00 Europe/Berlin, or a time of day
with its zone: the next one. A time of day that clocks skip is that much later, one that they repeat is the first.

`file` is looked for every `interval` on the machine of the engine; with `stable` its size must not have changed for so
long. `port` is host:port, an IPv6 address in brackets: [::1]:5432; it answers when a connection is accepted.

At `limit` the run fails, or with `at_limit: success` ends well. The outputs tell: `is_met`, and `waited_s`, the seconds
that were waited.

A span and a moment are counted from when the run came to be: neither a retry nor a restart of the engine begins them
anew. The limit of a file or port is counted anew by each attempt. A wait takes a slot inside the engine and none of the
processes.
"""

# param() makes a dataclass field, a new one each time

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from watchkeeper.plugin import Cancel, Context, Fail, _, handler, param

#: A wall clock may be set, a machine may sleep: it is looked at again after so many seconds.
_LOOK_AGAIN = 20.0
#: A connection that takes longer than this is none.
_CONNECT = 5.0
#: Seconds between two lines in the log that it still waits.
_TOLD_EVERY = 60.0
_LONGEST = timedelta(days=366 * 5)

_MOMENT = re.compile(
    r"(?:(\d{4}-\d{2}-\d{2})[T ]+)?(\d{1,2}:\d{2}(?::\d{2})?) ?(Z|[+-]\d{2}:?\d{2}|[A-Za-z][\w+-]*(?:/[\w+-]+)*)",
    re.ASCII,
)


@dataclass(frozen=True)
class Params:
    """One of `span`, `until`, `file` and `port`."""

    span: timedelta | None = param(_("For a span"), default=None, placeholder="90s")
    until: str | None = param(
        _("Until a moment"),
        default=None,
        placeholder="18:00 Europe/Berlin",
        help=_("With its zone or offset; a time of day is the next one"),
    )
    file: str | None = param(
        _("Until a file is there"), default=None, placeholder="/srv/inbox/orders.csv", help=_("On the engine's machine")
    )
    stable: timedelta | None = param(
        _("And its size stays for"), default=None, placeholder="30s", help=_("So that it is not taken half written")
    )
    port: str | None = param(_("Until a port answers"), default=None, placeholder="db.example.org:5432")
    interval: timedelta = param(_("Look every"), default=timedelta(seconds=5))
    limit: timedelta | None = param(_("At most"), default=None, placeholder="2h", help=_("Of a file or port"))
    at_limit: str = param(
        _("At the limit"),
        default="fail",
        choices={"fail": _("The run fails"), "success": _("The run succeeds")},
        help=_("What becomes of the run then"),
    )

    def __post_init__(self) -> None:
        given = [name for name in ("span", "until", "file", "port") if getattr(self, name) is not None]
        if len(given) != 1:
            raise Fail(_("give one of span, until, file and port"))
        if self.until is not None:
            moment_of(self.until, datetime.now(UTC))
        if self.port is not None:
            address_of(self.port)
        _require_file(self.file, self.stable)
        _require_spans(self)


@handler("wait", title=_("Wait"), is_repeatable=True)
async def wait(ctx: Context, p: Params) -> dict[str, object]:
    if p.span is not None:
        return await _until(ctx, ctx.created_at + p.span)
    if p.until is not None:
        return await _until(ctx, moment_of(p.until, ctx.created_at))
    if p.file is not None:
        return await _polled(ctx, p, _FileLook(p.file, p.stable).is_met, p.file)
    host, port = address_of(p.port or "")
    return await _polled(ctx, p, lambda: _answers(host, port), p.port or "")


async def _until(ctx: Context, end: datetime) -> dict[str, object]:
    begun = ctx.created_at
    ctx.log.info(_("waiting until {moment}", moment=end.isoformat(timespec="seconds")))
    told_at = time.monotonic()
    while (left := (end - datetime.now(UTC)).total_seconds()) > 0:
        whole = (end - begun).total_seconds()
        ctx.progress(1 - left / whole if whole > 0 else 1.0, _span_words(left))
        told_at = _tell(ctx, told_at, (datetime.now(UTC) - begun).total_seconds())
        await _sleep(ctx, min(left, _LOOK_AGAIN))
    return _met(max((datetime.now(UTC) - begun).total_seconds(), 0.0), is_met=True)


async def _polled(ctx: Context, p: Params, is_met: Callable[[], Awaitable[bool]], what: str) -> dict[str, object]:
    begun = told_at = time.monotonic()
    ctx.log.info(_("waiting for {what}", what=what))
    longest = None if p.limit is None else p.limit.total_seconds()
    while not await _unless_cancelled(ctx, is_met()):
        waited = time.monotonic() - begun
        if longest is not None and waited >= longest:
            return _at_limit(p, what, waited)
        ctx.progress(0.0 if not longest else waited / longest, _span_words(waited))
        told_at = _tell(ctx, told_at, waited)
        pause = p.interval.total_seconds()
        await _sleep(ctx, pause if longest is None else min(pause, longest - waited))
    return _met(time.monotonic() - begun, is_met=True)


def _at_limit(p: Params, what: str, waited: float) -> dict[str, object]:
    if p.at_limit == "success":
        return _met(waited, is_met=False)
    raise Fail(_("{what} was waited for in vain for {span}", what=what, span=_span_words(waited)))


def _met(waited: float, *, is_met: bool) -> dict[str, object]:
    return {"is_met": is_met, "waited_s": round(waited, 3)}


def _tell(ctx: Context, told_at: float, waited: float) -> float:
    """A line now and then; when the last one was told."""
    if time.monotonic() - told_at < _TOLD_EVERY:
        return told_at
    ctx.log.info(_("still waiting, {span} so far", span=_span_words(waited)))
    return time.monotonic()


async def _sleep(ctx: Context, seconds: float) -> None:
    await _unless_cancelled(ctx, asyncio.sleep(seconds, True))


async def _unless_cancelled(ctx: Context, work: Awaitable[bool]) -> bool:
    """What `work` answers; Cancel as soon as the run is to stop, whatever `work` is at."""
    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(ctx.cancelled.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if ctx.cancelled.is_set():
            raise Cancel(_("it was stopped while it waited"))
        return tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _FileLook:
    """Looks at a file again and again."""

    def __init__(self, path: str, stable: timedelta | None) -> None:
        self._path = os.path.expanduser(path)
        self._stable = 0.0 if stable is None else stable.total_seconds()
        self._size: int | None = None
        self._since = 0.0

    async def is_met(self) -> bool:
        """Whether it is there, and its size has stood for long enough."""
        size = await asyncio.to_thread(_size_of, self._path)
        if size != self._size:
            self._size, self._since = size, time.monotonic()
        return size is not None and time.monotonic() - self._since >= self._stable


def _size_of(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None


async def _answers(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_CONNECT):
            _reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError, UnicodeError):
        return False
    writer.close()
    return True


def moment_of(text: str, after: datetime) -> datetime:
    """The aware moment that `text` means; of a time of day the next one after `after`. Fail when it means none."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise Fail(
            _(
                "{text} is no moment with its zone: write it like 18:00 Europe/Berlin or 2026-03-29T18:00+02:00",
                text=text[:80],
            )
        )
    day, clock, zone = found.groups()
    try:
        at, place = _clock_of(clock), _zone_of(zone)
        if day is not None:
            return datetime.combine(date.fromisoformat(day), at, place).astimezone(UTC)
        return _next(at, place, after)
    except (ValueError, OverflowError):
        raise Fail(_("{text} is no moment: look at the day and the time", text=text[:80])) from None


def _next(at: clock_time, place: ZoneInfo | timezone, after: datetime) -> datetime:
    today = after.astimezone(place).date()
    moments = (datetime.combine(today + timedelta(days=n), at, place).astimezone(UTC) for n in range(3))
    return next(moment for moment in moments if moment > after)


def _clock_of(text: str) -> clock_time:
    hour, minute, second = (int(part) for part in f"{text}:0".split(":")[:3])
    return clock_time(hour, minute, second)


def _zone_of(text: str) -> ZoneInfo | timezone:
    if text == "Z":
        return UTC
    if text[0] in "+-":
        digits = text[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(offset if text[0] == "+" else -offset)
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, LookupError):
        raise Fail(_("there is no time zone {zone}: write it like Europe/Berlin", zone=text[:60])) from None


def address_of(text: str) -> tuple[str, int]:
    """Host and port; Fail when `text` is not host:port."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s:/\[\]@]+)):(\d{1,5})", text.strip(), re.ASCII)
    if found is None or not 1 <= int(found[3]) <= 65_535:
        raise Fail(_("{text} is no address: write it as host:port, with a port of 1 to 65535", text=text[:80]))
    return found[1] or found[2], int(found[3])


def _require_file(file: str | None, stable: timedelta | None) -> None:
    if file is None and stable is not None:
        raise Fail(_("stable goes with file"))
    if file is None:
        return
    if "\0" in file or not os.path.isabs(os.path.expanduser(file)):
        raise Fail(_("write the file from the root on, not {given}", given=repr(file)[:80]))


def _require_spans(p: Params) -> None:
    if p.limit is not None and (p.span is not None or p.until is not None):
        raise Fail(_("limit goes with file or port: a span and a moment end by themselves"))
    if p.at_limit != "fail" and p.limit is None:
        raise Fail(_("at_limit goes with limit"))
    if p.interval < timedelta(milliseconds=100):
        raise Fail(_("interval is at least 100ms"))
    for name in ("span", "stable", "interval", "limit"):
        span = getattr(p, name)
        if span is not None and span > _LONGEST:
            raise Fail(_("{field} is at most five years", field=name))


def _span_words(seconds: float) -> str:
    """Like 1h30m, to the second."""
    left, parts = max(round(seconds), 0), []
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
