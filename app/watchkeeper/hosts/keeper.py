"""The keeper: starts and watches the processes of one user on one host. One file, standard library, Python >= 3.6.

    python3 keeper.py serve ROOT --socket PATH [--detach]     python3 keeper.py attach --socket PATH

Per attempt there is a directory ROOT/runs/<key>, 0700: `script`, `stdin`, `secret-*`, `fifo`, `run`, `pid`, `out`,
`outputs`, `rc`. `run` is created O_EXCL by the run's sh wrapper, before its payload: the single moment of starting,
whoever asked and however many keepers there are. It holds pid, boot id, cookie, owner and limits; the keeper adds
the start time in `pid` when a run has lived for a second (before that its cookie names it). The wrapper writes `rc`
("0 end") and outlives the keeper: no run ends with it.

Several keepers. Each version has its own file, socket and lock, in which its pid stands. Whoever holds the lock
(flock) on a run's FIFO keeps that run: drains it, enforces its limits. The kernel frees the lock of a dead keeper, and
the next keeper of any version that meets the run takes it over; until then it only watches for the end.

Full disk. From the first byte that cannot be written on, a run's output is drained and counted as dropped, so the
payload never blocks, and `out` gives back its last 8 KiB, so that the ending can be written. A wrapper that
cannot write `run` starts nothing. A wrapper that cannot write `rc` tries again every second: the ending is late, not
lost.

The last bytes. When `rc` is written the wrapper gives up the FIFO's writing end, keeps the reading end, which keeps
what stands in it, and stops itself (SIGSTOP). It is killed by the keeper that has drained the FIFO, be it the first or
a later one: the death of a keeper costs no byte and no ending.

Output. `out` only ever grows, so a byte once read at an offset stays there: the first HEAD bytes at once, and when the
run has ended the last TAIL bytes behind them. What lies between is counted in `dropped`; `gap_at` is its place.

Wire. Newline-ended JSON both ways: {"id", "verb", ...} is answered by {"id", ...}; {"ended": [...], "number": n} is
pushed. Verbs: HELLO START STAT LIST READ KILL GC. Binary output travels as base64.

The portable path (--portable) needs neither pidfd nor /proc: it asks ps, and its sweep sees only descendants and the
group, which the proof says (`is_limited`). macOS is meant to use it and has not been run.
"""

import argparse
import base64
import errno
import fcntl
import functools
import hashlib
import heapq
import json
import os
import re
import resource
import select
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import termios
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional, Set, Tuple

Message = Dict[str, Any]
#: When, a number that keeps the order, and what to call.
Timer = List[Any]

HEAD, TAIL = 48 << 20, 16 << 20
CHUNK = 1 << 16
#: What a run's output gives back when the disk is full.
ROOM = 8 << 10
#: The most that one run may drain before the others have their turn.
TURN = 1 << 20
LONGEST_MESSAGE = 64 << 20
LONGEST_READ = 1 << 20
LONGEST_OUTPUTS = 1 << 16
#: Endings that LIST remembers.
REMEMBERED = 4096
#: Seconds that an ended run's output is waited for when something still holds its FIFO.
LINGER = 0.3
#: Seconds after which a run is old enough for its start time to be written down.
NEWBORN = 1.0
#: Seconds after KILL until what is still alive is reported as such.
PATIENCE = 5.0
#: Seconds between two looks at runs that another keeper keeps.
FOREIGN_TICK = 1.0
#: In a hundredth of a second so many ended runs are cleared away, so many of them by removal.
SWEPT_PER_TICK, REMOVED_PER_TICK = 12, 4
#: Emptied directories that wait for the next runs.
KEPT_EMPTY = 512
GC_AGE = 31 * 86400
GC_ROUND = 6 * 3600
PASSING = frozenset(
    (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EINTR, errno.ENOBUFS)
)
KEY = re.compile(r"[0-9a-f]{32}\.[0-9]{1,9}\Z")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
COOKIE = "WATCHKEEPER_COOKIE"

#: The last line gives up writing and waits for the keeper's SIGKILL (see "The last bytes").
#: $1 run directory, $2 standard input, $3 working folder, $4 what `run` is to hold, then the payload's own argv.
WRAPPER = """set -C; _wk_d=$1 _wk_i=$2; cd "$3" && exec 3<>"$1/fifo" && echo "$$ $4" >"$1/run" || exit
shift 4; %s <"$_wk_i" >&3 2>&3 3>&-; _wk_c=$?; until echo "$_wk_c end" >|"$_wk_d/rc"
do [ -d "$_wk_d" ] || kill -9 $$; command -p sleep 1; done
exec 4<"$_wk_d/fifo" 3>&-; kill -STOP $$
"""


class Refusal(Exception):
    """A start that cannot be; nothing has started.

    The sentence has {names} for its values: it is translated where it is read (see sentences.py beside this file).
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.values = {name: value[:200] for name, value in values.items()}


class Process(NamedTuple):
    """One line of the process table."""

    pid: int
    parent: int
    group: int
    start: str


# ---------------------------------------------------------------------------------------------------------------------
# The two platforms: how processes are seen.


class Linux:
    """Processes by /proc and pidfd."""

    is_limited = False

    def __init__(self) -> None:
        self.shell = "/bin/sh"
        self.session = '%s -- "$@"' % shlex.quote(shutil.which("setsid") or "/usr/bin/setsid")

    def boot_id(self) -> str:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()

    def process(self, pid: int) -> Optional[Process]:
        """The living process `pid`; None if there is none or it is a zombie."""
        try:
            fd = os.open("/proc/%d/stat" % pid, os.O_RDONLY)
        except OSError:
            return None
        try:
            fields = os.read(fd, 4096).rpartition(b")")[2].split()
        except OSError:
            return None
        finally:
            os.close(fd)
        if fields[0] in b"ZX":
            return None
        return Process(pid, int(fields[1]), int(fields[2]), fields[19].decode())

    def age(self, pid: int) -> Optional[float]:
        """Seconds since `pid` began, whatever was done to the clock; None if it is gone."""
        found = self.process(pid)
        if not found:
            return None
        with open("/proc/uptime") as file:
            return float(file.read().split()[0]) - int(found.start) / os.sysconf("SC_CLK_TCK")

    def table(self) -> List[Process]:
        """Every living process."""
        found = (self.process(int(name)) for name in os.listdir("/proc") if name.isdigit())
        return [process for process in found if process]

    def has_cookie(self, pid: int, cookie: str) -> bool:
        try:
            with open("/proc/%d/environ" % pid, "rb") as file:
                return ("%s=%s" % (COOKIE, cookie)).encode() in file.read().split(b"\0")
        except OSError:
            return False

    def watch(self, pid: int) -> int:
        """A descriptor that becomes readable when `pid` ends; -1 where only looking helps."""
        try:
            return os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
        except OSError:
            return -1


class Portable:
    """Processes by ps; what escapes both the group and its parents is not seen."""

    is_limited = True

    def __init__(self) -> None:
        bash = shutil.which("bash")
        self.shell = bash or "/bin/sh"
        self.session = 'set -m; (exec "$@")' if bash else Linux().session

    def boot_id(self) -> str:
        try:
            return Linux().boot_id()
        except OSError:
            return _said("sysctl", "-n", "kern.boottime")

    def process(self, pid: int) -> Optional[Process]:
        found = self._listed("-p", str(pid))
        return found[0] if found else None

    def age(self, pid: int) -> Optional[float]:
        said = _said("ps", "-p", str(pid), "-o", "etime=")
        days, hours, minutes, seconds = [0, 0, 0, *map(int, re.findall("[0-9]+", said) or [0])][-4:]
        return ((days * 24 + hours) * 60 + minutes) * 60.0 + seconds if said else None

    def table(self) -> List[Process]:
        return self._listed("-A")

    def has_cookie(self, pid: int, cookie: str) -> bool:
        return False

    def watch(self, pid: int) -> int:
        return -1

    def _listed(self, *which: str) -> List[Process]:
        said = _said("ps", *which, "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "stat=", "-o", "lstart=")
        rows = [line.split(None, 4) for line in said.splitlines()]
        return [
            Process(int(row[0]), int(row[1]), int(row[2]), row[4].strip().replace(" ", "_"))
            for row in rows
            if len(row) == 5 and not row[3].startswith("Z")
        ]


def _said(*argv: str) -> str:
    env = dict(os.environ, LC_ALL="C", TZ="UTC")
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, check=False)
    return done.stdout.decode().strip()


# ---------------------------------------------------------------------------------------------------------------------
# Small things of the file system.


def read_bytes(path: str, most: int = CHUNK) -> Optional[bytes]:
    """The first `most` bytes of a file; None if there is none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    try:
        return os.read(fd, most)
    finally:
        os.close(fd)


def write_new(path: str, data: bytes) -> None:
    """A new 0600 file, whole or an error."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write_all(fd, data)
    finally:
        os.close(fd)


def replace(path: str, data: bytes, is_durable: bool = False) -> None:
    """Put `data` in the place of `path` in one step."""
    temporary = "%s.%d" % (path, os.getpid())
    write_new(temporary, data)
    if is_durable:
        fd = os.open(temporary, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)
    os.replace(temporary, path)


def encoded(text: str) -> bytes:
    """UTF-8 whatever the locale; invalid bytes that came in as surrogates go out as they were."""
    return text.encode("utf-8", "surrogateescape")


def modified_at(path: str) -> Optional[float]:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None


def locked(fd: int) -> bool:
    """Whether this process now holds the lock on `fd`; where a FIFO cannot be locked there is only one keeper."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True


def splice(source: int, target: int, most: int, offset: int) -> int:
    """Move up to `most` bytes from a pipe to `offset` of a file; in the kernel where it can, so a kill loses none."""
    if hasattr(os, "splice"):
        try:
            return int(os.splice(source, target, most, offset_dst=offset))
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
    return os.pwrite(target, os.read(source, most), offset)


# ---------------------------------------------------------------------------------------------------------------------
# What a run directory says.


class Record(NamedTuple):
    """The line of `run`."""

    pid: int
    boot: str
    cookie: str
    owner: str
    soft: Optional[float]
    hard: Optional[float]
    silence: Optional[float]
    grace: float


def parse_record(text: bytes) -> Optional[Record]:
    """The line of `run`; None while it is not whole (then its payload has not been started)."""
    fields = text.decode("ascii", "replace").split()
    if not text.endswith(b"\n") or len(fields) != 8:
        return None
    soft, hard, silence = (None if field == "-" else float(field) for field in fields[4:7])
    return Record(int(fields[0]), fields[1], fields[2], fields[3], soft, hard, silence, float(fields[7]))


def exit_code(path: str) -> Optional[int]:
    """What the wrapper wrote in `rc`; None until that is whole."""
    fields = (read_bytes(path + "/rc", 64) or b"").split()
    return int(fields[0]) if len(fields) == 2 and fields[1] == b"end" else None


def note_of(path: str) -> Message:
    """What a keeper noted beside the usual: cut, dropped, proof, outputs' place in the gap."""
    try:
        found = json.loads((read_bytes(path + "/note") or b"{}").decode())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def outputs_of(path: str) -> str:
    return (read_bytes(path + "/outputs", LONGEST_OUTPUTS) or b"").decode("utf-8", "replace")


def size_of(path: str) -> int:
    try:
        return os.stat(path + "/out").st_size
    except OSError:
        return 0


def ended(key: str, path: str, phase: str) -> Message:
    """The status of a run that is over, from its directory."""
    status = {"key": key, "phase": phase, "started_at": modified_at(path + "/run"), "size": size_of(path)}
    status.update(note_of(path))
    if phase == "EXITED":
        status["exit_code"] = exit_code(path)
        status["ended_at"] = modified_at(path + "/rc")
        status["outputs"] = outputs_of(path)
    return status


# ---------------------------------------------------------------------------------------------------------------------
# One live run.


class Output:
    """Where a run's output goes: `out` up to the cap's head, then a ring in `tail`, joined when the run has ended."""

    __slots__ = ("fd", "head", "is_full", "lost", "path", "ring", "rung", "size", "tail")

    def __init__(self, path: str, head: int, tail: int) -> None:
        self.path, self.head, self.tail = path, head, tail
        self.fd = self.ring = -1
        #: The disk was full once; from then on everything is dropped.
        self.is_full = False
        #: Bytes in `out`; bytes given up before the ring began; bytes that went into the ring.
        self.size = self.lost = self.rung = 0

    @property
    def dropped(self) -> int:
        return self.lost + max(0, self.rung - self.tail)

    def recover(self) -> None:
        """Go on where another keeper stopped."""
        self.size = size_of(self.path)
        marks = (read_bytes(self.path + "/marks") or b"").split()
        if len(marks) == 4 and marks[3] == b"end":
            self.head, self.lost, self.rung = (int(mark) for mark in marks[:3])
            self.size = min(self.size, self.head)

    def take(self, fifo: int, waiting: int) -> int:
        """Move some of the `waiting` bytes; how many."""
        if self.size < self.head:
            try:
                if self.fd < 0:
                    self.fd = os.open(self.path + "/out", os.O_WRONLY | os.O_CREAT, 0o600)
                count = splice(fifo, self.fd, min(waiting, self.head - self.size), self.size)
                self.size += count
                return count
            except BlockingIOError:
                raise
            except OSError:
                self._give_way()
        data = os.read(fifo, min(waiting, CHUNK))
        if self.is_full:
            self.lost += len(data)
        else:
            self._ring(data)
        return len(data)

    def _give_way(self) -> None:
        """The disk is full: keep no more, and leave the wrapper the room that its `rc` needs."""
        self.is_full = True
        self.lost, self.rung = self.lost + self.rung, 0
        if os.path.exists(self.path + "/tail"):
            os.unlink(self.path + "/tail")
        if self.fd >= 0:
            given = min(self.size, ROOM)
            os.ftruncate(self.fd, self.size - given)
            self.size, self.lost = self.size - given, self.lost + given
        self.head = self.size

    def _ring(self, data: bytes) -> None:
        try:
            if self.ring < 0:
                self.ring = os.open(self.path + "/tail", os.O_RDWR | os.O_CREAT, 0o600)
            at, rest = self.rung % self.tail if self.tail else 0, data[-self.tail :] if self.tail else b""
            at = (at + len(data) - len(rest)) % self.tail if self.tail else 0
            first = rest[: self.tail - at]
            os.pwrite(self.ring, first, at)
            os.pwrite(self.ring, rest[len(first) :], 0)
            self._mark(self.rung + len(data))
            self.rung += len(data)
        except OSError:
            self.lost += len(data)
            self._give_way()

    def _mark(self, rung: int) -> None:
        text = "%d %d %d end\n" % (self.head, self.lost, rung)
        fd = os.open(self.path + "/marks", os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(fd, text.encode())
        os.close(fd)

    def close(self) -> Message:
        """Join the ring to `out`; what is to be noted of it."""
        noted: Message = {}
        if self.rung or self.lost:
            noted = {"gap_at": self.size, "dropped": self._joined()}
        for fd in (self.fd, self.ring):
            if fd >= 0:
                os.close(fd)
        self.fd = self.ring = -1
        return noted

    def _joined(self) -> int:
        kept = min(self.rung, self.tail)
        if kept:
            try:
                self._join(kept)
                os.unlink(self.path + "/tail")
            except OSError:
                os.truncate(self.path + "/out", self.size)
                return self.lost + self.rung
        return self.lost + self.rung - kept

    def _join(self, kept: int) -> None:
        if self.ring < 0:
            self.ring = os.open(self.path + "/tail", os.O_RDWR)
        if self.fd < 0:
            self.fd = os.open(self.path + "/out", os.O_WRONLY | os.O_CREAT, 0o600)
        done = 0
        while done < kept:
            at = (self.rung - kept + done) % self.tail
            data = os.pread(self.ring, min(CHUNK, kept - done, self.tail - at), at)
            done += os.pwrite(self.fd, data, self.size + done)


class Run:
    """A run that has not ended yet."""

    __slots__ = (
        "code", "ended_at", "fifo", "has_secrets", "heard_at", "is_child", "is_dry", "is_mine", "is_over", "is_void",
        "key", "ladder", "note", "output", "path", "pid", "record", "started_at", "timers", "watch",
    )  # fmt: skip

    def __init__(self, key: str, path: str, record: Record, output: Output) -> None:
        self.key, self.path, self.record, self.output = key, path, record, output
        self.pid = record.pid
        self.fifo = self.watch = -1
        self.started_at = self.ended_at = time.time()
        #: By the monotonic clock: when the last byte came.
        self.heard_at = 0.0
        self.code: Optional[int] = None
        #: Whether this keeper keeps it and whether it started it; whether its wrapper has gone, its FIFO is empty for
        #: good, and its payload is proved not to have been started.
        self.is_mine = self.is_child = self.is_over = self.is_dry = self.is_void = self.has_secrets = False
        self.ladder: Optional[Ladder] = None
        self.note: Message = {}
        #: What is to be cancelled when it has ended.
        self.timers: List[Timer] = []

    def status(self) -> Message:
        """What is known while it lives."""
        phase = "RUNNING" if os.path.exists(self.path + "/run") else "STARTING"
        status = {"key": self.key, "phase": phase, "pid": self.pid, "started_at": self.started_at}
        status["size"] = self.output.size if self.is_mine else size_of(self.path)
        if self.output.dropped:
            status["dropped"] = self.output.dropped
        status.update(self.note)
        return status

    def save(self, **facts: Any) -> None:
        """Note what the usual files do not say; on a full disk it is at least known to this keeper."""
        self.note.update(facts)
        try:
            replace(self.path + "/note", json.dumps(self.note).encode())
        except OSError:
            pass


class Ladder:
    """The way from TERM to the proof."""

    def __init__(self, platform: Any, cookie: str, wrapper: int, grace: float) -> None:
        self.platform, self.cookie, self.wrapper = platform, cookie, wrapper
        self.kill_at = time.monotonic() + grace
        self.give_up_at = 0.0
        #: Every process of the run that was ever seen, by pid and start time, and those seen alive last.
        self.seen: Set[Tuple[int, str]] = set()
        self.alive: Dict[int, Process] = {}
        self.groups: Set[int] = set()
        self.has_asked = False
        self.pause = 0.01
        self.waiters: List[Callable[[Message], None]] = []

    def look(self) -> None:
        """Find the run's living processes: children of the wrapper, their groups and descendants, the cookie."""
        table = self.platform.table()
        self.groups.update(process.pid for process in table if self.wrapper and process.parent == self.wrapper)
        found = {
            process.pid: process
            for process in table
            if process.group in self.groups
            or (process.pid, process.start) in self.seen
            or self.platform.has_cookie(process.pid, self.cookie)
        }
        found.pop(self.wrapper, None)
        self._add_descendants(found, table)
        self.alive = found
        self.seen.update((process.pid, process.start) for process in found.values())

    def _add_descendants(self, found: Dict[int, Process], table: List[Process]) -> None:
        while True:
            more = [process for process in table if process.parent in found and process.pid not in found]
            if not more:
                return
            found.update((process.pid, process) for process in more)

    def climb(self, is_over: bool) -> bool:
        """One step; True when the ladder is at its end."""
        self.look()
        now = time.monotonic()
        in_group = any(process.group in self.groups for process in self.alive.values())
        if not self.has_asked and now < self.kill_at:
            self.has_asked = in_group
            self._signal_groups(signal.SIGTERM, signal.SIGCONT)
        elif now >= self.kill_at or (is_over and not in_group):
            self.give_up_at = self.give_up_at or now + PATIENCE
            self._signal_groups(signal.SIGKILL)
            for process in self.alive.values():
                self._signal(process)
        self.pause = min(self.pause * 1.5, 0.2)
        return (is_over and not self.alive) or bool(self.give_up_at and now >= self.give_up_at)

    def _signal_groups(self, *signals: int) -> None:
        """Signal each group that still has a member which was seen in it just now."""
        for group in {process.group for process in self.alive.values()} & self.groups:
            for number in signals:
                try:
                    os.killpg(group, number)
                except OSError:
                    pass

    def _signal(self, process: Process) -> None:
        """KILL one process after a last look that it is still the one that was meant."""
        found = self.platform.process(process.pid)
        if found and found.start == process.start:
            try:
                os.kill(process.pid, signal.SIGKILL)
            except OSError:
                pass

    def proof(self) -> Message:
        proof: Message = {"found": len(self.seen), "gone": len(self.seen) - len(self.alive)}
        if self.platform.is_limited:
            proof["is_limited"] = True
        return proof


# ---------------------------------------------------------------------------------------------------------------------
# What the loop stands on.


class Poller:
    """epoll or poll, with a callback for each descriptor."""

    def __init__(self, is_portable: bool) -> None:
        is_epoll = hasattr(select, "epoll") and not is_portable
        self._poll: Any = select.epoll() if is_epoll else select.poll()
        self._unit = 1.0 if is_epoll else 1000.0
        self._callbacks: Dict[int, Callable[[int], None]] = {}

    def add(self, fd: int, callback: Callable[[int], None]) -> None:
        self._poll.register(fd, select.POLLIN)
        self._callbacks[fd] = callback

    def also_write(self, fd: int, is_wanted: bool) -> None:
        self._poll.modify(fd, select.POLLIN | (select.POLLOUT if is_wanted else 0))

    def remove(self, fd: int) -> None:
        if self._callbacks.pop(fd, None):
            self._poll.unregister(fd)

    def wait(self, seconds: float) -> None:
        """Call back for all that is ready within `seconds` (-1: for ever)."""
        timeout = -1 if seconds < 0 else seconds * self._unit + (1 if self._unit > 1 else 0)
        for fd, event in self._poll.poll(timeout):
            callback = self._callbacks.get(fd)
            if callback:
                callback(event)


class Timers:
    """What is to be done later, by the monotonic clock."""

    def __init__(self) -> None:
        self._heap: List[Timer] = []
        self._count = self._dead = 0

    def after(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back in `seconds`; what `cancel` takes."""
        self._count += 1
        timer = [time.monotonic() + max(0.0, seconds), self._count, callback]
        heapq.heappush(self._heap, timer)
        return timer

    def cancel(self, timer: Timer) -> None:
        """Forget a timer; the heap is cleared of dead ones when they are most of it."""
        if timer[2]:
            timer[2] = None
            self._dead += 1
        if self._dead > 1000 and self._dead * 2 > len(self._heap):
            self._heap = [timer for timer in self._heap if timer[2]]
            heapq.heapify(self._heap)
            self._dead = 0

    def wait(self) -> float:
        """Seconds until the next; -1 if there is none."""
        return max(0.0, self._heap[0][0] - time.monotonic()) if self._heap else -1

    def fire(self) -> None:
        now = time.monotonic()
        while self._heap and self._heap[0][0] <= now:
            timer = heapq.heappop(self._heap)
            callback, timer[2] = timer[2], None
            if callback:
                callback()
            else:
                self._dead -= 1


class Fences:
    """The highest fence of each workspace; on disk, shared by all keepers of the root."""

    def __init__(self, root: str) -> None:
        self._path = root + "/fences"
        self._signature: Optional[Tuple[int, int]] = None
        self._known: Dict[str, int] = {}

    def of(self, workspace: str) -> int:
        """The highest fence seen from `workspace`; a stat where nothing has changed."""
        try:
            found = os.stat(self._path)
        except OSError:
            return 0
        if self._signature != (found.st_ino, found.st_mtime_ns):
            with open(self._path) as file:
                self._known = json.load(file)
            self._signature = (found.st_ino, found.st_mtime_ns)
        return self._known.get(workspace, 0)

    def lift(self, workspace: str, fence: int) -> bool:
        """Remember `fence`; False if a higher one is known."""
        lock = os.open(self._path + ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            highest = self.of(workspace)
            if fence > highest:
                replace(self._path, json.dumps(dict(self._known, **{workspace: fence})).encode(), is_durable=True)
            return fence >= highest
        finally:
            os.close(lock)


class Connection:
    """One engine's channel."""

    def __init__(self, keeper: "Keeper", channel: socket.socket) -> None:
        self.keeper, self.channel = keeper, channel
        self.workspace, self.owner, self.fence = "", "", -1
        self._incoming, self._outgoing = bytearray(), bytearray()
        self._is_full = self.is_closing = False
        channel.setblocking(False)
        keeper.poller.add(channel.fileno(), self.ready)

    def ready(self, event: int) -> None:
        try:
            if event & select.POLLOUT:
                self.flush()
            if event & ~select.POLLOUT:
                self._receive()
        except OSError:
            self.close()

    def _receive(self) -> None:
        data = self.channel.recv(1 << 18)
        if not data or len(self._incoming) > LONGEST_MESSAGE:
            self.close()
            return
        self._incoming += data
        if b"\n" not in data:
            return
        lines = self._incoming.split(b"\n")
        self._incoming = lines.pop()
        for line in lines:
            if self.channel.fileno() >= 0 and not self.is_closing:
                self.keeper.answer(self, bytes(line))

    def send(self, message: Message) -> None:
        self._outgoing += json.dumps(message, separators=(",", ":")).encode() + b"\n"
        self.keeper.talking.add(self)

    def flush(self) -> None:
        """Write what the socket takes."""
        if self.channel.fileno() < 0:
            return
        try:
            del self._outgoing[: self.channel.send(self._outgoing)]
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        if bool(self._outgoing) != self._is_full:
            self._is_full = bool(self._outgoing)
            self.keeper.poller.also_write(self.channel.fileno(), self._is_full)
        if self.is_closing and not self._outgoing:
            self.close()

    def close(self) -> None:
        if self.channel.fileno() >= 0:
            self.keeper.poller.remove(self.channel.fileno())
            self.channel.close()
            self.keeper.connections.discard(self)
            self.keeper.is_used()


class Broom:
    """Clears ended runs away, a few at a time, and keeps some emptied directories for the next ones.

    Removing many files at once slows every start after it (ext4 without a journal walks over inodes deleted lately),
    so a directory, its FIFO and its `rc` are used again where nothing holds them.
    """

    def __init__(self, keeper: "Keeper") -> None:
        self._keeper, self._trash = keeper, "%s/trash/%s" % (keeper.root, keeper.options.version)
        os.makedirs(self._trash, 0o700, exist_ok=True)
        self._inherit(keeper.root)
        self._waiting: Deque[str] = deque(os.listdir(self._trash))
        self._emptied: List[str] = []
        self._count = 0
        self._is_sweeping = False
        self._later()
        keeper.timers.after(60, self._old)

    def _inherit(self, root: str) -> None:
        """Take over what keepers of other versions left behind."""
        for version in os.listdir(root + "/trash"):
            lock = os.open("%s/keepers/%s.lock" % (root, version), os.O_RDWR | os.O_CREAT, 0o600)
            if locked(lock):
                for name in os.listdir("%s/trash/%s" % (root, version)):
                    os.rename("%s/trash/%s/%s" % (root, version, name), "%s/%s" % (self._trash, name))
            os.close(lock)

    def throw(self, key: str, path: str) -> None:
        """Take the directory out of sight at once; clear it away later."""
        self._count += 1
        name = "%s.%d.%d" % (key, os.getpid(), self._count)
        os.rename(path, "%s/%s" % (self._trash, name))
        self._waiting.append(name)
        self._later()

    def supply(self, path: str) -> bool:
        """Put an emptied directory at `path`; False if there is none or `path` is in use."""
        if not self._emptied or os.path.lexists(path):
            return False
        try:
            os.rename("%s/%s" % (self._trash, self._emptied.pop()), path)
        except OSError:
            return False
        return True

    def _later(self) -> None:
        if self._waiting and not self._is_sweeping:
            self._is_sweeping = True
            self._keeper.timers.after(0.01, self._sweep)

    def _sweep(self) -> None:
        self._is_sweeping = False
        removed = 0
        for _ in range(min(SWEPT_PER_TICK, len(self._waiting))):
            name = self._waiting.popleft()
            if len(self._emptied) < KEPT_EMPTY and _emptied("%s/%s" % (self._trash, name)):
                self._emptied.append(name)
                continue
            shutil.rmtree("%s/%s" % (self._trash, name), ignore_errors=True)
            removed += 1
            if removed == REMOVED_PER_TICK:
                break
        self._later()

    def _old(self) -> None:
        keeper = self._keeper
        for entry in os.scandir(keeper.root + "/runs"):
            if KEY.match(entry.name) and entry.stat().st_mtime < time.time() - GC_AGE:
                keeper.collect(entry.name)
        keeper.timers.after(GC_ROUND, self._old)


def _emptied(path: str) -> bool:
    """Whether the directory is now as good as new; False where a process may still have a hand in it."""
    try:
        names = set(os.listdir(path))
        if not {"fifo", "rc"} <= names or _is_held_fifo(path + "/fifo"):
            return False
        os.close(os.open(path + "/rc", os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW))
        for name in names - {"fifo", "rc"}:
            os.unlink("%s/%s" % (path, name))
    except OSError:
        return False
    return True


def _is_held_fifo(path: str) -> bool:
    fifo = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        return not stat.S_ISFIFO(os.fstat(fifo).st_mode) or not locked(fifo) or _has_writer(fifo)
    finally:
        os.close(fifo)


# ---------------------------------------------------------------------------------------------------------------------
# Starting.


class Starter:
    """Makes run directories and starts wrappers."""

    def __init__(self, keeper: "Keeper") -> None:
        self._keeper = keeper
        self._base = {name: value for name, value in os.environb.items() if name != COOKIE.encode()}
        self._home = os.path.expanduser("~")
        self._shebangs: Dict[str, str] = {}
        self._null = os.open(os.devnull, os.O_RDWR)
        self._wrapper = WRAPPER % (_raised_limit() + keeper.platform.session)

    def prepare(self, path: str, start: Message, cookie: str) -> Tuple[List[bytes], Dict[bytes, bytes]]:
        """Write what the run needs; the wrapper's argv and environment. Refusal or OSError if it cannot start."""
        env = self._environment(path, start, cookie)
        cwd = self._folder(start.get("cwd"))
        argv = self._argv(path, start)
        self._require_program(argv[0], cwd, env)
        stdin = os.devnull
        if start.get("stdin") is not None:
            stdin = path + "/stdin"
            write_new(stdin, encoded(start["stdin"]))
        record = " ".join([self._keeper.boot, cookie, start["owner"], *_limits(start.get("limits") or {})])
        words = [self._keeper.platform.shell, "-c", self._wrapper, "sh", path, stdin, cwd, record]
        return [encoded(word) for word in words + argv], env

    def spawn(self, argv: List[bytes], env: Dict[bytes, bytes]) -> int:
        """Start the wrapper in a session of its own; its pid."""
        if sys.version_info >= (3, 8) and hasattr(os, "posix_spawn"):
            reset = (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
            actions = [(os.POSIX_SPAWN_DUP2, self._null, 2)]
            try:
                return os.posix_spawn(argv[0], argv, env, setsid=True, setsigdef=reset, file_actions=actions)
            except NotImplementedError:
                pass
        child = subprocess.Popen(argv, env=env, start_new_session=True, stderr=self._null)
        child.returncode = 0  # reaped by the keeper's loop, not by Popen
        return child.pid

    def _environment(self, path: str, start: Message, cookie: str) -> Dict[bytes, bytes]:
        env = dict(self._base)
        for name, value in (start.get("env") or {}).items():
            if not NAME.match(name) or "\0" in value:
                raise Refusal(
                    "the environment variable {name} cannot be set: a name is letters, digits and _", name=repr(name)
                )
            env[name.encode()] = encoded(value)
        for name, value in (start.get("secrets") or {}).items():
            if not NAME.match(name):
                raise Refusal("the secret {name} has no usable name: use letters, digits and _", name=repr(name))
            write_new("%s/secret-%s" % (path, name), encoded(value))
            env[("WATCHKEEPER_SECRET_%s_FILE" % name).encode()] = encoded("%s/secret-%s" % (path, name))
        env[b"WATCHKEEPER_OUTPUT"] = encoded(path + "/outputs")
        env[COOKIE.encode()] = cookie.encode()
        return env

    def _folder(self, cwd: Optional[str]) -> str:
        folder = self._home if cwd is None else os.path.expanduser(cwd)
        if folder[:1] == "/" and "\0" not in folder and os.access(encoded(folder + "/."), os.X_OK):
            return folder
        if not os.path.isabs(folder) or "\0" in folder:
            raise Refusal("the working folder {folder} is not an absolute path", folder=repr(folder))
        if not os.path.isdir(encoded(folder)):
            raise Refusal("the working folder {folder} does not exist", folder=folder)
        raise Refusal("the working folder {folder} may not be entered", folder=folder)

    def _argv(self, path: str, start: Message) -> List[str]:
        argv = list(start.get("argv") or ())
        if not argv or not all(isinstance(item, str) and "\0" not in item for item in argv) or not argv[0]:
            raise Refusal("there is no program to run: argv must be a list of texts without NUL")
        if start.get("script") is not None:
            suffix = start.get("script_suffix") or ""
            if "/" in suffix or "\0" in suffix:
                raise Refusal("the script's suffix {suffix} is none", suffix=repr(suffix))
            script = path + "/script" + suffix
            write_new(script, encoded(start["script"]))
            argv = [script if item == "{script}" else item for item in argv]
        return argv

    def _require_program(self, program: str, cwd: str, env: Dict[bytes, bytes]) -> None:
        folders = [""] if "/" in program else os.fsdecode(env.get(b"PATH", os.defpath.encode())).split(os.pathsep)
        is_there = False
        for folder in folders:
            candidate = os.path.join(cwd, folder, program)
            if os.access(encoded(candidate), os.X_OK) and not os.path.isdir(encoded(candidate)):
                return self._require_interpreter(candidate)
            is_there = is_there or os.path.exists(encoded(candidate))
        if is_there:
            raise Refusal(
                "the program {program} may not be executed: its mode or its mount forbids it", program=program
            )
        raise Refusal("the program {program} was not found on this host", program=program)

    def _require_interpreter(self, program: str) -> None:
        if program not in self._shebangs:
            first = (read_bytes(program, 256) or b"").split(b"\n")[0]
            words = first[2:].split() if first.startswith(b"#!") else []
            self._shebangs[program] = os.fsdecode(words[0]) if words else ""
        interpreter = self._shebangs[program]
        if interpreter and not os.access(interpreter, os.X_OK):
            del self._shebangs[program]
            raise Refusal(
                "the program {program} needs {interpreter}, which was not found on this host",
                program=program,
                interpreter=interpreter,
            )


def _limits(limits: Message) -> List[str]:
    """The limits as `run` holds them: seconds, or - for none."""
    wanted = [limits.get("soft"), limits.get("hard"), limits.get("silence"), limits.get("grace", 10.0)]
    return ["-" if seconds is None else repr(float(seconds)) for seconds in wanted]


def _raised_limit() -> str:
    """Let the keeper have as many descriptors as it may; the words that give its runs the old limit again."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):
        return ""
    return "" if soft in (hard, resource.RLIM_INFINITY) else "ulimit -Sn %d; " % soft


# ---------------------------------------------------------------------------------------------------------------------
# The keeper itself.


class Keeper:
    """One loop over connections, FIFOs, children and timers."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.root = options, os.path.abspath(options.root)
        self.platform: Any = Portable() if options.portable else Linux()
        self.boot = options.boot_id or self.platform.boot_id().replace(" ", "_")
        self.life = os.urandom(8).hex()
        self.poller, self.timers = Poller(options.portable), Timers()
        self.runs: Dict[str, Run] = {}
        self.by_pid: Dict[int, Run] = {}
        self.connections: Set[Connection] = set()
        self.talking: Set[Connection] = set()
        self.number = 0
        self.remembered: Deque[Tuple[int, str, Message]] = deque(maxlen=REMEMBERED)
        #: Cookies of wrappers that were let go: one that has not quite gone yet is not met again.
        self.let_go: Deque[str] = deque(maxlen=1_000)
        self.unsaid: List[Tuple[int, str, Message]] = []
        self.fresh: List[Run] = []
        self.newborn: List[Run] = []
        self.is_done = self._is_looking = False
        self.folder = self._folder_id()
        self.last_use = 0.0
        self.fences, self.starter, self.broom = Fences(self.root), Starter(self), Broom(self)
        #: Each run may need a second descriptor for its output, and some are kept free.
        self.most_fifos = (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 64) // 2
        self.verbs: Dict[str, Callable[[Connection, Message], Optional[Message]]] = {
            "HELLO": self._hello, "START": self._start, "STAT": self._stat, "LIST": self._list, "READ": self._read,
            "KILL": self._kill, "GC": self._gc,
        }  # fmt: skip

    def _folder_id(self) -> str:
        os.makedirs(self.root + "/runs", 0o700, exist_ok=True)
        made = "%s/folder.%d" % (self.root, os.getpid())
        write_new(made, os.urandom(16).hex().encode())
        try:
            os.link(made, self.root + "/folder")
        except FileExistsError:
            pass
        os.unlink(made)
        return (read_bytes(self.root + "/folder") or b"").decode()

    # The loop.

    def serve(self, listener: socket.socket) -> None:
        """Until there has been nothing to do for the idle time."""
        listener.setblocking(False)
        self.poller.add(listener.fileno(), lambda _: self._accept(listener))
        self._hear_children()
        for entry in os.scandir(self.root + "/runs"):
            self.meet(entry.name)
        self.is_used()
        self.timers.after(self.options.idle, self._leave)
        while not self.is_done:
            self.poller.wait(self.timers.wait())
            self.timers.fire()
            self._settle()
            self._say_endings()
            for connection in list(self.talking):
                connection.flush()
            self.talking.clear()

    def _accept(self, listener: socket.socket) -> None:
        try:
            self.connections.add(Connection(self, listener.accept()[0]))
        except OSError as error:
            if error.errno in PASSING and error.errno != errno.EAGAIN:
                self.poller.remove(listener.fileno())
                self.timers.after(0.2, lambda: self.poller.add(listener.fileno(), lambda _: self._accept(listener)))

    def _hear_children(self) -> None:
        ear, mouth = os.pipe()
        os.set_blocking(ear, False)
        os.set_blocking(mouth, False)
        signal.set_wakeup_fd(mouth)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.poller.add(ear, lambda _: self._reap(ear))

    def _reap(self, ear: int) -> None:
        os.read(ear, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return
            if not pid:
                return
            run = self.by_pid.get(pid)
            if run and os.WIFSTOPPED(status):
                self._over_if_ended(run)
            elif run:
                del self.by_pid[pid]
                self._over(run, was_killed=os.WIFSIGNALED(status))

    def is_used(self) -> None:
        """Somebody was here: the idle time begins anew."""
        self.last_use = time.monotonic()

    def _leave(self) -> None:
        if self.connections or any(run.is_mine for run in self.runs.values()):
            self.is_used()
        left = self.last_use + self.options.idle - time.monotonic()
        self.is_done = left <= 0
        self.timers.after(left, self._leave)

    # What is asked.

    def answer(self, connection: Connection, line: bytes) -> None:
        """Carry out one request; a faulty one costs its sender the connection."""
        try:
            request = json.loads(line.decode())
            verb = self.verbs[request["verb"]]
            if verb != self._hello and self.fences.of(connection.workspace) > connection.fence:
                return self._fenced(connection, request["id"])
            reply = verb(connection, request)
            if reply is not None:
                connection.send(dict(reply, id=request["id"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            print("bad request: %r" % error, file=sys.stderr, flush=True)
            connection.close()
        except OSError as error:
            connection.send({"id": request["id"], "error": "failed", "text": str(error)})

    def _fenced(self, connection: Connection, number: Optional[int]) -> None:
        connection.send({"id": number, "error": "fenced"})
        connection.is_closing = True

    def _hello(self, connection: Connection, request: Message) -> Optional[Message]:
        workspace, fence = str(request["workspace"]), int(request["fence"])
        if not self.fences.lift(workspace, fence):
            self._fenced(connection, request["id"])
            return None
        for other in self.connections:
            if other.workspace == workspace and other.fence < fence and other is not connection:
                self._fenced(other, None)
        connection.workspace, connection.fence = workspace, fence
        connection.owner = hashlib.sha256(encoded(workspace)).hexdigest()[:16]
        return {"boot_id": self.boot, "folder_id": self.folder, "life": self.life, "number": self.number}

    def _start(self, connection: Connection, request: Message) -> Message:
        return {"answers": [self.start(dict(start, owner=connection.owner)) for start in request["starts"]]}

    def _stat(self, connection: Connection, request: Message) -> Message:
        return {"statuses": [self.status(key) for key in request["keys"]]}

    def _list(self, connection: Connection, request: Message) -> Message:
        since = request["since"]
        found = [status for number, owner, status in self.remembered if number > since and owner == connection.owner]
        is_whole = not self.remembered or self.remembered[0][0] <= since + 1
        return {"statuses": found, "number": self.number, "is_whole": is_whole}

    def _read(self, connection: Connection, request: Message) -> Message:
        path, length = self.path(request["key"]), min(int(request["length"]), LONGEST_READ)
        run = self.runs.get(request["key"])
        if run and run.is_mine:
            length = min(length, max(0, run.output.size - int(request["offset"])))
        try:
            fd = os.open(path + "/out", os.O_RDONLY)
        except OSError:
            return {"data": ""}
        try:
            return {"data": base64.b64encode(os.pread(fd, length, int(request["offset"]))).decode()}
        finally:
            os.close(fd)

    def _kill(self, connection: Connection, request: Message) -> None:
        number = request["id"]

        def told(proof: Message) -> None:
            connection.send({"id": number, "proof": proof})

        self.kill(request["key"], float(request["grace"]), "killed", told)

    def _gc(self, connection: Connection, request: Message) -> Message:
        return {"keys": [key for key in request["keys"] if self.collect(key)]}

    def path(self, key: str) -> str:
        """The directory of a well-formed key."""
        if not KEY.match(key):
            raise ValueError("not a key: %r" % key[:80])
        return "%s/runs/%s" % (self.root, key)

    # START.

    def start(self, start: Message) -> Message:
        """Start one attempt unless it was started before."""
        key = start["key"]
        path = self.path(key)
        try:
            is_new = self._make(path)
            status = None if is_new else self.status(key)
            if status and status["phase"] != "CLAIMED_NOT_STARTED":
                return {"key": key, "status": status}
            fifo = self._claim(path, is_new)
        except OSError as error:
            return _refused(
                key, Refusal("the run directory could not be made: {why}", why=str(error.strerror)), error.errno
            )
        if fifo is None:
            return {"key": key, "status": dict(self.status(key), phase="STARTING")}
        try:
            return {"key": key, "status": self._launch(key, path, start, fifo)}
        except (Refusal, OSError) as error:
            shutil.rmtree(path, ignore_errors=True)
            os.close(fifo)
            if isinstance(error, Refusal):
                return _refused(key, error)
            return _refused(key, Refusal("the run could not be started: {why}", why=str(error.strerror)), error.errno)

    def _make(self, path: str) -> bool:
        if self.broom.supply(path):
            return True
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            return False
        return True

    def _claim(self, path: str, is_new: bool) -> Optional[int]:
        """The locked FIFO of a run that nobody has started or is starting; None if somebody is."""
        try:
            os.mkfifo(path + "/fifo", 0o600)
        except FileExistsError:
            pass
        fifo = os.open(path + "/fifo", os.O_RDONLY | os.O_NONBLOCK)
        if fifo >= self.most_fifos:
            os.close(fifo)
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        if not locked(fifo) or not (is_new or self._forget_void(path, fifo)):
            os.close(fifo)
            return None
        return fifo

    def _forget_void(self, path: str, fifo: int) -> bool:
        """Clear the trace of a wrapper that started nothing; False if there is a living one or it did start."""
        if _has_writer(fifo) or parse_record(read_bytes(path + "/run", 4096) or b""):
            return False
        for name in ("run", "pid"):
            try:
                os.unlink("%s/%s" % (path, name))
            except FileNotFoundError:
                pass
        return True

    def _launch(self, key: str, path: str, start: Message, fifo: int) -> Message:
        cookie = "%s.%s" % (key, os.urandom(8).hex())
        argv, env = self.starter.prepare(path, start, cookie)
        pid = self.starter.spawn(argv, env)
        record = parse_record(b"%d %s\n" % (pid, argv[7]))
        assert record
        run = Run(key, path, record, Output(path, self.options.head, self.options.tail))
        run.is_mine = run.is_child = True
        run.has_secrets = bool(start.get("secrets"))
        self.runs[key] = self.by_pid[pid] = run
        self._identify_soon(run)
        self._keep(run, fifo, 0.0)
        return {"key": key, "phase": "STARTING", "pid": pid, "started_at": run.started_at}

    def _identify_soon(self, run: Run) -> None:
        """Most runs end before it is worth the file; until then the cookie tells later keepers who it is."""
        if not self.newborn:
            self.timers.after(0.0 if self.platform.is_limited else NEWBORN, self._identify_newborn)
        self.newborn.append(run)

    def _identify_newborn(self) -> None:
        newborn, self.newborn = self.newborn, []
        for run in newborn:
            if not run.is_over:
                self._identify(run)

    def _identify(self, run: Run) -> None:
        """Write down the wrapper's start time, which with its pid and the boot id names it for later keepers."""
        found = self.platform.process(run.pid)
        try:
            write_new(run.path + "/pid", ("%d %s\n" % (run.pid, found.start if found else "-")).encode())
        except OSError:
            pass

    def _keep(self, run: Run, fifo: int, age: float) -> None:
        """Drain the FIFO and hold the limits from now on; the run is `age` seconds old."""
        run.fifo, run.is_mine, run.heard_at = fifo, True, time.monotonic()
        self.poller.add(fifo, lambda event: self._heard(run, event))
        record = run.record
        if record.soft is not None:
            run.timers.append(self.timers.after(record.soft - age, lambda: self._cut(run, record.grace, "soft")))
        if record.hard is not None:
            run.timers.append(self.timers.after(record.hard - age, lambda: self._cut(run, 0.0, "hard")))
        if record.silence is not None:
            run.timers.append(self.timers.after(record.silence, lambda: self._listen(run)))

    def _cut(self, run: Run, grace: float, why: str) -> None:
        if self.runs.get(run.key) is run and not run.is_over:
            self._climb_soon(run, grace, why)

    def _listen(self, run: Run) -> None:
        left = run.heard_at + (run.record.silence or 0.0) - time.monotonic()
        if left <= 0:
            self._cut(run, run.record.grace, "silence")
        elif self.runs.get(run.key) is run:
            run.timers[-1] = self.timers.after(left, lambda: self._listen(run))

    # Output and endings.

    def _heard(self, run: Run, event: int) -> None:
        run.heard_at = time.monotonic()
        if not self._drain(run, TURN) and event & (select.POLLHUP | select.POLLERR):
            run.is_dry = True
            self.poller.remove(run.fifo)
            self._over_if_ended(run)

    def _drain(self, run: Run, most: int) -> int:
        """Move what stands in the FIFO, about `most` bytes at once; how many."""
        done = 0
        try:
            while done < most:
                waiting = _waiting(run.fifo)
                if not waiting:
                    break
                done += run.output.take(run.fifo, waiting)
        except BlockingIOError:
            pass
        return done

    def _over_if_ended(self, run: Run) -> None:
        """The wrapper has nothing more to say, or somebody stopped it: only with `rc` is the run over."""
        if exit_code(run.path) is not None:
            self._over(run, was_killed=False)

    def _over(self, run: Run, was_killed: bool) -> None:
        """The wrapper waits for its end or has gone: what it left behind tells the ending."""
        if run.is_over:
            return
        run.is_over, run.ended_at = True, time.time()
        if run.watch >= 0:
            self.poller.remove(run.watch)
            os.close(run.watch)
            run.watch = -1
        run.code = exit_code(run.path)
        run.is_void = run.code is None and run.is_child and not was_killed
        self._climb_on(run)
        self.fresh.append(run)

    def _settle(self) -> None:
        """End the runs whose wrappers have gone, unless their output is still held or a ladder still stands."""
        fresh, self.fresh = self.fresh, []
        for run in fresh:
            if not run.is_mine:
                self._look_later()
            elif run.ladder is None and self._is_dry(run):
                self._finish(run)
            elif run.ladder is None:
                self.timers.after(LINGER, functools.partial(self._finish, run))

    def _is_dry(self, run: Run) -> bool:
        """Whether no byte can come any more."""
        if not run.is_dry:
            is_closed = _is_closed(run.fifo)
            self._drain(run, TURN)
            run.is_dry = is_closed
        return run.is_dry

    def _finish(self, run: Run) -> None:
        """Close the books of a run that is over and tell its ending once."""
        if self.runs.get(run.key) is not run or run.ladder is not None:
            return
        del self.runs[run.key]
        if run.is_void:
            self._unstart(run)
        self._close(run)
        is_plain = run.code is not None and not run.note
        self._tell(run.record.owner, self._plain(run) if is_plain else ended(run.key, run.path, self._phase(run.path)))
        self.is_used()

    def _unstart(self, run: Run) -> None:
        """The wrapper ended by itself without an ending: its shell could not start the payload."""
        if os.path.exists(run.path + "/run"):
            os.unlink(run.path + "/run")

    def _plain(self, run: Run) -> Message:
        """The status of a run that came to its end by itself, without looking again at what is known."""
        return {
            "key": run.key, "phase": "EXITED", "exit_code": run.code, "started_at": run.started_at,
            "ended_at": run.ended_at, "size": run.output.size, "outputs": outputs_of(run.path),
        }  # fmt: skip

    def _close(self, run: Run) -> None:
        for timer in run.timers:
            self.timers.cancel(timer)
        if run.has_secrets:
            self._remove_secrets(run.path)
        noted = run.output.close()
        if noted:
            run.save(**noted)
        self._release(run)
        self.poller.remove(run.fifo)
        if run.is_dry:
            os.close(run.fifo)
        else:
            self.poller.add(run.fifo, lambda _: self._discard(run.fifo))

    def _release(self, run: Run) -> None:
        """Let the wrapper go, whose last bytes are safe now."""
        if self.by_pid.get(run.pid) is run or (not run.is_child and self._is_alive(run.path, run.record)):
            self.let_go.append(run.record.cookie)
            os.kill(run.pid, signal.SIGKILL)

    def _discard(self, fifo: int) -> None:
        """A process that outlived its run may go on writing: nobody reads it, and it does not block."""
        try:
            if os.read(fifo, CHUNK):
                return
        except BlockingIOError:
            return
        self.poller.remove(fifo)
        os.close(fifo)

    def _remove_secrets(self, path: str) -> None:
        for name in os.listdir(path) if os.path.isdir(path) else ():
            if name.startswith("secret-"):
                os.unlink("%s/%s" % (path, name))

    def _tell(self, owner: str, status: Message) -> None:
        self.number += 1
        self.remembered.append((self.number, owner, status))
        self.unsaid.append((self.number, owner, status))

    def _say_endings(self) -> None:
        if not self.unsaid:
            return
        unsaid, self.unsaid = self.unsaid, []
        for connection in self.connections:
            mine = [status for _, owner, status in unsaid if owner == connection.owner]
            if mine:
                connection.send({"ended": mine, "number": self.number})

    # Runs that this keeper did not start.

    def meet(self, key: str) -> None:
        """Take over, or at least watch, what another keeper started."""
        if not KEY.match(key) or key in self.runs:
            return
        path = self.path(key)
        record = parse_record(read_bytes(path + "/run", 4096) or b"")
        if record and self._is_alive(path, record):
            self._adopt(key, path, record)
        elif record and not self._is_kept(path):
            self._tidy(path)

    def _is_alive(self, path: str, record: Record) -> bool:
        """Whether the wrapper of `record` lives: pid, start time and boot id are its own."""
        found = self.platform.process(record.pid) if record.boot == self.boot else None
        if not found or record.cookie in self.let_go:
            return False
        noted = (read_bytes(path + "/pid", 256) or b"").decode().split()
        if len(noted) == 2 and int(noted[0]) == record.pid and noted[1] != "-":
            return bool(noted[1] == found.start)
        return bool(self.platform.has_cookie(record.pid, record.cookie))

    def _adopt(self, key: str, path: str, record: Record) -> None:
        run = Run(key, path, record, Output(path, self.options.head, self.options.tail))
        run.started_at = modified_at(path + "/run") or run.started_at
        run.note, run.has_secrets = note_of(path), True
        self.runs[key] = run
        run.watch = self.platform.watch(record.pid)
        if run.watch >= 0:
            self.poller.add(run.watch, lambda _: self._over(run, was_killed=True))
        self._take_over(run)
        self._look_later()

    def _take_over(self, run: Run) -> bool:
        """Become the keeper of `run` unless another one lives."""
        try:
            fifo = os.open(run.path + "/fifo", os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return False
        if not locked(fifo):
            os.close(fifo)
            return False
        # A reader is told of the end of writing only if it has seen a writer.
        os.close(os.open(run.path + "/fifo", os.O_WRONLY | os.O_NONBLOCK))
        run.output.recover()
        run.note = note_of(run.path)
        self._keep(run, fifo, self.platform.age(run.pid) or 0.0)
        if "cut" in run.note:
            self._climb_soon(run, run.record.grace, run.note["cut"])
        return True

    def _is_kept(self, path: str) -> bool:
        try:
            fifo = os.open(path + "/fifo", os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return False
        try:
            return not locked(fifo)
        finally:
            os.close(fifo)

    def _is_held(self, path: str) -> bool:
        """Whether a wrapper, or the keeper that is about to start it, has the FIFO."""
        if self._is_kept(path):
            return True
        try:
            fifo = os.open(path + "/fifo", os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError:
            return False
        try:
            return _has_writer(fifo)
        finally:
            os.close(fifo)

    def _tidy(self, path: str) -> None:
        """Close the books of a run that ended while nobody kept it."""
        self._remove_secrets(path)
        if os.path.exists(path + "/tail"):
            output = Output(path, self.options.head, self.options.tail)
            output.recover()
            note = dict(note_of(path), **output.close())
            replace(path + "/note", json.dumps(note).encode())

    def _look_later(self) -> None:
        if not self._is_looking:
            self._is_looking = True
            self.timers.after(FOREIGN_TICK if not self.options.portable else FOREIGN_TICK / 4, self._look)

    def _look(self) -> None:
        """See to adopted runs: another keeper may have died, a wrapper gone, or a stray process hold the FIFO."""
        self._is_looking = False
        for run in [run for run in self.runs.values() if not run.is_child]:
            if not run.is_over and run.watch < 0 and not self._is_alive(run.path, run.record):
                self._over(run, was_killed=True)
            elif not run.is_mine and self._take_over(run) and run.is_over:
                self.fresh.append(run)
            if run.is_mine:
                self._over_if_ended(run)
            self._look_later()

    # STAT.

    def status(self, key: str) -> Message:
        """The evidence about one key."""
        path = self.path(key)
        if key not in self.runs:
            self.meet(key)
        run = self.runs.get(key)
        if run:
            return run.status()
        if not os.path.isdir(path):
            return {"key": key, "phase": "ABSENT"}
        return ended(key, path, self._phase(path))

    def _phase(self, path: str) -> str:
        """The phase of a run whose wrapper does not live."""
        if exit_code(path) is not None:
            return "EXITED"
        record = parse_record(read_bytes(path + "/run", 4096) or b"")
        if record is None:
            return "STARTING" if self._is_held(path) else "CLAIMED_NOT_STARTED"
        return "LOST_NO_RC" if record.boot == self.boot else "LOST_REBOOT"

    # KILL.

    def kill(self, key: str, grace: float, why: str, told: Callable[[Message], None]) -> None:
        """Bring `key` to an end and tell the proof."""
        status = self.status(key)
        run = self.runs.get(key)
        if run:
            ladder = self._climb_soon(run, grace, why)
            ladder.waiters.append(told)
        elif status["phase"] == "LOST_NO_RC":
            self._sweep(key, told)
        else:
            told(status.get("proof") or {"found": 0, "gone": 0})

    def _sweep(self, key: str, told: Callable[[Message], None]) -> None:
        """KILL what carries the cookie of a run that lost its wrapper."""
        record = parse_record(read_bytes(self.path(key) + "/run", 4096) or b"")
        assert record
        ladder = Ladder(self.platform, record.cookie, 0, 0.0)

        def step() -> None:
            if ladder.climb(is_over=True):
                told(ladder.proof())
            else:
                self.timers.after(ladder.pause, step)

        step()

    def _climb_soon(self, run: Run, grace: float, why: str) -> Ladder:
        """Set up the ladder, or hurry the one that stands."""
        if run.ladder is None:
            run.ladder = Ladder(self.platform, run.record.cookie, run.pid, grace)
            if not run.is_over:
                run.save(cut=run.note.get("cut", why))
            self.timers.after(0.0, lambda: self._climb(run))
        else:
            run.ladder.kill_at = min(run.ladder.kill_at, time.monotonic() + grace)
        return run.ladder

    def _climb_on(self, run: Run) -> None:
        if run.ladder is not None:
            run.ladder.pause = 0.01

    def _climb(self, run: Run) -> None:
        ladder = run.ladder
        if ladder is None:
            return
        if not ladder.climb(run.is_over):
            self.timers.after(ladder.pause, lambda: self._climb(run))
            return
        run.ladder = None
        run.save(proof=ladder.proof())
        for told in ladder.waiters:
            told(ladder.proof())
        if run.is_over:
            self.fresh.append(run)

    # GC.

    def collect(self, key: str) -> bool:
        """Remove the directory of `key` unless its run lives; True when it is gone."""
        path = self.path(key)
        if key in self.runs:
            return False
        try:
            if exit_code(path) is None and self.status(key)["phase"] in ("RUNNING", "STARTING"):
                return False
            self.broom.throw(key, path)
        except FileNotFoundError:
            pass
        except OSError:
            return False
        return True


def _refused(key: str, refusal: Refusal, number: Optional[int] = None) -> Message:
    said = {"message": str(refusal), "values": refusal.values}
    return {"key": key, "refusal": said, "is_passing": number in PASSING}


def _waiting(fifo: int) -> int:
    """Bytes that stand in a pipe."""
    return int.from_bytes(fcntl.ioctl(fifo, termios.FIONREAD, b"\0\0\0\0"), sys.byteorder)


def _has_writer(fifo: int) -> bool:
    """Whether somebody holds the writing end of a FIFO in which no byte stands."""
    try:
        return bool(_waiting(fifo) or os.read(fifo, 1))
    except BlockingIOError:
        return True


def _is_closed(fifo: int) -> bool:
    """Whether nobody holds the writing end any more."""
    poll = select.poll()
    poll.register(fifo, select.POLLIN)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


# ---------------------------------------------------------------------------------------------------------------------
# The two commands.


def serve(options: argparse.Namespace) -> int:
    """Be the keeper of ROOT; 0 at once if this version has one already."""
    root = os.path.abspath(options.root)
    os.makedirs(root + "/keepers", 0o700, exist_ok=True)
    os.chmod(root, stat.S_IRWXU)
    with open(os.path.abspath(__file__), "rb") as file:
        version = hashlib.sha256(file.read()).hexdigest()[:12]
    lock = os.open("%s/keepers/%s.lock" % (root, version), os.O_RDWR | os.O_CREAT, 0o600)
    if not locked(lock):
        return 0
    listener = _listener(options.socket)
    if options.detach and os.fork():
        return 0
    if options.detach:
        os.setsid()
    os.ftruncate(lock, 0)
    os.write(lock, b"%d\n" % os.getpid())
    os.chdir("/")
    options.version = version
    Keeper(options).serve(listener)
    os.unlink(options.socket)
    return 0


def _listener(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if os.path.exists(path):
        os.unlink(path)
    mask = os.umask(0o177)
    listener.bind(path)
    os.umask(mask)
    listener.listen(128)
    return listener


def attach(options: argparse.Namespace) -> int:
    """Bridge standard input and output to the keeper's socket, until either side ends."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel.connect(options.socket)
    while True:
        for source in select.select([0, channel.fileno()], [], [])[0]:
            data = os.read(0, CHUNK) if source == 0 else channel.recv(CHUNK)
            if not data:
                return 0
            if source == 0:
                channel.sendall(data)
            else:
                _write_all(1, data)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def main(argv: List[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command")
    serving = commands.add_parser("serve")
    serving.add_argument("root")
    serving.add_argument("--socket", required=True)
    serving.add_argument("--detach", action="store_true", help="come back when the socket listens; go on behind")
    serving.add_argument("--portable", action="store_true", help="use neither pidfd nor /proc")
    serving.add_argument("--idle", type=float, default=300.0, help="leave after so many seconds of nothing")
    serving.add_argument("--head", type=int, default=HEAD, help="bytes of output kept from the start of a run")
    serving.add_argument("--tail", type=int, default=TAIL, help="bytes of output kept from the end of a run")
    serving.add_argument("--boot-id", default="", help="instead of the machine's own, for tests")
    bridging = commands.add_parser("attach")
    bridging.add_argument("--socket", required=True)
    options = parser.parse_args(argv)
    if options.command is None:
        parser.error("serve or attach")
    return serve(options) if options.command == "serve" else attach(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
