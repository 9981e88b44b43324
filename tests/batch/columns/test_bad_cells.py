"""Cells that cannot be used are listed by row and column, count as unknown, and never stop the run."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist.cli.console import Exit
from tests.conftest import Run

SET, CHOICE, DAY, RATIO = "public_hygiene_courses", "cleaning_mode", "scheme_issued_on", "survey_aware_ratio"


def listed(path: Path) -> list[tuple[int, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(int(cell["行"]), cell["列"], cell["代码"]) for cell in csv.DictReader(file)]


def first(ruleset: Any, type: str) -> Any:
    return next(fact for fact in ruleset.facts.values() if fact.type == type)


def scored(cli: Run, folder: Path, **columns: Any) -> list[tuple[int, str, str]]:
    count = len(next(iter(columns.values())))
    pq.write_table(pa.table({"community": [f"c{i}" for i in range(count)], **columns}), folder / "in.parquet")
    ran = cli("batch", folder / "in.parquet", "-o", folder / "out.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(folder / "out.parquet").num_rows == count
    side = folder / "out.bad.csv"
    return listed(side) if side.exists() else []


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([2**63 + 5, 10**12, 7], pa.uint64()),
        pa.array([-1, 10**12, 7], pa.int64()),
        pa.array([float("nan"), float("-inf"), 7.0]),
        pa.array([Decimal("7.000000000001"), Decimal("1e30"), Decimal("7.000")], pa.decimal256(60, 12)),
        pa.array(["７.5", "-7", "７"]),
        pa.array(["1e400", "∞", "约7户"]),
        pa.array([1.5, 1e300, 7.0]),
    ],
    ids=["uint64", "int64", "nan", "decimals", "words", "huge words", "floats"],
)
def test_numbers_that_are_none(cli: Run, tmp_path: Path, cells: Any) -> None:
    found = scored(cli, tmp_path, households=cells)
    assert [(row, column) for row, column, _ in found] == [(1, "households"), (2, "households")]
    assert {code for *_, code in found} <= {"E211", "E212", "E213"}


def test_elements_that_are_no_options(cli: Run, tmp_path: Path, ruleset: Any) -> None:
    fact = first(ruleset, "set")
    one, two = list(fact.options)[:2]
    cells = pa.array([[one, None], [one, one], [one, "没有这个"], [], None, [two, one]], pa.list_(pa.string()))
    assert scored(cli, tmp_path, **{fact.id: cells}) == [
        (1, fact.id, "E214"),
        (2, fact.id, "E215"),
        (3, fact.id, "E214"),
    ]


def test_days_that_are_none(cli: Run, tmp_path: Path, ruleset: Any) -> None:
    fact = first(ruleset, "date")
    days = pa.array(np.array([-(2**31), 2**31 - 1, 20_000], "i4"), pa.date32())
    found = scored(cli, tmp_path, **{fact.id: days})
    assert [(row, column) for row, column, _ in found] == [(1, fact.id), (2, fact.id)]
    late = pa.array([datetime(2026, 11, 25), datetime(2026, 11, 24, 23, 59), None], pa.timestamp("us"))
    assert scored(cli, tmp_path, **{fact.id: late}) == [(1, fact.id, "E217")]


def test_a_record_from_the_future_is_judged_on_its_own_day(cli: Run, tmp_path: Path) -> None:
    found = scored(
        cli, tmp_path, households=[10, 10, 10], as_of=["2030-01-01", None, "不记得"],
        households__on=["2029-12-31", "2026-11-24", "2026-11-25"],
    )  # fmt: skip
    assert found == [(3, "as_of", "E211"), (3, "households__on", "E217")]


def test_two_columns_of_one_name(cli: Run, tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array([5]), pa.array([6]), pa.array([7])],
                                 names=["community", "households", "households", "户数"])  # fmt: skip
    for name in ("in.parquet", "in.arrow"):
        if name == "in.parquet":
            pq.write_table(table, tmp_path / name)
        else:
            with pa.OSFile(str(tmp_path / name), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
        ran = cli("batch", tmp_path / name, "-o", tmp_path / "out.parquet", "--keep", "households")
        assert ran.code == 0 and "2 列和前面的列重复，只用前面的：households、户数" in ran.err
    (tmp_path / "in.csv").write_text("community,households,households\na,5,6\n", encoding="utf-8")
    ran = cli("batch", tmp_path / "in.csv", "-o", tmp_path / "out.parquet")
    assert ran.code == 0 and "重复" in ran.err


def test_a_csv_row_with_a_cell_too_many_does_not_stop_the_run(cli: Run, tmp_path: Path) -> None:
    text = "community,households\na,5\nb,6,7\nc\nd,8\n"
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    ran = cli("batch", tmp_path / "in.csv", "-o", tmp_path / "out.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(tmp_path / "out.parquet").column("community").to_pylist() == ["a", "d"]
    assert [(row, code) for row, _, code in listed(tmp_path / "out.bad.csv")] == [(2, "E102"), (3, "E102")]


def test_the_list_lies_beside_the_result(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("adbc_driver_sqlite", reason="pip install civic-checklist[sql]")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "db").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    pq.write_table(pa.table({"community": ["a"], "households": [-1]}), tmp_path / "in.parquet")
    for out, side in (
        (tmp_path / "out.parquet", tmp_path / "out.bad.csv"),
        (tmp_path / "folder", tmp_path / "folder.bad.csv"),
        (f"sqlite:///{tmp_path}/db/a.db#results", tmp_path / "db" / "results.bad.csv"),
    ):
        assert cli("batch", tmp_path / "in.parquet", "-o", out).code == 0
        assert listed(side) == [(1, "households", "E213")]
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.csv", "--bad", tmp_path / "坏格子.csv")
    assert ran.code == 0 and listed(tmp_path / "坏格子.csv") and "坏格子.csv" in ran.err
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.csv", "--sampling").code == Exit.DONE
