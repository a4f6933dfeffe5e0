"""Triggers in words, for people who live in the workspace's own zone."""

import msgspec

from watchkeeper.model.text import Text

#: How model/words.py says a zone.
_ZONED = "{when} ({zone})"


def without_zone(text: Text, zone: str) -> Text:
    """The words without the zone, where that is `zone`; any other is told."""
    when = text.values.get("when")
    if not isinstance(when, Text):
        return text
    if text.message == _ZONED and text.values.get("zone") == zone:
        return when
    return msgspec.structs.replace(text, values={**text.values, "when": without_zone(when, zone)})
