"""Facts from a database table, results into one: SQLite always, PostgreSQL against a server that the test starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist.batch.tables.databases import Database, connect, database, identity
from checklist.cli.console import Exit
from checklist.files.whole_tables import score_table
from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import table_of
from tests.batch.random_tables import random_rows
from tests.conftest import Run
from tests.support.written_values import WRITTEN
from tests.test_written_values import scored, wide

pytest.importorskip("adbc_driver_manager", reason="pip install civic-checklist[sql]")


def flat(ruleset: Ruleset) -> pa.Table:
    """Lists as text and yes/no as it comes: what a plain database table holds."""
    table = table_of(ruleset, random_rows(ruleset, 40, seed=5))
    for i, column in enumerate(table.schema):
        if pa.types.is_list(column.type):
            texts = [None if v is None else "、".join(v) or "无" for v in table.column(i).to_pylist()]
            table = table.set_column(i, column.name, pa.array(texts, pa.string()))
        elif pa.types.is_boolean(column.type):
            table = table.set_column(i, column.name, table.column(i).cast(pa.int32()))
        elif pa.types.is_date32(column.type):
            table = table.set_column(i, column.name, table.column(i).cast(pa.string()))
    return table


def round_trip(cli: Run, tmp_path: Path, uri: str, ruleset: Ruleset) -> None:
    """The list of bad cells goes beside SQLite's file; a server has no beside, so that it is told where."""
    table = flat(ruleset)
    pq.write_table(table, tmp_path / "in.parquet")
    with connect(Database(uri, "facts")) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("facts", table, mode="create")
        connection.commit()
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet").code == 0
    ran = cli("batch", f"{uri}#facts", "-o", f"{uri}#results", "--bad", tmp_path / "bad.csv")
    assert ran.code == 0, ran.err
    for there, force, code in (("results", (), 2), ("facts", ("--force",), 2), ("results", ("--force",), 0)):
        again = cli("batch", f"{uri}#facts", "-o", f"{uri}#{there}", "--bad", tmp_path / "bad.csv", *force)
        assert again.code == code, again.err
    assert identity(Database(uri, "results_旧")) is not None, "what was there is kept"
    wanted = pq.read_table(tmp_path / "out.parquet").to_pylist()
    with connect(Database(uri, "results")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM results")
        assert sorted(cursor.fetch_arrow_table().to_pylist(), key=lambda r: str(r["community"])) == sorted(
            wanted, key=lambda r: str(r["community"])
        )


@pytest.mark.slow
def test_a_sqlite_table_in_and_out(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    round_trip(cli, tmp_path, f"sqlite:///{tmp_path}/区.db", ruleset)


def test_sqlite_cells_of_every_type_in_one_column(cli: Run, tmp_path: Path) -> None:
    """What the first rows hold says nothing about the rest."""
    import sqlite3

    cells = [(f"c{i}", i + 1, None if i < 1500 else 0.5) for i in range(2000)]
    with sqlite3.connect(tmp_path / "a.db") as file:
        file.execute("CREATE TABLE t (community, households, survey_aware_ratio)")
        file.executemany("INSERT INTO t VALUES (?, ?, ?)", [*cells, ("x", "很多", "41/50"), ("y", 7.0, b"0.5")])
    ran = cli("batch", f"sqlite:///{tmp_path}/a.db#t", "-o", tmp_path / "o.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(tmp_path / "o.parquet").num_rows == 2002
    side = (tmp_path / "o.bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(side) == 2 and side[1].startswith("2001,x,households,E211")


def test_a_table_that_is_not_there(cli: Run, tmp_path: Path) -> None:
    ran = cli("batch", f"sqlite:///{tmp_path}/x.db#nothing", "-o", tmp_path / "o.parquet")
    assert ran.code == Exit.PROBLEMS and "数据库说" in ran.err


def test_a_password_is_never_shown() -> None:
    place = database("postgresql://li:secret@10.0.0.1/qu#facts")
    assert place is not None and "secret" not in str(place)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
    if not folders:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    root = Path(tempfile.mkdtemp(prefix="checklist-pg-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(root, "postgres", "postgres")
    run = lambda *args: subprocess.run(args, check=True, capture_output=True, cwd=root, **as_user)
    run(str(folders[-1] / "initdb"), "-D", str(root / "data"), "-A", "trust", "-U", "li", "-E", "UTF8")
    control, port = str(folders[-1] / "pg_ctl"), str(20_000 + os.getpid() % 20_000)
    run(
        control,
        "-D",
        str(root / "data"),
        "-w",
        "-l",
        str(root / "log"),
        "-o",
        f"-p {port} -k {root} -h 127.0.0.1",
        "start",
    )
    try:
        yield f"postgresql://li@127.0.0.1:{port}/postgres"
    finally:
        run(control, "-D", str(root / "data"), "-m", "immediate", "stop")
        shutil.rmtree(root, ignore_errors=True)


@pytest.mark.slow
def test_a_postgresql_table_in_and_out(cli: Run, tmp_path: Path, server: str, ruleset: Ruleset) -> None:
    round_trip(cli, tmp_path, server, ruleset)


@pytest.mark.slow
def test_postgresql_numbers_lists_and_dates(cli: Run, tmp_path: Path, server: str) -> None:
    with connect(Database(server, "t")) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE t AS SELECT 'c1' AS community, 12.50::numeric AS office_area_m2, 30 AS households, "
            "ARRAY['hall'] AS rooms, DATE '2026-01-01' AS as_of"
        )
        connection.commit()
    ran = cli("batch", f"{server}#t", "-o", tmp_path / "o.parquet")
    assert ran.code == 0, ran.err
    assert pq.read_table(tmp_path / "o.parquet").num_rows == 1


@pytest.mark.slow
def test_postgresql_reads_what_every_table_reads(tmp_path: Path, server: str, ruleset: Ruleset) -> None:
    """Texts mean the same, declarations come along, and what stands around the communities is none."""
    told = [(fact, text) for fact, text, _ in WRITTEN]
    head, *rows = wide(told)
    around = [["合　计", *[""] * (len(head) - 1)], [""] * len(head), ["填表人：张三", *[""] * (len(head) - 1)]]
    kept = [["不适用", *head], *(["", *row] for row in (*rows, *around))]
    kept[1][0] = "NBR-02：辖区里没有农贸市场"
    with connect(Database(server, "words")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE words (" + ", ".join(f'"{name}" text' for name in kept[0]) + ")")
        for row in kept[1:]:
            cells = ", ".join("'" + cell.replace("'", "''") + "'" for cell in row)
            cursor.execute(f"INSERT INTO words VALUES ({cells})")
        connection.commit()
    assert scored(f"{server}#words", told, ruleset) == [means for _, _, means in WRITTEN]
    summary = score_table(f"{server}#words", tmp_path / "o.parquet", ruleset, today=date(2026, 11, 20))
    assert summary.rows == len(rows) and sum(cell.code == "W240" for cell in summary.bad) == 2
    declared = pq.read_table(tmp_path / "o.parquet").column("not_applicable").to_pylist()
    assert declared[0] == declared[1] + 1
