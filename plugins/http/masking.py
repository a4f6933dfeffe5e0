"""What may be read of a request: secrets that were opened never, nor values whose names sound like a secret."""

import base64
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
_SOUNDS_SECRET = re.compile(
    r"auth|cookie|token|secret|passw|pwd|api[_-]?key|access[_-]?key|[_-]key$|^key$|sign|^sig$|session|credential|^code$",
    re.IGNORECASE,
)
_HARMLESS = ("idempotency-key",)
#: Shorter ones would be found in innocent words.
_LEAST = 4
#: Of a foreign text.
_MOST_READ = 64 * 1024


class Mask:
    """Knows the secrets of one run by every form in which they travel."""

    def __init__(self) -> None:
        self._forms: set[str] = set()

    def learn(self, secret: str) -> None:
        """Never show `secret` again, nor its lines."""
        for value in {secret, secret.strip(), *secret.splitlines()}:
            if len(value) >= _LEAST:
                self._forms |= {form for form in _forms(value) if len(form) >= _LEAST}

    def text(self, text: str) -> str:
        """`text` without any of the secrets."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text

    def value(self, value: Any) -> Any:
        """Plain data without any of the secrets."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(item) for item in value]
            case dict():
                return {self.text(name): self.value(item) for name, item in value.items()}
        return value

    def header(self, name: str, value: str) -> str:
        """A header's value as it may be logged."""
        is_secret = _SOUNDS_SECRET.search(name) and name.lower() not in _HARMLESS
        return MASK if is_secret else self.url(value) if name.lower() in ("location", "referer") else self.cut(value)

    def url(self, url: str) -> str:
        """An address as it may be logged: values of telling names in its query are masked."""
        before, mark, query = url.partition("?")
        pairs = (_masked_pair(pair) for pair in query.split("&"))
        return self.cut(f"{re.sub(r'//[^/@]*@', '//', before)}{mark}{'&'.join(pairs)}", 500)

    def cut(self, text: str, most: int = 200) -> str:
        """A piece of something foreign: masked, on one line, without control characters."""
        shown = self.text(text[:_MOST_READ])
        line = "".join(letter if letter.isprintable() else " " for letter in shown).strip()
        return line if len(line) <= most else line[: most - 1] + "…"


def _forms(value: str) -> Iterable[str]:
    encoded = base64.b64encode(value.encode()).decode()
    return (
        value,
        encoded,
        encoded.rstrip("="),
        base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
    )


def _masked_pair(pair: str) -> str:
    name, equals, _value = pair.partition("=")
    return f"{name}={MASK}" if equals and _SOUNDS_SECRET.search(name) else pair
