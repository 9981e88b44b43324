"""What other programs export: pages, byte order marks, 1904 workbooks, numbers for ids and yes or no, groups, zones."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist import load_states
from checklist.model.field_form import BY, COMMUNITY, NOTE, ON, RULESET, UNSURE
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.submissions import read_submissions
from checklist.reading.records.readings import TableAnswers, read_filled
from checklist.reading.tables.recognising import open_table
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.values.days import day_in
from tests.conftest import Run

xlsxwriter = pytest.importorskip("xlsxwriter")
TODAY = date(2026, 11, 24)
ONE = {RULESET: "civilized-city-community", COMMUNITY: "donghu", BY: "张三", ON: "2026-03-01", "households": "2130"}


def paged(tmp_path: Path, told: Any) -> Path:
    path = tmp_path / "页.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("envelope", "total"),
    [
        ({"count": 250, "next": "https://kf.example.org/data.json?start=100", "previous": None}, "250"),
        ({"count": 2, "next": None, "previous": "https://kf.example.org/data.json?start=0"}, "2"),
        ({"count": 2}, "2"),
        ({"@odata.count": 250, "@odata.nextLink": "https://odk.example.org/Submissions?$skiptoken=x"}, "250"),
        ({"@odata.nextLink": "https://odk.example.org/Submissions?$skiptoken=x"}, "后面还有"),
        ({"count": 1, "next": None, "previous": None}, ""),
        ({"@odata.context": "https://odk.example.org/$metadata", "@odata.count": 1}, ""),
    ],
)
def test_a_page_says_of_how_many_it_is(
    cli: Run, tmp_path: Path, ruleset: Ruleset, envelope: Mapping[str, Any], total: str
) -> None:
    rows = "value" if any(key.startswith("@") for key in envelope) else "results"
    path = paged(tmp_path, {**envelope, rows: [ONE]})
    filled, problems = read_submissions(path, ruleset, TODAY)
    assert [one.readings[0].value for one in filled] == [2130]
    assert [p.code for p in problems] == (["E238"] if total else [])
    assert all(total in p.says and "这里 1 份" in p.says for p in problems)
    (tmp_path / "donghu").mkdir()
    record = (
        "community: {id: donghu, name: 东湖社区}\nruleset: civilized-city-community\nas_of: 2026-01-01\nfacts: {}\n"
    )
    (tmp_path / "donghu" / "2026-01-01.yaml").write_text(record, encoding="utf-8")
    ran = cli("import", path, "--into", tmp_path / "donghu", "--strict", "--write")
    assert ran.code == (3 if total else 0), ran.err
    written = any("2130" in file.read_text("utf-8") for file in (tmp_path / "donghu").glob("*.yaml"))
    assert written == (not total)


KOBO = "https://kf.example.org/api/v2/assets/aX/data.json"
ODATA = "https://odk.example.org/v1/projects/7/forms/f.svc"


def kobo(total: int, *ids: int, before: bool = False, after: bool = False, at: str = KOBO) -> Any:
    links = {"previous": f"{at}?start=0" if before else None, "next": f"{at}?start=2" if after else None}
    return {"count": total, **links, "results": [{**ONE, "_id": n} for n in ids]}


def odata(*ids: int, after: bool = False, total: int | None = None) -> Any:
    more = {"@odata.nextLink": f"{ODATA}/Submissions?%24skiptoken=x"} if after else {}
    counted = {} if total is None else {"@odata.count": total}
    context = {"@odata.context": f"{ODATA}/$metadata#Submissions"}
    return {**context, **counted, **more, "value": [{**ONE, "__id": f"uuid:{n}"} for n in ids]}


@pytest.mark.many
@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([kobo(4, 1, 2, after=True), kobo(4, 3, 4, before=True)], []),
        ([kobo(4, 3, 4, before=True), kobo(4, 1, 2, after=True)], []),
        ([kobo(5, 1, 2, after=True), kobo(5, 3, 4, before=True, after=True), kobo(5, 5, before=True)], []),
        ([kobo(4, 1, 2, after=True), kobo(5, 3, 4, before=True), kobo(5, 5, before=True)], []),
        ([kobo(5, 1, 2, after=True), kobo(5, 5, before=True)], ["这 2 页还不是全部：这里 3 份，一共 5 份"]),
        ([kobo(4, 1, 2, after=True)] * 2, ["这 2 页还不是全部：这里 2 份，一共 4 份"]),
        ([kobo(3, 1, 2, after=True), kobo(9, *range(9))], ["这只是一页：这里 2 份，一共 3 份"]),
        (
            [kobo(3, 1, 2, after=True), kobo(3, 7, 8, after=True, at=KOBO.replace("aX", "bX"))],
            ["这只是一页：这里 2 份，一共 3 份"] * 2,
        ),
        ([odata(1, after=True), odata(2, after=True), odata(3)], []),
        ([odata(1, after=True), odata(2, after=True)], ["这 2 页还不是全部：这里 2 份，后面还有"]),
        ([odata(1, after=True, total=2), odata(2, total=2)], []),
    ],
)
def test_pages_given_together_are_one_download(
    cli: Run, tmp_path: Path, pages: Sequence[Any], said: Sequence[str]
) -> None:
    files = [tmp_path / f"{n}.json" for n in range(len(pages))]
    for file, page in zip(files, pages, strict=True):
        file.write_text(json.dumps(page), encoding="utf-8")
    cli("init", "东湖社区", "--id", "donghu", "--street", "湖滨街道", "--folder", tmp_path / "donghu")
    ran = cli("import", *files, "--into", tmp_path / "donghu", "--strict")
    assert ran.code == (3 if said else 0), ran.err
    assert [flat for flat in said if flat not in "".join(ran.err.split("\n"))] == []
    assert ran.err.count("E238") == len(said)


LONG = ("社区编号", "社区", "现状日期", "编号", "实测值", "核实日期")


@pytest.mark.parametrize("marks", [1, 2, 3])
@pytest.mark.parametrize("quote", ['"', ""])
def test_marks_before_the_first_heading(cli: Run, tmp_path: Path, ruleset: Ruleset, marks: int, quote: str) -> None:
    head = ",".join(f"{quote}{name}{quote}" for name in LONG)
    path = tmp_path / "长.csv"
    path.write_text(
        "\ufeff" * marks + f"{head}\ndonghu,东湖社区,2026-03-01,households,2130,2026-02-20\n", encoding="utf-8"
    )
    (found,) = load_states([path], ruleset=ruleset, today=TODAY).states
    assert (found.state.community.id, found.state.readings["households"].value) == ("donghu", 2130)
    path.write_text("\ufeff" * marks + f"{quote}社区编号{quote},户数\ndonghu,2130\n", encoding="utf-8")
    ran = cli("batch", path, "-o", tmp_path / "out.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(tmp_path / "out.parquet")["community"].to_pylist() == ["donghu"]
    assert not (tmp_path / "out.bad.csv").exists()


@pytest.mark.parametrize("from_1904", [False, True])
@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_a_day_in_a_workbook_that_counts_from_1904(
    tmp_path: Path, ruleset: Ruleset, from_1904: bool, typed: bool, shape: str
) -> None:
    day, seen = date(2026, 2, 20), date(2025, 12, 31)
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": from_1904}) as book:
        sheet, looks = book.add_worksheet("表"), book.add_format({"num_format": "yyyy-mm-dd"})

        def put(row: int, column: int, cell: date | str | int) -> None:
            if not isinstance(cell, date):
                sheet.write(row, column, cell)
            elif typed:
                sheet.write_datetime(row, column, cell, looks)
            else:
                sheet.write_number(
                    row, column, (cell - date(1904, 1, 1) if from_1904 else cell - date(1899, 12, 30)).days
                )

        rows: list[tuple[date | str | int, ...]] = [
            ("社区", "households", "implementation_plan_date", "核实日期"), ("东湖", 44611, seen, day)
        ]  # fmt: skip
        if shape == "long":
            rows = [
                LONG[1:2] + LONG[3:],
                ("东湖", "households", 44611, day),
                ("东湖", "implementation_plan_date", seen, day),
            ]
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                put(row, column, cell)
    (filled,), problems = read_filled(open_table(path), ruleset, TODAY)
    assert not problems
    values = {reading.fact: (reading.value, reading.on) for reading in filled.readings}
    assert values == {"households": (44611, day), "implementation_plan_date": (seen, day)}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "rows"), [("xls", 300), ("xls", 1), ("ods", 300)])
def test_other_workbooks_count_from_1904_too(tmp_path: Path, kind: str, rows: int) -> None:
    """A short .xls lies otherwise in its container than a long one."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here")
    with xlsxwriter.Workbook(tmp_path / "表.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet("表")
        for row in range(rows):
            sheet.write_row(row, 0, [f"第 {row} 行", 44611])
    command = [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "表.xlsx"], check=True, capture_output=True, timeout=300)
    (sheet,) = read_sheets(tmp_path / f"表.{kind}")
    assert {day_in(row[1]) for row in sheet.rows} == {date(2026, 2, 20)}


def batch(cli: Run, tmp_path: Path, **columns: Any) -> tuple[list[Any], list[tuple[int, str, str]], Any]:
    """The communities of the result, the cells that were of no use, and the whole result."""
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    (tmp_path / "out.bad.csv").unlink(missing_ok=True)
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", "--force")
    assert ran.code == 0, ran.err
    result = pq.read_table(tmp_path / "out.parquet")
    bad: list[tuple[int, str, str]] = []
    if (tmp_path / "out.bad.csv").exists():
        with (tmp_path / "out.bad.csv").open(encoding="utf-8-sig", newline="") as file:
            bad = [(int(row["行"]), row["社区编号"], row["代码"]) for row in csv.DictReader(file)]
    return result["community"].to_pylist(), bad, result.drop_columns(["community"])


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_ids_kept_as_numbers_have_all_their_digits(cli: Run, tmp_path: Path, kind: Any) -> None:
    ids = [340603001000.0, 340603002000.0] if kind == pa.float64() else [4096.0, 1048576.0]
    who, bad, _ = batch(cli, tmp_path, 社区编号=pa.array([*ids, None], kind), households=[1, 2, 3])
    assert who == [*(str(int(id)) for id in ids), None]
    assert bad == [(3, "", "E202")]


def test_ids_that_have_lost_digits_are_said(cli: Run, tmp_path: Path) -> None:
    who, bad, _ = batch(cli, tmp_path, 社区编号=pa.array([12.5, 1e17, 7.0]), households=[1, 2, 3])
    assert bad == [(1, "12.5", "E206"), (2, "1e+17", "E206")] and who == ["12.5", "1e+17", "7"]
    who, bad, _ = batch(cli, tmp_path, 社区编号=["3.40603E+11", "340603001000", "3e10"], households=[1, 2, 3])
    assert bad == [(1, "3.40603E+11", "E206")]


@pytest.mark.many
@pytest.mark.parametrize(
    "cells",
    [
        pa.array([1.0, 0.0, None]),
        pa.array([1.0, 0.0, None], pa.float32()),
        pa.array(["1.0", "0.0", None]),
        pa.array([b"1", "否".encode(), None], pa.binary()),
        pa.array([b"true", b"false", None], pa.large_binary()),
    ],
    ids=["double", "float", "text", "bytes", "large bytes"],
)
def test_yes_and_no_however_a_column_stores_them(cli: Run, tmp_path: Path, cells: Any) -> None:
    right = batch(cli, tmp_path, 社区编号=["a", "b", "c"], micro_fire_station=pa.array([True, False, None]))
    assert batch(cli, tmp_path, 社区编号=["a", "b", "c"], micro_fire_station=cells) == right
    assert batch(cli, tmp_path, 社区编号=["a"], micro_fire_station=pa.array([0.5]))[1] == [(1, "a", "E211")]


def test_bytes_are_text_in_every_column(cli: Run, tmp_path: Path) -> None:
    texts = {"社区编号": ["a", "b"], "households": ["12", "约7户"], "survey_aware_ratio": ["41/50", "95%"],
             "public_hygiene_courses": ["", ""], "核实日期": ["2026-03-01", "2026-02-28T22:30:00Z"]}  # fmt: skip
    columns = {name: pa.array([cell.encode() for cell in cells], pa.binary()) for name, cells in texts.items()}
    assert batch(cli, tmp_path, **columns) == batch(cli, tmp_path, **texts)


@pytest.mark.parametrize("group", ["/", "|", "__", " > ", ">", ".", ":", "-", " / "])
def test_groups_of_an_export(tmp_path: Path, ruleset: Ruleset, group: str) -> None:
    several = next(fact for fact in ruleset.facts.values() if fact.type == "set")
    first, *others = several.options
    told = {RULESET: "civilized-city-community", COMMUNITY: "donghu", BY: "张三", ON: "2026-03-01", "households": "2130",
            f"households{NOTE}": "看了台账", f"potholes{UNSURE}": "no_entry"}  # fmt: skip
    cells = {f"part_1{group}about_it{group}{name}": text for name, text in told.items()}
    if group not in (".", ":", "-"):
        marks = {first: "1", **dict.fromkeys(others, "0")}
        cells |= {f"part_1{group}{several.id}{group}{option}": mark for option, mark in marks.items()}
    path = tmp_path / "收.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*cells, "_uuid", "__version__"], [*cells.values(), "u1", "v"]])
    (filled,), problems = read_submissions(path, ruleset, TODAY)
    assert not problems
    values = {reading.fact: reading.value for reading in filled.readings}
    assert values.pop(several.id, frozenset({first})) == frozenset({first})
    assert values == {"households": 2130, "potholes": None}
    assert {r.note for r in filled.readings if r.fact == "households"} == {"看了台账"}


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ("2026-03-01T22:30:00", 2), ("2026-03-01T22:30:00.123Z", 2), ("2026-03-01T22:30:00+00:00", 2), ("2026-03-01 22:30:00", 2),
        ("2026-03-01T22:30:00 UTC", 2), ("2026-03-01T15:59:59", 1), ("2026-03-01T00:00:00.000+08:00", 1), ("2026-03-01T22:30:00.000+08:00", 1),
        ("2026-03-01T12:00:00−05:00", 2), ("2026-03-02T03:00:00+11", 2),
    ],
)  # fmt: skip
def test_a_submission_without_a_day_is_of_the_day_in_beijing(
    tmp_path: Path, ruleset: Ruleset, sent: str, day: int
) -> None:
    told = {key: value for key, value in ONE.items() if key != ON} | {"_submission_time": sent}
    read: Callable[[Path], tuple[tuple[TableAnswers, ...], Any]] = lambda path: read_submissions(path, ruleset, TODAY)
    path = tmp_path / "收.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(told), list(told.values())])
    for (filled,), problems in (read(path), read(paged(tmp_path, [told]))):
        assert not problems
        assert filled.as_of == date(2026, 3, day)
