"""Records side by side → Questions: one fact of a whole city told in several ways, copies, jumps, nothing ever wrong.

Nobody is ranked and nobody named who recorded it: a question is about figures, and the office asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Final

from checklist.engine.comparing.compare import apart_by_basis, latest
from checklist.model.results.asked import ASKED, Question
from checklist.model.results.comparison import Standing
from checklist.model.rules.facts import Fact, Value
from checklist.model.state import Community

AREAS: Final = {"全市": "city", "全区": "district", "全县": "district"}
"""The word in a fact's label or question that says whose single figure it is → where a community tells its area."""

FIGURES: Final = ("count", "number", "ratio", "date")
FEWEST: Final = 20
"""Two records with fewer figures in common say nothing of copying."""
ALIKE: Final = Fraction(95, 100)
"""From which share of equal figures on a copy is asked about. Zero is no figure here: communities without a problem are
alike by right."""

LEAP: Final = 50
TIMES: Final = 10
"""A jump is at least ``LEAP`` more or less, and at least ``TIMES`` as much or as little."""

CHECKED: Final = Fraction(80, 100)
MANY: Final = 30
"""Who has checked this share of the points, and so many criteria, will have found something."""


def cross_checks(standings: Sequence[Standing]) -> tuple[Question, ...]:
    """``standings`` of every day of every community. By kind, then in the order of the records; only records judged by
    one ruleset are held side by side."""
    found: list[Question] = []
    for some in apart_by_basis(standings).values():
        now = latest(some)
        found += [*_differing(now), *_copied(now), *_jumped(some), *_perfect(now)]
    return tuple(sorted(found, key=lambda question: ASKED.index(question.because)))


def _differing(now: Sequence[Standing]) -> Iterator[Question]:
    """Facts that an area has once, given in more than one way."""
    for fact in now[0].ruleset.facts.values():
        key = next((place for word, place in AREAS.items() if word in fact.label or word in fact.ask), None)
        by_area: dict[tuple[str, str], list[Standing]] = {}
        for standing in now if key else ():
            if fact.id in standing.known.values:
                community = standing.community
                area = (community.city, community.district if key == "district" else "")
                by_area.setdefault(area, []).append(standing)
        for area, some in by_area.items():
            said: dict[Value, list[Community]] = {}
            for standing in some:
                said.setdefault(standing.known.values[fact.id], []).append(standing.community)
            if len(said) > 1:
                most_first = sorted(said.items(), key=lambda pair: -len(pair[1]))
                told = tuple((value, tuple(who)) for value, who in most_first)
                everybody = tuple(standing.community for standing in some)
                yield Question("differs", everybody, fact, "".join(area), told)


def _copied(now: Sequence[Standing]) -> Iterator[Question]:
    """Groups of records of which each is a copy of another one of the group."""
    figures = [_figures(standing) for standing in now]
    groups: list[set[int]] = []
    for one, other in combinations(range(len(now)), 2):
        if _alike(figures[one], figures[other]) is not None:
            joined = [group for group in groups if one in group or other in group]
            groups = [group for group in groups if group not in joined] + [{one, other}.union(*joined)]
    for group in sorted(groups, key=min):
        pairs = [_alike(figures[a], figures[b]) for a, b in combinations(sorted(group), 2)]
        same, of = min((pair for pair in pairs if pair), key=lambda pair: Fraction(*pair))
        yield Question("copied", tuple(now[i].community for i in sorted(group)), same=same, of=of)


def _figures(standing: Standing) -> dict[str, Value]:
    """What two places rarely have alike: numbers that are not nothing, and days."""
    facts = standing.ruleset.facts
    return {name: value for name, value in standing.known.values.items() if facts[name].type in FIGURES and value != 0}


def _alike(one: dict[str, Value], other: dict[str, Value]) -> tuple[int, int] | None:
    """How many of the figures that both have are equal, of how many; None where that is no copy."""
    of = len(one.keys() & other.keys())
    same = len(one.items() & other.items())
    return (same, of) if of >= FEWEST and same >= ALIKE * of else None


def _jumped(standings: Iterable[Standing]) -> Iterator[Question]:
    """From each record of a community to its next."""
    records: dict[str, list[Standing]] = {}
    for standing in standings:
        records.setdefault(standing.community.id, []).append(standing)
    for some in records.values():
        for before, after in pairwise(sorted(some, key=lambda s: s.recorded)):
            for name, fact in after.ruleset.facts.items():
                was, now = before.known.number(name), after.known.number(name)
                if was is not None and now is not None and _is_jump(fact, was, now):
                    told = ((was, (after.community,)), (now, (after.community,)))
                    days = before.recorded, after.recorded
                    yield Question("jumped", (after.community,), fact, said=told, days=days)


def _is_jump(fact: Fact, was: int | Fraction, now: int | Fraction) -> bool:
    low, high = sorted((was, now))
    return fact.type in ("count", "number") and high - low >= LEAP and high >= TIMES * max(low, 1)


def _perfect(now: Iterable[Standing]) -> Iterator[Question]:
    """Much was checked, and nothing was ever found."""
    for standing in now:
        total = standing.total
        faults = total.outcomes["partly"] + total.outcomes["unmet"] + len(standing.opened)
        if not faults and total.coverage >= CHECKED and total.outcomes["met"] >= MANY:
            met = total.outcomes["met"]
            yield Question("perfect", (standing.community,), same=met, coverage=total.coverage)
