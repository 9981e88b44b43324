"""Numbers that rest on sources nobody should rely on any more, and institutions that answer for nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from checklist.engine.analysis.ladders import name
from checklist.model.problems import Problem, Where
from checklist.model.rules.ruleset import Action, Criterion, Ruleset
from checklist.model.rules.sources import YEARS_UNCHECKED, RenamedBody, Source, SourceStanding

WORSE: Final[tuple[SourceStanding, ...]] = ("superseded", "out_of_force", "unchecked")


def outdated_problems(ruleset: Ruleset, today: date) -> Iterator[Problem]:
    """A tailoring answers only for the criteria that it changes."""
    changed = {change.criterion for change in ruleset.changes}
    own = [c for c in ruleset.criteria if c.status != "obsolete" and (not ruleset.extends or c.id in changed)]
    yield from _numbers(own, ruleset, today)
    for criterion in own:
        yield from _bodies(criterion, ruleset)
    told: dict[str, Action] = {}
    for criterion in own:
        told |= {id: ruleset.actions[id] for id in criterion.actions}
    for action in told.values():
        yield from _owners(action, ruleset.bodies.values())


def _numbers(criteria: Iterable[Criterion], ruleset: Ruleset, today: date) -> Iterator[Problem]:
    """One for each source that no better one stands beside, at the source; in a tailoring at the criterion. Of a source
    without any date nothing is known: only ``rules sources --due`` lists it."""
    resting: dict[str, list[Criterion]] = {}
    for criterion in criteria:
        cited = [ruleset.sources[c.source] for c in criterion.sources if c.says == "number"]
        if cited and all(source.standing(today) in WORSE for source in cited):
            best = max(cited, key=lambda source: WORSE.index(source.standing(today)))
            resting.setdefault(best.id, []).append(criterion)
    for id, found in resting.items():
        source = ruleset.sources[id]
        yield _number(source, found, found[0].where if ruleset.extends else source.where, ruleset, today)


def _number(source: Source, found: list[Criterion], where: Where, ruleset: Ruleset, today: date) -> Problem:
    rests = f"{'、'.join(c.id for c in found)} 的数字出自 {source.id}（{source.title}）"
    match source.standing(today):
        case "superseded":
            new = ruleset.sources[source.superseded_by]
            says, hint = f"{rests}，它已被 {new.id}（{new.title}）替代", "照新的文本改数字，或改成 ours"
            return Problem(where, "W412", says, hint)
        case "out_of_force":
            says = f"{rests}，它只管到 {source.in_force_until}（今天 {today}）"
            return Problem(where, "W413", says, "找现行的文本；没有的改成 ours，依据写 says: existence")
    last = source.checked_on or source.released
    says = f"{rests}，上次核对是 {last}，超过 {YEARS_UNCHECKED} 年了（今天 {today}）"
    return Problem(where, "W411", says, "再查一次，把 checked_on 改成查的那天；查不到的在 note 里写明")


def _bodies(criterion: Criterion, ruleset: Ruleset) -> Iterator[Problem]:
    subject = f"{criterion.title}{criterion.requirement}"
    texts = (criterion.title, criterion.requirement, criterion.na_when, *criterion.owner, *criterion.evidence)
    for body in ruleset.bodies.values():
        if named(body, texts, subject):
            yield Problem(criterion.where, "W414", f"{name(criterion)}提到{_gone(body)}", _way_out(body))


def _owners(action: Action, bodies: Iterable[RenamedBody]) -> Iterator[Problem]:
    for body in bodies:
        if named(body, (action.label, *action.owner), action.label):
            yield Problem(action.where, "W414", f"措施 {action.id}（{action.label}）提到{_gone(body)}", _way_out(body))


def named(body: RenamedBody, texts: Iterable[str], subject: str) -> bool:
    """Whether one of the texts names it, in a matter that it has nothing to do with any more."""
    return any(body.name in text for text in texts) and (not body.about or any(word in subject for word in body.about))


def _gone(body: RenamedBody) -> str:
    matter = f"{'、'.join(body.about)}的事 " if body.about else ""
    return f"“{body.name}”，{matter}{body.since} 起归{body.now}"


def _way_out(body: RenamedBody) -> str:
    return f"改成{body.now}；当地另有安排的，在本地细则里写"
