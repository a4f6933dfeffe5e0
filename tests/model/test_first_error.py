"""What a line says of itself, in the manners of many programs, and which line is the first error of an output."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.model.first_error import Level, first_error, grave_lines, last_words, level_of

ERRORS = [
    "ERROR something",
    "ERROR: relation does not exist",
    "ERROR 1045 (28000): Access denied for user",
    "2026-03-01 12:00:00,123 ERROR app.db: connection refused",
    "2026-03-01T12:00:00.123Z FATAL out of memory",
    "12:00:00 [main] ERROR com.example.Job - gave up",
    "12:00:00 ERR no such table",
    "CRITICAL:root:disk failure",
    "FATAL:  role \"postgres\" does not exist",
    "FATAL: the database system is starting up\r",
    "[ERROR] Failed to execute goal",
    "[error] 7#7: *1 connect() failed",
    "[Sun Mar 01 12:00:00 2026] [core:error] [pid 1] AH00001: bad",
    "level=error msg=\"cannot bind\"",
    'time="2026-03-01" level=fatal msg="no space"',
    '{"level":"error","msg":"cannot bind"}',
    '{"severity": "CRITICAL", "message": "x"}',
    "error: could not compile `watch`",
    "error[E0308]: mismatched types",
    "src/main.c:12:5: error: expected ';' before '}' token",
    "main.c:1:10: fatal error: missing.h: No such file or directory",
    "src/app.ts(3,1): error TS2304: Cannot find name 'x'.",
    "Error: Cannot find module 'express'",
    "fatal: not a git repository (or any of the parent directories): .git",
    "panic: runtime error: index out of range [3] with length 3",
    "thread 'main' panicked at src/main.rs:2:5:",
    "psycopg.OperationalError: connection to server at \"db-02\" failed",
    "08:34:11.120 psycopg.OperationalError: connection to server at \"db-02\" failed",
    "[2026-11-23 08:34:11,120] java.lang.NullPointerException",
    "ValueError: invalid literal for int()",
    "KeyError",
    "ZeroDivisionError: division by zero",
    "builtins.ConnectionResetError: [Errno 104] Connection reset by peer",
    "java.lang.NullPointerException: Cannot invoke \"String.length()\"",
    "Exception in thread \"main\" java.lang.IllegalStateException: closed",
    "Caused by: java.io.IOException: broken pipe",
    "Uncaught TypeError: x is not a function",
    "TypeError [ERR_INVALID_ARG]: The \"path\" argument",
    "npm ERR! code ELIFECYCLE",
    "make: *** [Makefile:12: all] Error 2",
    "bash: line 3: frobnicate: command not found",
    "zsh: command not found: frobnicate",
    "Segmentation fault (core dumped)",
    "cp: cannot stat 'order.csv': No such file or directory",
    "/bin/sh: 3: ./load.sh: Permission denied",
    "tar: backup.tar: Cannot write: No space left on device",
    "\x1b[31mERROR\x1b[0m in colour",
    "\x1b[1;31merror\x1b[0m: in colour too",
    "psql:load.sql:3: ERROR:  syntax error at or near \"form\"",
    "错误：找不到文件",
    "[错误] 无法连接",
    "  ERROR indented",
    "System.IO.FileNotFoundException: Could not find file",
]  # fmt: skip

WARNINGS = [
    "WARNING: deprecated",
    "WARN  o.s.Context - bean overridden",
    "2026-03-01 12:00:00 WARNING app: slow",
    "warning: unused variable: `x`",
    "src/main.c:3:7: warning: unused variable 'x' [-Wunused-variable]",
    "lib/a.py:3: DeprecationWarning: use b",
    "[warn] something odd",
    "level=warn msg=x",
    '{"level":"warning","msg":"x"}',
    "npm WARN deprecated request@2.88.2",
    "\x1b[33mWARN\x1b[0m yellow",
]

LESS = [
    "",
    " ",
    "all is well",
    "0 errors, 0 warnings",
    "no error",
    "finished without ERROR",
    "0 ERROR(S)",
    "ERROR: 0",
    "error: none",
    "error: null",
    "last_error=",
    "errors=0 rows=12",
    "ERROR_COUNT=3",
    "stderr: closed",
    "/var/log/error.log rotated",
    "GET /error/404.html 200",
    "copied ERROR.txt",
    "terrific",
    "tried nginx: connection refused, then apache",
    "No such file or directory",
    "INFO ERROR rate is 0.1 %",
    "2026-03-01 12:00:00 INFO handler for error: registered",
    "DEBUG retrying after ConnectionError: x",
    "level=info msg=\"error: once\"",
    "[info] error: none of these",
    "    raise ValueError(\"x\")",
    "the errors of our fathers",
    "Traceback (most recent call last):",
    '  File "/opt/etl/jobs/load_orders.py", line 88, in main',
    "a panic room",
    "fatalities: 3",
    "critical path: 12 days",
    "x" * 100_000,
    "x" * 500 + " ERROR far in",
    "ERROR = 3",
    "no-error: x",
]  # fmt: skip


@pytest.mark.parametrize("line", ERRORS)
def test_an_error_is_known_by_its_form(line: str) -> None:
    assert level_of(line.encode()) is Level.ERROR
    assert level_of(line.encode() + b"\n") is Level.ERROR


@pytest.mark.parametrize("line", WARNINGS)
def test_a_warning_is_known_by_its_form(line: str) -> None:
    assert level_of(line.encode()) is Level.WARNING


@pytest.mark.parametrize("line", LESS, ids=lambda line: line[:40])
def test_what_only_speaks_of_errors_is_none(line: str) -> None:
    assert level_of(line.encode()) < Level.WARNING


@pytest.mark.parametrize("line", ["DEBUG x", "[debug] x", "level=trace", "12:00:00 TRACE x", "2026-03-01 VERBOSE x"])
def test_a_line_for_those_who_look_for_faults_is_known(line: str) -> None:
    assert level_of(line.encode()) is Level.DEBUG


@pytest.mark.parametrize("line", ERRORS)
def test_the_first_error_is_found_among_other_lines(line: str) -> None:
    data = "\n".join(["started", *LESS[:20], line, "ERROR a later one", "end"]).encode()
    found = first_error(data)
    assert found is not None
    assert found.data == line.rstrip("\r").encode()
    assert data[found.offset :].startswith(found.data)


def test_of_a_traceback_the_line_with_the_exception_is_the_error() -> None:
    text = b"""start
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    raise ValueError("error: within the source")

  File "b.py", line 2, in f
    g()
watch.Stale: somebody was first
more
"""
    found = first_error(text)
    assert found is not None and found.data == b"watch.Stale: somebody was first"


def test_an_interrupted_traceback_ends_in_its_last_line_too() -> None:
    found = first_error(b"Traceback (most recent call last):\n  File 'a'\n    x()\nKeyboardInterrupt\n")
    assert found is not None and found.data == b"KeyboardInterrupt"


def test_a_traceback_that_is_cut_off_is_itself_the_error() -> None:
    found = first_error(b"x\nTraceback (most recent call last):\n  File 'a'")
    assert found is not None and found.data == b"Traceback (most recent call last):"


def test_the_traceback_of_a_group_and_one_further_in_end_where_they_end() -> None:
    group = b"  + Exception Group Traceback (most recent call last):\n  |   File 'a'\n  | ExceptionGroup: two (2)\n"
    indented = b"  Traceback (most recent call last):\n    File 'a'\n  app.Odd: x\n"
    assert first_error(group) is not None
    found = first_error(indented)
    assert found is not None and found.data == b"  app.Odd: x"


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"fine\nfine\n", b"\0" * 1000, bytes(range(256)) * 10])
def test_an_output_without_errors_has_no_first_one(data: bytes) -> None:
    assert first_error(data) is None


def test_bytes_that_are_no_text_hide_no_error() -> None:
    found = first_error(b"\xff\xfe\x00 noise\nERROR \xff\xfe bytes\n")
    assert found is not None and found.data == b"ERROR \xff\xfe bytes"


def test_the_last_words_are_the_last_line_that_is_not_blank() -> None:
    assert last_words(b"a\nbroken\n \n\t\n") == (2, b"broken")
    assert last_words(b"alone") == (0, b"alone")
    assert last_words(b" \n\n") is None


@given(st.lists(st.sampled_from([*ERRORS, *WARNINGS, *LESS]), max_size=40), st.sampled_from(["\n", "\r\n"]))
def test_passing_over_lines_finds_what_looking_at_each_finds(lines: list[str], end: str) -> None:
    """What is quick agrees with what is plain."""
    data = end.join(lines).encode()
    each = [(found.start(), found[0].rstrip(b"\r")) for found in re.finditer(rb"[^\n]*", data)]
    for least in (Level.WARNING, Level.ERROR):
        plain = [(start, line) for start, line in each if line and level_of(line) >= least]
        assert [tuple(found) for found in grave_lines(data, least)] == plain


@given(st.binary(max_size=2_000))
def test_whatever_bytes_come_the_answer_lies_within_them(data: bytes) -> None:
    for line in grave_lines(data):
        assert data[line.offset : line.offset + len(line.data)] == line.data and b"\n" not in line.data


def test_a_line_across_two_slices_is_one_line() -> None:
    data = b"x" * (256 << 10) + b" ERROR far in\n" + b"y\n" * (200 << 10) + b"ERROR near\n"
    assert [line.data for line in grave_lines(data)] == [b"ERROR near"]


@pytest.mark.parametrize(
    "line",
    [
        "error" * 20_000,
        "[" * 100_000,
        "a." * 50_000 + "Error:",
        " " * 100_000 + "error:",
        "error " * 20_000,
        "***" * 30_000,
    ],
    ids=lambda line: line[:8],
)
def test_a_line_made_to_be_slow_is_looked_at_in_no_time(line: str) -> None:
    began = time.perf_counter()
    level_of(line.encode())
    first_error(line.encode() * 3)
    assert time.perf_counter() - began < 0.5


def test_a_big_output_is_passed_over_quickly() -> None:
    """100 MB/s on a quiet machine; half the machine may be somebody else's."""
    line = b"2026-03-01 12:34:56.789 INFO load_orders: 184210 rows staged in /var/tmp/etl/8123/orders.parquet\n"
    data = line * (20_000_000 // len(line))
    spans = []
    for _count in range(3):
        began = time.process_time()
        assert first_error(data) is None
        spans.append(time.process_time() - began)
    assert len(data) / min(spans) > 40e6
