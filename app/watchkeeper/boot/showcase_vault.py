"""A vault with a few secrets for the showcase: all of it is drawn by lot, lies in its folder and is told nobody."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from watchkeeper.action.desk import Desk
from watchkeeper.model.secret import Place, SecretKind
from watchkeeper.vault.file_place import Cost, FilePlace
from watchkeeper.vault.sealing import new_key


@dataclass(frozen=True)
class _Sample:
    name: str
    kind: SecretKind
    note: str
    #: Days from the end of the story until it expires; None for never.
    days: int | None = None

    @property
    def value(self) -> str:
        """By lot; an address around it where it is one."""
        word = secrets.token_urlsafe(18)
        return f"postgresql://etl:{word}@db-02/sales" if self.kind is SecretKind.CONNECTION else word


_SAMPLES = (
    _Sample("finance/bank-api", SecretKind.TOKEN, "Statements of the house bank", 12),
    _Sample("finance/sftp-partner", SecretKind.PASSWORD, "Uploads of the tax office", -2),
    _Sample("finance/warehouse", SecretKind.CONNECTION, "数据仓库，只读", 203),
    _Sample("platform/backup/object-store", SecretKind.TOKEN, "Bucket db-backups, write only"),
    _Sample("platform/dns-api", SecretKind.TOKEN, "Renewal of certificates", 25),
    _Sample("platform/registry", SecretKind.PASSWORD, "", 96),
    _Sample("smtp-relay", SecretKind.PASSWORD, "Reports by mail"),
)
_ROTATED = ("finance/warehouse", "platform/dns-api")


async def fill(desk: Desk, home: Path, end: datetime) -> None:
    """Choose a vault in a file and put secrets into it, which expire around the end of the story."""
    passphrase = secrets.token_urlsafe(18)
    # Nobody is to guess it, so that trying it may be cheap.
    FilePlace(home, "", {}, Cost(memory_kib=64, passes=1, lanes=1)).keep(new_key(), passphrase)
    await desk.do("vault.init", place=Place.FILE, passphrase=passphrase)
    for each in _SAMPLES:
        expires = None if each.days is None else end + timedelta(days=each.days)
        given = {"name": each.name, "kind": each.kind, "note": each.note, "value": each.value, "expires": expires}
        await desk.do("secret.add", **given)


async def rotate(desk: Desk) -> None:
    """Give some of them another value."""
    for row in await desk.ask("secret.list"):
        if row.name in _ROTATED:
            value = next(each.value for each in _SAMPLES if each.name == row.name)
            await desk.do("secret.rotate", name=row.name, value=value, expires=row.expires_at)
