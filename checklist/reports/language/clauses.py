"""The phrases of a criterion (说法) said of one community: what it achieved, what is wrong there.

Only what was recorded is said, and of what is wrong only what stands in the way. A count of nothing is never printed, and
each count stands in its own words, so that unlike things are never one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from checklist.model.numbers import number_text, percent_text
from checklist.model.results.assessment import Gap, Obstacle
from checklist.model.results.explanation import Explanation
from checklist.model.rules.clauses import PLACE, Clause
from checklist.model.rules.conditions import Contains, Limit
from checklist.model.rules.facts import NEVER, Fact, Knowledge, Value
from checklist.model.rules.measures import Missing
from checklist.model.rules.ruleset import Criterion
from checklist.reports.document.document import day_text
from checklist.reports.language.phrases import value_text

Word: TypeAlias = Callable[[str], str]
"""A fact → what its place prints; empty when there is nothing to print."""


def achieved_text(criterion: Criterion, known: Knowledge) -> str:
    """What a met criterion is in words: ``已装路灯 48 盏，亮灯 46 盏``; empty when its phrase has nothing to say."""
    return _sentence(
        criterion.phrases.met,
        lambda clause: not clause.about or _stands(known, clause.about),
        lambda name: recorded_word(known, name),
    )


def wrong_text(gap: Gap | Explanation) -> str:
    """What stands between a finding and full marks, of sites at the worst one: ``危房 3 栋没有处置``; empty when its
    phrase has nothing to say. A set prints what it lacks."""
    known, blocks = gap.known, gap.steps[-1].blocks if gap.steps else ()
    blocked = {fact for block in blocks for fact in block.condition.facts}

    def word(name: str) -> str:
        fact, value = known.declared[name], known.value(name)
        if isinstance(value, frozenset) and fact.better == "more":
            return printed(fact, _wanted(name, blocks, known) - value)
        return recorded_word(known, name)

    return _sentence(gap.finding.criterion.phrases.unmet, lambda clause: _is_wrong(clause, known, blocked), word)


def in_words(explanation: Explanation) -> str:
    """What a finding is in words, where its conditions were asked; empty where it is neither met nor surely short."""
    finding = explanation.finding
    if finding.outcome == "met":
        return achieved_text(finding.criterion, explanation.known)
    return wrong_text(explanation) if finding.short else ""


def _is_wrong(clause: Clause, known: Knowledge, blocked: set[str]) -> bool:
    """Whether a clause is about what stands in the way; with nothing known to do so, any may be."""
    about = clause.about
    if not about:
        return not clause.places or not blocked or not blocked.isdisjoint(clause.places)
    if known.value(about) is None or (blocked and about not in blocked):
        return False
    return known.declared[about].type == "choice" or not _stands(known, about)


def _stands(known: Knowledge, name: str) -> bool:
    """Whether a fact is recorded as what it should be: none of what should not be, the good answer, some of the rest."""
    fact, value = known.declared[name], known.value(name)
    if value is None or value is NEVER:
        return False
    may_be_never = fact.none_is is NEVER
    return may_be_never or bool(value) != (fact.better in ("lower", "false"))


def _wanted(name: str, blocks: Sequence[Obstacle], known: Knowledge) -> frozenset[str]:
    """What a set should have: the elements that conditions name, else all its options."""
    named: set[str] = set()
    for block in blocks:
        match block.condition:
            case Contains(fact, elements) if fact == name:
                named |= set(elements)
            case Limit(Missing(required, present)) if present == name:
                named |= known.elements(required) or frozenset()
    return frozenset(named or known.declared[name].options)


def _sentence(clauses: Iterable[Clause], holds: Callable[[Clause], bool], word: Word) -> str:
    return "，".join(said for clause in clauses for said in _said(clause, holds, word))


def _said(clause: Clause, holds: Callable[[Clause], bool], word: Word) -> Iterator[str]:
    """A clause that holds and has something to print at all its places; else those in its place."""
    words = {name: word(name) for name in clause.places} if holds(clause) else {"": ""}
    if all(words.values()):
        yield PLACE.sub(lambda place: words[place[1]], clause.text)
    else:
        yield from (said for other in clause.otherwise for said in _said(other, holds, word))


def written_phrases(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    """Each phrase as the rules have it, with what it is called; facts by their names: ``亮灯〔亮着的路灯〕盏``."""
    phrases = criterion.phrases
    for name, clauses in (("达标说法：", phrases.met), ("不达标说法：", phrases.unmet)):
        if clauses:
            texts = (clause.text for first in clauses for clause in first.all)
            yield name, "；".join(PLACE.sub(lambda place: f"〔{facts[place[1]].label}〕", text) for text in texts)


def recorded_word(known: Knowledge, name: str) -> str:
    """What is recorded of a fact, as ``printed``; of what should not be there also the least that is known of it."""
    fact, least = known.declared[name], known.span(name).low if name in known.spans else 0
    some = fact.better == "lower" and least > 0 and known.value(name) is None
    return f"至少 {number_text(least)}" if some else printed(fact, known.value(name))


def printed(fact: Fact, value: Value | None) -> str:
    """A value without its unit, as it stands in a sentence; empty where there is nothing to print: not recorded, none,
    never, a yes or a no. A share of 0% is something."""
    match value:
        case bool():
            return ""
        case date():
            return day_text(value)
        case str() | frozenset() if value:
            return value_text(fact, value)
        case int() | Fraction() if fact.type == "ratio":
            return percent_text(value, 2)
        case int() | Fraction() if value:
            return number_text(value)
    return ""
