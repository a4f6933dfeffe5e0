"""Type by role. The system's own families; numbers stand in columns wherever Qt can do that."""

import sys
from enum import Enum
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase


class Role(Enum):
    """What a piece of text is: (size in logical px, weight, whether it is program output)."""

    PAGE_TITLE = (18, 600, False)
    SCHEDULE = (17, 600, False)
    PANEL_TITLE = (15, 600, False)
    SECTION = (13, 600, False)
    BODY = (13, 400, False)
    STRONG = (13, 500, False)
    SMALL = (12, 400, False)
    SMALL_STRONG = (12, 500, False)
    SMALL_TITLE = (12, 600, False)
    CAPTION = (11, 400, False)
    CAPTION_STRONG = (11, 500, False)
    SEARCH = (16, 400, False)
    FIGURE = (19, 600, False)
    MONO = (12, 400, True)
    MONO_STRONG = (12, 500, True)
    MONO_SMALL = (11, 400, True)


_HAN = {
    "win32": ["Microsoft YaHei UI"],
    "darwin": ["PingFang SC"],
}.get(sys.platform, ["Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"])
_LATIN = {"win32": ["Segoe UI"], "darwin": [".AppleSystemUIFont"]}.get(
    sys.platform, ["Inter", "Cantarell", "Noto Sans"]
)
_MONO = ["Cascadia Mono", "JetBrains Mono", "SF Mono", "Noto Sans Mono", "DejaVu Sans Mono"]
_MONO_HAN = ["Noto Sans Mono CJK SC", "WenQuanYi Micro Hei Mono"]

#: A string with Han characters is never smaller.
SMALLEST_HAN = 12


def font(role: Role, text: str = "") -> QFont:
    """The font of a role; `text` that holds Han characters is never set below 12 px."""
    size, _weight, _is_mono = role.value
    if size < SMALLEST_HAN and has_han(text):
        return _font(role, SMALLEST_HAN)
    return _font(role, size)


def has_han(text: str) -> bool:
    """Whether there is a Han character in it."""
    return any("\u2e80" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003ffff" for letter in text)


@lru_cache(maxsize=64)
def _font(role: Role, size: int) -> QFont:
    _size, weight, is_mono = role.value
    made = QFont()
    made.setFamilies(_families(is_mono))
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if is_mono:
        made.setStyleHint(QFont.StyleHint.Monospace)
        # Programs write `!=` and `->`, and that is what is to be seen.
        made.setFeature(QFont.Tag("calt"), 0)
    else:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=2)
def _families(is_mono: bool) -> list[str]:
    known = set(QFontDatabase.families())
    own = [QFontDatabase.systemFont(_SYSTEM[is_mono]).family()]
    wanted = [*_MONO, *own, *_MONO_HAN, *_HAN] if is_mono else [*_LATIN, *own, *_HAN]
    return [family for family in wanted if family in known] or own


_SYSTEM = {False: QFontDatabase.SystemFont.GeneralFont, True: QFontDatabase.SystemFont.FixedFont}
