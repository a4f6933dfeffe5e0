"""What comes back of a SELECT, and in which forms it is kept."""

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.plugins.sql.asking import Asking

ALL = "SELECT id, item, price FROM orders ORDER BY id"


async def test_a_result_is_a_table_of_columns_and_rows(shop: Asking) -> None:
    outputs = await shop.outputs(ALL)
    price = 2.5 if shop.kind == "sqlite" else "2.50"
    assert outputs["columns"] == ["id", "item", "price"]
    assert (outputs["rows"][0], outputs["row_count"]) == ([1, "tea", price], 3)


async def test_columns_are_there_without_any_row(shop: Asking) -> None:
    outputs = await shop.outputs("SELECT id, item FROM orders WHERE id > 99")
    assert outputs == {"row_count": 0, "columns": ["id", "item"], "rows": []}


async def test_values_are_bound_and_never_pasted(shop: Asking) -> None:
    nasty = "x' OR '1'='1\\"
    outputs = await shop.outputs(
        "SELECT id, :word AS word FROM orders WHERE item = :item OR id = :id -- :note\n AND ':text' = ':text'",
        values={"word": nasty, "item": nasty, "id": 2},
    )
    assert outputs["rows"] == [[2, nasty]]
    assert (
        await shop.outputs("SELECT count(*) AS n FROM orders WHERE item LIKE '%e%' AND id < :most", values={"most": 9})
    )["rows"] == [[1]]


async def test_values_of_each_kind_come_back_as_they_went(shop: Asking) -> None:
    values = {"a": None, "b": True, "c": 7, "d": -(2**40), "e": 1.5, "f": "ä€🐢", "g": ""}
    (row,) = (await shop.outputs("SELECT :a, :b, :c, :d, :e, :f, :g", values=values))["rows"]
    assert row == list(values.values())


async def test_the_first_row_becomes_outputs(shop: Asking) -> None:
    assert await shop.outputs(ALL, result="first row") == {
        "row_count": 3,
        "id": 1,
        "item": "tea",
        "price": 2.5 if shop.kind == "sqlite" else "2.50",
    }
    assert await shop.outputs("SELECT id FROM orders WHERE id > 99", result="first row") == {"row_count": 0}


async def test_what_cannot_be_the_name_of_an_output_is_told(shop: Asking) -> None:
    told = await shop.refusal("SELECT 1 AS a, 2 AS a FROM orders", result="first row")
    assert told == "two columns are called a: give one another name with AS"
    named = '"so so"' if shop.kind != "mysql" else "`so so`"
    told = await shop.refusal(f"SELECT 1 AS {named} FROM orders", result="first row")
    assert told == "the column so so can't be the name of an output: give it one with AS"


async def test_a_csv_file_is_whole_private_and_harmless_to_spreadsheets(shop: Asking, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    outputs = await shop.outputs(ALL, result="csv", path=str(path))
    assert outputs == {"row_count": 3, "file": str(path), "file_bytes": path.stat().st_size}
    rows = list(csv.reader(path.read_text().splitlines()))
    assert rows[0] == ["id", "item", "price"]
    assert rows[2][1] == "'=1+1"
    assert rows[3][1] == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*")) == []


async def test_a_json_file_has_an_object_for_each_row(shop: Asking, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    await shop.outputs(ALL, result="json", path=str(path))
    assert [row["item"] for row in json.loads(path.read_text())] == ["tea", "=1+1", None]
    await shop.outputs("SELECT id FROM orders WHERE id > 99", result="json", path=str(path))
    assert json.loads(path.read_text()) == []


async def test_a_run_that_fails_leaves_the_old_file_as_it_was(shop: Asking, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("old")
    await shop.refusal(ALL, result="csv", path=str(path), max_rows=2)
    await shop.refusal(ALL, result="csv", path=str(path), check="exactly", check_rows=4)
    assert path.read_text() == "old"
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize(
    ("path", "sentence"), [("/proc/nowhere/x.csv", "No such file or directory"), ("/tmp", "/tmp is a folder")]
)
async def test_a_file_that_cannot_be_written_is_told(lite: Asking, path: str, sentence: str) -> None:
    assert sentence in await lite.refusal(ALL, result="csv", path=path)


async def test_nothing_but_the_count_is_kept(shop: Asking) -> None:
    assert await shop.outputs(ALL, result="none") == {"row_count": 3}


async def test_the_number_of_rows_is_checked(shop: Asking) -> None:
    for check, wrong in (("exactly", 2), ("at least", 4), ("at most", 0)):
        await shop.outputs(ALL, check=check, check_rows=3)
        assert await shop.refusal(ALL, check=check, check_rows=wrong) == f"3 rows, where {check} {wrong} are expected"


async def test_more_rows_than_allowed_fail_the_run_or_are_cut(shop: Asking) -> None:
    assert await shop.refusal(ALL, max_rows=2) == "there are more than 2 rows: select less, or raise max_rows"
    outputs = await shop.outputs(ALL, max_rows=2, beyond="cut")
    assert (outputs["row_count"], outputs["is_cut"], len(outputs["rows"])) == (2, True, 2)
    assert "the result is cut after 2 rows" in shop.log
    assert (await shop.outputs(ALL, max_rows=3))["row_count"] == 3
    told = await shop.refusal(ALL, max_rows=2, beyond="cut", check="exactly", check_rows=2)
    assert told == "how many rows there are is not known: the result is cut"


async def test_a_table_keeps_the_first_rows_that_an_output_holds(shop: Asking) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, {} AS t FROM n"
    word = "repeat('ä', 200)" if shop.kind != "sqlite" else "printf('%.200c', 'x')"
    outputs = await shop.outputs(many.format(word))
    assert outputs["row_count"] == 900
    assert 80 < len(outputs["rows"]) < 500


async def test_a_script_gives_the_result_of_its_last_statement(shop: Asking, tmp_path: Path) -> None:
    script = tmp_path / "month.sql"
    script.write_text("-- first; of all\nSELECT 'a;b' AS x;\n\nSELECT id FROM orders WHERE id = :id;\n;", "utf-8")
    assert (await shop.outputs(script=str(script), values={"id": 2}))["rows"] == [[2]]


async def test_an_error_names_its_line_and_column(shop: Asking, tmp_path: Path) -> None:
    script = tmp_path / "month.sql"
    script.write_text("SELECT 1;\nSELECT :v AS v;\n\nSELECT id\n  FORM orders WHERE", "utf-8")
    told = await shop.refusal(script=str(script), values={"v": "long long value"})
    assert told.startswith(
        {"sqlite": "line 5, column", "postgresql": "line 5, column", "mysql": "line 5, column 1"}[shop.kind]
    )
    assert "syntax" in told.lower()
    assert "SELEKT" in await shop.refusal("SELEKT 1", write=True)


async def test_a_table_that_is_not_there_is_named(shop: Asking) -> None:
    assert "nosuch" in await shop.refusal("SELECT * FROM nosuch")
