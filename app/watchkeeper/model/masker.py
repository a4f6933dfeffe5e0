"""Takes secrets out of whatever is shown or kept.

Decision. Question: what stands in a secret's place? Decision: in logs each of its bytes becomes `*` and ends of lines
stay, so that every offset, line number and size stays true, and a window read anywhere equals the whole masked log cut
there; in words (outputs, reasons, notices, audit) it is `***`, which does not tell its length. What is masked is the
union of all matches of all forms. Why: logs are read by offset from everywhere, and masked when they are read, so that
a secret that becomes known later is masked in what was written before; a union hangs on nothing but the bytes around,
and leaves no rest of a secret that overlaps another, as "the longest first, then go on behind it" does. Alternatives:
`***` in logs with a table of offsets for each; masking when a log is written, which can't be mended. State: best
effort, and said so in the help: what a program has changed in another way is not known.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from watchkeeper.model.literals import Literals, Span, merged
from watchkeeper.model.secret_forms import LEAST, base64_forms_of, forms_of, is_maskable

MASK = "***"

#: The last bytes of a text are masked when a secret begins with so many: it may have been cut off there.
CUT_OFF = 8

_STARS = bytes(byte if byte in b"\r\n" else 0x2A for byte in range(256))


class Masker:
    """Knows some secrets in all their forms."""

    def __init__(self, values: Iterable[str]) -> None:
        """ValueError for a value of fewer than six characters, blanks not counted."""
        known = set(values)
        if not all(map(is_maskable, known)):
            raise ValueError(
                f"a secret needs at least {LEAST} characters besides blanks: a shorter one can't be masked"
            )
        self._literals = Literals(
            {form for value in known for form in forms_of(value)},
            {form for value in known for form in base64_forms_of(value)},
        )
        #: How many bytes around a window say what is to be masked in it.
        self.context = max(0, self._literals.longest - 1)

    def stream(self) -> "Stream":
        """For one stream of bytes."""
        return Stream(self)

    def masked(self, value: Any) -> Any:
        """Words, or plain values with words in them, with `***` for every secret; keys and numbers too."""
        match value:
            case str():
                return self._masked_text(value)
            case bytes():
                return self._with_masks(value)
            case Mapping():
                return {self.masked(key): self.masked(each) for key, each in value.items()}
            case list() | tuple():
                return type(value)(map(self.masked, value))
            case int() | float() if not isinstance(value, bool):
                return value if (shown := self._masked_text(str(value))) == str(value) else shown
        return value

    def starred(self, data: bytes) -> bytes:
        """A whole log, as long as before."""
        return _starred(data, self.spans(data))

    def window(self, data: bytes, begin: int, length: int, *, is_last: bool, may_grow: bool) -> bytes:
        """Up to `length` bytes of a log from `begin` of `data` on, masked; `data` reaches `context` bytes around them.

        `is_last`: the log ends with `data`. `may_grow`: for now; then what may become a secret is held back.
        """
        end = begin + length
        if is_last and may_grow:
            end = min(end, self._literals.opening(data))
        spans = self.spans(data) if is_last and not may_grow else self._literals.spans(data)
        return _starred(data, spans)[begin:end]

    def spans(self, data: bytes) -> list[Span]:
        """What is to be masked in a whole text, also a secret that is cut off at its end."""
        spans = self._literals.spans(data)
        cut = self._literals.opening(data, CUT_OFF)
        return spans if cut == len(data) else merged([*spans, (cut, len(data))])

    def _masked_text(self, text: str) -> str:
        data = text.encode("utf-8", "surrogatepass")
        masked = self._with_masks(data)
        return text if masked is data else masked.decode("utf-8", "replace")

    def _with_masks(self, data: bytes) -> bytes:
        """The same object when there is nothing to mask."""
        spans = self.spans(data)
        if not spans:
            return data
        ends = [0, *(end for _begin, end in spans)]
        begins = [*(begin for begin, _end in spans), len(data)]
        return MASK.encode().join(data[end:begin] for end, begin in zip(ends, begins, strict=True))


class Stream:
    """One stream through a Masker: what comes out is as long as what went in, up to `context` bytes later."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._before = self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What is certain by now."""
        known = self._before + self._held + data
        begin, end = len(self._before), max(len(self._before), len(known) - self._masker.context)
        return self._given(known, begin, end, is_last=False)

    def end(self) -> bytes:
        """The rest."""
        known = self._before + self._held
        return self._given(known, len(self._before), len(known), is_last=True)

    def _given(self, known: bytes, begin: int, end: int, *, is_last: bool) -> bytes:
        shown = self._masker.window(known, begin, end - begin, is_last=is_last, may_grow=False)
        self._before, self._held = known[max(0, end - self._masker.context) : end], known[end:]
        return shown


def _starred(data: bytes, spans: list[Span]) -> bytes:
    if not spans:
        return data
    shown = bytearray(data)
    for begin, end in spans:
        shown[begin:end] = data[begin:end].translate(_STARS)
    return bytes(shown)
