"""One request and its answer over a connection of its own, to an address that was judged beforehand."""

import asyncio
import ssl
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import cast

import httpx

from watchkeeper.plugin import Context, Fail, _

from . import addresses, body, tls, trouble
from .auth import Credentials
from .masking import Mask
from .origins import PORTS, origin, shown
from .outgoing import Outgoing, Upload, needs_length
from .params import Params

#: Headers of an answer.
_MOST_LOGGED = 40


@dataclass(frozen=True)
class Line:
    """What all requests of a run share."""

    ctx: Context
    p: Params
    credentials: Credentials
    mask: Mask


@dataclass(frozen=True)
class Reply:
    """An answer that was read to its end; of a redirect only the head."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    #: From the look-up to the last byte.
    latency_ms: float
    #: What it answered.
    out: Outgoing

    @property
    def text(self) -> str:
        return body.text_of(self.body, self.headers.get("content-type", ""))

    @property
    def location(self) -> str | None:
        """Where it points to, as a whole address; Fail when that is none."""
        to = self.headers.get("location")
        return self.joined(to) if to else None

    def joined(self, to: str) -> str:
        """The address that `to` means in this answer; Fail when it is none."""
        try:
            whole = str(httpx.URL(self.url).join(to))
            origin(whole)
        except (httpx.InvalidURL, ValueError):
            raise Fail(_("{url} points to what is no address", url=shown(self.url))) from None
        return whole

    @property
    def is_redirect(self) -> bool:
        return self.status in (301, 302, 303, 307, 308) and bool(self.headers.get("location"))


@dataclass(frozen=True)
class _Route:
    """One way to the server: the address in place of the name, or a proxy at its address."""

    url: httpx.URL
    proxy: httpx.Proxy | None = None


async def sent(line: Line, out: Outgoing) -> Reply:
    """Send `out` and read the answer; Fail with a sentence for all that can go wrong."""
    began = time.monotonic()
    try:
        async with AsyncExitStack() as stack:
            response = await _answered(line, out, stack)
            _log_head(line, response)
            content = b"" if _is_bodiless(out, response) else await _content(line, response)
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, ConnectionError) as error:
        raise trouble.fail_of(error, shown(out.url), line.p, line.mask) from None
    latency_ms = round((time.monotonic() - began) * 1000, 1)
    return Reply(out.url, response.status_code, response.headers, content, latency_ms, out)


def _is_bodiless(out: Outgoing, response: httpx.Response) -> bool:
    """What points elsewhere is not read either."""
    points_away = 300 <= response.status_code < 400 and "location" in response.headers
    return out.method == "HEAD" or points_away


async def _content(line: Line, response: httpx.Response) -> bytes:
    body.require_room(response.headers.get("content-length", ""), line.p.most_bytes)
    encoding = response.headers.get("content-encoding", "")
    return await body.read(cast(httpx.AsyncByteStream, response.stream), encoding, line.p.most_bytes)


async def _answered(line: Line, out: Outgoing, stack: AsyncExitStack) -> httpx.Response:
    """The head of the answer; connection and file are closed with `stack`."""
    upload = Upload(out)
    stack.push_async_callback(upload.aclose)
    await asyncio.to_thread(upload.open)
    routes = await _routes(line, out)
    certificate = line.credentials.certificate if out.is_home else None
    context = await asyncio.to_thread(tls.context_of, line.p.ca_file, certificate)
    _log_request(line, out, upload)
    for route in routes[:-1]:
        with suppress(_Unreached):
            return await _asked(line, out, upload, route, context, stack)
    try:
        return await _asked(line, out, upload, routes[-1], context, stack)
    except _Unreached as error:
        raise error.why from error.why.__cause__


class _Unreached(Exception):
    """No connection by this route; another may do."""

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.why = why


async def _asked(
    line: Line, out: Outgoing, upload: Upload, route: _Route, context: ssl.SSLContext, stack: AsyncExitStack
) -> httpx.Response:
    transport = httpx.AsyncHTTPTransport(
        verify=context,
        trust_env=False,
        proxy=route.proxy,
        limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
    )
    stack.push_async_callback(transport.aclose)
    try:
        response = await transport.handle_async_request(_request(line, out, upload, route))
    except httpx.TransportError as error:
        if trouble.is_about_connecting(error):
            raise _Unreached(error) from error
        raise
    stack.push_async_callback(response.aclose)
    return response


def _request(line: Line, out: Outgoing, upload: Upload, route: _Route) -> httpx.Request:
    """The name stays in Host and in TLS; only the connection knows the address."""
    url = httpx.URL(out.url)
    host = url.netloc.decode("ascii")
    length = [("Content-Length", str(upload.size))] if needs_length(out) else []
    headers = [("Host", host), *out.headers, ("Accept-Encoding", "gzip, deflate"), *length, ("Connection", "close")]
    return httpx.Request(
        out.method,
        route.url,
        headers=headers,
        stream=upload,
        extensions={
            "sni_hostname": line.p.tls_name if line.p.tls_name and out.is_home else url.raw_host.decode("ascii"),
            "timeout": _timeouts(line.p),
        },
    )


def _timeouts(p: Params) -> dict[str, float]:
    connect = p.connect_timeout.total_seconds()
    read, write = p.read_timeout.total_seconds(), p.write_timeout.total_seconds()
    return {"connect": connect, "pool": connect, "read": read, "write": write}


async def _routes(line: Line, out: Outgoing) -> list[_Route]:
    """Every way to the server, all of them judged."""
    url = httpx.URL(out.url)
    try:
        async with asyncio.timeout(line.p.connect_timeout.total_seconds()):
            if line.p.proxy is None:
                found = await addresses.checked(url.host, _port(url), line.p.allow)
                return [_Route(url.copy_with(host=address)) for address in found]
            return await _by_proxy(line, url, httpx.URL(line.p.proxy))
    except TimeoutError:
        raise Fail(_("looking up the name in {url} took longer than connect_timeout", url=shown(out.url))) from None


async def _by_proxy(line: Line, url: httpx.URL, proxy: httpx.URL) -> list[_Route]:
    """The proxy looks the name up; what it can be known to find is judged here all the same."""
    await addresses.checked_if_known(url.host, _port(url), line.p.allow)
    found = await addresses.checked(proxy.host, _port(proxy), line.p.allow)
    auth = line.credentials.proxy
    return [_Route(url, httpx.Proxy(proxy.copy_with(host=address), auth=auth)) for address in found]


def _port(url: httpx.URL) -> int:
    return url.port or PORTS[url.scheme]


def _log_request(line: Line, out: Outgoing, upload: Upload) -> None:
    line.ctx.log.info(f"> {out.method} {line.mask.url(out.url)}")
    for name, value in out.headers:
        line.ctx.log.info(f"> {name}: {line.mask.header(name, value)}")
    if out.has_body:
        line.ctx.log.info(f"> ({upload.size} bytes)")


def _log_head(line: Line, response: httpx.Response) -> None:
    reason = response.extensions.get("reason_phrase", b"").decode("ascii", "replace")
    line.ctx.log.info(f"< {response.status_code} {line.mask.cut(reason, 60)}".rstrip())
    for name, value in response.headers.multi_items()[:_MOST_LOGGED]:
        line.ctx.log.info(f"< {line.mask.cut(name, 60)}: {line.mask.header(name, value)}")
