"""What an export writes: every run that the filter lets through, harmless for spreadsheets, nothing when given up."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.ui.waiting import eventually, ran, read, saved
from watchkeeper.action.desk import Desk
from watchkeeper.model.errors import Known
from watchkeeper.model.ids import JobId, RunId
from watchkeeper.model.run import Run, State
from watchkeeper.ui.pages.history import export as exporting
from watchkeeper.ui.pages.history.export import Form, export
from watchkeeper.ui.pages.history.page import History
from watchkeeper.ui.pages.history.sheet import COLUMNS, csv_head, csv_rows, json_rows
from watchkeeper.ui.pages.history.words import Wanted, wanted
from watchkeeper.ui.shell.window import Window
from watchkeeper.ui.widgets.dialog import Dialog

MADE = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def run(**fields: object) -> Run:
    known: dict[str, object] = {"job_name": "etl", "state": State.SUCCEEDED, "created_at": MADE, "due_at": MADE}
    return Run(id=RunId("r1"), number=7, job_id=JobId("j"), job_version=2, **{**known, **fields})  # type: ignore[arg-type]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(name: str) -> None:
    (row,) = rows_of(csv_head(has_mark=False) + csv_rows([run(job_name=name, exit_code=-9)], "UTC"))
    assert row["job"] == f"'{name}"
    assert row["exit_code"] == "-9", "a number is a number"


def test_values_come_back_as_they_were() -> None:
    odd = run(job_name='销售, "日报"\nzwei', params={"a": [1]}, host="db-02", started_at=MADE, ended_at=MADE)
    (row,) = rows_of(csv_head(has_mark=False) + csv_rows([odd], "Asia/Shanghai"))
    assert row["job"] == '销售, "日报"\nzwei'
    assert row["made_at"] == "2026-11-24T08:30:00+08:00"
    assert json.loads(row["params"]) == {"a": [1]}
    (told,) = map(json.loads, json_rows([odd], "Asia/Shanghai"))
    assert (told["job"], told["params"], told["seconds"]) == (odd.job_name, {"a": [1]}, 0.0)
    assert list(row) == list(COLUMNS)
    assert set(told) == set(COLUMNS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Wanted()),
        ("nightly  etl", Wanted("nightly etl")),
        ('tag:etl host:db-02 job:"nightly etl" x', Wanted("x", "nightly etl", "etl", "db-02")),
        ("tag：日报", Wanted(tag="日报")),
        ("#7", Wanted("#7")),
        ("a:b", Wanted("a:b")),
    ],
)
def test_the_field_names_tag_host_and_job(text: str, expected: Wanted) -> None:
    assert wanted(text) == expected


@pytest.mark.parametrize("text", ["tag:", "tag:a tag:b"])
def test_a_field_without_a_value_or_twice_is_refused(text: str) -> None:
    with pytest.raises(Known, match="tag"):
        wanted(text)


async def test_all_pages_are_written_in_every_form(
    desk: Desk, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    await saved(desk, "etl")
    await saved(desk, "other")
    for _n in range(5):
        await ran(desk, "etl")
    await ran(desk, "other")
    told: list[tuple[int, int]] = []
    for form in Form:
        file = tmp_path / f"{form}{form.suffix}"
        count = await export(desk, {"job": "etl"}, file, form, "UTC", lambda *said: told.append(said))
        assert count == 5
    assert told[:3] == [(2, 5), (4, 5), (5, 5)]
    plain, excel = (tmp_path / "csv.csv").read_bytes(), (tmp_path / "excel.csv").read_bytes()
    assert excel == b"\xef\xbb\xbf" + plain
    assert [row["number"] for row in rows_of(plain.decode())] == ["5", "4", "3", "2", "1"]
    assert [each["number"] for each in json.loads((tmp_path / "json.json").read_text())] == [5, 4, 3, 2, 1]
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["csv.csv", "excel.csv", "json.json"]


async def test_an_empty_list_is_a_list(desk: Desk, tmp_path: Path) -> None:
    for form, content in ((Form.JSON, "[\n]\n"), (Form.CSV, csv_head(has_mark=False))):
        assert await export(desk, {}, tmp_path / form, form, "UTC", lambda *_said: None) == 0
        assert (tmp_path / form).read_bytes().decode() == content


async def test_whoever_gives_up_leaves_nothing_and_the_file_before_stays(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 1)
    await saved(desk, "etl")
    for _n in range(3):
        await ran(desk, "etl")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "runs.csv").write_text("before")
    reached = asyncio.Event()
    writing = asyncio.ensure_future(
        export(desk, {}, folder / "runs.csv", Form.CSV, "UTC", lambda *_said: reached.set())
    )
    await reached.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert [file.name for file in folder.iterdir()] == ["runs.csv"]
    assert (folder / "runs.csv").read_text() == "before"


async def test_where_nothing_can_be_written_that_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Known, match="can't be written"):
        await export(desk, {}, tmp_path / "absent" / "runs.csv", Form.CSV, "UTC", lambda *_said: None)


async def test_from_the_page_it_is_asked_how_and_told_when_it_is_done(
    desk: Desk, window: Window, tmp_path: Path
) -> None:
    await saved(desk, "etl")
    await ran(desk, "etl")
    window.go("history")
    page = window.page
    assert isinstance(page, History)
    await read(page)
    page._open_export()
    (dialog,) = window.findChildren(Dialog)
    dialog.done.emit()
    given = page._given()
    assert given is not None
    page.exporting.begin(given, Form.CSV, str(tmp_path / "runs.csv"))
    await eventually(lambda: any("1 run exported" in text for text in window.toasts.texts()), "it is told")
    assert page.exporting.bar.isHidden()
    page.exporting.begin(given, Form.JSON, str(tmp_path / "runs.json"))
    page.exporting.give_up()
    await eventually(lambda: any("given up" in text for text in window.toasts.texts()), "it is given up")
    await page.tasks.idle()
    assert not [file for file in tmp_path.iterdir() if file.suffix == ".part"]
