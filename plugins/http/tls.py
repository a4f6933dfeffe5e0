"""Whom a connection believes: always verified, by the system's authorities or by one of the operator's own."""

import os
import ssl
import tempfile
from contextlib import suppress
from typing import NamedTuple

from watchkeeper.plugin import Fail, _


class Certificate(NamedTuple):
    """A client's certificate and its key in one PEM text, and what opens the key."""

    name: str
    pem: str
    passphrase: str


def context_of(ca_file: str | None, certificate: Certificate | None) -> ssl.SSLContext:
    """TLS 1.2 at least, name and chain verified; Fail when a file or certificate can't be used. Reads files."""
    context = _trusting(ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        _present(context, certificate)
    return context


def _trusting(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or _fallback())
    except ssl.SSLError:
        raise Fail(_("ca_file {path} holds no certificate in PEM form", path=ca_file)) from None
    except OSError as error:
        raise Fail(_("ca_file {path} can't be read: {why}", path=ca_file, why=error.strerror)) from None


def _fallback() -> str | None:
    """The bundled authorities where the system has none."""
    places = ssl.get_default_verify_paths()
    if places.cafile or places.capath:
        return None
    import certifi

    return certifi.where()


def _present(context: ssl.SSLContext, certificate: Certificate) -> None:
    """OpenSSL reads certificates only from files: one that is ours alone, for as long as that takes."""
    handle, path = tempfile.mkstemp(prefix="watchkeeper-", suffix=".pem")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(certificate.pem)
        # Without a passphrase OpenSSL would ask on the terminal.
        context.load_cert_chain(path, password=certificate.passphrase or "-")
    except (ssl.SSLError, ValueError):
        raise _unusable(certificate) from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(path)


def _unusable(certificate: Certificate) -> Fail:
    if "ENCRYPTED" in certificate.pem:
        return Fail(
            _("the key in the secret {name} can't be opened: check certificate_passphrase", name=certificate.name)
        )
    return Fail(
        _(
            "the secret {name} can't be used as a certificate: it must hold the certificate and its key as PEM",
            name=certificate.name,
        )
    )
