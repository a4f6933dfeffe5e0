"""Sets the project up and runs it: python3 dev.py run | test | lint | bench | faults | i18n. Needs only a Python."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # an older Python is to say this sentence, not a traceback
    sys.exit("Watchkeeper needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": start dev.py with that.")

import argparse
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "watchkeeper-stamp"
LOCK = ROOT / "requirements.lock"
SYSTEM_DEPS = ROOT / "packaging" / "system-deps.txt"
#: Files of tests that run at once, at most; half of their time they wait for processes that they have started.
WORKERS = 4
#: Seconds after which a test counts as hanging; one of the faults may take the whole campaign.
HANG = 240
#: Seconds from which on the faults are the long campaign and not a sample.
CAMPAIGN = 600


def run(home: str) -> None:
    """The console, or without a screen the engine in this terminal, on the sample workspace or on `home`."""
    compile_words()
    workspace = Path(home or ROOT / "run")
    is_new = not workspace.exists() or not any(workspace.iterdir())
    if is_new:
        watchkeeper("--home", str(workspace), "workspace", "init")
        watchkeeper("--home", str(workspace), "apply", str(ROOT / "resources" / "samples" / "en"))
    become([str(PYTHON), "-m", "watchkeeper", "--home", str(workspace), "console" if has_screen() else "engine"])


def has_screen() -> bool:
    """Whether a window can be shown."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def test(more: Sequence[str]) -> None:
    """All tests but the faults and the figures."""
    install_system_packages()
    compile_words()
    become([str(PYTHON), "-m", "pytest", "--ignore=tests/faults", *side_by_side(), *more])


def side_by_side() -> tuple[str, ...]:
    """Files of tests on several cores; each worker starts a PostgreSQL of its own, so not on all that there are."""
    count = min((os.cpu_count() or 1) * 3 // 2, WORKERS)
    # After the crash of a worker the others would wait for ever.
    return ("-n", str(count), "--dist", "loadfile", "--max-worker-restart", "0")


def faults(seconds: int, more: Sequence[str]) -> None:
    """Every kind of fault, at random and at every named point, for about `seconds`; under 600 each is repeated less."""
    install_system_packages()
    compile_words()
    os.environ["WATCHKEEPER_FAULT_SECONDS"] = str(seconds)
    os.environ["WATCHKEEPER_MACHINE_EXAMPLES"] = str(max(1, seconds // (9 if seconds >= CAMPAIGN else 30)))
    hang = f"faulthandler_timeout={max(HANG, seconds)}"
    become([str(PYTHON), "-m", "pytest", "-s", "-o", hang, "tests/faults", "tests/engine/test_machine.py", *more])


def bench(more: Sequence[str]) -> None:
    """The figures, each beside its reference."""
    os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT / "app"), str(ROOT)))
    os.chdir(ROOT / "tests")
    become([str(PYTHON), "-m", "bench", *more])


def lint() -> None:
    """Style, types, the import law and the translations; all are shown, then one failure fails."""
    checks = (
        ("-m", "ruff", "check"),
        ("-m", "ruff", "format", "--check"),
        ("-m", "mypy"),
        ("-c", "from importlinter.cli import lint_imports_command as law; law()", "--no-cache"),
        ("packaging/translations.py", "check"),
    )
    failed = [check for check in checks if call(PYTHON, *check) != 0]
    sys.exit(1 if failed else 0)


def i18n() -> None:
    """Take new words into the catalogues, compile them, list what has no translation yet."""
    become([str(PYTHON), "packaging/translations.py", "update"])


def ensure_venv() -> None:
    """A .venv that fits pyproject.toml and the lock; does nothing when it already does."""
    stamp = _stamp()
    if STAMP.exists() and STAMP.read_text() == stamp and call(PYTHON, "-c", "import watchkeeper") == 0:
        return
    require_venv_module()
    if not PYTHON.exists() or call(PYTHON, "-m", "pip", "--version", quiet=True) != 0:
        say("making .venv")
        venv.create(VENV, with_pip=True, clear=True, symlinks=os.name != "nt")
    say("installing what pyproject.toml and requirements.lock name (a minute or two, once)")
    pip("--require-hashes", "-r", str(LOCK))
    pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(stamp)


def _stamp() -> str:
    told = hashlib.sha256(sys.version.encode())
    for file in (ROOT / "pyproject.toml", LOCK):
        told.update(file.read_bytes())
    return told.hexdigest()


def require_venv_module() -> None:
    """Debian leaves out the part of Python that makes environments."""
    if importlib.util.find_spec("ensurepip") is None:
        apt_install(["python3-venv"])


def install_system_packages() -> None:
    """What the tests need of the system, where it is missing."""
    lines = [line.split() for line in SYSTEM_DEPS.read_text().splitlines() if line and not line.startswith("#")]
    missing = [package for package, proof, *_why in lines if not is_there(proof)]
    if missing and sys.platform == "linux":
        apt_install(missing)


def is_there(proof: str) -> bool:
    """Whether there is such a command, or a file like /usr/lib/*/libGL.so.1."""
    return any(Path("/").glob(proof[1:])) if "*" in proof else shutil.which(proof) is not None


def apt_install(packages: Sequence[str]) -> None:
    """Install as root or by sudo without a password; else name the one command and leave with 2."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    before = [] if os.name == "posix" and os.geteuid() == 0 else ["sudo", "-n"]
    is_able = shutil.which("apt-get") and (not before or call("sudo", "-n", "true", quiet=True) == 0)
    if not is_able:
        say("please install first: " + ("sudo " + " ".join(command) if shutil.which("apt-get") else " ".join(packages)))
        sys.exit(2)
    say("installing " + " ".join(packages))
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*before, "apt-get", "update", "-q"], env=env, check=True)
    subprocess.run([*before, *command], env=env, check=True)


def compile_words() -> None:
    """The translations as the program reads them."""
    subprocess.run([str(PYTHON), "packaging/translations.py", "compile"], cwd=ROOT, check=True)


def watchkeeper(*arguments: str) -> None:
    subprocess.run([str(PYTHON), "-m", "watchkeeper", *arguments], cwd=ROOT, check=True)


def pip(*arguments: str) -> None:
    subprocess.run([str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", *arguments], check=True)


def call(*command: object, quiet: bool = False) -> int:
    """The exit code of a command in the project's folder; 127 when there is no such command."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(
            [str(part) for part in command], cwd=ROOT, stdout=sink, stderr=sink, check=False
        ).returncode
    except FileNotFoundError:
        return 127


def become(command: Sequence[str]) -> None:
    """Go on as `command`, so that Ctrl-C reaches it and its exit code is ours."""
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], list(command))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.run(list(command), check=False).returncode)


def say(words: str) -> None:
    print("dev.py: " + words, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (test, bench, lint, i18n):
        commands.add_parser(command.__name__, help=command.__doc__)
    commands.add_parser("run", help=run.__doc__).add_argument("--home", default="", help="the workspace; else ./run")
    commands.add_parser("faults", help=faults.__doc__).add_argument("--seconds", type=int, default=CAMPAIGN)
    chosen, more = parser.parse_known_args()
    if more and chosen.command not in ("test", "bench", "faults"):
        parser.error(f"unknown: {' '.join(more)}")
    os.chdir(ROOT)
    try:
        ensure_venv()
        perform(chosen, more)
    except subprocess.CalledProcessError as error:
        say(f"this failed with {error.returncode}: {' '.join(error.cmd)}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def perform(chosen: argparse.Namespace, more: Sequence[str]) -> None:
    """The chosen command; an older Python has to read this file, hence no `match`."""
    commands: Mapping[str, Callable[[], None]] = {
        "run": lambda: run(chosen.home),
        "test": lambda: test(more),
        "bench": lambda: bench(more),
        "faults": lambda: faults(chosen.seconds, more),
        "lint": lint,
        "i18n": i18n,
    }
    commands[chosen.command]()


if __name__ == "__main__":
    main()
