"""What a run returned as columns and rows stands on its page as a table."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from tests.ui.pages.test_run import opened
from tests.ui.waiting import eventually, ran
from watchkeeper.action.desk import Desk
from watchkeeper.model.job import JobSpec, Retry
from watchkeeper.model.run import State
from watchkeeper.ui.pages.run.result import found_in
from watchkeeper.ui.shell.window import Window

ORDERS = "SELECT id, item, price FROM orders"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as line:
        line.execute("CREATE TABLE orders (id INTEGER, item TEXT, price REAL)")
        rows: list[Any] = [(number, f"=tea {number}", number / 2) for number in range(1, 901)]
        rows[2] = (3, None, 1.5)
        line.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)
        line.commit()
    return path


async def test_a_result_is_a_table_on_the_page_of_its_run(desk: Desk, window: Window, shop: Path) -> None:
    params = {"database": "sqlite", "name": str(shop), "statement": ORDERS}
    await desk.do("job.save", spec=JobSpec(name="orders", handler="sql", params=params, retry=Retry(max_attempts=1)))
    run = await ran(desk, "orders")
    assert run.state is State.SUCCEEDED, run.reason
    side = (await opened(window, f"run/{run.number}")).side
    await eventually(lambda: side.result.found, "the result is there")
    side.tabs.choose("result")
    table = side.result.table
    assert table is not None
    assert side._parts.currentWidget() is side.result
    QAbstractItemModelTester(table.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [table.rows.headerData(number, table.header.orientation()) for number in range(3)] == ["id", "item", "price"]
    assert [table.rows.data(table.rows.index(1, number)) for number in range(3)] == ["2", "=tea 2", "1.0"]
    assert table.rows.data(table.rows.index(2, 1)) == "NULL"
    assert [column.is_right for column in table.rows.columns] == [True, False, True]
    assert side.result._count.text() == "the first 500 of 900 rows"
    assert list(side.outputs.values) == ["row_count"], "the table is not told a second time"
    side.result.button.click()
    text = QGuiApplication.clipboard().text().splitlines()
    assert (text[:2], len(text)) == (["id,item,price", "1,'=tea 1,0.5"], 501)


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"columns": ["a"]},
        {"columns": [], "rows": []},
        {"columns": ["a"], "rows": "b"},
        {"columns": [1], "rows": [[1]]},
        {"columns": ["a"], "rows": [[1, 2]]},
        {"columns": "a", "rows": [["b"]]},
        {"columns": ["a"], "rows": [1]},
    ],
)
def test_outputs_that_are_no_table_are_left_as_they_are(outputs: dict[str, Any]) -> None:
    assert found_in(outputs) is None
