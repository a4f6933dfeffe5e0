"""AES-256-GCM: what is sealed opens only with the same key, as the same record in the same version."""

import os

#: Bytes of a key, and of the random number that every seal begins with.
KEY, _NONCE = 32, 12


class Tampered(Exception):
    """The seal does not open: another key, another record, or changed bytes."""


def new_key() -> bytes:
    """A random key of 256 bits."""
    return os.urandom(KEY)


def sealed(key: bytes, plain: bytes, *, record: str, version: int) -> bytes:
    """`plain` under seal; its bytes differ each time."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, _bound(record, version))


def unsealed(key: bytes, data: bytes, *, record: str, version: int) -> bytes:
    """What was sealed; Tampered."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], _bound(record, version))
    except (InvalidTag, ValueError):
        raise Tampered from None


def _bound(record: str, version: int) -> bytes:
    return f"watchkeeper\0{record}\0{version}".encode()
