"""What a ruleset says of sites and cannot mean: facts that lie in two places, wholes that lie elsewhere than their parts."""

from __future__ import annotations

from collections.abc import Iterator

from checklist.engine.analysis.ladders import name
from checklist.model.problems import Problem
from checklist.model.rules.leaves import measures
from checklist.model.rules.ruleset import Action, Criterion, Ruleset

ADDS_UP = ("count", "number")


def site_problems(ruleset: Ruleset) -> Iterator[Problem]:
    """A tailoring answers only for the criteria that it changes."""
    changed = {change.criterion for change in ruleset.changes}
    for criterion in ruleset.criteria:
        if criterion.status != "obsolete" and (not ruleset.extends or criterion.id in changed):
            yield from _where_facts_lie(criterion, ruleset)
            yield from _places(criterion, ruleset)
            if criterion.over == "sum":
                yield from _sums(criterion, ruleset)
            elif criterion.per:
                yield from _mixtures(criterion, ruleset)
    if not ruleset.extends:
        for action in ruleset.actions.values():
            yield from _done_where(action, ruleset)
        needed = {fact for c in ruleset.criteria if c.per for fact in (*c.facts, *c.records)}
        for id, fact in ruleset.facts.items():
            if fact.serves and id not in needed:
                hint = "去掉 serves，或给看它的标准写 per"
                yield Problem(
                    fact.where, "E422", f"实测项 {id}（{fact.label}）写了 serves，没有按点位评的标准看它", hint
                )


def _where_facts_lie(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    for id in criterion.facts:
        kind, label = ruleset.site_facts.get(id), ruleset.facts[id].label
        if kind is None or kind == criterion.per:
            continue
        at = ruleset.site_kinds[kind].label
        if criterion.per:
            says = f"{name(criterion)}看的 {id}（{label}）已经是{at}的实测项，一个实测项只能在一类点位"
            yield Problem(criterion.where, "E420", says, "拆成两个实测项，或给它写 serves: sites")
        else:
            says = f"{name(criterion)}按社区评，看的 {id}（{label}）却记在{at}"
            hint = f"写 per: {kind}（要总数就加 over: sum），或给它写 serves: sites"
            yield Problem(criterion.where, "E421", says, hint)


def _done_where(action: Action, ruleset: Ruleset) -> Iterator[Problem]:
    """What is done at sites and in the community says whether it is paid once; effects look at facts of their own place."""
    facts, at = ruleset.facts, {fact: ruleset.site_facts.get(fact, "") for fact in action.sets}
    kinds = dict.fromkeys(at.values())
    if len(kinds) > 1 and action.once is None:
        names = "、".join(ruleset.site_kinds[kind].label if kind else "社区" for kind in kinds)
        says = f"措施 {action.id}（{action.label}）又改{names}的实测项，没写是只做一次还是每个点位各做各的"
        yield Problem(action.where, "E426", says, "全社区做一次、各点位都管用的写 once: true，各做各的写 once: false")
    for fact, effect in action.sets.items():
        for read in effect.reads:
            there = ruleset.site_facts.get(read, "")
            if there != at[fact] and not (at[fact] and facts[read].serves):
                says = f"措施 {action.id}（{action.label}）把“{facts[fact].label}”变得和“{facts[read].label}”有关，两个数不在一处"
                yield Problem(
                    action.where, "E427", says, f"让 {read} 和 {fact} 记在同一处，或给 {read} 写 serves: sites"
                )


def _sums(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    for id in criterion.facts:
        fact = ruleset.facts[id]
        if id in ruleset.site_facts and fact.type not in ADDS_UP:
            says = f"{name(criterion)}把各点位加起来评，{id}（{fact.label}）是 {fact.type}，加不起来"
            yield Problem(criterion.where, "E423", says, "over 改成 mean 或 worst，或换成个数")


def _mixtures(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    """A number of the site against a number of the whole community."""
    for measure in dict.fromkeys(measures(criterion)):
        served = [id for id in measure.facts if ruleset.facts[id].serves]
        if served and len(served) < len(measure.facts):
            ours = next(id for id in measure.facts if id not in served)
            says = f"{name(criterion)}拿一个点位的“{ruleset.facts[ours].label}”和全社区的“{ruleset.facts[served[0]].label}”比"
            hint = f"{served[0]} 去掉 serves，也在点位记；或者写 over: sum，加起来比"
            yield Problem(criterion.where, "E424", says, hint)


def _places(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    """Asked, not refused: a thing that stands once in a community may stand anywhere."""
    kind_at = {place: kind for kind in ruleset.site_kinds.values() for place in kind.places}
    places = {ruleset.facts[id].place for id in criterion.facts if not ruleset.facts[id].serves} - {""}
    there = dict.fromkeys(kind_at[place].id for place in places if place in kind_at)
    if criterion.per and places and set(there) != {criterion.per} and ruleset.site_kinds[criterion.per].places:
        label = ruleset.site_kinds[criterion.per].label
        told = "、".join(ruleset.places.get(place, place) for place in ruleset.places if place in places)
        yield Problem(criterion.where, "W410", f"{name(criterion)}按{label}评，它的实测项在{told}", "看看 per 写对没有")
    elif not criterion.per and not criterion.once and len(there) == 1 and all(place in kind_at for place in places):
        kind = ruleset.site_kinds[next(iter(there))]
        says = f"{name(criterion)}按社区评，它的实测项都在{kind.label}里"
        yield Problem(criterion.where, "W410", says, f"写 per: {kind.id}；一个社区只有一处的，写 per: community")
