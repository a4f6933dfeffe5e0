"""Words that can be said in any language: kept as message and values, spoken only at the edge."""

import gettext
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from watchkeeper.model import places

#: The languages in which every word exists.
LANGUAGES = ("en", "zh_CN")


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence that has not been said in a language yet."""

    #: The English sentence, with `{name}` for each value.
    message: str
    #: The values, by name; a value may itself be a Text.
    values: Mapping[str, Any] = {}
    #: The English plural sentence, chosen by `values["n"]`.
    plural: str = ""

    def __str__(self) -> str:
        return say(self, "en")


def _(message: str, /, **values: Any) -> Text:
    """A sentence to be translated; `message` is a literal, so that it can be extracted."""
    return Text(message, values)


def plural(one: str, many: str, /, n: int, **values: Any) -> Text:
    """A sentence whose form depends on `n`."""
    return Text(one, {"n": n, **values}, many)


def say(text: Text | str, language: str) -> str:
    """The sentence in `language`, one of LANGUAGES; a plain string is said as it stands."""
    if isinstance(text, str):
        return text
    words = _catalogue(language)
    pattern = (
        words.ngettext(text.message, text.plural, text.values["n"]) if text.plural else words.gettext(text.message)
    )
    try:
        return pattern.format_map({name: _value(value, language) for name, value in text.values.items()})
    except (KeyError, IndexError, ValueError):
        return pattern


def chosen_language(environ: Mapping[str, str]) -> str:
    """The language that the usual variables ask for (gettext's order); English where we do not speak it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = environ.get(name, "").split(":")[0]
        if wanted:
            return "zh_CN" if wanted.lower().startswith("zh") else "en"
    return "en"


def from_stored(value: object) -> Text:
    """A Text again from the mapping that a store or a socket gave."""
    return msgspec.convert(value, Text)


def _value(value: Any, language: str) -> Any:
    if isinstance(value, Text):
        return say(value, language)
    if isinstance(value, Mapping) and "message" in value:
        return say(from_stored(value), language)
    return value


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    folder: Path = places.resources() / "translations"
    return gettext.translation("watchkeeper", str(folder), [language], fallback=True)
