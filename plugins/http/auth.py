"""What is sent along with a request so that the server knows who asks; opened secrets are masked from then on."""

import base64
import re
from dataclasses import dataclass

from watchkeeper.plugin import Context, Fail, Secret, _

from .masking import Mask
from .params import Params
from .tls import Certificate


@dataclass(frozen=True, repr=False)
class Credentials:
    """The opened credentials of one run."""

    headers: tuple[tuple[str, str], ...]
    certificate: Certificate | None
    proxy: tuple[str, str] | None


def opened(ctx: Context, p: Params, mask: Mask) -> Credentials:
    """Open what `p` names; Fail when a secret can't stand where it is to go."""

    def value(name: Secret | None) -> str:
        secret = ctx.secret(name) if name else ""
        mask.learn(secret)
        return secret

    certificate = None
    if p.certificate:
        certificate = Certificate(p.certificate, value(p.certificate), value(p.certificate_passphrase))
    proxy = (p.proxy_user or "", value(p.proxy_password)) if p.proxy_user else None
    if proxy:
        mask.learn(_pair(*proxy))
    return Credentials(_headers(p, value(p.password), value(p.token), mask), certificate, proxy)


def _headers(p: Params, password: str, token: str, mask: Mask) -> tuple[tuple[str, str], ...]:
    if p.auth == "basic":
        pair = _pair(p.user or "", password)
        mask.learn(pair)
        return (("Authorization", f"Basic {pair}"),)
    if p.auth == "bearer":
        return (("Authorization", f"Bearer {_in_header(p.token, token)}"),)
    if p.auth == "header":
        return ((p.token_header, _in_header(p.token, token)),)
    return ()


def _pair(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def _in_header(name: Secret | None, token: str) -> str:
    """A token as a header can carry it; the newline that files end with is no part of it."""
    plain = token.strip()
    if not plain or not re.fullmatch(r"[\x20-\x7e]+", plain):
        raise Fail(
            _("the secret {name} is empty or holds letters that no header can carry: store the token alone", name=name)
        )
    return plain
