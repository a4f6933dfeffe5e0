"""A private certificate authority, and the certificates that it gives out, right and wrong."""

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


@dataclass
class Authority:
    """Writes its files into `folder`."""

    folder: Path
    name: str = "Test authority"

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def certificate(self) -> x509.Certificate:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        return (
            self._begun(self.name, self.key, DAY, DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )

    @cached_property
    def file(self) -> str:
        path = self.folder / f"{self.name.replace(' ', '-')}.pem"
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return str(path)

    def issued(
        self,
        *names: str,
        since: datetime.timedelta = DAY,
        until: datetime.timedelta = DAY,
        passphrase: bytes | None = None,
    ) -> str:
        """Certificate and key as one PEM text, valid from so long ago until so long from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._begun(names[0], key, since, until)
            .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        pem = serialization.Encoding.PEM
        text = certificate.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, lock)
        return text.decode()

    def _begun(
        self, name: str, key: ec.EllipticCurvePrivateKey, since: datetime.timedelta, until: datetime.timedelta
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - since)
            .not_valid_after(now + until)
        )


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for name in names:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return found
