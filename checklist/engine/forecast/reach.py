"""The fewest sites to put right, then the cheapest actions there, that make the target sure enough.

Up to ``MOST_SITES`` sites every choice is looked at: the chance is a sum over drawings of what depends on the drawn sites
only, so that one sum over subsets gives it for all choices at once. Beyond that sites are taken one by one, the best
first, and how few could do at all is bounded by the failing drawings that they could mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import ceil
from typing import Final, TypeAlias

from checklist.engine.forecast.cheapest import Bargain, cheapest
from checklist.engine.forecast.drawings import law_of
from checklist.engine.forecast.drawn_community import DrawnCommunity, chance
from checklist.engine.forecast.site_actions import SiteWork, cost_of, works_of
from checklist.engine.forecast.site_levels import Price
from checklist.engine.forecast.sites_drawn import chance_with, drawn_with
from checklist.model.results.forecast import WayThere
from checklist.model.rules.ruleset import Action

MOST_SITES, MOST_CHOICES = 20, 100_000
MOST_TRIALS: Final = 40_000
"""Drawings gone through to leave out actions that are not needed, or to look for cheaper ones."""

Sites: TypeAlias = list[SiteWork]


def reach(one: DrawnCommunity, target: Fraction, wanted: Fraction) -> WayThere:
    """Where to put sites right so that ``target`` is surely reached with the chance ``wanted``."""
    works = works_of(one)
    if len(works) <= MOST_SITES and _choices(one, works) <= MOST_CHOICES:
        choices, least, proved = _fewest(one, works, target, wanted)
    else:
        choices, least, proved = _greedy(one, works, target, wanted)
    price = Price(action for work in works for action in one.bench.ruleset.actions.values())
    bargain = Bargain(tuple(choices[0]), tuple(_needed(one, choices[0], target, wanted)), price)
    few = len(choices) * one.drawings <= MOST_TRIALS
    if choices[0] and chance_with(one, choices[0], target) >= wanted and one.drawings <= MOST_TRIALS:
        bargain = cheapest(one, choices if few else choices[:1], target, wanted, bargain)
    bound = bargain.least if few else None
    return WayThere(
        wanted=wanted,
        chance=chance_with(one, bargain.works, target, bargain.actions),
        steps=tuple((work.site, some) for work, some in zip(bargain.works, bargain.actions, strict=True) if some),
        proved=proved,
        least=least,
        tried=len(works),
        cheapest=bound == bargain.cost,
        least_yuan=None if bound is None else price.yuan_of(bound),
    )


def _choices(one: DrawnCommunity, works: Sequence[SiteWork]) -> int:
    """About how many drawings there are with each site drawn as it is or put right."""
    total = 1
    for kind, drawn in one.drawn.items():
        total *= 2 ** min(drawn, sum(work.kind == kind for work in works))
    return total * one.drawings


def _fewest(
    one: DrawnCommunity, works: Sequence[SiteWork], target: Fraction, wanted: Fraction
) -> tuple[list[Sites], int, bool]:
    """Of every choice the smallest that will do, the cheapest first; all sites where none does."""
    passed = [0] * (1 << len(works))
    total = 0
    ways = [(work.now, work.then) for work in works]
    kinds = [list(drawn_with(one, kind, works, ways)) for kind in one.sheets]
    for some in product(*kinds):
        inside = right = 0
        weight, marks = 1, one.fixed
        for part in some:
            inside, right = inside | part.inside, right | part.right
            weight, marks = weight * part.weight, marks.plus(part.marks)
        total += weight if not right else 0
        if marks.reaches(target)[0]:
            left = rest = inside & ~right
            while True:  # each subset of what is drawn and not put right, with the sign of its size
                passed[right | left] += -weight if left.bit_count() % 2 else weight
                if not left:
                    break
                left = (left - 1) & rest
    for bit in range(len(works)):
        step = 1 << bit
        for at in range(0, len(passed), 2 * step):
            for n in range(at, at + step):
                passed[n + step] += passed[n]
    needed = ceil(wanted * total)
    enough = [choice for choice, weight in enumerate(passed) if weight >= needed]
    if not enough:
        return [list(works)], len(works), True
    fewest = min(choice.bit_count() for choice in enough)

    def cost(choice: int) -> tuple[object, ...]:
        return tuple(map(sum, zip(*(work.cost for n, work in enumerate(works) if choice >> n & 1), strict=True))) or ()

    best = sorted((choice for choice in enough if choice.bit_count() == fewest), key=cost)
    return [[work for n, work in enumerate(works) if choice >> n & 1] for choice in best], fewest, True


def _greedy(
    one: DrawnCommunity, works: Sequence[SiteWork], target: Fraction, wanted: Fraction
) -> tuple[list[Sites], int, bool]:
    """The best site first, until it is enough; and how many are needed at least."""
    now = chance_with(one, (), target)
    least = _at_least(one, works, target, wanted - now)
    chosen: Sites = []
    left = list(works)
    while now < wanted and left:
        gains = [chance_with(one, [*chosen, work], target) for work in left]
        best = max(range(len(left)), key=lambda n: (gains[n], *_bargain(left[n], gains[n] > now)))
        chosen.append(left.pop(best))
        now = gains[best]
    return [chosen], least, now >= wanted and len(chosen) == least


def _at_least(one: DrawnCommunity, works: Sequence[SiteWork], target: Fraction, missing: Fraction) -> int:
    """A drawing is mended only by sites in it, and only one that passes once all are put right: so many have to be."""
    right = {kind: one.sites[kind] - Counter(work.now for work in works if work.kind == kind) for kind in one.sheets}
    for work in works:
        right[work.kind][work.then] += 1
    laws = {kind: law_of(one.sheets[kind], sites, one.drawn[kind]) for kind, sites in right.items()}
    mended = []
    for work in works:
        share = Fraction(one.drawn[work.kind], one.sheets[work.kind].count)
        others, sheet = right[work.kind] - Counter((work.then,)), one.sheets[work.kind]
        then = one.with_laws({**laws, work.kind: law_of(sheet, others, one.drawn[work.kind] - 1, work.then)})
        now = one.with_one(work.kind, work.now, work.now)
        before, after = (chance(law, lambda marks: marks.reaches(target))[0] for law in (now, then))
        mended.append(share * (after - before))
    least = 0
    for share in sorted(mended, reverse=True):
        if missing <= 0:
            break
        least, missing = least + 1, missing - share
    return least


def _bargain(work: SiteWork, helps: bool) -> tuple[object, ...]:
    """Of sites that do as much for the chance the cheapest is best; where none does anything yet, what wins most points."""
    yuan, days = work.cost
    return (-yuan, -days, work.gain) if helps else (work.gain, -yuan, -days)


def _needed(
    one: DrawnCommunity, works: Sequence[SiteWork], target: Fraction, wanted: Fraction
) -> list[tuple[Action, ...]]:
    """The actions without those that the chance does not need, the dearest left out first."""
    actions = [work.actions for work in works]
    tries = sorted(
        ((n, action) for n, some in enumerate(actions) for action in some),
        key=lambda pair: cost_of(pair[1]),
        reverse=True,
    )
    if chance_with(one, works, target) < wanted or len(tries) * one.drawings > MOST_TRIALS:
        return actions
    for n, action in tries:
        needed = any(action.id in other.needs for other in actions[n])
        without = tuple(other for other in actions[n] if other is not action)
        tried = [*actions[:n], without, *actions[n + 1 :]]
        if not needed and chance_with(one, works, target, tried) >= wanted:
            actions[n] = without
    return actions
