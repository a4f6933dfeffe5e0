"""plugin new and plugin test: from nothing to a handler that is tried, whatever the file does."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.cli.conftest import Watchkeeper
from watchkeeper.cli.exits import Exit

HEAD = "from dataclasses import dataclass\nfrom watchkeeper.plugin import *\n"
TWO = """
@dataclass(frozen=True)
class P:
    word: str = param("Word", default="x")
    hook: Secret | None = param("Hook", default=None)

@handler("first", title="First")
def first(ctx: Context, p: P):
    if p.hook:
        return {"length": len(ctx.secret(p.hook))}
    return {"word": p.word, "inputs": dict(ctx.inputs)}

@handler("second", title="Second")
def second(ctx: Context) -> Command:
    return Command(script='echo spoken; echo rows=3 >> "$WATCHKEEPER_OUTPUT"; exit 4', success=(0,), warning=(4,))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.py"


def body(text: str) -> str:
    return HEAD + dedent(text)


def one(line: str) -> str:
    return body(f"@handler('x', title='X')\ndef x(ctx: Context):\n    {line}\n")


@pytest.mark.parametrize("options", [(), ("--folder",), ("--channel",), ("--folder", "--channel")], ids=" ".join)
def test_what_is_begun_is_short_loaded_by_the_workspace_and_passes_its_own_test(
    watchkeeper: Watchkeeper, workspace: Path, options: tuple[str, ...], environ: dict[str, str]
) -> None:
    told = json.loads(watchkeeper("plugin", "new", "team.check", *options, "--json").stdout)
    source, test = Path(told["path"]), Path(told["test"])
    assert source.is_dir() == ("--folder" in options)
    lines = (source / "__init__.py" if source.is_dir() else source).read_text().splitlines()
    assert 15 <= len([line for line in lines if line]) <= 30
    assert max(map(len, lines)) <= 120
    assert listed(watchkeeper) == (str(source), "waiting", ["team.check"])
    watchkeeper("plugin", "allow", source.name)
    assert listed(watchkeeper) == (str(source), "loaded", ["team.check"])
    command = [sys.executable, "-W", "ignore", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    pytest_told = subprocess.run(command, env=environ, cwd=workspace, capture_output=True, text=True)
    assert pytest_told.returncode == 0 and "2 passed" in pytest_told.stdout, pytest_told.stdout
    assert oct(source.stat().st_mode)[-2:] == "00"


def listed(watchkeeper: Watchkeeper) -> tuple[str, str, list[str]]:
    """The last of the plugins as the workspace has it."""
    row = json.loads(watchkeeper("plugin", "list", "--json").stdout.splitlines()[-1])
    return row["path"], row["state"], row["kinds"]


def test_the_next_step_is_told_and_can_be_typed_as_it_stands(watchkeeper: Watchkeeper, workspace: Path) -> None:
    wrote, then, let_in, own = watchkeeper("plugin", "new", "disk_check").stdout.splitlines()
    assert str(workspace / "plugins" / "_test_disk_check.py") in wrote
    words = then.partition("watchkeeper ")[2].split()
    assert watchkeeper(*words).stdout.splitlines() == [
        "greeting world",
        "it succeeded",
        "OUTPUT    VALUE",
        "greeting  hello world",
    ]
    source = workspace / "plugins" / "disk_check.py"
    for told in (let_in, own):
        assert listed(watchkeeper)[1] == "waiting"
        assert watchkeeper(*told.partition("watchkeeper ")[2].split()).returncode == Exit.OK
        assert listed(watchkeeper)[1] == "loaded"
        source.write_text(source.read_text() + "# changed\n")
    assert "plugin allow" not in watchkeeper("plugin", "new", "other_check").stdout, "its folder is one's own by now"


def test_nothing_is_overwritten(watchkeeper: Watchkeeper, workspace: Path) -> None:
    for name in ("disk_check", "disk.check"):
        path = workspace / "plugins" / "disk_check.py"
        path.write_text("# mine\n")
        path.chmod(0o600)
        told = watchkeeper("plugin", "new", name)
        assert (told.returncode, path.read_text()) == (Exit.CONFLICT, "# mine\n")
        assert str(path) in told.stderr
    assert watchkeeper("plugin", "new", "disk_check", "--folder").returncode == Exit.CONFLICT
    path.rename(workspace / "plugins" / "_test_disk_check.py")
    assert watchkeeper("plugin", "new", "disk_check").returncode == Exit.CONFLICT
    assert not path.exists()


def test_a_kind_that_another_file_has_is_refused_with_its_path(watchkeeper: Watchkeeper, workspace: Path) -> None:
    told = watchkeeper("plugin", "new", "shell")
    assert told.returncode == Exit.CONFLICT
    assert "shell.py already: choose another name" in told.stderr
    assert not (workspace / "plugins" / "shell.py").exists()


@pytest.mark.parametrize("name", ["", "Disk", "disk check", "../disk", "_disk", "disk-check", "a..b", ".a", "1a", "ü"])
def test_a_name_that_can_not_be_a_kind_is_refused(watchkeeper: Watchkeeper, workspace: Path, name: str) -> None:
    told = watchkeeper("plugin", "new", "--", name)
    assert told.returncode == Exit.REFUSED
    assert "can't be the name of a plugin" in told.stderr
    assert list((workspace / "plugins").iterdir()) == []


def test_a_word_of_python_can_be_a_kind(watchkeeper: Watchkeeper, workspace: Path) -> None:
    assert watchkeeper("plugin", "new", "import").returncode == 0
    ast.parse((workspace / "plugins" / "import.py").read_text())
    told = watchkeeper("plugin", "test", str(workspace / "plugins" / "import.py"), "name=a")
    assert told.returncode == 0


def test_without_a_workspace_nothing_is_begun(watchkeeper: Watchkeeper, home: Path) -> None:
    assert watchkeeper("plugin", "new", "disk_check").returncode != 0
    assert not home.exists()


def test_a_file_is_only_loaded_without_parameters_and_its_forms_are_shown(watchkeeper: Watchkeeper, file: Path) -> None:
    file.write_text(body(TWO))
    told = watchkeeper("plugin", "test", str(file))
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == [
        "first: First (handler, in a process)",
        "  PARAMETER  TYPE  DEFAULT  LABEL",
        '  word       text  "x"      Word',
        "  hook       text  null     Hook",
        "second: Second (handler, in a process)",
    ]


def test_one_of_several_is_performed_when_it_is_named(watchkeeper: Watchkeeper, file: Path) -> None:
    file.write_text(body(TWO))
    told = json.loads(watchkeeper("plugin", "test", str(file), "--kind", "first", "word=a=b", "--json").stdout)
    assert told["outcome"]["outputs"] == {"word": "a=b", "inputs": {}}
    second = watchkeeper("plugin", "test", str(file), "--kind", "second")
    assert second.returncode == 0
    assert second.stdout.splitlines() == [
        "spoken",
        "it succeeded with a warning",
        "it ended with exit code 4",
        "OUTPUT  VALUE",
        "rows    3",
    ]
    doubt = watchkeeper("plugin", "test", str(file), "word=x")
    assert (doubt.returncode, "name the one that is meant with --kind" in doubt.stderr) == (Exit.USAGE, True)
    wrong = watchkeeper("plugin", "test", str(file), "--kind", "third")
    assert (wrong.returncode, "it has first, second" in wrong.stderr) == (Exit.USAGE, True)


def test_a_secret_comes_from_a_file(watchkeeper: Watchkeeper, file: Path, tmp_path: Path) -> None:
    file.write_text(body(TWO))
    (tmp_path / "token").write_text("hunter22\n")
    words = ("plugin", "test", str(file), "--kind", "first", "hook=token")
    told = watchkeeper(*words, "--secret", f"token={tmp_path / 'token'}")
    assert told.stdout.splitlines()[-1].split() == ["length", "8"]
    assert watchkeeper(*words).returncode == Exit.NOT_SUCCEEDED
    missing = watchkeeper(*words, "--secret", f"token={tmp_path / 'nowhere'}")
    assert missing.returncode == Exit.REFUSED and "nowhere" in missing.stderr
    assert watchkeeper(*words, "--secret", "token").returncode == Exit.USAGE


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ("return {'a': [1]}", Exit.OK, "it succeeded"),
        ("raise Fail('no room')", Exit.NOT_SUCCEEDED, "it failed: no room"),
        ("raise Retry('not yet')", Exit.NOT_SUCCEEDED, "it asks to be tried again: not yet"),
        ("raise Cancel('nothing new')", Exit.NOT_SUCCEEDED, "it found nothing to do: nothing new"),
        ("return 5", Exit.NOT_SUCCEEDED, "it failed: the handler answered with int"),
        ("1 / 0", Exit.NOT_SUCCEEDED, "ZeroDivisionError: division by zero"),
        ("raise SystemExit(0)", Exit.NOT_SUCCEEDED, "the plugin broke: SystemExit"),
        ("print('x' * 3_000_000)", Exit.OK, "it succeeded"),
    ],
)
def test_how_it_ended_is_told_by_word_and_exit_code(
    watchkeeper: Watchkeeper, file: Path, line: str, code: Exit, word: str
) -> None:
    file.write_text(one(line))
    told = watchkeeper("plugin", "test", str(file), "--perform")
    assert told.returncode == code
    assert word in told.stdout
    assert ("Traceback" in told.stdout) == ("broke" in told.stdout)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def (", "SyntaxError"),
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit", "SystemExit"),
        ("x = 1", "declares no handler and no channel"),
        ("", "declares no handler and no channel"),
        (one("pass").replace("'x'", "'X Y'"), "is no kind"),
        (body("@handler('x', title='X')\ndef x(a, b, c): ..."), "must be a function of (ctx) or (ctx, params)"),
        (body("@dataclass\nclass P:\n    a: object = param('A')\n    b: 'complex' = param('B')\n"), "declares no"),
        ("\0", "null bytes"),
    ],
)
def test_a_file_that_can_not_be_loaded_is_told_with_its_traceback(
    watchkeeper: Watchkeeper, file: Path, text: str, sentence: str
) -> None:
    file.write_text(text)
    told = watchkeeper("plugin", "test", str(file), "a=b")
    assert told.returncode == Exit.REFUSED
    assert sentence in told.stdout
    assert ("Traceback" in told.stdout) == ("declares no" not in sentence)


@pytest.mark.parametrize(
    ("line", "code"),
    [("import ctypes; ctypes.string_at(0)", 139), ("import os; os._exit(0)", 0), ("import os; os.abort()", 134)],
)
@pytest.mark.parametrize("place", ["import", "call"])
def test_a_file_that_ends_its_process_hurts_nobody(
    watchkeeper: Watchkeeper, file: Path, line: str, code: int, place: str
) -> None:
    file.write_text(one(line) if place == "call" else f"{line}\n{one('pass')}")
    told = watchkeeper("plugin", "test", str(file), "--perform")
    assert told.returncode == Exit.REFUSED
    assert f"ended the process in which it was tried, with exit code {code}" in told.stderr


def test_a_file_that_others_could_change_is_refused(watchkeeper: Watchkeeper, file: Path) -> None:
    file.write_text(one("pass"))
    file.chmod(0o666)
    told = watchkeeper("plugin", "test", str(file))
    assert (told.returncode, "chmod go-w" in told.stdout) == (Exit.REFUSED, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("word",), Exit.USAGE),
        (("=x",), Exit.USAGE),
        (("wrod=x", "--kind", "first"), Exit.USAGE),
        (("--kind",), Exit.USAGE),
        (("--bogus",), Exit.USAGE),
    ],
)
def test_a_command_that_is_written_wrongly_is_refused(
    watchkeeper: Watchkeeper, file: Path, words: tuple[str, ...], code: Exit
) -> None:
    file.write_text(body(TWO))
    told = watchkeeper("plugin", "test", str(file), *words)
    assert told.returncode == code
    assert told.stderr.count("\n") == 1


def test_a_path_that_leads_nowhere_is_not_found(watchkeeper: Watchkeeper, tmp_path: Path) -> None:
    assert watchkeeper("plugin", "test", str(tmp_path / "nowhere.py")).returncode == Exit.NOT_FOUND
    assert watchkeeper("plugin", "test").returncode == Exit.USAGE
    assert watchkeeper("plugin", "test", str(tmp_path)).returncode == Exit.REFUSED
