"""How well the cases of a ruleset hold it: levels and thresholds that none touches, mutants that none notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from checklist.engine.analysis.check import Bonds
from checklist.engine.analysis.ladders import graded, place, questions
from checklist.engine.analysis.mutants import mutants, same, with_coefficient
from checklist.engine.analysis.variants import limit_text, nearby
from checklist.engine.analysis.worlds import Bond, worlds
from checklist.engine.rules.trial import compared
from checklist.engine.scoring.sites import Bench
from checklist.model.rules.case import Case, CaseSurvey, Expectation, Survivor, Untouched
from checklist.model.rules.conditions import Limit
from checklist.model.rules.leaves import conditions, leaves
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct

Tried = tuple[Case, Expectation, Bench]


def survey(ruleset: Ruleset, cases: Iterable[Case], *, mutate: bool) -> CaseSurvey:
    """What no case touches; with ``mutate`` also the mutants that every case lets pass and that are no equals."""
    by_criterion: defaultdict[str, list[Tried]] = defaultdict(list)
    for case in cases:
        bench = Bench(ruleset, case.state)
        for expected in case.expects:
            by_criterion[expected.criterion].append((case, expected, bench))
    changed = {change.criterion for change in ruleset.changes}
    bonds, untouched, survivors, made, equal = Bonds(ruleset), list[Untouched](), list[Survivor](), 0, 0
    sound_of: dict[str, list[Tried]] = {}
    for criterion in ruleset.criteria:
        if criterion.status == "obsolete" or (ruleset.extends and criterion.id not in changed):
            continue
        tried, near = by_criterion[criterion.id], bonds.of(criterion)
        untouched += _levels(ruleset, criterion, tried, near)
        untouched += _thresholds(ruleset, criterion, tried, near)
        sound = sound_of[criterion.id] = (
            [one for one in tried if not _noticed(ruleset, criterion, [one])] if mutate else []
        )
        for mutant in mutants(criterion, ruleset.facts) if mutate else ():
            made += 1
            if _noticed(ruleset, mutant.criterion, sound):
                continue
            if same(criterion, mutant.criterion, ruleset.facts, near):
                equal += 1
            else:
                survivors.append(Survivor(criterion.id, mutant.says, mutant.where))
    if mutate and not ruleset.extends:
        for level in list(ruleset.levels)[1:]:
            graded_so = [c for c in ruleset.active if level in c.levels and not c.worth and c.points]
            made += bool(graded_so)
            if graded_so and not _coefficient_noticed(ruleset, level, graded_so, sound_of):
                survivors.append(Survivor(ruleset.id, f"{level} 档的系数多一点", ruleset.where))
    return CaseSurvey(tuple(untouched), tuple(survivors), made, equal)


def _coefficient_noticed(
    ruleset: Ruleset, level: str, graded_so: Iterable[Criterion], sound_of: Mapping[str, Sequence[Tried]]
) -> bool:
    """Whether the cases of any of the criteria that earn this level's share tell a higher share from it."""
    return any(
        _noticed(ruleset, with_coefficient(ruleset, criterion, level), sound_of[criterion.id])
        for criterion in graded_so
    )


def _noticed(ruleset: Ruleset, mutant: Criterion, tried: Sequence[Tried]) -> bool:
    """Whether an expectation fails; those that already fail on the real rule are not in ``tried`` for this."""
    return any(
        wanted != got for _, expected, bench in tried for _, wanted, got in compared(expected, bench.finding(mutant))
    )


def _levels(
    ruleset: Ruleset, criterion: Criterion, tried: Sequence[Tried], bonds: Sequence[Bond]
) -> Iterator[Untouched]:
    """Levels that some record reaches and no case does; deductions have none."""
    if isinstance(criterion.scale, Deduct):
        return
    names = [*(rung.level for rung in criterion.scale.rungs), None]
    results = map(graded, worlds(questions(criterion), ruleset.facts, bonds))
    reached = {result.best for result in results if result.applies and result.best == result.worst}
    findings = [bench.finding(criterion) for _, _, bench in tried]
    touched = {f.best for f in findings if f.applies and f.best == f.worst}
    for i, name in enumerate(names):
        if i in reached and name not in touched:
            where = place(criterion, criterion.scale.rungs[i] if name else None)
            yield Untouched(criterion.id, f"{name} 档" if name else "够不上任何一档的情况", where)


def _thresholds(
    ruleset: Ruleset, criterion: Criterion, tried: Sequence[Tried], bonds: Sequence[Bond]
) -> Iterator[Untouched]:
    """A threshold is touched by a case that just reaches it and by one that is one step short."""
    facts = ruleset.facts
    rungs = {} if isinstance(criterion.scale, Deduct) else {id(r.condition): r for r in criterion.scale.rungs}
    seen: set[Limit] = set()
    known = [view.known for _, _, bench in tried for view in bench.grounds(criterion)]
    for condition in conditions(criterion):
        for leaf in leaves(condition):
            if not isinstance(leaf, Limit) or leaf in seen:
                continue
            seen.add(leaf)
            where = place(criterion, rungs.get(id(condition)))
            stricter, looser = nearby(leaf, facts, 1), nearby(leaf, facts, -1)
            for inside, outside, word in ((leaf, stricter, "刚好达到"), (looser, leaf, "只差一步")):
                if any(inside.holds(k) is True and outside.holds(k) is False for k in known):
                    continue
                if (True, False) in worlds([inside, outside], facts, bonds):
                    yield Untouched(criterion.id, f"门槛 {limit_text(leaf, facts)}：没有{word}的用例", where)
