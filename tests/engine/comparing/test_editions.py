"""A new edition that renames a criterion, splits one and merges two: every comparison follows them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from checklist import assess, load_ruleset, load_state
from checklist.engine.comparing.diff import difference
from checklist.engine.comparing.lineages import lineages
from checklist.engine.comparing.trend import trend
from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.files.loading import find_ruleset
from checklist.model.results.difference import Difference
from checklist.model.rules.ruleset import Ruleset
from tests.conftest import Run
from tests.support.page_rules import lay_out_page

MGT = """\
- {id: MGT-11, title: 巡灯有记录, requirement: 有记录, methods: [materials_review], points: 1, supersedes: [MGT-01],
   met: [{fact: has_log}], owner: [社区], actions: [keep_log], sources: [{id: X01, says: existence, confidence: low}]}
- {id: MGT-12, title: 巡灯有签字, requirement: 有签字, methods: [materials_review], points: 0.5, supersedes: [MGT-01],
   met: [{fact: log_signed}], owner: [社区], actions: [keep_log], sources: [{id: X01, says: existence, confidence: low}]}
- {id: MGT-20, title: 养护, requirement: 有人修，对得上, methods: [materials_review], points: 2.5,
   supersedes: [MGT-02, MGT-03], met: [{fact: repair_mode, is: contract}, {fact: has_log}], owner: [社区],
   actions: [keep_log, sign_contract], sources: [{id: X01, says: existence, confidence: low}]}
"""
FACTS = "{lamps_installed: 20, lamps_lit: 17, dark_spots: 3, repair_mode: on_call, has_log: true, log_signed: false}"
LATER = "{lamps_installed: 20, lamps_lit: 20, dark_spots: 1, repair_mode: contract, has_log: true, log_signed: false}"


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Run) -> Path:
    """``demo``, ``demo-2027`` and two records of one community, one under each."""
    monkeypatch.chdir(tmp_path)
    rules = lay_out_page(tmp_path)
    assert cli("rules", "new", "demo-2027", "--from", "demo").code == 0
    new = rules / "demo-2027"
    text = (new / "LAM.yaml").read_text(encoding="utf-8")
    text = text.replace("- id: LAM-02\n", "- id: LAM-12\n  supersedes: [LAM-02]\n")
    (new / "LAM.yaml").write_text(text, encoding="utf-8")
    (new / "MGT.yaml").write_text(MGT, encoding="utf-8")
    for path in (new / "cases").glob("*.yaml"):
        path.unlink()
    (tmp_path / "shi").mkdir()
    for day, ruleset, facts in (("2026-06-10", "demo", FACTS), ("2026-06-20", "demo-2027", LATER)):
        head = f"community: {{id: shi, name: 试社区}}\nruleset: {ruleset}\nas_of: {day}\nfacts: {facts}\n"
        (tmp_path / "shi" / f"{day}.yaml").write_text(head, encoding="utf-8")
    return tmp_path


def test_what_became_of_each_criterion(there: Path) -> None:
    before, after = load_ruleset("demo"), load_ruleset("demo-2027")
    told = [(one.kind, [c.id for c in one.before], [c.id for c in one.after]) for one in lineages(before, after)]
    assert told == [
        ("renamed", ["LAM-02"], ["LAM-12"]),
        ("split", ["MGT-01"], ["MGT-11", "MGT-12"]),
        ("merged", ["MGT-02", "MGT-03"], ["MGT-20"]),
    ]
    assert lineages(after, before) == lineages(before, before) == ()
    found = diff_rules(before, after)
    assert not found.added and not found.dropped and [(c.before.id, c.after.id) for c in found.changed] == []
    assert found.lineages == lineages(before, after) and not found.same
    lit = replace(after, criteria=tuple(replace(c, points=1) if c.id == "LAM-12" else c for c in after.criteria))
    assert [(c.before.id, c.after.id, c.points_moved) for c in diff_rules(before, lit).changed] == [
        ("LAM-02", "LAM-12", 1 - 20_000)
    ]


def test_a_criterion_that_takes_in_another_keeps_its_id(there: Path) -> None:
    before = load_ruleset("demo")
    taken = tuple(
        replace(c, supersedes=("MGT-03",)) if c.id == "MGT-02" else c for c in before.criteria if c.id != "MGT-03"
    )
    (one,) = lineages(before, replace(before, criteria=taken))
    assert (one.kind, [c.id for c in one.before], [c.id for c in one.after]) == (
        "merged",
        ["MGT-02", "MGT-03"],
        ["MGT-02"],
    )


def test_what_is_superseded_is_not_in_use(there: Path, cli: Run) -> None:
    path = there / "rules" / "demo-2027" / "MGT.yaml"
    path.write_text(MGT.replace("[MGT-02, MGT-03]", "[MGT-11]"), encoding="utf-8")
    ran = cli("check", "demo-2027", "--width", "200")
    assert ran.code == 3 and "E417" in ran.out and "MGT-11（巡灯有记录）还在用" in ran.out
    path.write_text(MGT.replace("id: MGT-11,", "id: MGT-11, status: obsolete,"), encoding="utf-8")
    assert "E417" not in cli("check", "demo-2027").out


def compared(before: Ruleset, after: Ruleset) -> Difference:
    one, two = load_state("shi/2026-06-10.yaml", before), load_state("shi/2026-06-20.yaml", after)
    crossed = assess(before, two), assess(after, one)
    return difference(assess(before, one), assess(after, two), crossed)


def test_a_renamed_criterion_is_compared_as_if_its_id_had_stayed(there: Path) -> None:
    before, after = load_ruleset("demo"), load_ruleset("demo-2027")
    stayed = replace(after, criteria=tuple(replace(c, id="LAM-02") if c.id == "LAM-12" else c for c in after.criteria))
    new, old = compared(before, after), compared(before, stayed)
    (a,) = [s for s in new.shifts if s.criterion.id == "LAM-12"]
    (b,) = [s for s in old.shifts if s.criterion.id == "LAM-02"]
    assert (a.low, a.high, a.moves) == (b.low, b.high, b.moves) and a.before == b.before
    assert a.before and a.after and (a.before.worst, a.after.worst) == (None, "B")
    assert [g.criterion.id for g in new.found] == [g.criterion.id for g in old.found if g.criterion.id != "LAM-02"]


def test_of_split_and_merged_criteria_the_sums_are_compared(there: Path) -> None:
    found = compared(load_ruleset("demo"), load_ruleset("demo-2027"))
    grouped = {s.criterion.id: s.regrouped for s in found.shifts if s.regrouped}
    assert set(grouped) == {"MGT-11", "MGT-20"}
    split, merged = grouped["MGT-11"], grouped["MGT-20"]
    assert [f.criterion.id for f in split.before] == ["MGT-01"] and len(split.after) == 2
    assert sum(f.low for f in merged.before) == 9_900 and sum(f.low for f in merged.after) == 25_000
    for end in ("low", "high"):
        whole = getattr(found.after.score, end) - getattr(found.before.score, end)
        assert sum((getattr(s, end).total for s in found.shifts), Fraction(0)) == whole


def test_the_screens_and_papers_of_a_difference(there: Path, cli: Run) -> None:
    ran = cli("diff", "shi/2026-06-10.yaml", "shi/2026-06-20.yaml", "--all", "--width", "120")
    assert ran.code == 0 and "LAM-12（原 LAM-02）" in ran.out and "MGT-01 → MGT-11、MGT-12" in ran.out
    assert "没有这一条" not in ran.out and "合计 0.99 分，满分 2 分 → 合计 2.5 分，满分 2.5 分" in ran.out
    data = json.loads(cli("diff", "shi/2026-06-10.yaml", "shi/2026-06-20.yaml", "--format", "json").out)
    by_id = {c["criterion"]: c for c in data["criteria"]}
    assert by_id["LAM-12"]["was"] == "LAM-02" and by_id["MGT-20"]["lineage"]["sums"]["after"]["low"] == "2.5000"
    assert "MGT-01 → MGT-11、MGT-12" in cli("diff", "shi", "--format", "md").out
    rules = cli("rules", "diff", "demo", "demo-2027", "--width", "120")
    assert "改编号、拆分、合并 3 组" in rules.out and "MGT-20 养护（2.5 分），合并" in rules.out
    assert "新增 0 条，删去 0 条" in rules.out
    assert len(json.loads(cli("rules", "diff", "demo", "demo-2027", "--format", "json").out)["lineages"]) == 3
    assert "沿革：替代上一版的 LAM-02" in cli("rules", "show", "LAM-12", "--rules", "demo-2027").out
    assert "替代上一版的 MGT-02、MGT-03" in cli("rules", "book", "--rules", "demo-2027").out


def test_a_trend_goes_on_under_the_new_edition(there: Path, cli: Run) -> None:
    before, after = load_ruleset("demo"), load_ruleset("demo-2027")
    days = [
        assess(before, load_state("shi/2026-06-10.yaml", before)),
        assess(after, load_state("shi/2026-06-20.yaml", after)),
    ]
    found = trend(days)
    spells = {s.criterion.id: s for s in found.spells}
    assert (spells["LAM-12"].since.isoformat(), spells["LAM-12"].until) == ("2026-06-10", None)
    assert spells["MGT-02"].gone and spells["MGT-02"].until == found.moments[1].as_of
    assert spells["LAM-01"].until == found.moments[1].as_of and not spells["LAM-01"].gone
    assert "LAM-02" not in spells and found.closures == 0
    assert [g.lineage.kind for g in found.moments[1].regrouped] == ["split", "merged"]
    with pytest.raises(ValueError, match="edition"):
        trend([days[0], replace(days[1], ruleset=replace(before, title="另一套"))])


def test_a_trend_is_refused_under_rules_that_do_not_follow_one_another(there: Path, cli: Run) -> None:
    ran = cli("trend", "shi", "--all", "--width", "120")
    assert ran.code == 0 and "先后按" in ran.out
    assert "MGT-02、MGT-03 → MGT-20（合并）：合计 0.99 分，满分 2 分 → 合计 2.5 分，满分 2.5 分" in ran.out
    data = json.loads(cli("trend", "shi", "--format", "json").out)
    assert [m.get("ruleset", {}).get("id") for m in data["moments"]] == ["demo", "demo-2027"]
    assert "标准的拆分和合并" in cli("trend", "shi", "--format", "md").out
    text = MGT.replace("supersedes: [MGT-01],", "").replace("supersedes: [MGT-02, MGT-03],", "")
    (there / "rules" / "demo-2027" / "MGT.yaml").write_text(text, encoding="utf-8")
    lam = there / "rules" / "demo-2027" / "LAM.yaml"
    lam.write_text(lam.read_text(encoding="utf-8").replace("  supersedes: [LAM-02]\n", ""), encoding="utf-8")
    ran = cli("trend", "shi")
    assert ran.code == 2 and "--reassess demo-2027" in ran.err


def test_the_ledger_moves_what_took_the_place_of_one(there: Path, cli: Run) -> None:
    assert cli("ledger", "台账.csv", "shi/2026-06-10.yaml").code == 0
    rows = (there / "台账.csv").read_text(encoding="utf-8-sig")
    assert "shi/LAM-02," in rows and "shi/MGT-02," in rows
    ran = cli("ledger", "台账.csv", "shi/2026-06-20.yaml")
    assert ran.code == 0 and "该算哪一条请人定：shi/MGT-01、shi/MGT-02、shi/MGT-03" in ran.err
    rows = (there / "台账.csv").read_text(encoding="utf-8-sig")
    line = next(line for line in rows.splitlines() if line.startswith("shi/LAM-12,"))
    assert "原编号 shi/LAM-02" in line and "2026-06-10" in line and rows.count("LAM-12,") >= 1
    assert not any(line.startswith("shi/LAM-02,") for line in rows.splitlines())
    assert any(line.startswith("shi/MGT-02,") for line in rows.splitlines())
    again = cli("ledger", "台账.csv", "shi/2026-06-20.yaml")
    assert again.code == 0 and (there / "台账.csv").read_text(encoding="utf-8-sig") == rows


def test_the_workbook_carries_it(there: Path, cli: Run) -> None:
    before = load_ruleset("demo-2027")
    assert cli("rules", "export", "--rules", "demo-2027", "-o", "x.xlsx").code == 0
    assert cli("rules", "import", "x.xlsx", "-o", "other/demo-2027").code == 0
    after = find_ruleset(there / "other" / "demo-2027")[0]
    assert after and [c.supersedes for c in after.criteria] == [c.supersedes for c in before.criteria]
