"""Every field of a job has its words and a control that takes its values."""

from watchkeeper.model.form import Control
from watchkeeper.model.job_form import CHOICES, TRIGGERS, WORDS, job_fields, trigger_fields


def test_every_field_of_a_job_and_of_its_triggers_has_a_label() -> None:
    names = [field.name for field in job_fields()]
    named = [f"triggers.{field.name}" for kind in TRIGGERS for field in trigger_fields(kind)]
    assert [name for name in (*names, *named) if name not in WORDS] == []


def test_a_field_is_entered_as_its_type_asks() -> None:
    controls = {field.name: field.control for field in job_fields()}
    assert controls["retry.delay"] is Control.SPAN
    assert controls["priority"] is Control.WHOLE
    assert controls["env"] is Control.TABLE
    assert controls["is_enabled"] is Control.SWITCH
    assert controls["description"] is Control.LINES
    assert controls["concurrency.policy"] is Control.CHOICE
    assert controls["retry.jitter"] is Control.TEXT
    assert {field.name: field.control for field in trigger_fields("once")}["at"] is Control.MOMENT


def test_every_value_of_an_enumeration_has_words_of_its_own() -> None:
    for shape, labels in CHOICES.items():
        assert set(labels) == set(shape)  # type: ignore[call-overload]
        assert len({str(label) for label in labels.values()}) == len(labels)


def test_what_holds_if_nothing_is_said_is_plain() -> None:
    defaults = {field.name: field.default for field in job_fields()}
    assert defaults["retry.delay"] == "1m"
    assert defaults["priority"] == 5
    assert defaults["timeouts.soft"] is None
