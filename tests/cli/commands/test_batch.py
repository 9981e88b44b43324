"""``checklist batch`` as users meet it: tables of every kind, bad cells, bad files."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import feather

from checklist.cli.console import Exit
from checklist.engine.comparing.compare import compare, stand
from checklist.engine.comparing.shortfalls import shortfalls
from checklist.engine.scoring.assess import assess
from checklist.model.numbers import rounded
from checklist.model.results.ranks import MIN_COVERAGE
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community
from checklist.reports.language.ranking import shortfall_text
from tests.batch.random_rulesets import DAY, Row, state_of, table_of
from tests.batch.random_tables import random_rows
from tests.conftest import Run


@pytest.fixture(scope="module")
def rows(ruleset: Ruleset) -> list[Row]:
    return random_rows(ruleset, 60, seed=7)


@pytest.fixture(scope="module")
def table(ruleset: Ruleset, rows: list[Row]) -> pa.Table:
    found = table_of(ruleset, rows)
    return found.append_column("street", pa.array([f"街道{i % 3}" for i in range(len(found))]))


def bad_cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def small(**columns: Any) -> pa.Table:
    return pa.table({"community": pa.array([f"c{i}" for i in range(len(next(iter(columns.values()))))]), **columns})


@pytest.mark.slow
def test_points_score_and_rank_are_the_single_engines(
    cli: Run, tmp_path: Path, table: pa.Table, rows: list[Row], ruleset: Ruleset
) -> None:
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=17)
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", "--rank", "--columns", "totals,modules,levels,points,outcomes")  # fmt: skip
    assert (ran.code, ran.out) == (0, "")
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assessments = [assess(ruleset, state_of(ruleset, row)) for row in rows]
    for got, wanted in zip(found, assessments, strict=True):
        assert (got["low"], got["high"]) == (wanted.total.low, wanted.total.high)
        assert got["score_low"] == float(rounded(wanted.score.low, 4))
        assert got["coverage"] == float(rounded(wanted.coverage * 100, 4))
        assert (got["band_low"], got["band_high"], got["verdict"]) == (*wanted.bands, wanted.verdict.kind)
        assert got["street"].startswith("街道")
        for module in wanted.modules:
            assert got[f"{module.module.id}.high"] == module.tally.high
        for finding in wanted.findings:
            assert got[f"{finding.criterion.id}.low"] == finding.low
            assert got[f"{finding.criterion.id}.outcome"] == finding.outcome
    standings = [
        stand(ruleset, replace(state_of(ruleset, row), community=Community(str(i), str(i))))
        for i, row in enumerate(rows)
    ]
    for least, more in (
        (MIN_COVERAGE, ()),
        (Fraction(0), ("--min-coverage", "0")),
        (Fraction(41, 200), ("--min-coverage", "20.5")),
    ):
        ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.csv", "--rank", *more)
        ranking = compare(standings, min_coverage=least)
        wanted = {item.standing.community.id: item.rank for item in ranking.ranked}
        for i, got in enumerate(bad_cells(tmp_path / "out.csv")):
            rank = wanted.get(str(i))
            told = tuple(map(str, (rank.place, rank.best, rank.worst))) if rank else ("", "", "")
            assert (got["rank"], got["rank_best"], got["rank_worst"]) == told
        assert (f"{len(ranking.apart)} 个社区核查率不到" in ran.err) == bool(ranking.apart)


@pytest.mark.slow
def test_every_kind_of_table_comes_to_the_same(cli: Run, tmp_path: Path, table: pa.Table) -> None:
    lists = [i for i, f in enumerate(table.schema) if pa.types.is_list(f.type)]
    flat = table
    for i in lists:
        joined = ["、".join(v) or "无" if v is not None else None for v in table.column(i).to_pylist()]
        flat = flat.set_column(i, table.schema.names[i], pa.array(joined))
    pq.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, str(tmp_path / "b.arrow"), compression="lz4", chunksize=7)
    arrow_csv.write_csv(flat, tmp_path / "c.csv")
    text = (tmp_path / "c.csv").read_text(encoding="utf-8")
    (tmp_path / "d.csv").write_text(text, encoding="gb18030")
    (tmp_path / "e.csv").write_text(text, encoding="utf-8-sig")
    (tmp_path / "parts").mkdir()
    pq.write_table(table.slice(0, 20), tmp_path / "parts" / "1.parquet")
    arrow_csv.write_csv(flat.slice(20), tmp_path / "parts" / "2.csv")
    results = []
    for name in ("a.parquet", "b.arrow", "c.csv", "d.csv", "e.csv", "parts"):
        ran = cli("batch", tmp_path / name, "-o", tmp_path / "out.parquet")
        assert ran.code == 0, ran.err
        results.append(pq.read_table(tmp_path / "out.parquet").to_pylist())
    assert all(result == results[0] for result in results[1:])


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "csv"])
def test_every_kind_of_result(cli: Run, tmp_path: Path, table: pa.Table, suffix: str) -> None:
    pq.write_table(table, tmp_path / "in.parquet")
    out = tmp_path / f"out.{suffix}"
    assert cli("batch", tmp_path / "in.parquet", "-o", out, "--columns", "totals").code == 0
    reader = {"parquet": pq.read_table, "arrow": feather.read_table, "csv": arrow_csv.read_csv}[suffix]
    assert reader(str(out)).column("low").to_pylist()[:1] != [None]
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / f"folder-{suffix}", "--format", suffix).code == 0
    assert [p.suffix for p in (tmp_path / f"folder-{suffix}").iterdir()] == [f".{suffix}"]


@pytest.mark.slow
def test_the_long_form_has_a_row_for_each_criterion(
    cli: Run, tmp_path: Path, table: pa.Table, ruleset: Ruleset
) -> None:
    pq.write_table(table, tmp_path / "in.parquet")
    cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "wide.parquet", "--columns", "levels,points")
    cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "long.parquet", "--long")
    wide = pq.read_table(tmp_path / "wide.parquet").to_pylist()
    for row in pq.read_table(tmp_path / "long.parquet").to_pylist():
        mine = wide[int(row["community"][1:])]
        id = row["criterion"]
        assert [row[n] for n in ("worst", "best", "low", "high")] == [mine[f"{id}.{n}"] for n in ("worst", "best", "low", "high")]  # fmt: skip


def test_a_bad_cell_is_listed_and_counts_as_unknown(cli: Run, tmp_path: Path) -> None:
    cells = {
        "households": pa.array([10, -1, 10**12, None], pa.int64()),
        "office_area_m2": pa.array([60.5, float("nan"), float("inf"), 1.234]),
        "lamps_installed": pa.array([10, 10, 10, 10]),
        "lamps_lit": pa.array([9, 11, None, 10]),
        "来历不明": pa.array([1, 2, 3, 4]),
    }
    pq.write_table(small(**cells), tmp_path / "in.parquet")
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet")
    assert ran.code == 0 and "来历不明" in ran.err and "out.bad.csv" in ran.err
    found = [(int(c["行"]), c["列"], c["代码"]) for c in bad_cells(tmp_path / "out.bad.csv")]
    assert found == [
        (2, "households", "E213"),
        (2, "lamps_lit", "E320"),
        (2, "office_area_m2", "E211"),
        (3, "households", "E213"),
        (3, "office_area_m2", "E211"),
        (4, "office_area_m2", "E212"),
    ]
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 4


def test_columns_of_the_wrong_type(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    choice = next(name for name, fact in ruleset.facts.items() if fact.type == "choice")
    yes_no = next(name for name, fact in ruleset.facts.items() if fact.type == "bool")
    many = next(name for name, fact in ruleset.facts.items() if fact.type == "set")
    day = next(name for name, fact in ruleset.facts.items() if fact.type == "date")
    cells = {choice: pa.array([1, 2]), yes_no: pa.array([0.5, 1.0]), many: pa.array([[1], [2]]), day: pa.array([1, 2])}
    cells |= {"households": pa.array([[1], None]), "population": pa.array([True, False])}
    pq.write_table(small(**cells), tmp_path / "in.parquet")
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet").code == 0
    found = sorted((c["列"], int(c["行"])) for c in bad_cells(tmp_path / "out.bad.csv"))
    taken = {("households", 2), (yes_no, 2)}  # nothing, and a yes as programs keep it in a column with gaps
    assert found == sorted((name, row) for name in cells for row in (1, 2) if (name, row) not in taken)


def test_words_where_numbers_belong(cli: Run, tmp_path: Path) -> None:
    text = "社区编号,households,lamps_lit,lamps_installed\nc1,很多,１,2\nc2,30,1,2\n"
    (tmp_path / "in.csv").write_text(text, encoding="gb18030")
    assert cli("batch", tmp_path / "in.csv", "-o", tmp_path / "out.csv").code == 0
    cells = bad_cells(tmp_path / "out.bad.csv")
    assert [(c["社区编号"], c["列"], c["现在的值"]) for c in cells] == [("c1", "households", "很多")]


def test_duplicate_communities_are_reported_and_both_scored(cli: Run, tmp_path: Path) -> None:
    pq.write_table(pa.table({"community": ["a", "b", "a"], "households": [1, 2, 3]}), tmp_path / "in.parquet")
    assert cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet").code == 0
    assert [(c["行"], c["代码"]) for c in bad_cells(tmp_path / "out.bad.csv")] == [("3", "E220")]
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 3


def test_a_truncated_file_stops_itself_and_not_its_neighbours(cli: Run, tmp_path: Path, table: pa.Table) -> None:
    (tmp_path / "in").mkdir()
    pq.write_table(table, tmp_path / "in" / "a.parquet")
    whole = (tmp_path / "in" / "a.parquet").read_bytes()
    (tmp_path / "in" / "b.parquet").write_bytes(whole[: len(whole) // 2])
    ran = cli("batch", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.code == Exit.PROBLEMS and "b.parquet" in ran.err and "没传完" in ran.err
    assert pq.read_table(tmp_path / "out").num_rows == 60
    alone = cli("batch", tmp_path / "in" / "b.parquet", "-o", tmp_path / "out2.parquet")
    assert alone.code == Exit.PROBLEMS and not (tmp_path / "out2.parquet").exists()


def test_empty_tables_and_wrong_files(cli: Run, tmp_path: Path) -> None:
    pq.write_table(pa.table({"households": pa.array([], pa.int64())}), tmp_path / "empty.parquet")
    assert cli("batch", tmp_path / "empty.parquet", "-o", tmp_path / "o.parquet").code == Exit.NOTHING
    assert cli("batch", tmp_path / "none.parquet", "-o", tmp_path / "o.parquet").code == Exit.PROBLEMS
    (tmp_path / "a.doc").write_text("x", encoding="utf-8")
    assert cli("batch", tmp_path / "a.doc", "-o", tmp_path / "o.parquet").code == Exit.PROBLEMS
    pq.write_table(pa.table({"a": [1]}), tmp_path / "nofacts.parquet")
    assert "一列实测项也没有" in cli("batch", tmp_path / "nofacts.parquet", "-o", tmp_path / "o.parquet").err
    (tmp_path / "zero.csv").write_bytes(b"")
    assert cli("batch", tmp_path / "zero.csv", "-o", tmp_path / "o.parquet").code == Exit.PROBLEMS


def test_a_full_disk_leaves_nothing_behind(
    cli: Run, tmp_path: Path, table: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    from checklist.batch.tables.result_files import Writer

    def full(self: Writer, batch: pa.RecordBatch) -> None:
        self.temporary.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    pq.write_table(table, tmp_path / "in.parquet")
    monkeypatch.setattr(Writer, "write", full)
    for out in ("out.parquet", "out"):
        ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / out)
        assert ran.code == Exit.USAGE and "没有写成" in ran.err
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


def test_what_costs_most_by_street(
    cli: Run, tmp_path: Path, table: pa.Table, rows: list[Row], ruleset: Ruleset
) -> None:
    pq.write_table(table, tmp_path / "in.parquet")
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.parquet", "--top-gaps", "1", "--by", "street")
    lines = re.sub(r"\n {4,}| ", "", ran.out).splitlines()
    for street in range(3):
        first = shortfalls([stand(ruleset, state_of(ruleset, row)) for row in rows[street::3]])[0]
        line = lines[lines.index(f"街道{street}丢分最多的标准") + 1]
        assert line.startswith(first.criterion.id) and shortfall_text(first).replace(" ", "") in line
        assert line.endswith("；共性问题") == first.common


@pytest.mark.slow
def test_one_row_is_explained_by_the_single_engine(cli: Run, tmp_path: Path, table: pa.Table, ruleset: Ruleset) -> None:
    from checklist.batch.columns.one_row import state_of_row
    from checklist.batch.run.scoring import Job
    from checklist.batch.tables.layout import layout_of

    pq.write_table(table, tmp_path / "in.parquet", row_group_size=9)
    cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.parquet")
    results = pq.read_table(tmp_path / "o.parquet").to_pylist()
    job = Job(ruleset, layout_of(ruleset, table.column_names), DAY)
    for row in range(1, 61, 7):
        state, _ = state_of_row(job, tmp_path / "in.parquet", row)
        assert state is not None
        total = assess(ruleset, state).total
        assert (total.low, total.high, total.decided) == tuple(results[row - 1][n] for n in ("low", "high", "decided"))
    ran = cli("batch", tmp_path / "in.parquet", "--explain", "3")
    assert ran.code == 0 and "得分" in ran.out
    assert cli("batch", tmp_path / "in.parquet", "--explain", "61").code == Exit.PROBLEMS


def test_the_kernel_can_be_read(cli: Run, tmp_path: Path, table: pa.Table) -> None:
    pq.write_table(table, tmp_path / "in.parquet")
    ran = cli("batch", tmp_path / "in.parquet", "--show-kernel")
    assert ran.out.startswith("def kernel(inp, out, mem):") and "inp['households.lo']" in ran.out


def test_sets_as_one_column_for_each_option(cli: Run, tmp_path: Path, table: pa.Table, ruleset: Ruleset) -> None:
    bits = table
    for name, fact in ruleset.facts.items():
        if fact.type == "set":
            values = table.column(name).to_pylist()
            bits = bits.drop_columns(name)
            for option in fact.options:
                column = pa.array([None if v is None else option in v for v in values], pa.bool_())
                bits = bits.append_column(f"{name}__{option}", column)
    for name, data in (("a", table), ("b", bits)):
        pq.write_table(data, tmp_path / f"{name}.parquet")
        assert cli("batch", tmp_path / f"{name}.parquet", "-o", tmp_path / f"{name}-out.parquet").code == 0
    assert pq.read_table(tmp_path / "a-out.parquet").equals(pq.read_table(tmp_path / "b-out.parquet"))


def test_looking_from_another_day(cli: Run, tmp_path: Path, rows: list[Row], table: pa.Table, ruleset: Ruleset) -> None:
    pq.write_table(table, tmp_path / "in.parquet")
    cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "o.parquet", "--as-of", "2026-08-01")
    found = pq.read_table(tmp_path / "o.parquet").column("decided").to_pylist()
    fresh = [assess(ruleset, state_of(ruleset, row), as_of=date(2026, 8, 1)).total.decided for row in rows]
    assert found == fresh


@pytest.mark.slow
def test_processes_come_to_the_same_as_one(cli: Run, tmp_path: Path, table: pa.Table) -> None:
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=10)
    cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "one.parquet", "--rank")
    cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "two", "--rank", "--workers", "2")
    assert pq.read_table(tmp_path / "two").to_pylist() == pq.read_table(tmp_path / "one.parquet").to_pylist()
