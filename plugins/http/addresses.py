"""Which addresses a request may go to: the name is looked up once, every address is judged, and one of them is used."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from watchkeeper.plugin import Fail, _

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Kind(StrEnum):
    """What is refused unless it is allowed."""

    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    METADATA = "cloud metadata"
    RESERVED = "reserved"


_WORDS = {
    Kind.LOOPBACK: _("loopback"),
    Kind.PRIVATE: _("private"),
    Kind.LINK_LOCAL: _("link-local"),
    Kind.METADATA: _("cloud metadata"),
    Kind.RESERVED: _("reserved"),
}

#: What a name on the allow list frees; all else must be allowed as an address.
_FREED_BY_NAME = (Kind.LOOPBACK, Kind.PRIVATE)

#: Where clouds tell machines their credentials: AWS, Azure, Google and others; AWS over IPv6; Alibaba; Azure's wire
#: server; Oracle.
_METADATA = frozenset(
    map(ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"))
)
_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data"})
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")
#: NAT64 of a provider's own.
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")


async def checked(host: str, port: int, allow: Sequence[str]) -> list[str]:
    """The addresses of `host`, all of which may be asked; Fail with the first that may not, or when there is none."""
    _require_name(host, allow)
    found = await looked_up(host, port)
    for address in found:
        require_allowed(host, address, allow)
    return found


async def checked_if_known(host: str, port: int, allow: Sequence[str]) -> None:
    """Fail when `host` is known here and may not be asked; what only others know passes."""
    _require_name(host, allow)
    try:
        found = await looked_up(host, port)
    except Fail:
        return
    for address in found:
        require_allowed(host, address, allow)


async def looked_up(host: str, port: int) -> list[str]:
    """The addresses of `host`; Fail when the name is not known."""
    with contextlib.suppress(ValueError):
        return [str(ip_address(host))]
    try:
        found = await _in_own_thread(host, port)
    except (OSError, UnicodeError) as error:
        raise Fail(_("the name {host} is not known: {why}", host=host, why=_why(error))) from None
    if not found:
        raise Fail(_("the name {host} has no address", host=host))
    return found


def require_allowed(host: str, address: str, allow: Sequence[str]) -> None:
    """Fail when `address` is of a kind that the allow list does not free."""
    ip = _unwrapped(ip_address(address))
    kind = kind_of(ip)
    if kind is not None and not _is_allowed(host, ip, kind, allow):
        raise _refusal(host, address, kind)


def kind_of(ip: IP) -> Kind | None:
    """Why `ip` is refused; None for an address of the public net."""
    if ip in _METADATA:
        return Kind.METADATA
    if ip.is_loopback:
        return Kind.LOOPBACK
    if ip.is_link_local:
        return Kind.LINK_LOCAL
    if isinstance(ip, IPv6Address) and (ip.is_site_local or ip in _LOCAL_NAT64):
        return Kind.PRIVATE
    if ip.is_unspecified or ip.is_multicast or _is_reserved(ip):
        return Kind.RESERVED
    return None if ip.is_global else Kind.PRIVATE


def look_up(host: str, port: int) -> list[str]:
    """Every IPv4 and IPv6 address of `host`, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_facts, place in found))


async def _in_own_thread(host: str, port: int) -> list[str]:
    """A look-up can't be cut: in a thread of its own it holds up neither others nor the end of the program."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def work() -> None:
        try:
            result: list[str] | Exception = look_up(host, port)
        except (OSError, UnicodeError) as error:
            result = error
        with contextlib.suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(_settle, answer, result)

    threading.Thread(target=work, name="http-look-up", daemon=True).start()
    return await answer


def _settle(answer: "asyncio.Future[list[str]]", result: list[str] | Exception) -> None:
    if answer.done():
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)


def _require_name(host: str, allow: Sequence[str]) -> None:
    name = host.rstrip(".").lower()
    if name in _METADATA_NAMES and not _is_named(name, allow):
        raise _refusal(host, host, Kind.METADATA)


def _is_allowed(host: str, ip: IP, kind: Kind, allow: Sequence[str]) -> bool:
    if any(ip in network for entry in allow if (network := _network(entry)) and network.version == ip.version):
        return True
    return kind in _FREED_BY_NAME and _is_named(host.rstrip(".").lower(), allow)


def _is_named(name: str, allow: Sequence[str]) -> bool:
    names = {entry.rstrip(".").lower() for entry in allow}
    return name in names or any(entry.startswith("*.") and name.endswith(entry[1:]) for entry in names)


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _unwrapped(ip: IP) -> IP:
    """The IPv4 address that an IPv6 one carries (mapped, 6to4, Teredo, NAT64, compatible), else `ip`."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip.teredo:
        return ip.teredo[1]
    if (ip in _NAT64 or ip in _COMPATIBLE) and int(ip) & 0xFFFFFFFF > 1:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _is_reserved(ip: IP) -> bool:
    return ip.is_reserved or (isinstance(ip, IPv4Address) and ip in ip_network("0.0.0.0/8"))


def _refusal(host: str, address: str, kind: Kind) -> Fail:
    if host == address:
        return Fail(_("{host} is a {kind} address: add it to allow if it is meant", host=host, kind=_WORDS[kind]))
    return Fail(
        _(
            "{host} is at {address}, a {kind} address: add it to allow if it is meant",
            host=host,
            address=address,
            kind=_WORDS[kind],
        )
    )


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)[:200]
