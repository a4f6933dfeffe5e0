"""What is said of a secret: its kind, where it is kept, and whether it is about to expire."""

from datetime import datetime, timedelta

from watchkeeper.action.secret_table import SecretTableRow
from watchkeeper.model.secret import Place, SecretKind
from watchkeeper.model.text import Text, _, plural
from watchkeeper.ui.spans import ago, ahead
from watchkeeper.ui.widgets.moment_field import written

KINDS: dict[SecretKind, Text] = {
    SecretKind.PASSWORD: _("Password"),
    SecretKind.TOKEN: _("Token"),
    SecretKind.KEY: _("Private key"),
    SecretKind.CONNECTION: _("Connection string"),
    SecretKind.CERTIFICATE: _("Certificate"),
}
PLACES: dict[Place, Text] = {Place.KEYRING: _("keyring"), Place.FILE: _("file vault")}

#: Before that it is time to see to a new value.
SOON = timedelta(days=30)


def expiry_glyph(row: SecretTableRow, now: datetime) -> str:
    """The glyph of one that expires soon or has; "" for others."""
    if row.expires_at is None or row.expires_at - now > SOON:
        return ""
    return "status/failed" if row.expires_at <= now else "status/late"


def expiry(row: SecretTableRow, now: datetime, zone: str) -> Text | str:
    """When it ceases to be good: how long that is when it is near, else the day."""
    at = row.expires_at
    if at is None:
        return ""
    if at <= now:
        return _("expired {ago}", ago=ago(at, now))
    return ahead(at, now) if at - now <= SOON else day_of(at, zone)


def day_of(at: datetime, zone: str) -> str:
    """A day with its year."""
    return written(at, zone)[:10]


def advice(row: SecretTableRow, now: datetime, zone: str) -> Text | None:
    """What to do about one that expires; None where nothing is to be done."""
    if not expiry_glyph(row, now) or row.expires_at is None:
        return None
    day = day_of(row.expires_at, zone)
    if row.expires_at <= now:
        return _("It expired on {day}: jobs that use it may fail. Rotate it.", day=day)
    return _("It expires on {day}: rotate it before.", day=day)


def users(count: int) -> Text | str:
    """How many jobs name it."""
    return plural("{n} job", "{n} jobs", count) if count else ""


def used(row: SecretTableRow, now: datetime) -> Text | str:
    """When a run was given it last."""
    return _("never") if row.last_used_at is None else ago(row.last_used_at, now)


def changed(row: SecretTableRow, now: datetime) -> Text:
    """Which version holds, and since when."""
    return _("v{version}, {ago}", version=row.version, ago=ago(row.changed_at, now))
