"""Agreement with an inspection: against the textbook form of κ, and what a sheet may and may not say."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.engine.comparing.calibration import STUDENT, calibrate, inspection_of, mean_interval, weighted_kappa
from checklist.engine.scoring.assess import assess
from checklist.model.results.calibration import Inspected
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Reading, Site
from checklist.reading.lists.inspections import read_inspections
from checklist.reading.tables.spreadsheet import read_sheets
from tests.conftest import Run
from tests.support.strategies import DAY, state_of

HEADER = "社区,日期,标准,档次,检查人\n"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_kappa_is_the_textbook_one(grades: list[tuple[int, int]]) -> None:
    n = len(grades)
    weights = [[1 - Fraction(abs(i - j), 3) for j in range(4)] for i in range(4)]
    observed = sum((weights[a][b] for a, b in grades), Fraction(0)) / n
    rows = [Fraction(sum(a == i for a, _ in grades), n) for i in range(4)]
    columns = [Fraction(sum(b == i for _, b in grades), n) for i in range(4)]
    chance = sum((weights[i][j] * rows[i] * columns[j] for i in range(4) for j in range(4)), Fraction(0))
    assert weighted_kappa(grades) == (None if chance == 1 else (observed - chance) / (1 - chance))


@given(st.lists(st.fractions(-1, 1, max_denominator=100), min_size=2, max_size=60))
def test_the_interval_is_at_least_the_usual_one(values: list[Fraction]) -> None:
    found = mean_interval([[value] for value in values])
    assert found is not None
    mean, spread = statistics.mean(map(float, values)), statistics.stdev(map(float, values))
    width = STUDENT[min(len(values) - 1, 30) - 1] / 1000 * spread / math.sqrt(len(values))
    assert float(found[0]) <= max(mean - width, -1) + 1e-9 and float(found[1]) >= min(mean + width, 1) - 1e-9
    assert float(found[1] - found[0]) <= 2 * width + 3e-4


BIASES = st.lists(st.integers(-100, 100), min_size=1, max_size=6)


@given(st.lists(BIASES, min_size=2, max_size=12))
def test_the_interval_contains_the_mean_of_all_whatever_the_units(percents: list[list[int]]) -> None:
    units = [[Fraction(percent, 100) for percent in unit] for unit in percents]
    found, values = mean_interval(units), [value for unit in units for value in unit]
    assert found is not None and found[0] <= sum(values) / len(values) <= found[1]
    if all(len(unit) == len(units[0]) for unit in units):  # as long as each other: the interval of the units' means
        means = mean_interval([[sum(unit, Fraction(0)) / len(unit)] for unit in units])
        assert means == found
    if len(set(values)) == 1:
        assert found[1] - found[0] <= Fraction(1, 10_000)


CODES = ("ENV-10", "FAC-01", "INF-01", "ENV-11")


@given(st.lists(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(["A", "B", ""])), max_size=4), max_size=9))
def test_every_interval_of_a_calibration_contains_its_bias(
    ruleset: Ruleset, visits: list[list[tuple[str, str]]]
) -> None:
    """Visits with one criterion each beside visits with many: the interval is about the bias that is printed."""
    facts = {"office_area_m2": 200, "potholes": 0, "dead_corners": 1, "illegal_posters_spots": 2}
    once, sheet, own = assess(ruleset, state_of(ruleset, facts)), [], []
    for at, visit in enumerate(visits):
        community = replace(once.state.community, id=f"c{at}", name=f"第{at}社区")
        own.append(replace(once, state=replace(once.state, community=community)))
        sheet += [Inspected(f"c{at}", DAY, code, level=level) for code, level in dict(visit).items()]
    found = calibrate(ruleset, own, sheet)
    for one in (found.total, *found.modules, *found.criteria) if found is not None else ():
        assert one.interval is None or one.interval[0] <= one.bias <= one.interval[1]


def test_what_agrees_in_full_has_no_bias(ruleset: Ruleset) -> None:
    own = assess(ruleset, state_of(ruleset, {"office_area_m2": 60, "potholes": 0, "dead_corners": 1}))
    found = calibrate(ruleset, [own], inspection_of(own))
    assert found is not None and found.total.bias == 0 and found.total.same == found.total.pairs > 1
    assert found.total.kappa == 1 and all(c.shrunk == 0 for c in found.criteria)


def test_few_inspections_are_drawn_to_the_mean(ruleset: Ruleset) -> None:
    own = assess(ruleset, state_of(ruleset, {"office_area_m2": 500, "dead_corners": 0}))
    sheet = [Inspected("x", DAY, "FAC-01", level=""), Inspected("甲", DAY, "ENV-10", level="A")]
    found = calibrate(ruleset, [own], sheet)
    assert found is not None and not found.by_visit
    first = found.criteria[0]
    assert (first.id, first.bias, found.total.bias) == ("FAC-01", 1, Fraction(1, 2))
    assert first.shrunk == Fraction(1, 2) + Fraction(1, 5) * Fraction(1, 2) and first.interval is None


def test_what_cannot_be_paired_is_counted(ruleset: Ruleset) -> None:
    own = assess(ruleset, state_of(ruleset, {"dead_corners": 0}))
    sheet = [
        Inspected(c, DAY, id, level="B")
        for c, id in (("x", "ENV-10"), ("x", "FAC-01"), ("y", "FAC-01"), ("x", "NEG-01"))
    ]
    found = calibrate(ruleset, [own], sheet)
    assert found is not None and found.total.pairs == 1
    assert (found.left.not_known, found.left.no_record, found.left.no_points) == (1, 1, 1)
    assert calibrate(ruleset, [own], sheet[1:]) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("社区,日期,档次\n", "缺少这些列：标准"),
        ("社区,日期,标准\n", "缺少这些列：档次或得分"),
        (HEADER + "x,昨天,FAC-01,A,甲\n", "日期“昨天”看不懂"),
        (HEADER + "x,2026-13-01,FAC-01,A,甲\n", "日期“2026-13-01”看不懂"),
        (HEADER + "x,2026-06-01,FAC-99,A,甲\n", "没有这条测评标准 FAC-99"),
        (HEADER + "x,2026-06-01,FAC-01,E,甲\n", "档次“E”看不懂"),
        (HEADER + "x,2026-06-01,FAC-01,,甲\n", "没写档次或得分"),
        (HEADER + ",2026-06-01,FAC-01,A,甲\n", "没写社区"),
        ("社区,日期,标准,得分\nx,2026-06-01,FAC-01,99\n", "不在 0 到"),
        ("社区,日期,标准,得分\nx,2026-06-01,FAC-01,NaN\n", "不在 0 到"),
        ("社区,日期,标准,得分\nx,2026-06-01,FAC-01,多\n", "不是数字"),
        (HEADER + "x,2026-06-01,FAC-01,A,甲\nx,2026.6.1,fac-01,B,乙\n", "写了两遍"),
    ],
)
def test_a_bad_sheet_says_where_and_what(ruleset: Ruleset, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "检查.csv"
    path.write_text(text, encoding="utf-8")
    _, problems = read_inspections(path, read_sheets(path), ruleset)
    assert len(problems) == 1 and says in problems[0].says and problems[0].where.file == str(path)
    assert problems[0].where.cell


def test_gbk_and_points_are_understood(ruleset: Ruleset, tmp_path: Path) -> None:
    path = tmp_path / "检查.csv"
    path.write_text("检查日期,社区名称,得分,标准编号\n2026年6月1日,甲,0.5,FAC-01\n\n", encoding="gbk")
    found, problems = read_inspections(path, read_sheets(path), ruleset)
    assert not problems and (found[0].community, found[0].on, found[0].points) == ("甲", DAY, 5000)


@pytest.mark.slow
def test_the_command_never_names_an_inspector(cli: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "检查.csv"
    rows = "cuihu,2026-10-15,FAC-01,B,张三丰\nbeimen,2026-10-15,INF-01,A,李四光\n"
    sheet.write_text(HEADER + rows, encoding="utf-8")
    for form in ("screen", "json"):
        ran = cli("calibrate", "data", "--against", sheet, "--format", form)
        assert ran.code == 0 and "FAC-01" in ran.out
        assert not any(word in ran.out + ran.err for word in ("张三丰", "李四光", "北门", "翠湖", "beimen", "cuihu"))
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"not a workbook")
    pytest.importorskip("python_calamine")
    ran = cli("calibrate", "data", "--against", bad)
    assert ran.code == 3 and "不是能读的表格文件" in ran.err and "Traceback" not in ran.err
    empty = tmp_path / "空.csv"
    empty.touch()
    ran = cli("calibrate", "data", "--against", empty)
    assert ran.code == 3 and "文件是空的" in ran.err


def test_an_inspectors_own_record_will_do(cli: Run, tmp_path: Path) -> None:
    record = tmp_path / "检查.yaml"
    text = Path("data/cuihu/2026-10-15.yaml").read_text(encoding="utf-8")
    record.write_text(text.replace("office_area_m2: {value: 420", "office_area_m2: {value: 42"), encoding="utf-8")
    ran = cli("calibrate", "data/cuihu", "--against", record)
    assert ran.code == 0 and "FAC-01" in ran.out.split("偏松的")[1]


def test_a_sheet_that_names_sites_is_set_against_just_these(ruleset: Ruleset, tmp_path: Path) -> None:
    """A criterion graded per site: one pair for each site drawn, by id or by name; a site that is not there counts as
    no record, and the same criterion twice at one site is one too many."""
    criterion = next(c for c in ruleset.criteria if c.per == "estate" and c.over == "mean" and len(c.facts) == 1)
    (fact,) = criterion.facts
    sites = [Site(id, "estate", f"{id} 区", {fact: Reading(fact, n * 9, DAY)}) for n, id in enumerate("ab")]
    state = replace(state_of(ruleset, {}), sites=tuple(sites), totals={"estate": SiteTotal(2)})
    own = assess(ruleset, state)
    sheet = tmp_path / "打分表.csv"
    rows = [f"x,{DAY},{criterion.id},{site},无档" for site in ("A区", "b", "c", "b")]
    sheet.write_text("\n".join(["社区,日期,标准,点位,档次", *rows]) + "\n", encoding="utf-8")
    inspected, problems = read_inspections(sheet, read_sheets(sheet), ruleset)
    assert [(p.code, "b" in p.says) for p in problems] == [("E506", True)]
    found = calibrate(ruleset, [own], inspected)
    assert found is not None and (found.total.pairs, found.left.no_record) == (2, 1)
    first, second = (at.finding for at in own.finding(criterion.id).sites)
    assert found.total.bias == Fraction(first.low + second.low, 2 * criterion.points) and first.low != second.low
