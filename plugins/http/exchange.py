"""A request and what follows it: redirects as far as they are allowed, each one judged again."""

import asyncio
import email.utils
from datetime import UTC, datetime, timedelta

from watchkeeper.plugin import Fail, Retry, _

from . import trouble
from .origins import origin, shown
from .outgoing import Outgoing
from .wire import Line, Reply, sent

#: A server may not put a run off for longer.
MOST_WAIT = timedelta(days=1)


async def exchanged(line: Line, out: Outgoing) -> Reply:
    """The answer at the end of all redirects, within total_timeout."""
    try:
        async with asyncio.timeout(line.p.total_timeout.total_seconds()):
            return await _followed(line, out)
    except TimeoutError:
        raise trouble.too_late(shown(out.url), line.p) from None


async def _followed(line: Line, out: Outgoing) -> Reply:
    reply = await sent(line, out)
    for _hop in range(line.p.redirect_most):
        if not reply.is_redirect or line.p.redirects == "no":
            return reply
        to = where_to(line, reply)
        reply = await sent(line, reply.out.moved(reply.status, to))
    if reply.is_redirect and line.p.redirects != "no":
        raise Fail(
            _(
                "{url} was redirected more than redirect_most {most} times, last to {to}",
                url=shown(out.url),
                most=line.p.redirect_most,
                to=shown(reply.location or ""),
            )
        )
    return reply


def where_to(line: Line, reply: Reply, to: str | None = None) -> str:
    """The address that `reply` points to, or `to`; Fail when the rules forbid to go there."""
    place = to or reply.location or ""
    scheme = origin(place)[0]
    if scheme not in ("http", "https") or (scheme == "http" and not line.p.allow_http):
        raise Fail(_("{url} points to {to}, and only https:// is allowed", url=shown(reply.url), to=shown(place)))
    if line.p.redirects != "any" and origin(place) != origin(reply.url):
        raise Fail(
            _(
                "{url} points to {to}, another origin: set redirects to any if it is meant",
                url=shown(reply.url),
                to=shown(place),
            )
        )
    return place


def require_not_put_off(reply: Reply) -> None:
    """Retry when the server says that it is busy, and until when."""
    if reply.status not in (429, 503) or (wait := wait_of(reply)) is None:
        return
    raise Retry(
        _(
            "{url} answered {status} and asks to come back in {seconds} s",
            url=shown(reply.url),
            status=reply.status,
            seconds=int(wait.total_seconds()),
        ),
        after=wait,
    )


def wait_of(reply: Reply) -> timedelta | None:
    """What Retry-After says, in seconds or as a date; None when it says nothing. At most MOST_WAIT."""
    words = reply.headers.get("retry-after", "").strip()
    if words.isascii() and words.isdigit():
        return min(timedelta(seconds=int(words[:9])), MOST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(words)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - datetime.now(UTC), timedelta()), MOST_WAIT)
