"""The secrets of a run, masked wherever something of it is kept or shown.

Decision. Question: when is masked? Decision: the log when it is read (offsets stay, and what a restart or a rotation
has taught is masked in old logs too); outputs and reasons before they are stored, and with them events, notices and
exports, which are made of them. Why: each way out passes one of these two places. Alternatives: at every way out, of
which the next one would be forgotten. State: `values_of` is the vault's; without it nothing is masked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from watchkeeper.engine.result import Result
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import RunId
from watchkeeper.model.known_secrets import masker_of
from watchkeeper.model.run import Run, State
from watchkeeper.model.text import Text, _

if TYPE_CHECKING:
    from watchkeeper.model.masker import Masker

#: The values of all secrets that a run may have seen. Of a live run it answers at once, for it is asked on the loop
#: when an attempt ends; of an ended one it is asked on a thread. Known when they can't be had now: a keyring is locked.
ValuesOf = Callable[[RunId], Collection[str]]

#: Gives up to so many bytes of a log: (offset, length).
Read = Callable[[int, int], Awaitable[bytes]]

#: Bytes of a log that a host gives at once.
MOST = 1 << 20


class Masks:
    """Knows the masker of every run."""

    def __init__(self, values_of: ValuesOf | None = None) -> None:
        self._values_of = values_of

    def of(self, run_id: RunId) -> "Masker | None":
        """The masker of a run; None when it has no secrets. From any thread.

        It is made once for each set of values, in milliseconds, for a key of 64 KiB in half a second: who opens a run's
        secrets on a thread asks for it there, and the loop will find it made.
        """
        return None if self._values_of is None else masker_of(self._values_of(run_id))

    def result(self, run_id: RunId, result: Result) -> Result:
        """What may be stored of a result. If the secrets can't be had, that is nothing that the program has said."""
        try:
            masker = self.of(run_id)
        except Known as error:
            has_said = result.reason is not None or result.outputs
            return replace(result, reason=_hidden_for(error.text) if has_said else None, outputs=None)
        if masker is None:
            return result
        return replace(result, reason=_masked(masker, result.reason), outputs=masker.masked(result.outputs))

    def reason(self, run_id: RunId, reason: Text) -> Text:
        """The same for a reason alone."""
        return self.result(run_id, Result(State.FAILED, reason)).reason or reason

    async def window(self, run: Run, attempt: int, offset: int, length: int, read: Read) -> bytes:
        """Up to `length` bytes of an attempt's log as they may be shown. Known when the secrets can't be had."""
        masker = None if self._values_of is None else await asyncio.to_thread(self.of, run.id)
        if masker is None:
            return await read(offset, length)
        first = max(0, offset - masker.context)
        length = min(length, MOST - 2 * masker.context)
        wanted = offset + length + masker.context - first
        data = await read(first, wanted)
        return await asyncio.to_thread(
            masker.window,
            data,
            offset - first,
            length,
            is_last=len(data) < wanted,
            may_grow=attempt == run.attempt and run.is_live and run.state is not State.UNKNOWN,
        )


def _hidden_for(why: Text) -> Text:
    return _("what it said is hidden, for its secrets can't be had to mask them: {why}", why=why)


def _masked(masker: "Masker", text: Text | None) -> Text | None:
    """`text` with its values masked; numbers in it stay, for they choose the plural."""
    if text is None:
        return None
    values = {name: _masked_value(masker, value) for name, value in text.values.items()}
    return msgspec.structs.replace(text, message=masker.masked(text.message), values=values)


def _masked_value(masker: "Masker", value: Any) -> Any:
    if isinstance(value, Text):
        return _masked(masker, value)
    return masker.masked(value) if isinstance(value, str | Mapping | list | tuple) else value
