"""The diagrams of a criterion that is graded at sites: of each site one, as far as the sites add up.

The mean adds up: each site's points, divided by how many sites there are. What does not add up is worked out for all
sites one after the other, a running account in each node: the flag (open anywhere), the worst site, the sum of facts.
Where deeds decide whether a criterion applies at a site, how many sites share the mean is accounted for in the same way.
Where accounts grow too many, the most promising are kept: what would lead to another counts as if it were not done, and
the diagram says how much higher the truth may be.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import NamedTuple, TypeVar

from checklist.engine.planning.decision_graph import Choices, ChoiceTable, Leaf
from checklist.model.numbers import Number
from checklist.model.results.assessment import Finding
from checklist.model.rules.ruleset import Criterion

WIDTH = 400
"""So many different accounts at most after any site; beyond, the ``NARROW`` most promising are kept."""
NARROW = 16
SHARED = 6
"""So many deeds at most that several sites share, and an account is kept for each of their sets."""
VARYING = 12
"""So many sites at most where deeds decide whether a criterion applies, and the mean is exact."""

Account = TypeVar("Account", bound=Hashable)


class SitePart(NamedTuple):
    """What a criterion comes to at a site: sure points, how many such sites there are (none: not applicable), and
    whether its flag is open."""

    low: Number
    sites: int
    open: bool


class Addend(NamedTuple):
    """What a diagram adds to a criterion: points in ten-thousandths, exactly; whether its flag is open."""

    low: Number
    possible: int
    open: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A diagram of a criterion; ``site`` tells which of the sites it is about (None: all), ``cut`` that its account
    was cut short."""

    choices: Choices[Addend]
    site: int | None = None
    cut: bool = False


def part_of(finding: Finding, count: int) -> SitePart:
    return SitePart(finding.low, 0 if finding.outcome == "not_applicable" else count, finding.flag == "open")


def joined(criterion: Criterion, sites: Sequence[Choices[SitePart]]) -> Iterator[Joined]:
    """The diagrams whose sum is what the criterion comes to, unrounded."""
    if criterion.over == "worst":
        start: tuple[Number, bool] = (-1, False)
        yield chain(sites, start, _worst_so_far, lambda told: _worst(criterion, told))
        return
    yield from _mean(criterion, sites)
    opening = [site.become(lambda part: part.open) for site in sites if any(part.open for part in site.outcomes)]
    if opening:
        yield chain(opening, False, lambda told, opened: told or opened, lambda told: Addend(0, 0, told))


def _worst_so_far(told: tuple[Number, bool], part: SitePart) -> tuple[Number, bool]:
    least, opened = told
    if part.sites:
        least = part.low if least < 0 else min(least, part.low)
    return least, opened or part.open


def _worst(criterion: Criterion, told: tuple[Number, bool]) -> Addend:
    least, opened = told
    return Addend(max(least, 0), criterion.points if least >= 0 else 0, opened)


def _mean(criterion: Criterion, sites: Sequence[Choices[SitePart]]) -> Iterator[Joined]:
    varying = [n for n, site in enumerate(sites) if len({bool(part.sites) for part in site.outcomes}) > 1]
    cut = bool(varying[VARYING:])
    for n in varying[VARYING:]:
        sites = [*sites[:n], _as_today(sites[n]), *sites[n + 1 :]]
    varying = varying[:VARYING]
    others = sum(site.outcome(()).sites for n, site in enumerate(sites) if n not in varying)
    deciding = {n: sites[n].become(lambda part: SitePart(0, part.sites, False)) for n in varying}
    count = chain(
        [*deciding.values()], others, _counted, lambda told: Addend(0, criterion.points if told else 0, False)
    )
    yield replace(count, cut=count.cut or cut)
    for n, site in enumerate(sites):
        if any(part.low for part in site.outcomes):
            before = [part for other, part in deciding.items() if other != n]
            start = others - (0 if n in deciding else site.outcome(()).sites)
            graded = site.become(lambda part: part._replace(open=False))
            yield replace(chain([*before, graded], _Mean(start, 0), _sharing, _shared), site=n)


class _Mean(NamedTuple):
    """How many sites share the mean, and what the last of them adds up to."""

    sites: int
    low: Number


def _counted(told: int, part: SitePart) -> int:
    return told + part.sites


def _sharing(told: _Mean, part: SitePart) -> _Mean:
    return _Mean(told.sites + part.sites, part.low * part.sites)


def _shared(told: _Mean) -> Addend:
    return Addend(Fraction(told.low) / told.sites if told.sites else 0, 0, False)


def _as_today(site: Choices[Leaf]) -> Choices[Leaf]:
    return Choices(~0, (), (site.outcome(()),))


def chain(
    parts: Sequence[Choices[Leaf]],
    start: Account,
    step: Callable[[Account, Leaf], Account],
    end: Callable[[Account], Addend],
) -> Joined:
    """One diagram through all parts: after each an account of what those before it have come to."""
    if len(parts) == 1:
        return Joined(parts[0].become(lambda leaf: end(step(start, leaf))))
    shared, loose = _shared_choices(parts)
    table, cut = ChoiceTable[Addend](), bool(loose)
    tops: list[int] = []
    for taken in product((False, True), repeat=len(shared)):
        fixed = {**dict.fromkeys(loose, False), **dict(zip(shared, taken, strict=True))}
        root, short = _through(table, parts, fixed, (start, step, end))
        tops, cut = [*tops, root], cut or short
    for n in range(len(shared) - 1, -1, -1):
        tops = [table.fork(shared[n], skip, take) for skip, take in zip(tops[::2], tops[1::2], strict=True)]
    return Joined(table.choices(tops[0]), cut=cut)


def _shared_choices(parts: Sequence[Choices[Leaf]]) -> tuple[list[str], list[str]]:
    """The deeds that several parts have in common, and those that are too many."""
    times: dict[str, int] = {}
    for part in parts:
        for action in part.actions:
            times[action] = times.get(action, 0) + 1
    several = [action for action, many in times.items() if many > 1]
    return several[:SHARED], several[SHARED:]


def _through(
    table: ChoiceTable[Addend],
    parts: Sequence[Choices[Leaf]],
    fixed: dict[str, bool],
    account: tuple[Account, Callable[[Account, Leaf], Account], Callable[[Account], Addend]],
) -> tuple[int, bool]:
    start, step, end = account
    told: list[dict[Account, None]] = [{start: None}]
    today: list[Account] = [start]
    done = [action for action, taken in fixed.items() if taken]
    cut = False
    for part in parts:
        ends = _ends(part, fixed)
        following = {step(one, leaf): None for one in told[-1] for leaf in ends}
        today.append(step(today[-1], part.outcome(done)))
        if len(following) > (NARROW if cut else WIDTH):
            cut = True
            best = sorted(following, key=lambda one: -end(one).low)[:NARROW]
            following = dict.fromkeys([today[-1], *best])
        told.append(following)
    below = {one: table.leaf(end(one)) for one in told[-1]}
    for n in range(len(parts) - 1, -1, -1):
        part, after = parts[n], below
        below = {}
        for one in told[n]:
            otherwise = after.get(step(one, part.outcome(done)), after[today[n + 1]])
            ways = [after.get(step(one, leaf), otherwise) for leaf in part.outcomes]
            below[one] = table.put(part, ways, fixed)
    return below[start], cut


def _ends(part: Choices[Leaf], fixed: dict[str, bool]) -> list[Leaf]:
    """The outcomes that are left once some choices have been made."""
    found: dict[int, None] = {}
    seen: set[int] = set()
    stack = [part.root]
    while stack:
        at = stack.pop()
        if at < 0:
            found[~at] = None
        elif at not in seen:
            seen.add(at)
            action, skip, take = part.nodes[at]
            made = fixed.get(action)
            stack += [skip, take] if made is None else [take if made else skip]
    return [part.outcomes[n] for n in found]
