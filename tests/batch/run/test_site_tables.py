"""Whole tables with sites: in any order, in blocks and parts of any size, in one process or several, with every mistake said."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checklist.batch.columns.bad_cells import BadCell
from checklist.batch.run.one_community import state_of_community
from checklist.batch.run.processes import pool
from checklist.batch.run.running import Run, Summary, here, score_table
from checklist.batch.run.scoring import Job
from checklist.batch.tables.duplicates import duplicates
from checklist.batch.tables.layout import layout_of
from checklist.batch.tables.result_files import Writer
from checklist.engine.scoring.assess import tally, verdict
from checklist.engine.scoring.sites import Bench
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from tests.batch.random_rulesets import DAY, Row
from tests.batch.random_sites import Many, Place, state_of_many, table_of_many
from tests.batch.random_tables import random_rows

PARTS = ("totals", "modules", "levels", "points", "outcomes")


def district_of(ruleset: Ruleset, communities: int, seed: int = 5) -> list[Many]:
    """Communities of the shipped rules with up to three estates, some with a lane, some with sites that nobody listed."""
    chance, rows = random.Random(seed), random_rows(ruleset, communities * 5, seed)
    found = []
    for i in range(communities):
        own, *others = rows[5 * i : 5 * i + 5]
        sites = [Place("estate", row) for row in others[: chance.randint(0, 3)]]
        sites += [Place("lane", others[3])] if chance.random() < 0.4 else []
        kinds = {site.kind for site in sites}
        totals = {kind: sum(s.kind == kind for s in sites) + chance.choice([0, 0, 2]) for kind in sorted(kinds)}
        values = {f: v for f, v in own.values.items() if ruleset.site_facts.get(f) not in kinds}
        samples = {f: v for f, v in own.samples.items() if ruleset.site_facts.get(f) not in kinds}
        found.append(Many(replace(own, values=values, samples=samples), sites, totals, spread=chance.random() < 0.5))
    return found


def job_of(ruleset: Ruleset, table: pa.Table, **more: Any) -> Job:
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    return Job(ruleset, layout_of(ruleset, table.column_names, texts=texts), DAY, parts=PARTS, **more)


def scored(
    job: Job, source: Path, out: Path, run: Run = here, rank: Fraction | None = None
) -> tuple[pa.Table, Summary]:
    summary = score_table(job, source, out, run, rank_from=rank)
    return pq.read_table(out), summary


def wanted(ruleset: Ruleset, states: Sequence[State]) -> list[dict[str, Any]]:
    """The same columns from the single engine."""
    found = []
    for state in states:
        findings = Bench(ruleset, state).findings()
        total = tally(findings)
        row: dict[str, Any] = {"low": total.low, "high": total.high, "possible": total.possible}
        row["coverage"] = float(int(total.coverage * 10**6 + Fraction(1, 2))) / 10**4
        row["verdict"], row["sites"] = verdict(findings).kind, _judged(state)
        row |= {f"{f.criterion.id}.low": f.low for f in findings}
        row |= {f"{f.criterion.id}.high": f.high for f in findings}
        row |= {f"{f.criterion.id}.outcome": f.outcome for f in findings}
        found.append(row)
    return found


def _judged(state: State) -> int:
    kinds = {site.kind for site in state.sites}
    return sum(max(len(state.sites_of(k)), state.totals[k].count if k in state.totals else 0) for k in kinds)


def in_order(table: pa.Table) -> pa.Table:
    return table.sort_by("community")


@pytest.fixture(scope="module")
def ruleset(ruleset: Ruleset) -> Ruleset:
    """Some of the shipped criteria: of every kind and every way of making one of many."""
    kept = [
        c
        for i, c in enumerate(ruleset.criteria)
        if i % 12 == 0 or c.over == "sum" or c.per == "lane" or (i % 5 == 0 and c.flag)
    ]
    return replace(ruleset, criteria=tuple(kept))


@pytest.fixture(scope="module")
def district(ruleset: Ruleset) -> list[Many]:
    return district_of(ruleset, 30)


@pytest.fixture(scope="module")
def table(ruleset: Ruleset, district: list[Many]) -> pa.Table:
    """Its rows in any order."""
    return table_of_many(ruleset, district, seed=3)[0]


@pytest.mark.parametrize("sorted_first", [False, True])
@pytest.mark.parametrize("block", [7, 1000])
def test_a_table_comes_to_what_each_community_comes_to_by_itself(
    ruleset: Ruleset, district: list[Many], table: pa.Table, tmp_path: Path, block: int, sorted_first: bool
) -> None:
    pq.write_table(in_order(table) if sorted_first else table, tmp_path / "in.parquet", row_group_size=11)
    found, summary = scored(job_of(ruleset, table, block=block), tmp_path / "in.parquet", tmp_path / "out.parquet")
    by_name = {row["community"]: row for row in found.to_pylist()}
    states = [state_of_many(ruleset, many) for many in district]
    assert summary.rows == len(by_name) == len(district)
    assert not [cell for cell in summary.bad if cell.code not in ("E320", "E323")]
    for number, row in enumerate(wanted(ruleset, states)):
        got = by_name[f"c{number}"]
        assert {name: got[name] for name in row} == row, number


@pytest.mark.slow
def test_ways_of_running_write_the_same_rows(ruleset: Ruleset, table: pa.Table, tmp_path: Path) -> None:
    """Sorted and not, in this process and in others, in one file and in many, with ranks."""
    pq.write_table(in_order(table), tmp_path / "sorted.parquet", row_group_size=9)
    pq.write_table(table, tmp_path / "any.parquet", row_group_size=9)
    job = job_of(ruleset, table)
    one, told = scored(job, tmp_path / "sorted.parquet", tmp_path / "one.parquet", rank=Fraction(1, 2))
    for name in ("sorted", "any"):
        for run in (here, pool(2)):
            out = tmp_path / f"{name}-{run is here}"
            many, summary = scored(job, tmp_path / f"{name}.parquet", out, run, rank=Fraction(1, 2))
            assert in_order(many).equals(in_order(one))
            assert sorted(cell.says for cell in summary.bad) == sorted(cell.says for cell in told.bad)
    assert scored(job, tmp_path / "sorted.parquet", tmp_path / "again.parquet", rank=Fraction(1, 2))[0].equals(one)


@pytest.mark.slow
def test_a_community_split_over_files_is_one(ruleset: Ruleset, table: pa.Table, tmp_path: Path) -> None:
    """Files cut in the middle of a community, one of them CSV, where numbers are text."""
    ordered = in_order(
        table.select([n for n in table.column_names if not pa.types.is_list(table.schema.field(n).type)])
    )
    job = job_of(ruleset, ordered)
    pq.write_table(ordered, tmp_path / "in.parquet")
    one, _ = scored(job, tmp_path / "in.parquet", tmp_path / "one.parquet")
    (tmp_path / "many").mkdir()
    for i, start in enumerate(range(0, ordered.num_rows, 10)):
        piece = ordered.slice(start, 10)
        if i % 2:
            writer = Writer(tmp_path / "many" / f"{i:03}.csv", "csv")
            writer.write(piece.combine_chunks().to_batches()[0])
            writer.close()
        else:
            pq.write_table(piece, tmp_path / "many" / f"{i:03}.parquet")
    job = replace(job, layout=layout_of(ruleset, ordered.column_names, texts=ordered.column_names))
    many, summary = scored(job, tmp_path / "many", tmp_path / "out.parquet")
    assert many.drop_columns(["community"]).to_pylist() == one.drop_columns(["community"]).to_pylist()
    assert not summary.broken


@pytest.mark.slow
def test_far_workers_get_whole_communities_or_a_word(ruleset: Ruleset, table: pa.Table, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "any.parquet")
    pq.write_table(in_order(table), tmp_path / "sorted.parquet", row_group_size=9)
    job = job_of(ruleset, table, far=True)
    with pytest.raises(Refusal, match="不挨着"):
        score_table(job, tmp_path / "any.parquet", tmp_path / "out", here)
    assert not (tmp_path / "out").exists()
    assert score_table(job, tmp_path / "sorted.parquet", tmp_path / "out", here).rows == 30


@pytest.mark.slow
def test_ten_thousand_sites_of_one_community(ruleset: Ruleset, tmp_path: Path) -> None:
    counts = [n for n, kind in ruleset.site_facts.items() if kind == "estate" and ruleset.facts[n].type == "count"][:4]
    sites = [Place("estate", Row({name: i % 7 + 1 for name in counts if i % 5})) for i in range(10_000)]
    many = Many(Row(), sites, {"estate": 12_000})
    table, _ = table_of_many(ruleset, [many], seed=1)
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=1000)
    started = perf_counter()
    found, _ = scored(job_of(ruleset, table, block=700), tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert perf_counter() - started < 120
    (row,) = wanted(ruleset, [state_of_many(ruleset, many)])
    (got,) = found.to_pylist()
    assert {name: got[name] for name in row} == row
    assert got["sites"] == 12_000


def told_of(ruleset: Ruleset, tmp_path: Path, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[BadCell]]:
    names = dict.fromkeys(name for row in rows for name in row)
    table = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    pq.write_table(table, tmp_path / "in.parquet")
    job = job_of(ruleset, table)
    found, summary = scored(job, tmp_path / "in.parquet", tmp_path / "out.parquet")
    return found.to_pylist(), summary.bad + duplicates(tmp_path / "in.parquet", job.layout)


def facts_of(ruleset: Ruleset) -> tuple[str, str, str]:
    """A count of an estate, one of a lane, and one of the community that no site is served."""

    def first(kind: str | None) -> str:
        return next(
            name
            for name, fact in ruleset.facts.items()
            if fact.type in ("count", "number")
            and ruleset.site_facts.get(name) == kind
            and not fact.serves
            and fact.low == 0
        )

    return first("estate"), first("lane"), first(None)


def test_mistakes_are_said_with_their_place(ruleset: Ruleset, tmp_path: Path) -> None:
    at_estate, at_lane, ours = facts_of(ruleset)
    rows: list[dict[str, Any]] = [
        {"社区": "甲", ours: 1, at_estate: 3, "小区总数": "1"},
        {"社区": "甲", "点位": "A区", "点位类别": "小区", ours: 2, at_lane: 4},
        {"社区": "甲", "点位": "B区", "点位类别": "小区", "小区总数": "2"},
        {"社区": "乙", "点位": "三号门", "点位类别": "广场"},
        {"社区": "乙", "点位": "四号门"},
        {"社区": "丙", "小区总数": "6"},
        {"社区": "丁", "小区总数": "0"},
        {"社区": "戊", "小区总数": "0（全是平房院落）"},
        {"社区": "己", "点位": "A区", at_estate: 1},
        {"社区": "己", "点位": "Ａ区", at_estate: 2},
        {"社区": "庚", ours: 1},
        {"社区": "庚", ours: 1},
    ]
    found, bad = told_of(ruleset, tmp_path, rows)
    said = {(cell.row, cell.code, cell.column) for cell in bad}
    assert said == {
        (2, "E222", ours), (1, "E244", at_estate), (2, "E244", at_lane), (3, "E222", "小区总数"),
        (4, "E340", "点位类别"), (5, "E249", "点位类别"), (6, "E243", "小区总数"), (7, "E243", "小区总数"),
        (10, "E222", at_estate), (12, "E220", "社区"),
    }  # fmt: skip
    assert next(cell.says for cell in bad if (cell.row, cell.code) == (2, "E222")).count("第 1 行") == 1
    assert [row["community"] for row in found] == ["甲", "乙", "丙", "丁", "戊", "己", "庚", "庚"]
    estates = [c.id for c in ruleset.criteria if c.per == "estate" and c.status == "active"]
    away = {row["community"] for row in found if all(row[f"{id}.outcome"] == "not_applicable" for id in estates)}
    assert away == {"戊"}
    assert [row["sites"] for row in found] == [2, 0, 0, 0, 0, 1, 0, 0]


def test_a_total_below_the_list_is_said(ruleset: Ruleset, tmp_path: Path) -> None:
    at_estate, _, _ = facts_of(ruleset)
    rows = [{"社区": "甲", "点位": f"{i}区", at_estate: i, "小区总数": "1"} for i in range(3)]
    found, bad = told_of(ruleset, tmp_path, rows)
    assert [(cell.row, cell.code) for cell in bad] == [(1, "E242")]
    assert found[0]["sites"] == 3


def test_a_table_of_sites_without_communities_is_refused(ruleset: Ruleset, tmp_path: Path) -> None:
    at_estate, _, _ = facts_of(ruleset)
    with pytest.raises(Refusal, match="没有“社区”这一列"):
        told_of(ruleset, tmp_path, [{"点位": "A区", at_estate: 1}])


def test_who_does_not_say_how_many_there_are_is_counted_once(ruleset: Ruleset, tmp_path: Path) -> None:
    at_estate, _, _ = facts_of(ruleset)
    table = pa.table({"社区": ["甲", "甲", "乙"], "点位": ["A", "B", "A"], at_estate: [0, 1, 2]})
    pq.write_table(table, tmp_path / "in.parquet")
    _, summary = scored(job_of(ruleset, table), tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert (summary.untotalled, summary.bad) == (2, [])


def test_a_row_is_explained_as_its_community_is_scored(ruleset: Ruleset, table: pa.Table, tmp_path: Path) -> None:
    """Whatever row of it is asked for, the state holds every site, and comes to what the table's result says."""
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=20)
    job = job_of(ruleset, table, block=16)
    found = {
        row["community"]: row for row in scored(job, tmp_path / "in.parquet", tmp_path / "out.parquet")[0].to_pylist()
    }
    for at in (1, 8, table.num_rows):
        state, _ = state_of_community(job, tmp_path / "in.parquet", at)
        assert state is not None and state.community.id == table["community"][at - 1].as_py()
        (row,) = wanted(ruleset, [state])
        assert {name: found[state.community.id][name] for name in row} == row
    assert state_of_community(job, tmp_path / "in.parquet", table.num_rows + 1) == (None, [])


def test_columns_headed_by_a_kind_name_sites_of_it(ruleset: Ruleset, tmp_path: Path) -> None:
    """小区 beside 社区 is a site; alone it is the community."""
    at_estate, at_lane, _ = facts_of(ruleset)
    rows: list[dict[str, Any]] = [
        {"社区": "甲", "小区": "A区", "背街小巷": None, at_estate: 1},
        {"社区": "甲", "小区": None, "背街小巷": "一巷", at_lane: 1},
        {"社区": "甲", "小区": "B区"},
    ]
    found, bad = told_of(ruleset, tmp_path, rows)
    assert ([row["sites"] for row in found], bad) == ([3], [])
    found, _ = told_of(ruleset, tmp_path, [{"小区": "甲", at_estate: 1}, {"小区": "乙", at_estate: 1}])
    assert [row["community"] for row in found] == ["甲", "乙"]
