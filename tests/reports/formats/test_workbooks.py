"""Every workbook that we write, read back: numbers are numbers, days are days, text is text, whatever door made it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("xlsxwriter", reason="没有装 xlsxwriter")
calamine = pytest.importorskip("python_calamine", reason="没有装 python-calamine")

from checklist.model.ledger import Ledger, LedgerEntry  # noqa: E402
from checklist.reports.document.document import Column, Document, Heading, Table, Text  # noqa: E402
from checklist.reports.formats.csv_text import table_csv  # noqa: E402
from checklist.reports.formats.xlsx import TableSheet, render, sheets_xlsx  # noqa: E402
from checklist.reports.language.labels import LEDGER_STATUS  # noqa: E402
from checklist.reports.ledger.ledger_tables import ledger_document  # noqa: E402
from checklist.values.formula_starts import unguarded  # noqa: E402
from tests.conftest import Run  # noqa: E402
from tests.support.laws import examples  # noqa: E402
from tests.support.tables import plain_table, sheet_rows  # noqa: E402

BEIMEN = "data/beimen/2026-10-15.yaml"
HEAD = "community: {id: xin, name: 新苑社区}\nruleset: civilized-city-community\n"
LISTS = ("问题清单", "责任清单", "时限清单", "任务分解表")
TYPED = re.compile(r"[-+]?\d+(\.\d+)?|\d{4}[-.年]\d\d?[-.月]\d\d?日?")
OWN = {"问题清单": ["单项措施得分", "方案内得分", "要一起做的", "结果"], "任务分解表": ["档次变化"]}
"""What only a plan's lists have."""


def ledger_book(cli: Run, tmp_path: Path) -> Path:
    """A ledger in which people wrote in their own way."""
    state, ledger, book = tmp_path / "2026-09-01.yaml", tmp_path / "台账.csv", tmp_path / "台账.xlsx"
    state.write_text(f"{HEAD}as_of: 2026-09-01\nfacts: {{office_area_m2: 60, potholes: 9}}\n", encoding="utf-8")
    assert cli("ledger", ledger, state, "--assign").code == 0
    rows = list(csv.DictReader(io.StringIO(ledger.read_bytes().decode("utf-8-sig"))))
    rows[0] |= {"时限": "2026年9月20日", "反弹次数": "2", "备注": "=1+1", "责任人": "-1层车库王师傅"}
    rows[1] |= {"反弹次数": "两次"}
    with ledger.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert cli("ledger", ledger, "--xlsx", book, "--today", "2026-09-10").code == 0
    return book


def plan_book(cli: Run, tmp_path: Path) -> Path:
    book = tmp_path / "方案.xlsx"
    assert cli("plan", BEIMEN, "--budget", "10万", "--format", "xlsx", "-o", book).code == 0
    return book


def report_book(cli: Run, tmp_path: Path) -> Path:
    book = tmp_path / "报告.xlsx"
    assert cli("report", BEIMEN, "--to", "xlsx", "-o", book).code == 0
    return book


def compare_book(cli: Run, tmp_path: Path) -> Path:
    book = tmp_path / "比较.xlsx"
    assert cli("compare", "data", "--format", "xlsx", "-o", book).code == 0
    return book


def problems_book(cli: Run, tmp_path: Path) -> Path:
    listed, book = tmp_path / "问题.csv", tmp_path / "待确认.xlsx"
    listed.write_text("序号,点位,存在问题\n1,3号楼,楼道堆放杂物\n2,东门,路灯不亮\n", encoding="utf-8")
    assert cli("problems", listed, "-o", book, "--on", "2026-11-20").code == 0
    return book


DOORS = (ledger_book, plan_book, report_book, compare_book, problems_book)


@pytest.mark.many
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_number_and_no_day_is_text(door: Callable[[Run, Path], Path], cli: Run, tmp_path: Path) -> None:
    """But ranges, which may hold a single place, and the names of a chart's columns."""
    path = door(cli, tmp_path)
    kinds = set()
    for name in calamine.CalamineWorkbook.from_path(str(path)).sheet_names:
        rows = sheet_rows(path, name) if name != "图表数据" else []
        ranges = {n for row in rows for n, cell in enumerate(row) if isinstance(cell, str) and cell.endswith("范围")}
        cells = [cell for row in rows for n, cell in enumerate(row) if n not in ranges]
        assert not [text for text in cells if isinstance(text, str) and TYPED.fullmatch(text)]
        kinds |= set(map(type, cells))
    assert {float, date} <= kinds


@pytest.mark.many
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_same_content_is_the_same_bytes(door: Callable[[Run, Path], Path], cli: Run, tmp_path: Path) -> None:
    books = []
    for name in "ab":
        folder = tmp_path / name
        folder.mkdir()
        books.append(door(cli, folder).read_bytes())
    assert books[0] == books[1]
    archive = zipfile.ZipFile(io.BytesIO(books[0]))
    sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets and not any(b"<f>" in sheet for sheet in sheets)
    assert sum(b'fitToHeight="0"' in sheet and b'state="frozen"' in sheet for sheet in sheets) >= len(sheets) - 2


@pytest.mark.slow
def test_a_plans_lists_are_a_reports_lists(cli: Run, tmp_path: Path) -> None:
    """The same columns in xlsx, in CSV and in a report; the plan's own ones come last."""
    plan, report, text = plan_book(cli, tmp_path), report_book(cli, tmp_path), tmp_path / "清单.csv"
    for title in LISTS:
        head, *rows = sheet_rows(plan, title)
        assert head == [*sheet_rows(report, title)[0], *OWN.get(title, [])]
        assert (
            cli("plan", BEIMEN, "--budget", "10万", "--list", title, "--format", "csv", "-o", text).code == 0
        ) and rows
        read = list(csv.reader(io.StringIO(text.read_bytes().decode("utf-8-sig"))))
        assert read[0] == head and len(read) == len(rows) + 1
        for written, cells in zip(read[1:], rows, strict=True):
            for one, cell in zip(written, cells, strict=True):
                same = float(one) == pytest.approx(cell, abs=0.006) if isinstance(cell, float) else one == str(cell)
                assert same or unguarded(one) == cell
    head, *rows = sheet_rows(plan, "责任清单")
    due, days = head.index("完成时间"), head.index("工日")
    assert rows and all(isinstance(row[due], date) and isinstance(row[days], float) for row in rows)


def test_a_ledgers_cells_have_their_kinds(cli: Run, tmp_path: Path) -> None:
    book = ledger_book(cli, tmp_path)
    head, first, second, *_ = sheet_rows(book, "整改台账")
    told, other = dict(zip(head, first, strict=True)), dict(zip(head, second, strict=True))
    assert (told["序号"], told["时限"], told["反弹次数"]) == (1.0, date(2026, 9, 20), 2.0)
    assert told["发现时间"] == told["交办时间"] == date(2026, 9, 1)
    assert (told["备注"], told["责任人"]) == ("=1+1", "-1层车库王师傅"), "text, and as it was written"
    assert other["反弹次数"] == "两次", "what is no number stays as it is"
    vague = Ledger(records=(LedgerEntry({"时限": "月底前"}),))
    assert "月底前" in sheet_rows(render(ledger_document(vague, date(2026, 9, 10))), "整改台账")[1]
    sheet = zipfile.ZipFile(book).read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert ",".join(LEDGER_STATUS.values()) in sheet, "the drop-down of 状态"


TEXTS = st.text("甲乙=+-@＝＋－＠'\"\t ,；1.%_x0041\n😀", max_size=12)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.integers(-(10**12), 10**12),
    st.fractions(-1000, 1000, max_denominator=100),
    st.dates(date(1900, 3, 1), date(2099, 12, 31)),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
@settings(max_examples=examples(60), deadline=None)
def test_what_is_written_is_what_is_read(rows: list[list[str | int | Fraction | date | None]]) -> None:
    """Also text that looks like a formula: guarded in CSV, a text cell in a workbook."""
    table = plain_table("表", "甲乙丙", rows)
    _, *cells = sheet_rows(sheets_xlsx([TableSheet(table)]), "表")
    read = list(csv.reader(io.StringIO(table_csv(table).decode("utf-8-sig"), newline="")))[1:]
    for row, sheet, text in zip(rows, cells, read, strict=False):
        for cell, one, other in zip(row, sheet, text, strict=True):
            match cell:
                case None | "":
                    assert (one, other) == ("", "")
                case str():
                    assert isinstance(one, str) and unguarded(one) == unguarded(other) == cell
                    assert other[:1] not in tuple("=+-@＝＋－＠\t")
                case date():
                    assert (one, other) == (cell, cell.isoformat())
                case _:
                    assert one == pytest.approx(float(cell)) and float(other) == pytest.approx(float(cell))


@given(st.lists(st.text("甲乙/\\[]:*?' 一二三ABC", max_size=40), min_size=1, max_size=6))
@settings(max_examples=examples(40), deadline=None)
def test_sheets_take_any_title_and_text_between_tables_is_kept(titles: list[str]) -> None:
    parts = [
        part for title in titles for part in (Heading(title), Text(f"前面{title}"), Table("", (Column("列"),), ()))
    ]
    book = calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(render(Document("总", (*parts, Text("后面")), notes=("说明",))))
    )
    assert len(book.sheet_names) == len(titles)
    for title, name in zip(titles, book.sheet_names, strict=True):
        assert book.get_sheet_by_name(name).to_python()[0][0] == f"前面{title}".strip() or title.strip() != title
    last = [row[0] for row in book.get_sheet_by_name(book.sheet_names[-1]).to_python()]
    assert last[-2:] == ["后面", "说明"]
