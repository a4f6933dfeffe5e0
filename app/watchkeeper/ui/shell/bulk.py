"""What it means to do something with many things at once, said before it is done."""

from watchkeeper.model.text import Text, plural

#: More than so many are asked for first.
MOST_UNASKED = 10


def effect_of(action: str, n: int) -> Text:
    """A sentence with the number and what becomes of them."""
    match action:
        case "run.start":
            return plural(
                "{n} run is queued and starts as there is room.", "{n} runs are queued and start as there is room.", n
            )
        case "run.rerun":
            return plural(
                "{n} new run is queued with its earlier parameters.",
                "{n} new runs are queued with their earlier parameters.",
                n,
            )
        case "run.cancel":
            return plural(
                "{n} run is stopped; what it has done so far stays done.",
                "{n} runs are stopped; what they have done so far stays done.",
                n,
            )
        case "job.enable":
            return plural(
                "The triggers of {n} job fire again from now on.", "The triggers of {n} jobs fire again from now on.", n
            )
        case "job.disable":
            return plural(
                "The triggers of {n} job do not fire until it is enabled again.",
                "The triggers of {n} jobs do not fire until they are enabled again.",
                n,
            )
        case "job.delete":
            return plural(
                "{n} job and its triggers go; its runs stay, and Undo brings it back.",
                "{n} jobs and their triggers go; their runs stay, and Undo brings them back.",
                n,
            )
    return plural("{n} thing is changed.", "{n} things are changed.", n)
