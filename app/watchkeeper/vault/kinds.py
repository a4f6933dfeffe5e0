"""What can be told of a value by its kind: whether it is what it claims to be, and until when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from watchkeeper.model.errors import Known
from watchkeeper.model.secret import SecretKind
from watchkeeper.model.text import Text, _
from watchkeeper.vault.value import Content

#: Fewer characters can't be masked: they are part of too many words.
_SHORTEST = 6


@dataclass(frozen=True)
class Judged:
    """What was found; nothing of the value itself."""

    told: Text
    expires_at: datetime | None = None


def judged(kind: SecretKind, content: Content) -> Judged:
    """What can be said of a value; Known when it is not of its kind, without a word of it.

    A passphrase takes as long to try as its key says: not for a loop or a transaction.
    """
    require_form(kind, content)
    match kind:
        case SecretKind.KEY:
            return Judged(_key_told(content))
        case SecretKind.CERTIFICATE:
            return _certificate_told(content)
        case SecretKind.CONNECTION:
            return Judged(_connection_told(content.value))
        case _:
            return Judged(_("there is nothing to test of a {kind} without the place where it is used", kind=str(kind)))


def pem_kind(value: str) -> SecretKind | None:
    """What a value in PEM or OpenSSH's form is; None for anything else."""
    if "-----BEGIN CERTIFICATE-----" in value:
        return SecretKind.CERTIFICATE
    return SecretKind.KEY if "PRIVATE KEY-----" in value else None


def require_form(kind: SecretKind, content: Content) -> None:
    """Known when a value can't be of its kind; quick."""
    if len(content.value.strip()) < _SHORTEST:
        raise Known(
            _("the value has fewer than {least} characters: nothing so short can be kept apart", least=_SHORTEST)
        )
    if content.passphrase and kind not in (SecretKind.KEY, SecretKind.CERTIFICATE):
        raise Known(_("a passphrase goes with a private key or a certificate, not with a {kind}", kind=str(kind)))
    is_pem = kind in (SecretKind.KEY, SecretKind.CERTIFICATE)
    if is_pem and (form := pem_kind(content.value)) is not kind:
        if form is None:
            raise Known(_("this is nothing in PEM or in OpenSSH's form, or it is not whole"))
        raise Known(_("this is a {form}, and the secret is a {kind}", form=str(form), kind=str(kind)))


def _key_told(content: Content) -> Text:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    is_ssh = "BEGIN OPENSSH PRIVATE KEY" in content.value
    load = load_ssh_private_key if is_ssh else load_pem_private_key
    passphrase = content.passphrase.encode() or None
    try:
        key = load(content.value.encode(), passphrase)
    except TypeError:
        if passphrase is None:
            raise Known(_("the private key is under a passphrase: give that too")) from None
        raise Known(_("the private key is under no passphrase: leave it out")) from None
    except UnsupportedAlgorithm:
        raise Known(_("the private key is of a kind that is not known")) from None
    except ValueError:
        if passphrase is not None:
            raise Known(_("the passphrase does not fit the private key, or that is not whole")) from None
        raise Known(_("this is no private key as PEM or as OpenSSH writes it, or it is not whole")) from None
    return _("a private key ({kind}), which can be read", kind=type(key).__name__.removesuffix("PrivateKey"))


def _certificate_told(content: Content) -> Judged:
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificates(content.value.encode())[0]
    except ValueError:
        raise Known(_("there is no certificate as PEM in it, or it is not whole")) from None
    _require_own_key(content, certificate.public_key())
    until = certificate.not_valid_after_utc
    subject = certificate.subject.rfc4514_string()[:200]
    if until < datetime.now(UTC):
        told = _(
            "the certificate of {subject} is not valid any more, since {at}", subject=subject, at=f"{until:%Y-%m-%d}"
        )
    else:
        told = _("the certificate of {subject} is valid until {at}", subject=subject, at=f"{until:%Y-%m-%d}")
    return Judged(told, until)


def _require_own_key(content: Content, public: object) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    if "PRIVATE KEY" not in content.value:
        raise Known(_("the private key is missing: put it into the same PEM, before or behind the certificate"))
    _key_told(content)
    own = load_pem_private_key(content.value.encode(), content.passphrase.encode() or None).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if own.public_bytes(*form) != public.public_bytes(*form):  # type: ignore[attr-defined]
        raise Known(_("the private key is another certificate's"))


def _connection_told(value: str) -> Text:
    try:
        address = urlsplit(value.strip())
        port = address.port
    except ValueError:
        raise Known(_("this is no connection string: write it like postgresql://user:password@host/database")) from None
    if not address.scheme or not (address.hostname or address.path.strip("/")):
        raise Known(_("this is no connection string: write it like postgresql://user:password@host/database"))
    place = address.hostname or ""
    told = f"{place}:{port}" if port else place
    return _("a connection by {scheme} to {place}", scheme=address.scheme[:40], place=told[:200] or "-")
