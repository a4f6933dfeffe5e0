"""Addresses as people may see them, and what makes two of them one origin."""

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def shown(url: str) -> str:
    """`url` without user, query and fragment, which may hold secrets; cut."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:200]


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme.lower())
