"""Bytes that are no text, wrapped columns, cells like formulas: each costs its cell and is told, the run goes on."""

from __future__ import annotations

import csv
import re
import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import feather

from checklist.batch.tables.result_files import Writer
from checklist.batch.tables.sound_columns import LOST, sound, text_of
from tests.conftest import Run

BYTES = st.lists(st.none() | st.binary(max_size=6) | st.text(max_size=3).map(str.encode))


def forged(cells: list[bytes | None], kind: Any = None) -> Any:
    """Texts made of any bytes, as a careless program writes them."""
    array = pa.array(cells, pa.binary())
    return pa.Array.from_buffers(kind or pa.string(), len(array), array.buffers())


def runs(values: Any, ends: list[int]) -> Any:
    kind = pa.run_end_encoded(pa.int32(), values.type)
    return pa.Array.from_buffers(kind, ends[-1] if ends else 0, [None], children=[pa.array(ends, pa.int32()), values])


def decoded(cell: bytes | None) -> str | None:
    return None if cell is None else cell.decode("utf-8", "replace")


@given(BYTES)
def test_only_the_bytes_that_are_no_text_are_lost(cells: list[bytes | None]) -> None:
    wanted = [decoded(cell) for cell in cells]
    plain = forged(cells)
    places = pa.array(range(len(cells)), pa.int32())
    assert sound(plain).to_pylist() == wanted
    assert sound(plain.cast(pa.binary())).to_pylist() == wanted
    assert sound(pa.DictionaryArray.from_arrays(places, plain, safe=False)).to_pylist() == wanted
    assert sound(runs(plain, [2 * i + 2 for i in range(len(cells))])).to_pylist() == [w for w in wanted for _ in "12"]
    lists = pa.ListArray.from_arrays(pa.array(range(len(cells) + 1), pa.int32()), plain)
    assert sound(lists).to_pylist() == [[w] for w in wanted]


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.string_view(), pa.list_(pa.int8())]
)
def test_a_run_end_encoded_column_of_any_kind_is_read(kind: Any) -> None:
    values = pa.array([None, None, None], kind)
    found = sound(runs(values, [1, 4, 5]))
    assert found.type in (kind, pa.string()) and found.to_pylist() == [None] * 5


def test_a_column_with_a_broken_structure_is_lost_alone() -> None:
    offsets = pa.py_buffer(b"\0\0\0\0\xff\0\0\0\x01\0\0\0\x02\0\0\0")
    assert sound(pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"ab")])).to_pylist() == [LOST] * 3


def tables(folder: Path) -> list[str]:
    """One table in every kind of store: a good row, a name that is no UTF-8, a number that is none, a good row."""
    ids, homes = [b"a", b"\xcc\xd2\xc0\xee", b"c", b"d"], [b"5", b"6", b"\xff\xfe", b"8"]
    table = pa.table({"community": forged(ids), "households": forged(homes)})
    pq.write_table(table, folder / "in.parquet")
    feather.write_feather(table, str(folder / "in.arrow"))
    wrapped = pa.table({"community": runs(forged(ids), [1, 2, 3, 4]), "households": runs(forged(homes), [1, 2, 3, 4])})
    with pa.OSFile(str(folder / "runs.arrow"), "wb") as file, pa.ipc.new_file(file, wrapped.schema) as writer:
        writer.write_table(wrapped)
    rows = [
        "community,households,街道".encode(),
        *(b",".join(pair) + ",湖滨".encode() for pair in zip(ids, homes, strict=True)),
    ]
    (folder / "in.csv").write_bytes(b"\n".join(rows))
    with sqlite3.connect(folder / "in.sqlite") as base:
        base.execute("CREATE TABLE t (community, households)")
        base.executemany("INSERT INTO t VALUES (?, ?)", zip(ids, homes, strict=True))
    (folder / "gbk.csv").write_bytes(
        "编号,户数\na,5\n桃\ufffd,6\n桃李,\ufffd\n花园,8\n".encode("gbk", "replace").replace(b"?", b"\xff")
    )
    files = ("in.parquet", "in.arrow", "runs.arrow", "in.csv", "gbk.csv")
    return [*(str(folder / name) for name in files), f"sqlite:///{folder / 'in.sqlite'}#t"]


@pytest.mark.slow
def test_a_cell_that_is_no_text_costs_that_cell(cli: Run, tmp_path: Path) -> None:
    found = tables(tmp_path)
    for number, (table, out) in enumerate(
        [*((t, "out.csv") for t in found), (found[0], "out.arrow"), (found[0], "out")]
    ):
        place = tmp_path / str(number)
        place.mkdir()
        ran = cli(
            "batch",
            table,
            "-o",
            place / out,
            "--rank",
            "--top-gaps",
            "1",
            "--by",
            "community" if "gbk" not in table else "编号",
        )
        assert ran.code == 0, (table, ran.err)
        with (place / "out.bad.csv").open(encoding="utf-8-sig", newline="") as file:
            bad = {(cell["行"], cell["列"]) for cell in csv.DictReader(file)}
        assert bad == {("2", "编号"), ("3", "户数")} if "gbk" in table else {("2", "community"), ("3", "households")}
    assert cli("batch", found[0], "--explain", "2").code == cli("batch", found[0], "--explain", "3").code == 0


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@NOW(A1)", "\t=1", "\r=1", "＝1+1", "'=1"]


def test_no_text_of_a_csv_result_is_a_formula(cli: Run, tmp_path: Path) -> None:
    """Names, kept columns of any kind, headings; numbers stay numbers."""
    count = len(FORMULAS)
    table = {
        "community": FORMULAS, "社区": FORMULAS, "households": list(range(count)), "=heading": FORMULAS,
        "负数": [-1.5] * count, "written": ["-1.5"] * count, "coded": pa.array(FORMULAS).dictionary_encode(),
        "list": [[text] for text in FORMULAS], "bytes": [text.encode() for text in FORMULAS],
        "day": pa.array([0] * count, pa.date32()),
    }  # fmt: skip
    pq.write_table(pa.table(table), tmp_path / "in.parquet")
    kept = ["=heading", "负数", "written", "coded", "list", "bytes", "day"]
    ran = cli(
        "batch", tmp_path / "in.parquet", "-o", tmp_path / "out.csv", "--columns", "totals", "--keep", ",".join(kept)
    )
    assert ran.code == 0, ran.err
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    number = re.compile(r"-?\d+(\.\d+)?")
    for cell in (cell for row in [heads, *rows] for cell in row):
        assert number.fullmatch(cell) or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")), cell
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    for text, row in zip(FORMULAS, found, strict=True):
        assert {row[n] for n in ("community", "name", "'=heading", "coded", "list", "bytes")} == {f"'{text}"}
        assert (float(row["负数"]), row["written"], row["day"]) == (-1.5, "-1.5", "1970-01-01")


def test_what_a_csv_file_cannot_hold_is_written_as_text(tmp_path: Path) -> None:
    columns = {
        "list": pa.array([["甲", "乙"], None]), "struct": pa.array([{"a": 1}, None]), "view": pa.array(["a", None], pa.string_view()),
        "uuid": pa.array([b"a" * 16, None], pa.uuid()), "span": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
    }  # fmt: skip
    writer = Writer(tmp_path / "out.csv", "csv")
    writer.write(pa.RecordBatch.from_pydict(columns))
    writer.close()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["list"] == "甲、乙" and rows[0]["struct"] == "{'a': 1}" and rows[0]["view"] == "a"
    assert not any(rows[1].values())
    assert text_of(columns["list"]).to_pylist() == ["甲、乙", None]
