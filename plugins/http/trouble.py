"""What went wrong on the wire, as one sentence that says where and what to do."""

import errno
import ssl
from collections.abc import Iterator

import httpx

from watchkeeper.plugin import Fail, _

from .masking import Mask
from .params import Params

#: Of OpenSSL's x509_vfy.h.
_EXPIRED, _NOT_YET, _SELF_SIGNED, _SELF_SIGNED_IN_CHAIN = 10, 9, 18, 19
_NO_ISSUER, _NO_FIRST, _WRONG_NAME, _WRONG_IP = 20, 21, 62, 64
_BROKEN_OFF = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
#: What OpenSSL says when nothing was refused: the line went away, or was silent.
_NO_REFUSAL = (ssl.SSLZeroReturnError, ssl.SSLEOFError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


def fail_of(error: Exception, place: str, p: Params, mask: Mask) -> Fail:
    """The sentence for an error of httpx or of TLS; `place` is the address without secrets."""
    if refusal := refusal_of(error):
        return _of_tls(refusal, place, mask)
    if any(isinstance(cause, _BROKEN_OFF) for cause in causes(error)):
        return Fail(_("{url} broke off the connection: does it ask for a client certificate?", url=place))
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return _late(_("{url} took no connection within connect_timeout {span}", url=place, span=_s(p, "connect")))
        case httpx.WriteTimeout():
            return _late(_("{url} took nothing more within write_timeout {span}", url=place, span=_s(p, "write")))
        case httpx.ReadTimeout():
            return _late(_("{url} was silent for longer than read_timeout {span}", url=place, span=_s(p, "read")))
        case httpx.ProxyError():
            return Fail(_("the proxy refused {url}: {why}", url=place, why=mask.cut(str(error))))
        case httpx.ConnectError():
            return _unconnected(error, place, mask)
        case httpx.RemoteProtocolError():
            return Fail(_("{url} answered in no valid HTTP: {why}", url=place, why=mask.cut(str(error))))
        case httpx.UnsupportedProtocol() | httpx.InvalidURL() | httpx.LocalProtocolError():
            return Fail(_("{url} can't be asked: {why}", url=place, why=mask.cut(str(error))))
    why = mask.cut(str(error)) or type(error).__name__
    return Fail(_("the connection to {url} broke: {why}", url=place, why=why))


def too_late(place: str, p: Params) -> Fail:
    """The sentence for total_timeout."""
    return _late(_("{url} was not done within total_timeout {span}", url=place, span=_s(p, "total")))


def is_about_connecting(error: Exception) -> bool:
    """Whether another address of the same name may do better."""
    return isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)) and refusal_of(error) is None


def refusal_of(error: Exception) -> ssl.SSLError | None:
    """What TLS had against it; None when it was not about TLS, or came too late."""
    if isinstance(error, httpx.TimeoutException):
        return None
    found = (cause for cause in causes(error) if isinstance(cause, ssl.SSLError))
    return next((cause for cause in found if not isinstance(cause, _NO_REFUSAL)), None)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it."""
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        yield step
        step = step.__cause__ or step.__context__


def _s(p: Params, phase: str) -> str:
    return f"{getattr(p, f'{phase}_timeout').total_seconds():g} s"


def _late(sentence: object) -> Fail:
    return Fail(_("{what}: is it up, or is the time too short?", what=sentence))


def _unconnected(error: Exception, place: str, mask: Mask) -> Fail:
    for cause in causes(error):
        if isinstance(cause, ConnectionRefusedError) or getattr(cause, "errno", None) == errno.ECONNREFUSED:
            return Fail(_("{url} refused the connection: nothing listens there", url=place))
        if isinstance(cause, OSError) and cause.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH):
            return Fail(_("there is no way to {url} from here: {why}", url=place, why=cause.strerror))
    return Fail(_("no connection to {url}: {why}", url=place, why=mask.cut(str(error)) or type(error).__name__))


def _of_tls(error: ssl.SSLError, place: str, mask: Mask) -> Fail:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _unverified(error, place, mask)
    reason = (error.reason or str(error)).upper()
    if "CERTIFICATE_REQUIRED" in reason or ("HANDSHAKE_FAILURE" in reason and "ALERT" in reason):
        return Fail(_("{url} asks for a client certificate that it knows: name one under certificate", url=place))
    if "UNKNOWN_CA" in reason or "BAD_CERTIFICATE" in reason or "CERTIFICATE_EXPIRED" in reason:
        return Fail(_("{url} does not take the client certificate: {why}", url=place, why=reason.replace("_", " ")))
    if "WRONG_VERSION" in reason or "HTTP_REQUEST" in reason or "RECORD_LAYER" in reason:
        return Fail(_("{url} speaks no TLS on this port: is it http://?", url=place))
    if "PROTOCOL" in reason:
        return Fail(_("{url} speaks only TLS older than 1.2, which is not safe", url=place))
    return Fail(_("the TLS of {url} failed: {why}", url=place, why=mask.cut(error.reason or str(error))))


def _unverified(error: ssl.SSLCertVerificationError, place: str, mask: Mask) -> Fail:
    match error.verify_code:
        case code if code == _EXPIRED:
            return Fail(_("the certificate of {url} has expired: renew it there", url=place))
        case code if code == _NOT_YET:
            return Fail(_("the certificate of {url} is not valid yet: are the clocks right?", url=place))
        case code if code in (_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN, _NO_ISSUER, _NO_FIRST):
            return Fail(
                _(
                    "the certificate of {url} comes from an authority that is not known here: if it is your own, "
                    "name its file under ca_file",
                    url=place,
                )
            )
        case code if code in (_WRONG_NAME, _WRONG_IP):
            return Fail(
                _("the certificate of {url} is for another name: correct the address, or set tls_name", url=place)
            )
    return Fail(_("the certificate of {url} can't be verified: {why}", url=place, why=mask.cut(error.verify_message)))
