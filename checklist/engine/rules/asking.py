"""What one or several rulesets ask of a community a month. What two criteria, or two rulesets, both ask counts once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

from checklist.model.results.burden import BURDENS, Burden, BurdenKind, Load, TraceOnly
from checklist.model.rules.conditions import Contains, Limit
from checklist.model.rules.facts import Fact
from checklist.model.rules.leaves import leaves
from checklist.model.rules.measures import CountOf, FactValue
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Deduct

MONTH: Final = 30
PICTURES: Final = ("照片", "截图", "影像", "视频")
"""Evidence whose name has one of these words is a photo, the rest are papers."""

AskedFor: TypeAlias = dict[tuple[BurdenKind, str], Fraction]
"""What is asked, by kind and by a name that is the same wherever the same thing is asked: how much a month."""


def burden(ruleset: Ruleset) -> Burden:
    """Of criteria in force only."""
    return Burden(
        ruleset,
        _added(asked(ruleset.active, ruleset)),
        {m.id: _added(asked((c for c in ruleset.active if c.module == m.id), ruleset)) for m in ruleset.modules},
        tuple(found for c in ruleset.active if (found := _traces_alone(c, ruleset.facts))),
    )


def together(rulesets: Iterable[Ruleset]) -> Load:
    """Of a community that answers to all of them."""
    found: AskedFor = {}
    for ruleset in rulesets:
        _join(found, asked(ruleset.active, ruleset))
    return _added(found)


def asked(criteria: Iterable[Criterion], ruleset: Ruleset) -> AskedFor:
    found: AskedFor = {}
    for criterion in criteria:
        _join(found, dict(_asked(criterion, ruleset.facts)))
    return found


def _join(found: AskedFor, more: AskedFor) -> None:
    for key, amount in more.items():
        found[key] = max(amount, found.get(key, Fraction(0)))


def _added(found: AskedFor) -> Load:
    return {kind: sum((n for (k, _), n in found.items() if k == kind), Fraction(0)) for kind in BURDENS}


def _asked(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[tuple[tuple[BurdenKind, str], Fraction]]:
    read = [facts[name] for name in (*criterion.facts, *criterion.records)]
    for fact in read:
        yield ("minutes", fact.id), Fraction(fact.minutes * MONTH, fact.valid_for_days)
        if fact.trace and fact.trace.kind == "plate":
            yield ("plates", fact.id), Fraction(_demanded(criterion, fact))
        elif fact.trace and fact.trace.kind == "meeting":
            months = Fraction(fact.trace.over_days or fact.valid_for_days, MONTH)
            yield ("meetings", fact.id), _demanded(criterion, fact) / months
    often = Fraction(MONTH, min(fact.valid_for_days for fact in read)) if read else Fraction(0)
    for evidence in criterion.evidence:
        kind: BurdenKind = "photos" if any(word in evidence for word in PICTURES) else "papers"
        yield (kind, f"{evidence} {' '.join(criterion.facts)}"), often


def _demanded(criterion: Criterion, fact: Fact) -> Fraction:
    """How many of it the best level takes; one where the level does not count them."""
    if isinstance(criterion.scale, Deduct):
        return Fraction(1)
    counted, elements = Fraction(1), set[str]()
    for leaf in leaves(criterion.scale.rungs[0].condition):
        if (
            isinstance(leaf, Limit)
            and leaf.kind == "at_least"
            and leaf.measure in (FactValue(fact.id), CountOf(fact.id))
        ):
            counted = max(counted, Fraction(leaf.limit))
        elif isinstance(leaf, Contains) and leaf.fact == fact.id:
            elements |= set(leaf.elements)
    return max(counted, Fraction(len(elements)))


def _traces_alone(criterion: Criterion, facts: Mapping[str, Fact]) -> TraceOnly | None:
    """Totals, which are neither good nor bad, do not make it rest on more."""
    judged = tuple(name for name in criterion.scale.facts if facts[name].better is not None)
    if judged and all(facts[name].trace for name in judged):
        return TraceOnly(criterion, judged)
    return None
