"""Text as it is looked for: what differs only in case, width or the way an accent is written is the same."""

import unicodedata


def searchable(text: str) -> str:
    """`text` in the one form that stands for all that people would call the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
