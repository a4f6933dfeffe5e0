"""What things are: jobs, triggers, runs, hosts, people, events. Frozen and pure: no clock, no disk, no engine.

Decision: frozen values are msgspec Structs.
Question: which library turns values into JSON and back, with the field's path in every error?
Why: tagged unions for triggers, errors with a path, and creation cheap enough for the hot path.
Alternatives: dataclasses with cattrs (10x slower to build), pydantic (mutable by habit, 150 ms to import).
State: in force; the plugin contract keeps standard dataclasses, which msgspec reads as well.
"""
