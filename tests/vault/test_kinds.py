"""What a value claims to be is held against it: private keys as OpenSSH's own program writes them."""

import subprocess
from pathlib import Path

import pytest

from watchkeeper.model.errors import Known
from watchkeeper.model.secret import SecretKind
from watchkeeper.vault.kinds import judged
from watchkeeper.vault.value import Content

WORDS = "of the key"


def key(folder: Path, algorithm: str, words: str, *more: str) -> str:
    file = folder / "key"
    told = subprocess.run(
        ["ssh-keygen", "-q", "-t", algorithm, "-N", words, *more, "-f", str(file)], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    return file.read_text()


@pytest.mark.parametrize(
    ("algorithm", "more", "told"),
    [("ed25519", (), "Ed25519"), ("ecdsa", (), "(EC)"), ("rsa", ("-b", "2048"), "RSA")],
)
def test_a_key_of_openssh_is_read_with_its_passphrase_and_with_no_other(
    tmp_path: Path, algorithm: str, more: tuple[str, ...], told: str
) -> None:
    value = key(tmp_path, algorithm, WORDS, "-a", "1", *more)
    assert told in str(judged(SecretKind.KEY, Content(value, WORDS)).told)
    with pytest.raises(Known, match="does not fit"):
        judged(SecretKind.KEY, Content(value, "another"))
    with pytest.raises(Known, match="give that too"):
        judged(SecretKind.KEY, Content(value))


def test_a_key_of_openssh_without_a_passphrase_takes_none(tmp_path: Path) -> None:
    value = key(tmp_path, "ed25519", "")
    assert "Ed25519" in str(judged(SecretKind.KEY, Content(value)).told)
    with pytest.raises(Known, match="leave it out"):
        judged(SecretKind.KEY, Content(value, WORDS))


def test_a_key_that_was_cut_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    value = key(tmp_path, "ed25519", WORDS, "-a", "1")
    lines = value.splitlines()
    with pytest.raises(Known, match="not whole") as refused:
        judged(SecretKind.KEY, Content("\n".join([*lines[:3], lines[-1]]), WORDS))
    assert not any(line in str(refused.value) for line in lines[1:-1])
