"""A handler, and an environment beside our own, made once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.conftest import bundled
from watchkeeper.plugin.contract import Spec

#: What stands in the environment of the tests and nowhere else.
REPORTS = '''
import json
import os
import sys


def build(day, parts=1, *, names=()):
    print("building", day)
    return {"day": day, "parts": parts, "share": 0.5, "names": list(names), "is_new": True, "prefix": sys.prefix}


async def fetch(day="today"):
    return {"day": day}


def nothing():
    """Answers nothing."""


def text():
    return "text"


def unspeakable():
    return {"good": 1, "bad": {1, 2}}


def endless():
    return {"share": float("nan")}


def unnamed():
    return {"no name": 1}


def huge():
    return {"text": "a" * 70_000}


def written():
    with open(os.environ["WATCHKEEPER_OUTPUT"], "a") as outputs:
        outputs.write("rows=3\\nday=early")
    return {"day": "late"}


def broken(word):
    raise LookupError("no such word: " + word + "\\nlook again")


def leaves(code):
    sys.exit(code)


class Report:
    @staticmethod
    def of(day):
        return {"day": day}


COUNT = 3
'''


@pytest.fixture(scope="session")
def python() -> Spec:
    return bundled("python")


@pytest.fixture(scope="session")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the module `reports`, and `half`, which misses another."""
    folder = tmp_path_factory.mktemp("environments") / "a venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "reports.py").write_text(REPORTS)
    (packages / "half.py").write_text("import nowhere_to_be_found\n")
    (packages / "package").mkdir()
    (packages / "package" / "__init__.py").write_text("")
    (packages / "package" / "module.py").write_text("def function(**all):\n    return all\n")
    return folder
