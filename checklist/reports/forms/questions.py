"""What goes into a form: which facts, in which order, under which headings."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from checklist.model.refusals import Refusal
from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Fact, Method
from checklist.model.rules.ruleset import Criterion, Ruleset, Tier
from checklist.model.state import Site, State
from checklist.reports.language.labels import METHOD
from checklist.values.cells import plain
from checklist.values.site_names import sites_named

ORDER: Final[tuple[Method, ...]] = ("materials_review", "hearing", "field_inspection", "web", "questionnaire")


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Facts that are checked in one go: a folder of papers, or one stop of the walk."""

    title: str
    facts: tuple[Fact, ...]

    @property
    def minutes(self) -> int:
        return sum(fact.minutes for fact in self.facts)


def wanted(assessment: Assessment, tier: Tier) -> dict[str, list[Criterion]]:
    """Fact → the tier's criteria that it is asked for. What only excused criteria read is not asked; of those that
    do not apply by their own condition, the facts of that condition are."""
    read_by: dict[str, list[Criterion]] = {}
    for finding in assessment.findings:
        criterion = finding.criterion
        if tier == "core" and criterion.tier != "core":
            continue
        names: tuple[str, ...] = ()
        if finding.outcome != "not_applicable":
            names = (*criterion.facts, *criterion.records)
        elif criterion.id not in assessment.state.not_applicable and criterion.applies_when is not None:
            names = criterion.applies_when.facts
        for name in names:
            read_by.setdefault(name, []).append(criterion)
    return read_by


def groups_of(assessment: Assessment, tier: Tier, only: Iterable[str] = ()) -> tuple[QuestionGroup, ...]:
    """The facts that are wanted, those only that pass every word of ``only``, grouped for the work.

    ``assessment`` is of the day on which the form is made. Raises Refusal.
    """
    ruleset, read_by = assessment.ruleset, wanted(assessment, tier)
    words = tuple(only)
    named = sites_of_words(assessment.state, words)
    kinds = {site.kind for site in named}
    tests: list[Test] = [lambda fact, _: ruleset.site_facts.get(fact.id) in kinds] if named else []
    names = {word for word in words if sites_of_words(assessment.state, [word])}
    tests += [selection(word, ruleset, assessment.state) for word in words if word not in names]
    facts = [f for f in ruleset.facts.values() if f.id in read_by and all(t(f, read_by[f.id]) for t in tests)]
    return tuple(QuestionGroup(title, tuple(of)) for title, of in _grouped(ruleset, facts))


def sites_of_words(state: State, words: Iterable[str]) -> tuple[Site, ...]:
    """The sites that count and that words of ``--only`` name."""
    counting = [site for site in state.sites if site.counts_on(state.as_of)]
    named = {site.id for word in words for site in sites_named(plain(word), counting)}
    return tuple(site for site in counting if site.id in named)


def sites_asked(assessment: Assessment, only: Iterable[str] = ()) -> tuple[Site, ...]:
    """The sites to walk: those that ``only`` names, else all that count."""
    state = assessment.state
    return sites_of_words(state, only) or tuple(site for site in state.sites if site.counts_on(state.as_of))


def declarable(
    assessment: Assessment, groups: Iterable[QuestionGroup], *, short: bool = False
) -> tuple[Criterion, ...]:
    """The criteria that may be declared not to apply, of those that the groups ask for; unless the form is a short one,
    those that are declared already too."""
    asked = {fact.id for group in groups for fact in group.facts}
    standing = () if short else assessment.state.not_applicable
    criteria = (c for c in assessment.ruleset.active if c.na_when)
    return tuple(c for c in criteria if c.id in standing or asked.intersection((*c.facts, *c.records)))


def among(groups: Iterable[QuestionGroup], facts: Container[str]) -> tuple[QuestionGroup, ...]:
    """The groups with the named facts alone."""
    kept = (QuestionGroup(g.title, tuple(f for f in g.facts if f.id in facts)) for g in groups)
    return tuple(group for group in kept if group.facts)


def _grouped(ruleset: Ruleset, facts: Sequence[Fact]) -> Iterable[tuple[str, list[Fact]]]:
    places = list(ruleset.places)
    for method in ORDER:
        of_method = [f for f in facts if f.method == method]
        if method != "field_inspection":
            if of_method:
                yield METHOD[method], of_method
            continue
        for place in [*places, ""]:
            here = [f for f in of_method if f.place == place or (place == "" and f.place not in ruleset.places)]
            if here:
                yield f"实地走访 · {ruleset.places.get(place, '其他')}", here


Test = Callable[[Fact, Sequence[Criterion]], bool]


def selection_text(word: str, ruleset: Ruleset) -> str:
    """A word of ``--only`` as it is read out: 没核实的, 实地考察, 楼道内, 环境卫生, 物业."""
    low = word.lower()
    told: dict[str, str] = {
        "unknown": "没核实的",
        "stale": "过期的",
        "soon": "一周内过期的",
        **METHOD,
        **ruleset.places,
    }
    told |= {m.id.lower(): m.title for m in ruleset.modules}
    return told.get(low) or word.removeprefix("owner=")


def selection(word: str, ruleset: Ruleset, state: State) -> Test:
    """One word of ``--only``: unknown, stale, soon, a method, a place, a module, owner=…"""
    low = plain(word).lower()
    methods = {**{m: m for m in METHOD}, **{title: m for m, title in METHOD.items()}, "实地走访": "field_inspection"}
    places = {**{p: p for p in ruleset.places}, **{plain(title).lower(): p for p, title in ruleset.places.items()}}
    modules = {m.id.lower(): m.id for m in ruleset.modules} | {plain(m.title).lower(): m.id for m in ruleset.modules}
    if low in ("unknown", "未核实"):
        return _unknown(ruleset, state)
    if low in ("stale", "过期"):
        return _among(e.fact for e in state.expired(ruleset.facts))
    if low in ("soon", "快过期"):
        return _among(e.fact for e in state.soon(ruleset.facts))
    if low in methods:
        return lambda fact, _: fact.method == methods[low]
    if low in places:
        return lambda fact, _: fact.place == places[low]
    if low in modules:
        return lambda _, criteria: any(c.module == modules[low] for c in criteria)
    if low.startswith(("owner=", "责任单位=")):
        owner = plain(word).split("=", 1)[1].strip()
        known = {o for c in ruleset.criteria for o in c.owner}
        if owner in map(plain, known):
            return lambda _, criteria: any(owner in map(plain, c.owner) for c in criteria)
        raise Refusal(f"没有责任单位 {owner}；有：{'、'.join(sorted(known))}")
    listed = ["unknown", "stale", "soon", *METHOD.values(), *ruleset.places.values(), *(m.id for m in ruleset.modules)]
    listed += [site.name for site in state.sites if site.counts_on(state.as_of)][:20]
    raise Refusal(f"看不懂 {word}；可以写：{'、'.join(listed)}、owner=单位")


def _unknown(ruleset: Ruleset, state: State) -> Test:
    """Not known in the community, or at one of its sites."""
    at = {kind: [state.at(site) for site in state.sites_of(kind)] for kind in ruleset.site_kinds}

    def test(fact: Fact, _: Sequence[Criterion]) -> bool:
        seen = at.get(ruleset.site_facts.get(fact.id, "")) or [state]
        return any(one.why_unknown(fact) is not None for one in seen)

    return test


def _among(facts: Iterable[Fact]) -> Test:
    ids = {fact.id for fact in facts}
    return lambda fact, _: fact.id in ids
