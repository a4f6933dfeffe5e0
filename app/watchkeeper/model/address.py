"""Addresses of servers within words: whatever is kept or shown of them is without a password."""

import re

_BEFORE_HOST = re.compile(r"([a-zA-Z][\w+.-]*://[^/?#\s:@]*):\S*@")
_IN_QUERY = re.compile(r"([?&]password=)[^&\s]*", re.IGNORECASE)


def without_password(words: str) -> str:
    """The words, with dots in place of each password that stands in an address."""
    if "://" not in words:
        return words
    return _IN_QUERY.sub(r"\1…", _BEFORE_HOST.sub(r"\1:…@", words))
