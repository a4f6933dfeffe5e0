"""What plugin authors import: the contract, the words and nothing else of the house.

Decision: a plugin file is a module under a name with its content hash, and its decorators only return Specs.
Question: how are handlers found, reloaded and kept apart without an import that changes the program?
Why: nothing registers itself, so a reload is forgetting a module, and a live run keeps the Spec it holds.
Alternatives: entry points (a restart per change), subclasses found by a metaclass (state behind the import).
State: in force. Modules of foreign files are made in other processes alone; the engine keeps what they are like.

Decision: parameters are standard dataclasses, read by msgspec.
Question: how does a file without dependencies get a form, a check and a stored schema?
Why: one declaration gives all three, and an author needs to learn nothing.
Alternatives: pydantic models (a dependency in every plugin), JSON Schema beside the code (said twice).
State: in force.
"""

from watchkeeper.model.text import _
from watchkeeper.plugin.contract import (
    SCRIPT,
    Cancel,
    Command,
    Context,
    Ended,
    Fail,
    Retry,
    Secret,
    Spec,
    channel,
    handler,
    param,
)

__all__ = [
    "SCRIPT",
    "Cancel",
    "Command",
    "Context",
    "Ended",
    "Fail",
    "Retry",
    "Secret",
    "Spec",
    "_",
    "channel",
    "handler",
    "param",
]
