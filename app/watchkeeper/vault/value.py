"""A value that shows itself to nobody who did not ask for it."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

import msgspec

from watchkeeper.model.secret import PASSPHRASE


class Content(msgspec.Struct, frozen=True, eq=False):
    """What a secret holds. It neither prints nor compares itself, so that no message, log or traceback shows it."""

    value: str
    #: Of a private key, or of the key within a certificate; empty where it has none.
    passphrase: str = ""

    def __repr__(self) -> str:
        return "Content(***)"

    __str__ = __repr__

    def parts(self, name: str) -> Mapping[str, str]:
        """What a run may ask for by the name of this secret: `name`, and `name#passphrase`."""
        return {name: self.value, f"{name}#{PASSPHRASE}": self.passphrase}

    def maskable(self) -> Sequence[str]:
        """What is to be seen nowhere: all of it, and the password within a connection string."""
        return [each for each in (self.value, self.passphrase, *_passwords(self.value)) if each]


def _passwords(value: str) -> Sequence[str]:
    try:
        password = urlsplit(value).password or ""
    except ValueError:
        return ()
    return (password, unquote(password))
