"""python -m bench [--runs N] [--quick] [row ...]: a JSON line per row, then a table with what is reached."""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench import (
    reference,
    row_e1,
    row_e2,
    row_e3,
    row_e4,
    row_e5,
    row_e6,
    row_p1,
    row_p4,
    row_u1,
    row_u2,
    row_u3,
    row_u4,
    row_u5,
    row_u6,
    row_u7,
    row_u8,
)
from bench.child import rate
from bench.figure import Bar, Figure, table

RUNS_PER_SECOND = "runs/s"

NOOP_BARS = (Bar(5_000), Bar(12_000), Bar(0.4, is_ratio=True))
PROCESS_BARS = (Bar(600), Bar(0.35, is_ratio=True))
PRUNING_BARS = (Bar(300),)
LATENESS_BARS = (Bar(0.05, is_at_most=True), Bar(0.4, is_at_most=True))
START_BARS = (Bar(0.15, is_at_most=True), Bar(1.0, is_at_most=True))
MEMORY_BARS = (Bar(120, is_at_most=True),)
IDLE_BARS = (Bar(1.0, is_at_most=True),)
HISTORY_BARS = (Bar(100, is_at_most=True),)
GAP_BARS = (Bar(0.05, is_at_most=True),)
FIRST_ROW_BARS = (Bar(0.3, is_at_most=True),)
SEARCH_BARS = (Bar(2.0, is_at_most=True),)
CANCEL_BARS = (Bar(0.1, is_at_most=True),)
TIMELINE_BARS = (Bar(50, is_at_most=True),)
TABLE_BARS = (Bar(35, is_at_most=True),)
WINDOW_BARS = (Bar(1.0, is_at_most=True),)
KEYSTROKE_BARS = (Bar(60, is_at_most=True),)
USUAL_GAP_BARS, LONGEST_GAP_BARS = (Bar(33, is_at_most=True),), (Bar(100, is_at_most=True),)
CONSOLE_BARS, GROWTH_BARS = (Bar(250, is_at_most=True),), (Bar(1.0, is_at_most=True),)
SAVED_BARS, DISTURBED_BARS = (Bar(1.0, is_at_most=True),), (Bar(0, is_at_most=True),)
REST_BARS = (Bar(2.0, is_at_most=True),)
SWITCH_BARS = (Bar(500, is_at_most=True),)
MASKING_BARS = (Bar(50),)
RESTART_BARS = (Bar(5.0, is_at_most=True),)


@dataclass(frozen=True)
class Size:
    """How much work is measured, and how often."""

    runs: int
    noops: int = 20_000
    saved_files: int = 12
    instants: int = 4
    processes: int = 3_000
    few_jobs: int = 1_000
    many_jobs: int = 10_000
    few_schedules: int = 10_000
    many_schedules: int = 100_000
    live: int = 1_000
    timeline_runs: int = 1_000_000
    history_runs: int = 5_000_000
    jobs: int = 100_000
    runs_each: int = 20
    starts: int = 5
    beat_seconds: float = 20
    memory_seconds: float = 300
    rest_seconds: float = 60
    log_megabytes: int = 50
    reference_noops: int = 20_000
    reference_processes: int = 1_500
    peer_runs: int = 3_000


QUICK = Size(1, 2_000, 2, 200, 100, 200, 500, 1_000, 50, 20_000, 50_000, 1_000, 5, 1, 2, 10, 5, 5, 4_000, 300, 300)


def noops(size: Size) -> Iterator[Figure]:
    """E1, each run beside one of the reference."""
    pairs = [
        (row_e1.queued(size.noops), rate("reference", "noop", size.reference_noops, row_e1.IN_FLIGHT))
        for _ in range(size.runs)
    ]
    ours, theirs = zip(*pairs, strict=True)
    yield Figure("E1 no-op, queued", RUNS_PER_SECOND, ours, theirs, NOOP_BARS)
    fired = [row_e1.fired(size.instants) for _ in range(size.runs)]
    yield Figure(f"E1 no-op, {row_e1.JOBS:,} triggers due at once", RUNS_PER_SECOND, fired, theirs)
    on_server = [row_e1.queued_on_server(size.noops) for _ in range(size.runs)]
    yield Figure("E1 no-op, queued, on PostgreSQL", RUNS_PER_SECOND, on_server, theirs)
    yield Figure("reference no-op", RUNS_PER_SECOND, theirs)


def processes(size: Size) -> Iterator[Figure]:
    """E2, each run beside one of the reference."""
    pairs = [
        (row_e2.measured(size.processes), rate("reference", "process", size.reference_processes, row_e2.IN_FLIGHT))
        for _ in range(size.runs)
    ]
    rates, theirs = zip(*pairs, strict=True)
    yield Figure("E2 /bin/true, fresh host", RUNS_PER_SECOND, [each.fresh for each in rates], theirs, PROCESS_BARS)
    beside = [each.beside_pruning for each in rates]
    yield Figure("E2 /bin/true, beside pruning", RUNS_PER_SECOND, beside, theirs, PROCESS_BARS)
    yield Figure("E2 directories pruned meanwhile", "1/s", [each.pruned for each in rates], (), PRUNING_BARS)
    yield Figure("reference process", RUNS_PER_SECOND, theirs)


def restarts(size: Size) -> Iterator[Figure]:
    """E6."""
    seconds = [row_e6.seconds(size.live) for _ in range(size.runs)]
    yield Figure(f"E6 killed over {size.live:,} live runs", "s", seconds, (), RESTART_BARS)


def lateness(size: Size) -> Iterator[Figure]:
    """E3."""
    for count, bar in ((size.few_jobs, LATENESS_BARS[0]), (size.many_jobs, LATENESS_BARS[1])):
        seconds = [row_e3.lateness(count) for _ in range(size.runs)]
        yield Figure(f"E3 {count:,} cron jobs due at once, p99 of lateness", "s", seconds, (), (bar,))


def starts(size: Size) -> Iterator[Figure]:
    """E4."""
    for count, bar in ((size.few_schedules, START_BARS[0]), (size.many_schedules, START_BARS[1])):
        found = [row_e4.start(count) for _ in range(size.runs)]
        yield Figure(f"E4 {count:,} schedules planned", "s", [each.seconds for each in found], (), (bar,))
        yield Figure(f"E4 {count:,} schedules, memory", "MB", [each.megabytes for each in found], (), MEMORY_BARS)


def idleness(size: Size) -> Iterator[Figure]:
    """E5."""
    found = [row_e5.idle(size.few_schedules) for _ in range(size.runs)]
    yield Figure(f"E5 idle with {size.few_schedules:,} schedules", "%", [each.cpu for each in found], (), IDLE_BARS)
    yield Figure("E5 memory", "MB", [each.megabytes for each in found], (), MEMORY_BARS)


def logs(size: Size) -> Iterator[Figure]:
    """U4."""
    live = [row_u4.live() for _ in range(size.runs)]
    yield Figure("U4 log, 100,000 lines (50 MB) live, longest gap", "s", [each["gap"] for each in live], (), GAP_BARS)
    for what, name in (("open", "first rows"), ("tail", "last rows")):
        found = [row_u4.opened(what) for _ in range(size.runs)]
        yield Figure(f"U4 log, {name} of 1 GB", "s", [each["first"] for each in found], (), FIRST_ROW_BARS)
        yield Figure("U4 log, 1 GB looked through, longest gap", "s", [each["gap"] for each in found], (), GAP_BARS)
    searches = [row_u4.searched() for _ in range(size.runs)]
    references = [each["reference"] for each in searches]
    seconds = [each["seconds"] for each in searches]
    yield Figure("U4 log, search through 100 MB", "s", seconds, references, SEARCH_BARS)
    yield Figure("U4 log, search, longest gap", "s", [each["gap"] for each in searches], (), GAP_BARS)
    stops = [row_u4.stopped()["seconds"] for _ in range(size.runs)]
    yield Figure("U4 log, endless search ended", "s", stops, (), CANCEL_BARS)


def history(size: Size) -> Iterator[Figure]:
    """U3, and the timeline's own bar with fewer runs."""
    answers = [row_u3.asked(size.history_runs) for _ in range(size.runs)]
    for place, answer in enumerate(answers[0]):
        figures = [each[place].milliseconds for each in answers]
        yield Figure(f"U3 {size.history_runs:,} runs: {answer.name}", "ms", figures, (), HISTORY_BARS)
    lines = [row_u3.timeline(size.timeline_runs) for _ in range(size.runs)]
    yield Figure(f"timeline over {size.timeline_runs:,} runs", "ms", lines, (), TIMELINE_BARS)


def tables(size: Size) -> Iterator[Figure]:
    """U2: what it takes to have the rows, and to have them on the screen."""
    found = row_u2.asked(size.jobs, size.runs_each, 5 * size.runs)
    for window in found:
        rows = f"{window.rows} of {size.jobs:,} jobs"
        yield Figure(f"U2 first {rows}", "ms", window.first, (), TABLE_BARS)
        yield Figure(f"U2 {rows} after a keystroke in the filter", "ms", window.keystrokes, (), TABLE_BARS)
        yield Figure(f"U2 {rows} in another order", "ms", window.sorts)
    for form, times in row_u2.shown(size.jobs, size.runs_each).items():
        yield Figure(f"U2 key to rows on the screen, {size.jobs:,} jobs, {form}", "ms", times, (), KEYSTROKE_BARS)


def first_windows(size: Size) -> Iterator[Figure]:
    """U1, each start beside one of a window with a word in it."""
    console, bare = zip(*row_u1.starts(size.starts * size.runs), strict=True)
    yield Figure("U1 start to the first page, read and painted", "s", console, bare, WINDOW_BARS)
    yield Figure("reference bare window", "s", bare)


def answering(size: Size) -> Iterator[Figure]:
    """U5."""
    found = [row_u5.gaps(size.beat_seconds) for _ in range(size.runs)]
    for page in found[0]:
        each = [gaps[page] for gaps in found]
        yield Figure(f"U5 gap of a 16 ms timer, p99, {page}", "ms", [gaps.p99 for gaps in each], (), USUAL_GAP_BARS)
        yield Figure(f"U5 the longest, {page}", "ms", [gaps.longest for gaps in each], (), LONGEST_GAP_BARS)
    yield Figure("U5 runs meanwhile", RUNS_PER_SECOND, [each.rate for gaps in found for each in gaps.values()])


def growth(size: Size) -> Iterator[Figure]:
    """U6."""
    found = [row_u6.memory(size.memory_seconds) for _ in range(size.runs)]
    yield Figure("U6 memory of the console", "MB", [each.megabytes for each in found], (), CONSOLE_BARS)
    watched = f"U6 growth, told from {size.memory_seconds / 60:g} min"
    yield Figure(watched, "MB/h", [each.slope for each in found], (), GROWTH_BARS)


def plugins(size: Size) -> Iterator[Figure]:
    """P1."""
    found = [row_p1.saved(size.saved_files) for _ in range(size.runs)]
    seconds = [each for one in found for each in one.seconds]
    yield Figure("P1 plugin file saved, then usable, 200 runs/s", "s", seconds, (), SAVED_BARS)
    yield Figure("P1 longest", "s", [max(each.seconds) for each in found], (), SAVED_BARS)
    yield Figure("P1 runs disturbed", "runs", [each.disturbed for each in found], (), DISTURBED_BARS)


def rest(size: Size) -> Iterator[Figure]:
    """U7."""
    found = [row_u7.idle(size.rest_seconds) for _ in range(size.runs)]
    yield Figure("U7 dashboard open, no job due", "% of a core", found, (), REST_BARS)


def masking(size: Size) -> Iterator[Figure]:
    """P4."""
    for where, lines, bars in (("one line of 100", 100, MASKING_BARS), ("every line", 1, ())):
        found = [row_p4.speed(size.log_megabytes, lines) for _ in range(size.runs)]
        ours, theirs = [each.masked for each in found], [each.reference for each in found]
        yield Figure(f"P4 50 secrets masked, one of them in {where}", "MB/s", ours, theirs, bars)


def switches(size: Size) -> Iterator[Figure]:
    """U8."""
    found = [row_u8.switches() for _ in range(size.runs)]
    for what in ("theme", "language"):
        times = [each for switched in found for each in switched[what]]
        yield Figure(f"U8 another {what}, every page open", "ms", times, (), SWITCH_BARS)


def peers(size: Size) -> Iterator[Figure]:
    """The same work by others, as their own manuals set them up."""
    for title, words in (
        ("APScheduler 3 no-op, history added", ("peer_apscheduler", "noop", size.peer_runs, 10)),
        ("APScheduler 3 /bin/true, history added", ("peer_apscheduler", "process", size.peer_runs, row_e2.IN_FLIGHT)),
        ("huey no-op, no history", ("peer_huey", "noop", size.peer_runs, 1)),
        ("huey /bin/true, no history", ("peer_huey", "process", size.peer_runs, row_e2.IN_FLIGHT)),
    ):
        yield Figure(title, RUNS_PER_SECOND, [rate(*words) for _ in range(size.runs)])


ROWS: dict[str, Callable[[Size], Iterator[Figure]]] = {
    "E1": noops,
    "E2": processes,
    "E3": lateness,
    "E4": starts,
    "E5": idleness,
    "E6": restarts,
    "P4": masking,
    "U1": first_windows,
    "U2": tables,
    "U3": history,
    "U4": logs,
    "U5": answering,
    "U6": growth,
    "U7": rest,
    "P1": plugins,
    "U8": switches,
    "peers": peers,
}


def measured(chosen: Sequence[str], size: Size) -> Iterator[Figure]:
    """The figures, each said as soon as it is there."""
    for row in chosen:
        for figure in ROWS[row](size):
            print(figure.line(), flush=True)
            yield figure


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="row", help=f"which: {', '.join(ROWS)}; all if none is named")
    parser.add_argument("--runs", type=int, default=3, help="how often each row is measured (3)")
    parser.add_argument("--memory-minutes", type=float, default=5, help="how long U6 watches (5; the row is of 60)")
    parser.add_argument("--quick", action="store_true", help="once and little, to see that everything works")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    print(json.dumps(circumstances()), flush=True)
    size = QUICK if options.quick else Size(options.runs, memory_seconds=60 * options.memory_minutes)
    figures = list(measured(options.rows or list(ROWS), size))
    print("\n" + "\n".join(table(figures)))


def circumstances() -> dict[str, object]:
    """What the figures hang on besides the code."""
    return {
        "name": "circumstances",
        "reference_sha256": reference.sha256(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    main()
