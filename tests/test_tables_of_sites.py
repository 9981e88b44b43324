"""One table of sites through the door of every command but ``batch`` and through that of ``batch``: the same findings, and
the same mistakes of the same rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import pytest

from checklist import load_states
from checklist.batch.run.running import here, score_table
from checklist.batch.run.scoring import Job
from checklist.batch.tables.layout import layout_of
from checklist.engine.scoring.sites import Bench
from checklist.model.rules.ruleset import Ruleset

DAY: Final = date(2026, 11, 24)
CRITERIA: Final = ("ENV-10", "INF-01", "INF-12", "ORG-05", "NBR-01", "NBR-02", "VAL-01")
HEAD: Final = "社区,点位,点位编号,点位类别,小区总数,背街小巷总数,不适用,potholes,dead_corners,lane_unpaved_m,households"

TABLES: Final[dict[str, tuple[list[str], set[tuple[int, str]]]]] = {
    "every row says its kind": (["甲,A区,,小区,2,,,3,,,", "甲,B区,,小区,,,,,,,9"], set()),
    "a kind that there is not": (["甲,A区,,广场,1,,,3,,,5", "甲,B区,,小区,,,,1,,,"], {(1, "E340")}),
    "one row of a site tells what it is": (["甲,A区,,,1,,,3,,,", "甲,A区,,,,,,,,,9"], set()),
    "rows of one site say two kinds": (["甲,A区,,小区,1,,,3,,,", "甲,A区,,背街小巷,,,,,,7,"], {(2, "E249")}),
    "nobody can tell what it is": (["甲,A区,,,2,,,3,,,", "甲,B区,,,,,,,,,9"], {(2, "E249")}),
    "facts of two kinds": (["甲,A区,,,1,,,3,,,", "甲,B区,,,,,,3,,7,9"], {(2, "E249")}),
    "a refused cell tells the kind": (["甲,A区,,,2,1,,若干,,,", "甲,B区,,,,,,1,,,", "甲,一巷,,,,,,,,若干,"], {(1, "E211"), (3, "E211")}),
    "unclear tells the kind": (["甲,A区,,,2,,,说不清：门锁着,,,", "甲,B区,,,,,,说不清,,,"], set()),
    "a declaration tells the kind": (["甲,A区,,,2,1,,1,,,", "甲,一巷,,,,,NBR-01：这里没有小巷,,,,"], set()),
    "by id, then by name": (["甲,A区,e1,,1,,,3,,,", "甲,A区,,,,,,,2,,"], set()),
    "by name, then by id": (["甲,A区,,,1,,,3,,,", "甲,A区,e1,,,,,,2,,", "甲,,E1,,,,,,,,4"], set()),
    "by id where the name stands": (["甲,A区,e1,,1,,,3,,,", "甲,E1,,,,,,,2,,"], set()),
    "one id, two names": (["甲,A区,e1,,1,,,3,,,", "甲,B区,e1,,,,,,2,,6"], {(2, "E241")}),
    "one name, two ids": (["甲,A区,e1,,2,,,3,,,", "甲,A区,e2,,,,,1,2,,6"], set()),
    "an id that is none": (["甲,A区,一号,,1,,,3,,,4", "甲,B区,,,,,,2,,,"], {(1, "E206")}),
    "a mark for none": (["甲,—,,,1,,,,,,3", "甲,B区,,,,,,2,,,"], {(1, "E249")}),
    "a mark for none, and a value": (["甲,/,,,1,,,3,,,3", "甲,B区,,,,,,2,,,"], {(1, "E249")}),
    "the community's declaration at a site": (["甲,A区,,,1,,NBR-02：辖区里没有农贸市场,3,,,"], set()),
    "a lane's declaration at an estate": (["甲,A区,,小区,1,,NBR-01：这里没有小巷,3,,,"], {(1, "E322")}),
    "a fact of the estates in the community's row": (["甲,,,,1,,,3,,,3", "甲,B区,,,,,,2,,,"], {(1, "E244")}),
    "fewer in all than are listed": (["甲,A区,,,1,,,3,,,", "甲,B区,,,,,,2,,,"], {(1, "E242")}),
    "the community's row comes last and disagrees": (["甲,A区,,,1,,,3,,,7", "甲,,,,,,,,,,7", "甲,,,,,,,,,,8"], {(3, "E222")}),
    "a site disagrees with itself": (["甲,A区,,,1,,,3,,,", "甲,A区,,,,,,4,,,", "甲,A区,,,,,,4,,,"], {(2, "E222")}),
    "totals that disagree": (["甲,A区,,,1,,,3,,,", "甲,,,,2,,,,,,7"], {(2, "E222")}),
    "a total that cannot be read": (["甲,A区,,,好几个,,,3,,,"], {(1, "E211")}),
    "none, and no reason": (["甲,A区,,,0,,,3,,,"], {(1, "E243")}),
    "none, with facts of it": (["甲,,,,0（全是平房）,,,3,,,7"], {(1, "E244")}),
    "one kind there is none of, one that is listed": (["甲,,,,0（全是平房）,1,,3,,4,", "甲,一巷,,,,,,,,1,"], {(1, "E244")}),
    "a total and no site": (["甲,,,,3,,,3,,,"], {(1, "E243")}),
    "one written in three ways": (["甲,Ａ区,,,1,,,3,,,", "甲,A区,,,,,,,4,,", "甲,　a区 ,,,,,,,,,9"], set()),
}  # fmt: skip


@pytest.fixture(scope="module")
def ruleset(ruleset: Ruleset) -> Ruleset:
    return replace(ruleset, criteria=tuple(ruleset.criterion(id) for id in CRITERIA))


@pytest.mark.parametrize("case", TABLES)
def test_both_doors_find_and_say_the_same(case: str, ruleset: Ruleset, tmp_path: Path) -> None:
    rows, wrong = TABLES[case]
    compared(ruleset, HEAD, rows, wrong, tmp_path)


def test_two_places_in_one_row(ruleset: Ruleset, tmp_path: Path) -> None:
    head = "社区,小区,背街小巷,小区总数,potholes,lane_unpaved_m,households"
    compared(ruleset, head, ["甲,A区,一巷,1,3,3,4", "甲,B区,,,1,,"], {(1, "E249")}, tmp_path)


def compared(ruleset: Ruleset, head: str, rows: list[str], wrong: set[tuple[int, str]], folder: Path) -> None:
    table = folder / "a.csv"
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    loaded = load_states([table], ruleset=ruleset, today=DAY)
    (state,) = (item.state for item in loaded.states)
    assert {(int(str(p.where.cell)[1:]) - 1, p.code) for p in loaded.problems} == wrong
    names = head.split(",")
    job = Job(ruleset, layout_of(ruleset, names, texts=names), DAY, parts=("points", "outcomes"))
    summary = score_table(job, table, folder / "out.parquet", here)
    assert {(cell.row, cell.code) for cell in summary.bad} == wrong
    (row,) = pq.read_table(folder / "out.parquet").to_pylist()
    assert told(row) == {f.criterion.id: (f.low, f.high, f.outcome) for f in Bench(ruleset, state).findings()}


def told(row: dict[str, Any]) -> dict[str, Any]:
    return {id: (row[f"{id}.low"], row[f"{id}.high"], row[f"{id}.outcome"]) for id in CRITERIA}
