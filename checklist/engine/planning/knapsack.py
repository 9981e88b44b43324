"""The last of a shared budget: an exact choice among the parts whose steps lie closest to the budget's price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from checklist.engine.planning.highs import SolverRow, Unsolved, WholeLine, solve_binaries
from checklist.engine.planning.parts import PlanPart

CORE = 400
SMALL = 2000
"""Up to so many parts all of them are chosen anew; beyond, only the ``CORE`` that are closest to the price."""


@dataclass(frozen=True, slots=True)
class PartPlace:
    community: int
    part: int


def refine(
    parts: Sequence[tuple[PlanPart, ...]],
    taken: list[list[int]],
    needs: Sequence[Fraction],
    budget: int,
    price: Fraction,
    bound: Fraction,
) -> bool:
    """Put a choice with at least as much value into ``taken``, within the budget and the floors.

    Returns whether it is proved to be the best there is.
    """
    rows = [[part.options[n] for part, n in zip(ps, row, strict=True)] for ps, row in zip(parts, taken, strict=True)]
    if sum(option.value for row in rows for option in row) == bound:
        return True
    places = _core(parts, price)
    left = budget - sum(option.cost for row in rows for option in row)
    left += sum(rows[place.community][place.part].cost for place in places)
    everything = len(places) == sum(len(community) for community in parts)
    complete = all(part.complete for community in parts for part in community)
    try:
        proved = _choose(parts, taken, needs, places, left)
    except Unsolved:
        return False
    return proved and everything and complete


def _core(parts: Sequence[tuple[PlanPart, ...]], price: Fraction) -> list[PartPlace]:
    """The parts where another option is nearly as good at this price."""
    ranked: list[tuple[Fraction, PartPlace]] = []
    for i, community in enumerate(parts):
        for j, part in enumerate(community):
            if len(part.options) == 1:
                ranked.append((Fraction(0), PartPlace(i, j)))
            else:
                worth = sorted((o.value - price * o.cost for o in part.options), reverse=True)
                ranked.append((worth[0] - worth[1], PartPlace(i, j)))
    ranked.sort(key=lambda item: (item[0], item[1].community, item[1].part))
    return [place for _, place in (ranked if len(ranked) <= SMALL else ranked[:CORE])]


def _choose(
    parts: Sequence[tuple[PlanPart, ...]],
    now: list[list[int]],
    needs: Sequence[Fraction],
    places: Sequence[PartPlace],
    left: int,
) -> bool:
    """Solve the multiple-choice knapsack over these places and put the answer into ``now`` when it is better.

    Returns whether the solver finished, so that nothing better exists over these places.
    """
    columns: list[tuple[PartPlace, int]] = []
    gain, cost = WholeLine(), WholeLine()
    rows: list[SolverRow] = []
    floors: dict[int, WholeLine] = {}
    for place in places:
        one = WholeLine()
        for n, option in enumerate(parts[place.community][place.part].options):
            column = len(columns)
            columns.append((place, n))
            one.add(column, 1)
            gain.add(column, -option.value)
            cost.add(column, option.cost)
            floors.setdefault(place.community, WholeLine()).add(column, -option.points)
        rows.append(SolverRow(one, 1, equal=True))
    rows.append(SolverRow(cost, left))
    touched = {(p.community, p.part) for p in places}
    for i, line in floors.items():
        if needs[i]:
            have = sum(p.options[n].points for p, n in zip(parts[i], now[i], strict=True))
            outside = sum(
                p.options[n].points
                for j, (p, n) in enumerate(zip(parts[i], now[i], strict=True))
                if (i, j) not in touched
            )
            rows.append(SolverRow(line, outside - min(ceil(needs[i]), have)))
    chosen = solve_binaries(len(columns), gain, rows)
    if chosen is None or sum(cost.terms.get(c, 0) for c in chosen) > left:
        return False
    old = sum(parts[p.community][p.part].options[now[p.community][p.part]].value for p in places)
    if -sum(gain.terms.get(c, 0) for c in chosen) > old:
        for column in chosen:
            place, n = columns[column]
            now[place.community][place.part] = n
    return True
