"""Secrets as people type them: no value is a word of a command, whatever the command."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Told, Watchkeeper
from watchkeeper.action import ACTIONS
from watchkeeper.cli.commands import commands
from watchkeeper.cli.exits import Exit

WORDS = "a few good words"
VALUE = "correct-horse-battery"

Piped = Callable[..., Told]


@pytest.fixture
def piped(watchkeeper: Watchkeeper, monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Type a command with something on its standard input."""

    def typed(words: str, *command: str) -> Told:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", io.StringIO(words))
            return watchkeeper(*command)

    return typed


@pytest.fixture
def at_terminal(watchkeeper: Watchkeeper, monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Type a command at a terminal, where what it asks for without an echo is typed in turn."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def typed(answers: list[str], *command: str, seen: str = "") -> Told:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", Terminal(seen))
            patched.setattr("getpass.getpass", lambda _prompt: answers.pop(0))
            told = watchkeeper(*command)
        assert answers == []
        return told

    return typed


def test_what_is_asked_for_is_never_a_word_of_a_command() -> None:
    """Every action that takes a value has a command without a place for it."""
    wanted = {name: [each.name for each in known.parameters if each.is_asked] for name, known in ACTIONS.items()}
    assert {name for name, asked in wanted.items() if asked} == {
        "secret.add",
        "secret.replace",
        "secret.reveal",
        "secret.rotate",
        "vault.init",
        "vault.passphrase",
        "vault.unlock",
    }
    for command in commands().values():
        taken = {option.settings.get("dest", option.flags[0].lstrip("-")) for option in command.arguments}
        for action in command.actions:
            assert not taken & set(wanted[action]), command.words


@pytest.mark.usefixtures("workspace", "engine")
def test_a_secret_is_piped_in_used_rotated_and_put_away_beside_an_engine(
    piped: Piped, watchkeeper: Watchkeeper, tmp_path: Path, home: Path
) -> None:
    assert "is ready" in piped(WORDS + "\n", "vault", "init", "--file").stdout
    assert "two lines" in piped(WORDS + "\n", "vault", "passphrase").stderr
    for former, new in ((WORDS, "a few other words"), ("a few other words", WORDS)):
        assert "is ready" in piped(f"{former}\n{new}\n", "vault", "passphrase").stdout
    assert "version 1" in piped(VALUE + "\n", "secret", "add", "team/key", "--kind", "token").stdout
    (tmp_path / "job.yaml").write_text(
        "name: reads\nhandler: shell\nparams:\n"
        "  secrets: {KEY: team/key}\n"
        '  script: sha256sum < "$WATCHKEEPER_SECRET_KEY_FILE"; cat /proc/$$/cmdline; cat /proc/$$/environ\n'
    )
    watchkeeper("job", "save", str(tmp_path / "job.yaml"))
    assert watchkeeper("run", "start", "reads", "--wait").returncode == 0
    digest = subprocess.run(["sha256sum"], input=VALUE, capture_output=True, text=True, check=True).stdout.split()[0]
    log = watchkeeper("run", "log", "1").stdout
    assert digest in log and VALUE not in log
    assert "reads" in watchkeeper("secret", "used-by", "team/key").stdout
    assert "version 2" in piped("another-value\n", "secret", "rotate", "team/key").stdout
    assert piped("", "secret", "reveal", "team/key").stdout == "another-value\n"
    refused = watchkeeper("secret", "delete", "team/key")
    assert (refused.returncode, "the job reads uses the secret" in refused.stderr) == (Exit.CONFLICT, True)
    shown = watchkeeper("secret", "show", "team/key").stdout
    assert "token" in shown and "another-value" not in shown
    trail = watchkeeper("audit", "list", "--json").stdout
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    for value in (VALUE, "another-value", WORDS):
        assert value not in trail and value.encode() not in kept


@pytest.mark.usefixtures("workspace")
def test_without_an_engine_whoever_sits_there_is_asked_for_the_passphrase(
    at_terminal: Piped, watchkeeper: Watchkeeper
) -> None:
    told = at_terminal([WORDS, "something else"], "vault", "init", "--file")
    assert (told.returncode, "two different" in told.stderr) == (2, True)
    at_terminal([WORDS, WORDS], "vault", "init", "--file")
    assert "locked" in watchkeeper("vault", "status").stdout
    assert "version 1" in at_terminal([VALUE, WORDS], "secret", "add", "team/key").stdout
    assert at_terminal([WORDS], "secret", "reveal", "team/key", seen="other\n").returncode == 2
    assert VALUE in at_terminal([WORDS], "secret", "reveal", "team/key", seen="team/key\n").stdout


@pytest.mark.usefixtures("workspace")
def test_a_locked_vault_refuses_what_is_piped_and_tells_how_to_open_it(piped: Piped) -> None:
    piped(WORDS, "vault", "init", "--file")
    told = piped(VALUE, "secret", "add", "team/key")
    assert (told.returncode, "vault unlock" in told.stderr, VALUE in told.stderr) == (Exit.REFUSED, True, False)


@pytest.mark.usefixtures("workspace")
def test_a_vault_is_chosen_by_whoever_says_which(piped: Piped) -> None:
    for words in ((), ("--file", "--keyring")):
        told = piped(WORDS, "vault", "init", *words)
        assert (told.returncode, "--keyring" in told.stderr and "--file" in told.stderr) == (2, True)
    told = piped("", "secret", "add", "team/key")
    assert (told.returncode, "standard input is empty" in told.stderr) == (2, True)


@pytest.mark.usefixtures("workspace")
def test_a_value_typed_behind_the_command_is_refused_and_not_repeated_as_a_secret(watchkeeper: Watchkeeper) -> None:
    for words in (("secret", "add", "team/key", VALUE), ("secret", "add", "team/key", "--value", VALUE)):
        assert watchkeeper(*words).returncode == 2
