"""The body of an answer, read up to a cap that counts while it is decompressed."""

import asyncio
import codecs
import zlib
from collections.abc import AsyncIterable, Iterator

from watchkeeper.plugin import Fail, _

#: So much is decompressed at a stretch; others have their turn in between.
_STEP = 256 * 1024

#: Encodings of text that a server may name. Others, some of which are no encodings of text or slow, are read as UTF-8.
# fmt: off
_TEXT = frozenset({
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "iso8859-1", "iso8859-2",
    "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "koi8-r",
    "koi8-u", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949",
})
# fmt: on


async def read(chunks: AsyncIterable[bytes], encoding: str, most: int) -> bytes:
    """The body as it was before Content-Encoding; Fail when it is more than `most` bytes, or broken."""
    decoder, body, taken = _decoder(encoding), bytearray(), 0
    async for chunk in chunks:
        taken += len(chunk)
        for piece in decoder.pieces(chunk):
            body += piece
            _require_room(max(len(body), taken), most)
            if len(piece) == _STEP:
                await asyncio.sleep(0)
        _require_room(taken, most)
    decoder.require_end()
    return bytes(body)


def require_room(length: str, most: int) -> None:
    """Fail when a Content-Length says beforehand that the body is too large."""
    if length.isascii() and length.isdigit() and len(length) < 20:
        _require_room(int(length), most)


def text_of(body: bytes, content_type: str) -> str:
    """The body as text, by the charset of its type, else as UTF-8; what can't be read is U+FFFD."""
    return body.decode(_charset(content_type), errors="replace")


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _equals, value = part.partition("=")
        if name.strip().lower() == "charset":
            try:
                known = codecs.lookup(value.strip(" \"'")[:30]).name
            except (LookupError, ValueError):
                return "utf-8"
            return known if known in _TEXT else "utf-8"
    return "utf-8"


def _require_room(size: int, most: int) -> None:
    if size > most:
        raise Fail(_("the answer is larger than most_bytes {most}: ask for less, or raise most_bytes", most=most))


class _Plain:
    """Nothing to decompress."""

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def require_end(self) -> None:
        pass


class _Compressed:
    """gzip (also several, one after the other) or deflate (with its header or without)."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._wbits = 31 if encoding == "gzip" else 15
        self._inflate = zlib.decompressobj(self._wbits)
        self._has_begun = False

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What `chunk` decompresses to, step by step; what follows the end and is no gzip is padding."""
        rest, is_full = chunk, False
        while rest or is_full:
            if self._inflate.eof:
                if not (self._encoding == "gzip" and rest.startswith(b"\x1f")):
                    return
                self._inflate = zlib.decompressobj(self._wbits)
            piece = self._piece(rest)
            yield piece
            rest = self._inflate.unconsumed_tail or self._inflate.unused_data
            is_full = len(piece) == _STEP and not self._inflate.eof

    def require_end(self) -> None:
        """Fail when it broke off."""
        if self._has_begun and not self._inflate.eof:
            raise Fail(_("the answer's {encoding} body breaks off in the middle", encoding=self._encoding))

    def _piece(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, _STEP)
        except zlib.error as error:
            if self._has_begun or self._encoding == "gzip":
                raise Fail(
                    _("the answer's {encoding} body is broken: {why}", encoding=self._encoding, why=str(error))
                ) from None
            return self._raw(data)
        self._has_begun = True
        return piece

    def _raw(self, data: bytes) -> bytes:
        """Some servers mean deflate without its header."""
        self._has_begun, self._wbits = True, -15
        self._inflate = zlib.decompressobj(self._wbits)
        return self._piece(data)


def _decoder(encoding: str) -> _Plain | _Compressed:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Compressed("gzip")
        case "deflate":
            return _Compressed("deflate")
    raise Fail(
        _("the answer is encoded as {encoding}, and gzip or deflate was asked for", encoding=repr(encoding[:40]))
    )
