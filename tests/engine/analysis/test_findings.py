"""What ``check`` proves of a criterion is what trying every record shows: levels, flags, directions, mutants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.analysis.direction import direction_problems
from checklist.engine.analysis.ladders import graded, grading_problems, questions
from checklist.engine.analysis.mutants import mutants, same
from checklist.model.rules.conditions import Condition, Limit, NoneOf
from checklist.model.rules.facts import Fact, Knowledge, Polarity
from checklist.model.rules.measures import FactValue
from checklist.model.rules.ruleset import Criterion, Flag
from checklist.model.rules.scales import Ladder, Rung
from tests.engine.analysis.small_world import BONDS, CONDITIONS, FACTS, few, records
from tests.support.laws import examples

BETTER: dict[str, Polarity] = {"n": "higher", "m": "lower", "x": "higher", "b": "true", "c": "first", "s": "more"}
POLAR = {name: replace(fact, better=BETTER.get(name)) for name, fact in FACTS.items()}


def criterion(rungs: list[Condition], applies: Condition | None, opens: Condition | None) -> Criterion:
    ladder = Ladder("levels", tuple(Rung(level, c) for level, c in zip("ABC", rungs, strict=False)))
    return Criterion(
        "M-01",
        "M",
        "标准",
        "要求",
        ("web",),
        10_000,
        ladder,
        flag=Flag("veto", opens) if opens else None,
        applies_when=applies,
    )


dateless: Callable[[Condition], bool] = lambda c: "d" not in c.facts
PLAIN = CONDITIONS.filter(dateless)
CRITERIA = st.builds(criterion, st.lists(PLAIN, min_size=1, max_size=3), st.none() | PLAIN, st.none() | PLAIN).filter(
    lambda c: few([q for q in questions(c) if q is not None])
)


def answers(c: Criterion, known: Knowledge) -> tuple[bool | None, ...]:
    return tuple(True if q is None else q.holds(known) for q in questions(c))


@settings(max_examples=examples(100), deadline=None)
@given(CRITERIA)
def test_levels_and_flags(c: Criterion) -> None:
    found = {(p.code, p.says) for p in grading_problems(c, FACTS, BONDS)}
    seen = [answers(c, known) for known in records(c.facts)]
    results = [(a, graded(a)) for a in seen if graded(a).applies is not False]
    assert isinstance(c.scale, Ladder)
    codes = {code for code, _ in found}
    for i, rung in enumerate(c.scale.rungs):
        reached = any(r.best == i for _, r in results)
        if any(code == "E401" and f"的 {rung.level} 档门槛" in says for code, says in found):
            assert not reached  # told by its thresholds; the levels are then not looked at further
        if not codes & {"E401", "E404"}:
            assert reached != any(code == "E402" and f" {rung.level} 档谁也" in says for code, says in found)
            if i:
                stricter = any(a[i + 1] and a[i + 2] is False for a, _ in results)
                assert stricter == any(code == "E403" and f"的 {rung.level} 档比" in says for code, says in found)
    if c.flag:
        assert any(r.opens is True for _, r in results) != any(code == "E409" for code, _ in found)
    undecided = any(not r.decided for _, r in results)
    assert undecided == any(code == "E412" for code, _ in found)


def improved(fact: Fact, known: Knowledge, other: Knowledge) -> bool:
    """The other record is the same but for a better value of one fact."""
    now, new = known.values[fact.id], other.values[fact.id]
    same_rest = all(known.values[n] == other.values[n] for n in known.values if n != fact.id)
    if not same_rest or now == new:
        return False
    if isinstance(now, frozenset) and isinstance(new, frozenset):
        return now <= new
    return fact.better_of(now, new) == new


@settings(max_examples=examples(40), deadline=None)
@given(CRITERIA.filter(lambda c: len(list(records(c.facts))) <= 150))
def test_directions(c: Criterion) -> None:
    told = {p.says.split("里 ")[1].split("（")[0] for p in direction_problems(c, POLAR, BONDS) if p.code == "E410"}
    every = list(records(c.facts))
    for name in c.facts:
        if POLAR[name].better:
            assert (name in told) == any(
                improved(POLAR[name], known, other) and loses(c, known, other) for known in every for other in every
            )


def loses(c: Criterion, known: Knowledge, other: Knowledge) -> bool:
    before, after = graded(answers(c, known)), graded(answers(c, other))
    if not (before.applies and after.applies):
        return False
    return after.worst > before.worst or (after.opens is True and before.opens is False)


@settings(max_examples=examples(40), deadline=None)
@given(CRITERIA)
def test_equal_mutants(c: Criterion) -> None:
    for mutant in list(mutants(c, FACTS))[:12]:
        differs = mutant.criterion.points != c.points or any(
            shown(c, answers(c, known)) != shown(c, answers(mutant.criterion, known)) for known in records(c.facts)
        )
        assert same(c, mutant.criterion, FACTS, BONDS) != differs, mutant.says


def shown(c: Criterion, told: tuple[bool | None, ...]) -> object:
    result = graded(told)
    if result.applies is False:
        return False
    return result.applies, result.best, result.worst, result.opens if c.flag else None


def test_a_mutant_inside_a_negation_is_made_too() -> None:
    c = criterion([NoneOf((Limit(FactValue("n"), "at_least", 3),))], None, None)
    assert {m.says for m in mutants(c, FACTS)} == {"分值多 0.01", "A 档：门槛 n ≥ 3 严一步", "A 档：门槛 n ≥ 3 松一步"}
