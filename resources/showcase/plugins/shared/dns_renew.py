"""Renew a record of the name server."""

from dataclasses import dataclass

from watchkeeper.plugin import Command, Context, Secret, handler, param

__version__ = "1.4"


@dataclass(frozen=True)
class Params:
    zone: str = param("Zone", placeholder="example.org")
    key: Secret = param("Key")


@handler("dns.renew", title="Renew a record")
def renew(ctx: Context, p: Params) -> Command:
    return Command(argv=["nsupdate", "-k", "key"], stdin=f"update add {p.zone} 300 A 192.0.2.7\nsend\n")
