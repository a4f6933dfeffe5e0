"""What tells two forms of a job apart: every field, and no other."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.action.test_written import specs
from watchkeeper.action.differences import Difference, differences
from watchkeeper.model import codec
from watchkeeper.model.job import Concurrency, JobSpec, Policy, Retry, Timeouts
from watchkeeper.model.span import Span
from watchkeeper.model.text import say
from watchkeeper.model.trigger import Cron, Interval, Manual

JOB = JobSpec("a", "shell", params={"script": "true"})
DAILY, HOURLY = Cron(cron="0 5 * * *", zone="UTC"), Cron(cron="0 * * * *", zone="UTC")
OFTEN = Interval(every=Span(minutes=5))


def told(before: JobSpec = JOB, **changed: Any) -> list[tuple[str, str | None, str | None]]:
    after = msgspec.structs.replace(before, **changed)
    return [(each.field, _said(each.before), _said(each.after)) for each in differences(before, after)]


def _said(value: Any) -> str | None:
    return None if value is None else say(value, "en")


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"retry": Retry(delay=Span(minutes=5))}, [("retry.delay", "1m", "5m")]),
        ({"timeouts": Timeouts(soft=Span(hours=1))}, [("timeouts.soft", None, "1h")]),
        ({"concurrency": Concurrency(policy=Policy.ALLOW)}, [("concurrency.policy", "queue", "allow")]),
        ({"description": "new"}, [("description", '""', "new")]),
        ({"tags": ("x", "y")}, [("tags", None, '["x","y"]')]),
        ({"env": {"A": "1"}}, [("env.A", None, "1")]),
        ({"params": {"script": "a\nb\n"}}, [("params.script", "true", "2 lines")]),
        ({"params": {"argv": ["x"]}}, [("params.script", "true", None), ("params.argv", None, '["x"]')]),
        ({"is_enabled": False, "priority": 9}, [("priority", "5", "9"), ("is_enabled", "true", "false")]),
        ({"triggers": (DAILY,)}, [("triggers", None, "cron: 0 5 * * *, zone: UTC")]),
        ({"triggers": (Manual(),)}, [("triggers", None, "manual")]),
        ({"description": "x" * 1_000}, [("description", '""', "x" * 200 + "…")]),
    ],
)
def test_a_field_is_told_with_what_was_and_what_is(changed: dict[str, Any], wanted: list[Any]) -> None:
    assert told(**changed) == wanted


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ((DAILY,), (HOURLY,), [("triggers[0].cron", "0 5 * * *", "0 * * * *")]),
        ((OFTEN, DAILY), (OFTEN, HOURLY), [("triggers[1].cron", "0 5 * * *", "0 * * * *")]),
        ((DAILY, OFTEN), (OFTEN,), [("triggers", "cron: 0 5 * * *, zone: UTC", None)]),
        (
            (DAILY,),
            (OFTEN,),
            [("triggers", "cron: 0 5 * * *, zone: UTC", None), ("triggers", None, "every: 5m")],
        ),
        (
            (DAILY, OFTEN),
            (OFTEN, DAILY),
            [("triggers", "cron: 0 5 * * *, zone: UTC; every: 5m", "every: 5m; cron: 0 5 * * *, zone: UTC")],
        ),
    ],
)
def test_triggers_are_told_as_added_removed_changed_or_in_another_order(before: Any, after: Any, wanted: Any) -> None:
    assert told(msgspec.structs.replace(JOB, triggers=before), triggers=after) == wanted


def test_texts_are_compared_line_by_line_where_it_is_asked_for() -> None:
    after = msgspec.structs.replace(JOB, params={"script": "a\nB\nc\n"})
    before = msgspec.structs.replace(JOB, params={"script": "a\nb\nc\n"})
    (told,) = differences(before, after, with_lines=True)
    assert told.lines == ("@@ -1,3 +1,3 @@", " a", "-b", "+B", " c")
    assert differences(before, after)[0].lines == ()


def test_a_text_of_very_many_lines_is_not_compared_line_by_line() -> None:
    before, after = (
        msgspec.structs.replace(JOB, params={"script": "\n".join(f"{n} {word}" for n in range(5_000))}) for word in "ab"
    )
    assert [each.lines for each in differences(before, after, with_lines=True)] == [()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(specs, specs)
def test_something_is_told_if_and_only_if_they_differ(one: JobSpec, other: JobSpec) -> None:
    assert differences(one, one) == ()
    same_name = msgspec.structs.replace(other, name=one.name)
    assert bool(differences(one, same_name)) is (one != same_name)


def test_a_difference_travels() -> None:
    (sent,) = differences(JOB, msgspec.structs.replace(JOB, params={"script": "a\nb"}))
    assert codec.decode(codec.encode(sent), Difference) == sent
