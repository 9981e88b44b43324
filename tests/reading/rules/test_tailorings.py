"""The shipped tailorings and the second ruleset: what they promise in their own words, and hostile ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklist import load_ruleset
from checklist.engine.rules.ruleset_difference import diff_rules
from checklist.engine.rules.trial import run
from checklist.engine.scoring.assess import assess
from checklist.engine.scoring.judge import judge
from checklist.files.loading import find_ruleset, load_state
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.site_kinds import Over
from checklist.reading.rules.cases import read_cases
from tests.conftest import ROOT, Run
from tests.support.laws import examples
from tests.support.shipped import BASE, RULES, SHIPPED, TAILORINGS, bare, shipped
from tests.support.strategies import recorded, state_of

CHANGED = [name for name in SHIPPED if name != BASE]


@pytest.fixture(scope="module")
def rulesets() -> dict[str, Ruleset]:
    return {name: shipped(name) for name in SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_case_holds(name: str, rulesets: dict[str, Ruleset]) -> None:
    cases, problems = read_cases(RULES / name, rulesets[name])
    assert cases and not problems
    assert [(m.case.name, m.criterion, m.expected, m.got) for m in run(rulesets[name], cases)] == []


def own(ruleset: Ruleset) -> list[Criterion]:
    """The criteria that a tailoring writes itself; all of a base."""
    changed = {change.criterion for change in ruleset.changes}
    return [c for c in ruleset.criteria if not ruleset.extends or c.id in changed]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_case_tells_each_site_criterion_from_one_of_the_community(name: str, rulesets: dict[str, Ruleset]) -> None:
    """Graded for the community, or gathered another way, it does not come to what its cases expect."""
    ruleset = rulesets[name]
    cases = [case for case in read_cases(RULES / name, ruleset)[0] if case.state.sites]
    for criterion in own(ruleset):
        if criterion.per:
            theirs = [case for case in cases if any(e.criterion == criterion.id for e in case.expects)]
            other: Over = "mean" if criterion.over == "sum" else "worst"
            for wrong in (replace(criterion, per="", over="mean"), replace(criterion, over=other)):
                changed = replace(ruleset, criteria=tuple(wrong if c is criterion else c for c in ruleset.criteria))
                assert criterion.id in {m.criterion for m in run(changed, theirs)}, criterion.id


@pytest.mark.parametrize("name", SHIPPED)
def test_a_part_is_recorded_where_its_whole_is(name: str, rulesets: dict[str, Ruleset]) -> None:
    ruleset = rulesets[name]
    pairs = [(fact.id, fact.part_of) for fact in ruleset.facts.values() if fact.part_of]
    apart = [pair for pair in pairs if ruleset.site_facts.get(pair[0]) != ruleset.site_facts.get(pair[1])]
    assert pairs and not apart


@pytest.mark.parametrize("name", CHANGED)
def test_a_record_fits_every_ruleset(name: str, rulesets: dict[str, Ruleset]) -> None:
    """A fact that two rulesets read is recorded at the same place for both."""
    base, ruleset = rulesets[BASE], rulesets[name]
    for criterion in ruleset.criteria:
        for fact in criterion.facts:
            assert ruleset.site_facts.get(fact) == base.site_facts.get(fact), fact
            assert ruleset.facts[fact].serves == base.facts[fact].serves, fact


@pytest.mark.parametrize("name", CHANGED)
def test_check_finds_nothing(name: str, cli: Run) -> None:
    assert cli("check", name).out.strip() == "没有发现错误"


@pytest.mark.parametrize("name", [name for name in CHANGED if name != "core-only"])
@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_its_actions_lift_each_criterion_to_full_points(name: str, data: st.DataObject) -> None:
    ruleset = shipped(name)
    criterion = data.draw(st.sampled_from(own(ruleset)))
    named = [ruleset.actions[id] for id in criterion.actions]
    reads = {fact for a in named for effect in a.sets.values() for fact in effect.reads}
    values = data.draw(recorded(ruleset, dict.fromkeys((*criterion.facts, *sorted(reads)))))
    rooms = values.get("service_area_m2")  # who has none gets them by SRV-01's actions, and then shares them out
    assume(criterion.id != "SRV-02" or (isinstance(rooms, Fraction) and rooms >= 2))
    state = state_of(ruleset, values)
    for action in named:
        state = state.after(action.sets, ruleset.facts)
    finding = judge(ruleset, criterion, state, state.knowledge(ruleset.facts))
    assert finding.outcome in ("met", "not_applicable"), criterion.id


def test_the_core_keeps_the_core_and_every_veto(rulesets: dict[str, Ruleset]) -> None:
    base, core = rulesets[BASE], rulesets["core-only"]
    kept = [c.id for c in base.criteria if c.tier == "core" or (c.flag and c.flag.kind == "veto")]
    assert [c.id for c in core.criteria] == kept and len(kept) > 104
    assert all(change.why for change in core.changes)
    assert core.total_points == sum(c.points for c in core.criteria) == sum(m.points for m in core.modules)
    diff = diff_rules(base, core)
    assert len(diff.dropped) == len(core.changes) and not diff.changed


def test_strict_local_is_nowhere_easier(rulesets: dict[str, Ruleset]) -> None:
    diff = diff_rules(rulesets[BASE], rulesets["strict-local"])
    assert {change.direction for change in diff.changed} == {"tightened"}
    assert not diff.added and not diff.dropped and all(change.why for change in diff.changed)
    assert not any(change.points_moved for change in diff.changed)
    back = diff_rules(rulesets["strict-local"], rulesets[BASE])
    assert {change.direction for change in back.changed} == {"loosened"}


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_no_record_earns_more_under_strict_local(data: st.DataObject) -> None:
    base, strict = shipped(BASE), shipped("strict-local")
    names = dict.fromkeys(fact for c in own(strict) for fact in (*c.facts, *base.criterion(c.id).facts))
    record = data.draw(recorded(base, names))
    known = state_of(base, record).knowledge(base.facts)
    for criterion in own(strict):
        state = state_of(base, record)
        assert judge(strict, criterion, state, known).low <= judge(base, base.criterion(criterion.id), state, known).low


@pytest.mark.parametrize("state", ["taoli/2023-04-15", "beimen/2026-10-15", "cuihu/2026-10-15"])
def test_one_record_is_judged_by_two_documents(state: str, rulesets: dict[str, Ruleset]) -> None:
    ruleset = rulesets["complete-community"]
    record = load_state(ROOT / "data" / f"{state}.yaml", rulesets[BASE])
    result = assess(ruleset, record)
    assert result.total.decided > 0 and len(result.findings) == len(ruleset.active)
    assert {f.best for f in result.findings} <= {None, "达标", "接近"}
    assert result.bands[0] in {"完整", "基本完整", "有短板", "短板多"}


def test_what_two_rulesets_call_alike_is_alike(rulesets: dict[str, Ruleset]) -> None:
    base, other = rulesets[BASE], rulesets["complete-community"]
    for name in ("facts", "actions", "sources"):
        shared = getattr(base, name).keys() & getattr(other, name).keys()
        assert len(shared) >= 10
        for id in shared:
            here, there = (getattr(ruleset, name)[id] for ruleset in (base, other))
            if name == "facts":  # a whole may have more parts in one of them
                here, there = replace(here, parts=()), replace(there, parts=())
            assert bare(here) == bare(there), id


# Hostile tailorings

HEAD = "id: {id}\nextends: {base}\ntitle: 试\nedition: 试\nwhy: 试\n"


def tailoring(folder: Path, id: str, base: str, changes: str = "drop: []\n", **files: str) -> Path:
    place = folder / "rules" / id
    place.mkdir(parents=True)
    (place / "ruleset.yaml").write_text(HEAD.format(id=id, base=base), encoding="utf-8")
    (place / "changes.yaml").write_text(changes, encoding="utf-8")
    for name, text in files.items():
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place


def found(place: Path) -> list[tuple[str, str]]:
    ruleset, problems = find_ruleset(place)
    assert ruleset is None or all(p.is_advice for p in problems)
    return [(p.code, f"{p.where} {p.says} {p.hint}") for p in problems]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_missing_criterion_is_named_with_a_guess(there: Path) -> None:
    place = tailoring(there, "mine", BASE, "drop:\n  - ids: [FAC-01, FAC-99, FCA-01]\n    why: 试\n")
    problems = found(place)
    assert [code for code, _ in problems] == ["E319", "E319"]
    assert "changes.yaml:2:" in problems[0][1] and "FAC-" in problems[0][1]


def test_a_circle_of_extends_is_shown_whole(there: Path, cli: Run) -> None:
    for id, base in (("one", "two"), ("two", "three"), ("three", "one")):
        tailoring(there, id, base)
    ran = cli("check", "one")
    assert ran.code == 3 and "E317" in ran.out and "one → two → three → one" in ran.out
    assert cli("assess", "--rules", "one", "--example").code == 3


def test_extending_oneself_or_nothing(there: Path) -> None:
    assert [code for code, _ in found(tailoring(there, "self", "self"))] == ["E317"]
    assert [code for code, _ in found(tailoring(there, "orphan", "nowhere"))] == ["E318"]


def test_an_edition_folder_with_two_ids(there: Path) -> None:
    place = tailoring(there, "mine", BASE)
    head = place / "ruleset.yaml"
    head.write_text(head.read_text(encoding="utf-8") + "id: yours\n", encoding="utf-8")
    assert [code for code, _ in found(place)] == ["E105"]
    head.write_text(HEAD.format(id="yours", base=BASE), encoding="utf-8")
    (code, text), *rest = found(place)
    assert (code, rest) == ("E308", []) and "yours" in text and "mine" in text


def test_a_tailoring_may_bring_its_own_facts_actions_and_sources(there: Path) -> None:
    place = tailoring(
        there,
        "mine",
        BASE,
        "add:\n  - why: 本区另有要求\n    criterion:\n      {id: FAC-90, title: 书屋, requirement: 有书屋, points: 1,\n"
        "       methods: [field_inspection], measure: {fact: book_rooms}, at_least: {A: 1}, owner: [社区],\n"
        "       actions: [open_book_room], sources: [{id: X01, says: number, confidence: high}]}\n",
        facts="book_rooms: {label: 书屋, type: count, unit: 间, better: higher, ask: 有几间书屋？,\n"
        "  method: field_inspection, minutes: 5, valid_for_days: 90}\n",
        actions="open_book_room: {label: 开一间书屋, sets: {book_rooms: {at_least: 1}}, effort_days: 1, cost: C1,\n"
        "  lead_days: 3, owner: [社区], needs: [lease_neighbour_rooms]}\n",
        sources="X01: {title: 本区手册, tag: L, trust: high}\n",
    )
    assert found(place) == []
    ruleset = load_ruleset(place)
    assert ruleset.criterion("FAC-90").actions == ("open_book_room",) and ruleset.sources["X01"].title == "本区手册"
    assert ruleset.total_points == 101 * 10_000 and ruleset.custom


def test_its_own_declarations_never_replace_those_of_the_base(there: Path) -> None:
    place = tailoring(
        there,
        "mine",
        BASE,
        facts="lamps_lit: {label: 灯, type: count, unit: 盏, ask: 几盏？, method: field_inspection, minutes: 5,\n"
        "  valid_for_days: 90}\n",
        sources="S01: {title: 另一份, tag: L, trust: high}\n",
    )
    problems = found(place)
    assert [code for code, _ in problems] == ["E310", "E310"]
    assert "lamps_lit" in problems[0][1] and "S01" in problems[1][1]


@pytest.mark.many
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ("replace:\n  - criterion: {id: FAC-01}\n", "E202"),
        ("drop:\n  - ids: [FAC-01]\n", "E202"),
        ("drop:\n  - ids: []\n    why: 试\n", "E207"),
        ("drop:\n  - ids: [FAC-01]\n    why: 试\n  - ids: [FAC-01]\n    why: 试\n", "E319"),
        ("dorp: []\n", "E203"),
        ("- drop\n", "E201"),
        ("", "E104"),
    ],
)
def test_mistakes_in_changes_have_a_place(changes: str, code: str, there: Path) -> None:
    problems = found(tailoring(there, "mine", BASE, changes))
    assert code in [c for c, _ in problems] and all("changes.yaml" in text for _, text in problems)


@pytest.mark.parametrize("name", TAILORINGS)
def test_reports_say_that_it_is_custom(name: str, cli: Run) -> None:
    lines = cli("rules", "--width", "160").out.splitlines()
    under = next(i for i, line in enumerate(lines) if line.startswith(name)) + 1
    assert "（自定：" in lines[under]
