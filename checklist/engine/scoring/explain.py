"""Why one finding came out as it did."""

from __future__ import annotations

from checklist.engine.scoring.gaps import bench_remedies, ways_up
from checklist.engine.scoring.sites import Bench
from checklist.model.results.assessment import Assessment
from checklist.model.results.explanation import Explanation, FactRecord, ItemAnswer, LevelAnswer, TestedCondition
from checklist.model.rules.conditions import AtLeastOf, Condition, Limit, NoneOf
from checklist.model.rules.counts import Holds
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.scales import Deduct, Deduction, DeductionGroup


def explain(assessment: Assessment, criterion_id: str) -> Explanation:
    """Every level's condition against what was recorded, and the least change that reaches each level.

    Of a criterion graded at sites they are those of the worst one. Raises KeyError when the ruleset has no such criterion.
    """
    ruleset = assessment.ruleset
    bench = Bench(ruleset, assessment.state)
    criterion = ruleset.criterion(criterion_id)
    finding = assessment.finding(criterion_id)
    at, view = bench.worst(finding)
    state, known = view.state, view.known
    scale = criterion.scale
    rungs = () if isinstance(scale, Deduct) else scale.rungs
    open_to_change = finding.outcome in ("partly", "unmet", "unknown") or finding.flag == "open"
    return Explanation(
        finding=finding,
        applies=answer(criterion.applies_when, known) if criterion.applies_when else None,
        levels=tuple(
            LevelAnswer(r.level, ruleset.level_points(criterion, r.level), answer(r.condition, known)) for r in rungs
        ),
        flag=answer(criterion.flag.opens_when, known) if criterion.flag and criterion.flag.opens_when else None,
        facts=tuple(
            FactRecord(
                fact=ruleset.facts[name],
                reading=state.readings.get(name),
                value=known.value(name),
                unknown=state.why_unknown(ruleset.facts[name]),
                defects=tuple(d for d in state.defects.get(name, ()) if d.open_on(state.as_of)),
            )
            for name in dict.fromkeys((*criterion.facts, *criterion.records))
        ),
        steps=ways_up(bench, finding, at, view) if open_to_change else (),
        remedies=bench_remedies(bench, finding) if open_to_change else (),
        known=known,
        at=at,
        items=tuple(item(part, known) for part in scale.parts) if isinstance(scale, Deduct) else (),
    )


def item(part: Deduction | DeductionGroup, known: Knowledge) -> ItemAnswer:
    """One item of a scale that counts, with what it comes to."""
    if isinstance(part, DeductionGroup):
        return ItemAnswer(part, part.taken(known), parts=tuple(item(one, known) for one in part.deductions))
    count = part.measure
    told = answer(count.condition, known) if isinstance(count, Holds) else None
    return ItemAnswer(part, part.taken(known), count.span(known), told)


def answer(condition: Condition, known: Knowledge) -> TestedCondition:
    parts = condition.of if isinstance(condition, AtLeastOf | NoneOf) else ()
    now = condition.measure.span(known) if isinstance(condition, Limit) else None
    return TestedCondition(condition, condition.holds(known), now, tuple(answer(part, known) for part in parts))
