"""What makes no sense in the parameters of a request: each refusal names field, value and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from watchkeeper.plugin import Fail, _

from .origins import PORTS, shown
from .sources import fault_of_path, fault_of_pattern, source_of

if TYPE_CHECKING:
    from .params import Params

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"(\*\.)?[\w-]+(\.[\w-]+)*\.?")
_RANGE = re.compile(r"([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)

#: Outputs that every run has.
RESERVED = ("status", "latency_ms", "size", "polls")
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
MOST_BYTES = 64 * 1024 * 1024
_CREDENTIALS = ("authorization", "proxy-authorization")
#: What the connection says by itself.
_OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding", "upgrade", "te", "trailer")


def require_sense(p: Params) -> None:
    """Fail with the first thing in `p` that makes no sense."""
    _check_url(p.url, p.allow_http)
    _check_headers(p)
    _check_body(p)
    _check_auth(p)
    _check_expectations(p)
    _check_outputs(p.outputs)
    _check_head(p)
    _check_polling(p)
    _check_limits(p)
    _check_tls(p)
    _check_proxy(p)
    for entry in p.allow:
        _check_allowed(entry)


def _check_url(url: str, allow_http: bool) -> None:
    _check_address("url", url)
    if "#" in url:
        raise Fail(_("url {url} has a part after #, which no server gets: leave it out", url=shown(url)))
    if urlsplit(url).scheme.lower() == "http" and not allow_http:
        raise Fail(_("url {url} is not encrypted: use https://, or set allow_http to true", url=shown(url)))


def _check_address(field: str, url: str, schemes: Iterable[str] = PORTS) -> None:
    if not url or re.search(r"[\x00-\x20\x7f\\]", url) or len(url) > 8000:
        raise Fail(
            _("{field} is empty, too long, or holds a space, a \\ or a control character: encode it", field=field)
        )
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise Fail(_("{field} is no address: its host or its port makes no sense", field=field)) from None
    if parts.username is not None or parts.password is not None:
        raise Fail(_("{field} holds a user or a password before the @: leave them out and name a secret", field=field))
    if parts.scheme.lower() not in schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise Fail(_("{field} {url} does not begin with {wanted}", field=field, url=url[:60], wanted=wanted))
    if not parts.hostname or port == 0:
        raise Fail(_("{field} {url} names no host, or port 0: write https://host/path", field=field, url=shown(url)))


def _check_headers(p: Params) -> None:
    seen: set[str] = set()
    for name, value in p.headers.items():
        _check_header("headers", name, value)
        if name.lower() in _CREDENTIALS:
            raise Fail(_("headers holds {name}: name a secret under auth or proxy_password instead", name=name))
        if name.lower() in seen:
            raise Fail(_("headers holds {name} twice, in two spellings: keep one", name=name))
        seen.add(name.lower())


def _check_header(field: str, name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise Fail(
            _("{field}: {name} is no name of a header: use letters, digits and -", field=field, name=repr(name)[:60])
        )
    if name.lower() in _OURS:
        raise Fail(_("{field}: {name} is set by the connection itself: leave it out", field=field, name=name))
    if _CONTROL.search(value) or not value.isascii() or value != value.strip():
        raise Fail(
            _(
                "{field}: the value of {name} begins or ends with a space, or holds a control character or a letter "
                "outside ASCII: encode it",
                field=field,
                name=name,
            )
        )


def _check_body(p: Params) -> None:
    given = [name for name in ("form", "json", "text", "file") if getattr(p, name) is not None]
    if len(given) > 1:
        raise Fail(_("{names} are given, but a request has one body: keep one", names=", ".join(given)))
    if given and p.method in WITHOUT_BODY:
        raise Fail(_("{name} goes with no {method}: choose POST, PUT or PATCH", name=given[0], method=p.method))
    if p.file is not None:
        _check_path("file", p.file)
    if p.content_type is None:
        return
    if not {"text", "file"} & set(given):
        raise Fail(_("content_type {type} goes with text or file: give one, or leave it out", type=p.content_type[:60]))
    if "content-type" in {name.lower() for name in p.headers}:
        raise Fail(_("content_type and the header Content-Type say the same: keep one"))
    _check_header("content_type", "Content-Type", p.content_type)


def _check_path(field: str, path: str) -> None:
    if "\0" in path or not PurePath(path).is_absolute():
        raise Fail(_("{field} {path} is no whole path: begin with /", field=field, path=repr(path)[:80]))


def _check_auth(p: Params) -> None:
    needed = {
        "basic": ("user", "password"),
        "bearer": ("token",),
        "header": ("token",),
        "certificate": ("certificate",),
    }
    wanted = needed.get(p.auth, ())
    for name in wanted:
        if not getattr(p, name):
            raise Fail(_("auth is {auth} and {name} is missing: give it", auth=p.auth, name=name))
    for name in ("user", "password", "token"):
        if getattr(p, name) is not None and name not in wanted:
            raise Fail(_("{name} is given and auth is {auth}: choose the auth that uses it", name=name, auth=p.auth))
    if p.user is not None and (":" in p.user or _CONTROL.search(p.user)):
        raise Fail(_("user {user} holds a : or a control character, which basic can't carry", user=repr(p.user)[:60]))
    if p.auth == "header":
        _check_header("token_header", p.token_header, "")
    if p.auth == "header" and p.token_header.lower() in {name.lower() for name in p.headers}:
        raise Fail(_("token_header {name} stands under headers too: keep one", name=p.token_header))
    if p.certificate_passphrase and not p.certificate:
        raise Fail(_("certificate_passphrase is given without certificate: give both or none"))
    if p.certificate and urlsplit(p.url).scheme.lower() != "https":
        raise Fail(_("certificate goes with https:// only, and url is {url}", url=shown(p.url)))


def _check_expectations(p: Params) -> None:
    if not p.expect_status:
        raise Fail(_("expect_status is empty: name a status or a range, like 200-299"))
    for given in p.expect_status:
        if statuses(given) is None:
            raise Fail(
                _(
                    "expect_status holds {given}: write a status from 100 to 599, or a range like 200-299",
                    given=repr(given)[:60],
                )
            )
    if p.expect_text == "":
        raise Fail(_("expect_text is empty, which every answer holds: write something or leave it out"))
    if p.expect_regex is not None:
        _check_pattern("expect_regex", p.expect_regex)
    _check_paths("expect_json", p.expect_json)


def statuses(given: str | int) -> range | None:
    """The statuses that `given` stands for; None when it makes no sense."""
    found = _RANGE.fullmatch(str(given).strip())
    if found is None or isinstance(given, bool):
        return None
    span = range(int(found[1]), int(found[2] or found[1]) + 1)
    return span if span else None


def _check_paths(field: str, paths: Mapping[str, Any]) -> None:
    for path in paths:
        _check_path_of_json(field, path)


def _check_path_of_json(field: str, path: str) -> None:
    if fault := fault_of_path(path):
        raise Fail(
            _(
                "{field}: {path} is no JSON path: {fault}; write it like $.a.b[0]",
                field=field,
                path=path[:80],
                fault=fault,
            )
        )


def _check_pattern(field: str, pattern: str) -> None:
    if fault := fault_of_pattern(pattern):
        raise Fail(_("{field}: {pattern} is no pattern: {fault}", field=field, pattern=pattern[:80], fault=fault))


def _check_outputs(outputs: Mapping[str, str]) -> None:
    for name, words in outputs.items():
        field = f"outputs.{name[:60]}"
        if not _NAME.fullmatch(name):
            raise Fail(
                _(
                    "outputs: {name} is no name: begin with a letter, go on with letters, digits, _ . -",
                    name=repr(name)[:60],
                )
            )
        if name in RESERVED:
            raise Fail(_("outputs: {name} is there by itself: choose another name", name=name))
        kind, what = source_of(words)
        if kind == "path":
            _check_path_of_json(field, what)
        elif kind == "regex":
            _check_pattern(field, what)
        elif kind == "header":
            _check_header_source(field, what)
        else:
            raise Fail(
                _(
                    "{field} is {words}: write a JSON path ($...), header:NAME or regex:PATTERN",
                    field=field,
                    words=repr(words)[:60],
                )
            )


def _check_header_source(field: str, name: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise Fail(_("{field}: {name} is no name of a header", field=field, name=repr(name)[:60]))


def _check_head(p: Params) -> None:
    if p.method != "HEAD":
        return
    for name in ("expect_text", "expect_regex", "expect_json", "poll_until", "poll_fail"):
        if getattr(p, name):
            raise Fail(_("{name} looks into a body, and HEAD brings none: choose GET", name=name))
    for name, words in p.outputs.items():
        if source_of(words)[0] != "header":
            raise Fail(_("outputs: {name} looks into a body, and HEAD brings none: choose GET", name=name))


def _check_polling(p: Params) -> None:
    if p.poll == "no":
        for name in ("poll_path", "poll_until", "poll_fail"):
            if getattr(p, name):
                raise Fail(_("{name} is given and poll is no: set poll to location or json", name=name))
        return
    if (p.poll == "json") != bool(p.poll_path):
        raise Fail(_("poll json goes with poll_path, and poll_path only with it: give both or poll location"))
    if p.poll_path:
        _check_path_of_json("poll_path", p.poll_path)
    _check_paths("poll_until", p.poll_until)
    _check_paths("poll_fail", p.poll_fail)
    if p.poll_interval < timedelta(seconds=0.1) or p.poll_limit > timedelta(days=7):
        raise Fail(_("poll_interval must be 100ms or more, poll_limit 7d or less"))
    if p.poll_interval > p.poll_limit:
        raise Fail(
            _(
                "poll_interval {interval} is longer than poll_limit {limit}: it would never ask",
                interval=str(p.poll_interval),
                limit=str(p.poll_limit),
            )
        )


def _check_limits(p: Params) -> None:
    for name in ("connect_timeout", "read_timeout", "write_timeout", "total_timeout"):
        span: timedelta = getattr(p, name)
        if not timedelta(milliseconds=1) <= span <= timedelta(days=1):
            raise Fail(_("{name} is {span}: choose between 1ms and 1d", name=name, span=str(span)))
    if not 1 <= p.most_bytes <= MOST_BYTES:
        raise Fail(_("most_bytes is {given}: choose between 1 and {most}", given=p.most_bytes, most=MOST_BYTES))
    if not 1 <= p.redirect_most <= 20:
        raise Fail(_("redirect_most is {given}: choose between 1 and 20", given=p.redirect_most))


def _check_tls(p: Params) -> None:
    if p.ca_file is not None:
        _check_path("ca_file", p.ca_file)
    if p.tls_name is not None and (p.tls_name.startswith("*") or not _is_host(p.tls_name)):
        raise Fail(_("tls_name {name} is no host's name: write it like db.example.org", name=repr(p.tls_name)[:60]))
    if p.tls_name is not None and p.proxy is not None:
        raise Fail(_("tls_name goes with no proxy: leave out one of them"))


def _check_proxy(p: Params) -> None:
    if p.proxy is None:
        for name in ("proxy_user", "proxy_password"):
            if getattr(p, name):
                raise Fail(_("{name} is given without proxy: give proxy, or leave it out", name=name))
        return
    _check_address("proxy", p.proxy, ("http",))
    if urlsplit(p.proxy).path.strip("/") or urlsplit(p.proxy).query or "#" in p.proxy:
        raise Fail(_("proxy {proxy} has a path: write http://host:port", proxy=shown(p.proxy)))
    if bool(p.proxy_user) != bool(p.proxy_password):
        raise Fail(_("proxy_user and proxy_password go together: give both or none"))
    if p.proxy_user and (":" in p.proxy_user or _CONTROL.search(p.proxy_user)):
        raise Fail(_("proxy_user {user} holds a : or a control character", user=repr(p.proxy_user)[:60]))


def _check_allowed(entry: str) -> None:
    try:
        network = ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        if "/" in entry or not _is_host(entry):
            raise Fail(
                _(
                    "allow holds {entry}: write an address, a network like 10.0.0.0/8, or a name without port",
                    entry=repr(entry)[:60],
                )
            ) from None
    else:
        if network.prefixlen == 0:
            raise Fail(_("allow holds {entry}, which is everything: name the networks you mean", entry=entry))


def _is_host(name: str) -> bool:
    return len(name) <= 253 and bool(_HOST.fullmatch(name)) and not re.fullmatch(r"[\d.]+", name)
