"""``rules burden``: reckoned from what the rules declare, the same thing once, traces told apart from results."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction

import pytest

from checklist.engine.rules.asking import burden, together
from checklist.model.results.burden import BURDENS
from checklist.model.rules.conditions import AtLeastOf, Contains, Limit
from checklist.model.rules.facts import Fact, Trace
from checklist.model.rules.measures import FactValue
from checklist.model.rules.ruleset import Band, Criterion, Module, Ruleset
from checklist.model.rules.scales import Ladder, Rung
from tests.conftest import Run
from tests.support.shipped import BASE, SHIPPED, shipped


def fact(id: str, type: str = "count", trace: Trace | None = None, **more: object) -> Fact:
    made = Fact(id, id, type, "materials_review", id, 6, 90, better="higher", trace=trace)  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


FACTS = {
    "meetings": fact("meetings", trace=Trace("meeting", 60)),
    "walls": fact("walls", "set", Trace("plate"), better="more", options={"a": "甲", "b": "乙", "c": "丙"}),
    "sign": fact("sign", "bool", Trace("plate"), better="true"),
    "result": fact("result", minutes=10, valid_for_days=15),
    "total": fact("total", better=None),
}


def criterion(id: str, *conditions: object, status: str = "active", evidence: tuple[str, ...] = ()) -> Criterion:
    scale = Ladder("levels", (Rung("A", AtLeastOf(len(conditions), conditions)),))  # type: ignore[arg-type]
    made = Criterion(id, id.split("-")[0], id, id, ("materials_review",), 10_000, scale, evidence=evidence)
    return replace(made, status=status)  # type: ignore[arg-type]


def at_least(name: str, n: int) -> Limit:
    return Limit(FactValue(name), "at_least", n)


def ruleset(*criteria: Criterion) -> Ruleset:
    return Ruleset(
        id="small",
        title="小体系",
        edition="试验版",
        disclaimer="",
        total_points=10_000 * len(criteria),
        levels={"A": Fraction(1)},
        bands=(Band("合格", 0),),
        modules=(Module("M", "甲", 10_000), Module("K", "乙", 10_000)),
        places={},
        costs={},
        facts=FACTS,
        criteria=criteria,
        actions={},
        sources={},
    )


MEETS = criterion("M-01", at_least("meetings", 4), at_least("total", 1), evidence=("会议记录", "会议照片"))
HANGS = criterion("K-01", Contains("walls", ("a", "b")), evidence=("墙面照片",))
WORKS = criterion("K-02", at_least("result", 3), Contains("walls", ("a",)))
RETIRED = criterion("K-03", at_least("meetings", 99), status="obsolete")


def test_a_month_is_reckoned_from_minutes_windows_and_thresholds() -> None:
    found = burden(ruleset(MEETS, HANGS, WORKS, RETIRED))
    load = found.load
    assert load["minutes"] == 3 * Fraction(6 * 30, 90) + Fraction(10 * 30, 15), (
        "each fact once, two criteria read walls"
    )
    assert load["meetings"] == 2, "four in sixty days"
    assert load["plates"] == 2, "what the best level takes"
    assert load["photos"] == load["papers"] * 2 == Fraction(2, 3)
    assert found.modules["M"]["meetings"] == 2 and found.modules["K"]["meetings"] == 0


def test_criteria_that_see_traces_alone_are_told() -> None:
    told = {only.criterion.id: only.facts for only in burden(ruleset(MEETS, HANGS, WORKS, RETIRED)).traces}
    assert told == {"M-01": ("meetings",), "K-01": ("walls",)}, "totals are no result, and a result counts"


def test_two_rulesets_that_ask_the_same_ask_it_once() -> None:
    one, other = ruleset(MEETS, HANGS), replace(ruleset(MEETS, WORKS), id="other")
    both = together([one, other])
    assert both["meetings"] == 2 and both["plates"] == 2
    assert both == together([other, one]) and together([one]) == burden(one).load
    for kind in BURDENS:
        loads = [burden(r).load[kind] for r in (one, other)]
        assert max(loads) <= both[kind] <= sum(loads)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_rulesets_are_never_more_together_than_apart(name: str) -> None:
    found, base = burden(shipped(name)), burden(shipped(BASE))
    both = together([shipped(name), shipped(BASE)])
    for kind in BURDENS:
        assert found.load[kind] <= sum(load[kind] for load in found.modules.values())
        assert max(found.load[kind], base.load[kind]) <= both[kind] <= found.load[kind] + base.load[kind]


def test_the_lighter_tailoring_asks_less_of_everything_that_it_is_about() -> None:
    light, base = burden(shipped("burden-light")).load, burden(shipped(BASE)).load
    assert all(light[kind] < base[kind] for kind in BURDENS)
    dropped = {"ORG-06", "ORG-07", "DOC-04", "DOC-06"}
    assert dropped <= {t.criterion.id for t in burden(shipped(BASE)).traces}
    assert not dropped & {t.criterion.id for t in burden(shipped("burden-light")).traces}


def test_every_criterion_in_conflict_says_so_in_its_notes() -> None:
    """Those that the lighter tailoring changes, and those that were mended because of the plates."""
    changed = {change.criterion for change in shipped("burden-light").changes}
    assert changed == {"ORG-06", "ORG-07", "DOC-04", "DOC-06", "CAR-06", "VOL-01"}
    for id in (*changed, "FAC-05", "VOL-05"):
        assert any("减负" in note for note in shipped(BASE).criterion(id).notes), id
    assert all(len(change.why) > 10 for change in shipped("burden-light").changes)


def test_several_are_listed_and_added_up(cli: Run) -> None:
    ran = cli("rules", "burden", BASE, "complete-community", BASE)
    assert ran.code == 0 and "合在一起" in ran.out and "ORG-06" in ran.out
    alone = cli("rules", "burden")
    assert alone.code == 0 and "合在一起" not in alone.out


def test_it_comes_in_the_forms_of_other_results(cli: Run) -> None:
    data = json.loads(cli("rules", "burden", "--format", "json").out)
    assert data["rulesets"][0]["load"] == data["together"] and data["days"] == 30
    assert {t["criterion"] for t in data["rulesets"][0]["traces_alone"]} >= {"ORG-06", "DOC-06"}
    rows = list(
        csv.reader(io.StringIO(cli("rules", "burden", BASE, "burden-light", "--format", "csv").out.lstrip("\ufeff")))
    )
    assert len(rows) == 4 and rows[0][:2] == ["测评体系", "标准"]
    assert cli("rules", "burden", "no-such-rules").code != 0
