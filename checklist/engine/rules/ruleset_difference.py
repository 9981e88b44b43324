"""Two rulesets compared. Stricter and easier are decided over every record that the facts allow, not by looking at
how the thresholds are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from checklist.engine.analysis.check import Bonds
from checklist.engine.analysis.ladders import Graded, graded, questions
from checklist.engine.analysis.worlds import worlds
from checklist.engine.comparing.lineages import lineages
from checklist.engine.rules.counting import shares
from checklist.model.results.ruleset_difference import CriterionChange, Direction, LevelChange, RulesDiff, Scope
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Criterion, Module, Ruleset
from checklist.model.rules.scales import Deduct

WORDING: Final = (
    "title",
    "requirement",
    "methods",
    "tier",
    "per",
    "over",
    "flag",
    "na_when",
    "evidence",
    "owner",
    "actions",
    "keywords",
    "sources",
    "records",
    "notes",
    "phrases",
    "status",
)
"""Fields of a criterion that do not grade."""

GRADING: Final = ("applies_when", "scale", "points", "worth", "na_full")
"""Fields that decide what a record earns."""

Ends = tuple[Fraction, Fraction]
"""The share of a criterion's points that a record earns at the least and at the most; equal unless 0 ÷ 0 is asked."""


def diff_rules(before: Ruleset, after: Ruleset) -> RulesDiff:
    """What differs from ``before`` to ``after``."""
    why = {change.criterion: change.why for change in after.changes if change not in before.changes}
    tied = lineages(before, after)
    gone, come = {c.id for one in tied for c in one.before}, {c.id for one in tied for c in one.after}
    pairs = [(before.by_id[c.id], c) for c in after.criteria if c.id in before.by_id and c.id not in come]
    pairs += [(one.before[0], one.after[0]) for one in tied if one.kind == "renamed"]
    order = {criterion.id: i for i, criterion in enumerate(after.criteria)}
    pairs.sort(key=lambda pair: order[pair[1].id])
    changes = (_change(old, new, before, after, why.get(new.id, "")) for old, new in pairs)
    return RulesDiff(
        before=before,
        after=after,
        added=tuple(c for c in after.criteria if c.id not in before.by_id and c.id not in come),
        dropped=tuple(c for c in before.criteria if c.id not in after.by_id and c.id not in gone),
        changed=tuple(change for change in changes if change is not None),
        modules=tuple(_modules(before, after)),
        lineages=tied,
    )


def _modules(before: Ruleset, after: Ruleset) -> Iterator[tuple[Module | None, Module | None]]:
    old, new = {m.id: m for m in before.modules}, {m.id: m for m in after.modules}
    for id in dict.fromkeys((*old, *new)):
        a, b = old.get(id), new.get(id)
        if a is None or b is None or (a.title, a.points) != (b.title, b.points):
            yield a, b


def _change(old: Criterion, new: Criterion, before: Ruleset, after: Ruleset, why: str) -> CriterionChange | None:
    other = tuple(name for name in WORDING if getattr(old, name) != getattr(new, name))
    direction, scope = _graded_differently(old, new, before, after)
    levels = tuple(_level_changes(old, new, before, after))
    graded_alike = all(getattr(old, name) == getattr(new, name) for name in GRADING)
    if graded_alike and not other:
        return None
    return CriterionChange(old, new, direction, scope, levels, other, why)


def _level_changes(old: Criterion, new: Criterion, before: Ruleset, after: Ruleset) -> Iterator[LevelChange]:
    a = {} if isinstance(old.scale, Deduct) else {rung.level: rung.condition for rung in old.scale.rungs}
    b = {} if isinstance(new.scale, Deduct) else {rung.level: rung.condition for rung in new.scale.rungs}
    for level in dict.fromkeys((*before.levels, *after.levels)):
        if a.get(level) != b.get(level):
            yield LevelChange(level, a.get(level), b.get(level))


def _graded_differently(old: Criterion, new: Criterion, before: Ruleset, after: Ruleset) -> tuple[Direction, Scope]:
    if (old.scale, old.applies_when, old.worth) == (new.scale, new.applies_when, new.worth):
        return "same", "same"
    if not _comparable(old, new, before.facts, after.facts):
        return "rewritten", "same"
    asked = [*questions(old), *questions(new)]
    half = len(questions(old))
    facts = {**before.facts, **after.facts}
    bonds = dict.fromkeys((*Bonds(before).of(old), *Bonds(after).of(new)))
    results = [(graded(a[:half]), graded(a[half:])) for a in worlds(asked, facts, bonds)]
    if isinstance(old.scale, Deduct) or isinstance(new.scale, Deduct):
        return _by_counting(old, new, before, after), _scope(results)
    earned = ((_ends(a, old, before), _ends(b, new, after)) for a, b in results if a.applies and b.applies)
    return _direction(earned), _scope(results)


def _comparable(old: Criterion, new: Criterion, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> bool:
    """Both read at least one fact in common, and every fact that both rulesets declare means the same in both."""
    if old.facts and new.facts and not set(old.facts) & set(new.facts):
        return False
    shared = {*old.facts, *new.facts} & before.keys() & after.keys()
    return all(_meaning(before[name]) == _meaning(after[name]) for name in shared)


def _meaning(fact: Fact) -> tuple[object, ...]:
    return fact.type, fact.unit, tuple(fact.options), fact.better


def _ends(result: Graded, criterion: Criterion, ruleset: Ruleset) -> Ends:
    assert not isinstance(criterion.scale, Deduct)
    worth = [_worth(criterion, rung.level, ruleset) for rung in criterion.scale.rungs] + [Fraction(0)]
    return worth[result.worst], worth[result.best]


def _worth(criterion: Criterion, level: str, ruleset: Ruleset) -> Fraction:
    """The share of its points that a level earns."""
    if not criterion.points:
        return ruleset.levels[level]
    return Fraction(ruleset.level_points(criterion, level)) / criterion.points


def _direction(earned: Iterable[tuple[Ends, Ends]]) -> Direction:
    less = more = False
    for old, new in earned:
        less |= new[0] < old[0] or new[1] < old[1]
        more |= new[0] > old[0] or new[1] > old[1]
    return "mixed" if less and more else "tightened" if less else "loosened" if more else "same"


def _scope(results: Iterable[tuple[Graded, Graded]]) -> Scope:
    pairs = {(a.applies, b.applies) for a, b in results}
    wider, narrower = (False, True) in pairs, (True, False) in pairs
    return "mixed" if wider and narrower else "wider" if wider else "narrower" if narrower else "same"


def _by_counting(old: Criterion, new: Criterion, before: Ruleset, after: Ruleset) -> Direction:
    """Where points are taken off for each finding of one counted fact, every count is tried until both are stable."""
    if old.scale == new.scale and old.points == new.points:
        return "same"
    a, b = shares(old, before), shares(new, after)
    if a is None or b is None or a.fact != b.fact:
        return "rewritten"
    most = max(a.stable, b.stable)
    return _direction(((s, s), (t, t)) for s, t in ((a.at(n), b.at(n)) for n in range(most + 1)))
