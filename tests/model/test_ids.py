"""Ids: time-ordered, unique, version 7."""

import uuid

from watchkeeper.model.ids import uuid7


def test_ids_rise_and_never_repeat() -> None:
    made = [uuid7() for _ in range(50_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_a_uuid_of_version_7() -> None:
    read = uuid.UUID(uuid7())
    assert read.version == 7
    assert read.variant == uuid.RFC_4122
