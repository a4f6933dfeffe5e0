"""The shapes in which a secret shows up in what programs write: as it stands, encoded, escaped, quoted."""

import base64
import html
import json
import re
import subprocess
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

#: Characters that a secret has at least.
LEAST = 6
#: A value with more lines than this has its single lines looked for as they stand, not in every encoding.
MOST_ENCODED_LINES = 200

_QUOTES = "\"'`"
_ARMOUR = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]+-----")
_URL_SAFE = ("", "/", "!~*'()", ";,/?:@&=+$!~*'()#")
_APOSTROPHES = ("&apos;", "&#39;", "&#x27;", "&#039;")
_CONTROLS = {"\a": "a", "\b": "b", "\x1b": "E", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v"}


def is_maskable(value: str) -> bool:
    """Whether it has enough characters besides blanks: a shorter one would be found in half of every text."""
    return len("".join(value.split())) >= LEAST


def forms_of(value: str) -> set[bytes]:
    """Every form of `value` but base64."""
    whole = _wholes(value)
    lines = _lines(value)
    forms = {form for text in whole for form in _forms(text)}
    if len(lines) > MOST_ENCODED_LINES:
        return forms | {_raw(line) for line in lines}
    return forms | {form for line in lines for form in _forms(line)}


def base64_forms_of(value: str) -> set[bytes]:
    """What is the same of its base64, wherever it stands in what was encoded; also as UTF-16, for PowerShell."""
    lines = _lines(value)
    texts = _wholes(value) | (lines if len(lines) <= MOST_ENCODED_LINES else set())
    return {form for text in texts for raw in (_raw(text), _wide(text)) for form in _base64(raw)}


def _wholes(value: str) -> set[str]:
    """The value, and without what stands around it."""
    return {text for text in (value, value.strip(), _unquoted(value)) if is_maskable(text)}


def _lines(value: str) -> set[str]:
    """The lines of a value that has several; what frames a PEM block is no secret."""
    lines = value.splitlines()
    if len(lines) < 2:
        return set()
    found = {line.strip() for line in lines}
    return {line for line in found if is_maskable(line) and not _ARMOUR.fullmatch(line)}


def _unquoted(value: str) -> str:
    text = value.strip()
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES
    return text[1:-1] if is_quoted else text


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _forms(text: str) -> Iterator[bytes]:
    yield _wide(text)
    yield _raw(text).hex().encode()
    yield _raw(text).hex().upper().encode()
    for written in {text, *_json(text), *_python(text), *_url(text), *_xml(text), *_shell(text), *_windows(text)}:
        yield _raw(written)
    if not text.isascii():
        yield from _other_code_pages(text)


def _other_code_pages(text: str) -> Iterator[bytes]:
    for code_page in ("cp1252", "gb18030"):
        try:
            yield text.encode(code_page)
        except UnicodeEncodeError:
            continue


def _json(text: str) -> Iterator[str]:
    for is_ascii in (True, False):
        written = json.dumps(text, ensure_ascii=is_ascii)[1:-1]
        careful = re.sub("[<>&'+]", lambda found: f"\\u{ord(found[0]):04x}", written)
        yield from (written, written.replace("/", "\\/"), careful, _upper_case(r"\\u[0-9a-f]{4}", careful))
        yield _upper_case(r"\\u[0-9a-f]{4}", written)


def _python(text: str) -> Iterator[str]:
    yield repr(text)[1:-1]
    yield ascii(text)[1:-1]
    yield repr(_raw(text))[2:-1]


def _url(text: str) -> Iterator[str]:
    written = [quote(_raw(text), safe=safe) for safe in _URL_SAFE]
    for each in (*written, quote_plus(_raw(text))):
        yield each
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), each)


def _xml(text: str) -> Iterator[str]:
    least = html.escape(text, quote=False)
    for written in (least, least.encode("ascii", "xmlcharrefreplace").decode()):
        yield written
        for quotes in ("&quot;", "&#34;"):
            yield written.replace('"', quotes)
            yield from (written.replace('"', quotes).replace("'", apostrophe) for apostrophe in _APOSTROPHES)


def _shell(text: str) -> Iterator[str]:
    yield text.replace("'", "'\\''")
    yield text.replace("'", "'\"'\"'")
    yield re.sub(r'([\\"$`])', r"\\\1", text)
    yield re.sub(r'([\\"$`!])', r"\\\1", text)
    yield re.sub(r"([^\w@%+=:,./-])", r"\\\1", text)
    yield "".join(map(_ansi_c, text))
    yield "".join(_ansi_c(mark) if mark.isascii() else _octal(mark) for mark in text)


def _ansi_c(mark: str) -> str:
    """A character within $'...'."""
    if mark in "\\'":
        return "\\" + mark
    if mark in _CONTROLS:
        return "\\" + _CONTROLS[mark]
    return mark if mark >= " " and mark != "\x7f" else _octal(mark)


def _octal(mark: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in _raw(mark))


def _windows(text: str) -> Iterator[str]:
    yield re.sub(r'([&|<>^()%!"])', r"^\1", text)
    yield text.replace("%", "%%")
    yield text.replace('"', '""')
    yield text.replace('"', '\\"')
    yield subprocess.list2cmdline([text]).removeprefix('"').removesuffix('"')
    # PowerShell, and SQL.
    yield text.replace("'", "''")
    yield re.sub(r'([`"$])', r"`\1", text)


def _base64(raw: bytes) -> Iterator[bytes]:
    """The characters that hang on nothing but `raw`, when 0, 1 or 2 bytes stand before it; and all, standing alone."""
    alone = base64.b64encode(raw)
    found = [alone, alone.rstrip(b"=")]
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw)
        found.append(encoded[-(-8 * before // 6) : 8 * (before + len(raw)) // 6])
    for form in found:
        yield form
        yield form.translate(bytes.maketrans(b"+/", b"-_"))


def _upper_case(pattern: str, text: str) -> str:
    return re.sub(pattern, lambda found: found[0][:2] + found[0][2:].upper(), text)
