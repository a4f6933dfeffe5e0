"""What is said in the log between the outputs of two attempts."""

from watchkeeper.action.runs import Detail
from watchkeeper.model.text import Text, _
from watchkeeper.ui.spans import clock, duration


def heading(detail: Detail, zone: str, number: int) -> Text:
    """Before attempt `number`: how the one before ended, and when this one began."""
    before = detail.attempts[number - 2]
    took = duration(before.ended_at - (before.started_at or before.ended_at))
    is_last = number > len(detail.attempts)
    following = detail.run.started_at if is_last else detail.attempts[number - 1].started_at
    at = "" if following is None else clock(following, zone, has_seconds=True)
    said = {"n": before.number, "took": took, "next": number, "at": at}
    if before.exit_code is None:
        why = before.reason or ""
        return _("attempt {n} ended after {took}. Attempt {next} starts {at}. {why}", why=why, **said)
    code = before.exit_code
    return _("attempt {n} ended: exit {code} after {took}. Attempt {next} starts {at}.", code=code, **said)
