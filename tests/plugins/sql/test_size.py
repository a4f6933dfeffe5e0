"""A result of any size passes through without filling the memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.laws.sources import ROOT
from tests.plugins.sql.asking import Asking

MB = 1024 * 1024

#: A process of its own, so that its highest memory is that of this one run.
CHILD = """
import asyncio, json, resource, sys
from pathlib import Path
from tests.plugins.sql.asking import Asking
from watchkeeper.plugin.loader import load
spec = load(Path("plugins/sql"), is_bundled=True).specs[0]
place, small, big = json.loads(sys.argv[1])
def highest(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
asyncio.run(Asking(spec, place).outputs(**small))
before = highest()
outputs = asyncio.run(Asking(spec, place).outputs(**big))
print(json.dumps([outputs, highest() - before]))
"""


def measured(place: Any, small: dict[str, Any], big: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The outputs, and the bytes by which memory has grown at its highest."""
    words = [sys.executable, "-c", CHILD, json.dumps([dict(place), small, big])]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": "app:.", "PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stderr
    outputs, grown = json.loads(done.stdout.splitlines()[-1])
    return outputs, grown


TEN_MILLION = {
    "postgresql": "SELECT g AS id, 'order ' || g AS name FROM generate_series(1, 10000000) g",
    "mysql": "SELECT seq AS id, concat('order ', seq) AS name FROM seq_1_to_10000000",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) "
    "SELECT i AS id, 'order ' || i AS name FROM n",
}


def test_ten_million_rows_with_a_cap_leave_the_memory_flat(shop: Asking, tmp_path: Path) -> None:
    text = TEN_MILLION[shop.kind]
    small = {"statement": text, "max_rows": 10, "beyond": "cut"}
    path = tmp_path / "out.csv"
    big = {"statement": text, "max_rows": 100_000, "beyond": "cut", "result": "csv", "path": str(path)}
    outputs, grown = measured(shop.params, small, big)
    assert (outputs["row_count"], outputs["is_cut"]) == (100_000, True)
    assert path.read_text().splitlines()[-1] == "100000,order 100000"
    assert grown < 8 * MB


HUGE = {
    "postgresql": "SELECT repeat('x', 104857600) AS cell",
    "mysql": "SELECT repeat('x', 104857600) AS cell",
    "sqlite": "SELECT printf('%.104857600c', 'x') AS cell",
}


async def test_a_cell_of_100_mb_is_cut_with_a_note(shop: Asking, tmp_path: Path) -> None:
    outputs = await shop.outputs(HUGE[shop.kind])
    assert outputs["rows"] == [["x" * 1000 + "… (104857600 characters)"]]
    path = tmp_path / "out.json"
    await shop.outputs(HUGE[shop.kind], result="json", path=str(path))
    (row,) = json.loads(path.read_text())
    assert row["cell"] == "x" * 1_000_000 + "… (104857600 characters)"


async def test_more_bytes_than_allowed_fail_the_run_or_are_cut(shop: Asking) -> None:
    cell = HUGE[shop.kind].removeprefix("SELECT ").removesuffix(" AS cell").replace("104857600", "900000")
    text = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT {cell} AS cell FROM n"
    assert await shop.refusal(text, max_mb=2) == "the result is larger than 2 MB: select less, or raise max_mb"
    outputs = await shop.outputs(text, max_mb=2, beyond="cut")
    assert (outputs["row_count"], outputs["is_cut"]) == (2, True)


@pytest.mark.parametrize("kind", ["bytes", "nested", "numbers"])
async def test_values_without_a_form_of_their_own_come_as_text(postgres: Asking, kind: str) -> None:
    text, wanted = {
        "bytes": (r"SELECT '\x00ff'::bytea", "00ff"),
        "nested": ("""SELECT '{"a": [1, {"b": null}]}'::jsonb""", '{"a": [1, {"b": null}]}'),
        "numbers": ("SELECT 'NaN'::float8", "nan"),
    }[kind]
    assert (await postgres.outputs(text))["rows"] == [[wanted]]
