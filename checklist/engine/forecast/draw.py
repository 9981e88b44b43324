"""A drawing as inspectors make it, repeatable: the same seed and records give the same drawing everywhere.

Each community and each site has a ticket of its own, a number between 0 and 1 made of the first 8 bytes of the SHA-256
of ``seed/community/kind/site``; those with the smallest tickets are drawn. So the order of files does not matter, and a
site more leaves the other tickets as they are. By risk a ticket u becomes −ln(u) ÷ weight (P. Efraimidis, P. Spirakis,
Weighted random sampling with a reservoir, Information Processing Letters 97, 2006): who loses more is drawn more often.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from checklist.engine.forecast.site_marks import KindMarks, marks_of
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import Number
from checklist.model.results.forecast import Drawing, DrawnSite, MockInspection, MockVisit
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

LEAST_RISK: Final = Fraction(1, 20)
"""The weight of what loses nothing; what loses everything, or was never visited, weighs 1."""


def draw_inspection(
    ruleset: Ruleset, states: Sequence[State], drawing: Drawing, seed: int, *, by_risk: bool = False
) -> MockInspection:
    """The communities and sites that inspectors see with this ``seed``."""
    streets: defaultdict[str, list[Bench]] = defaultdict(list)
    for state in states:
        streets[state.community.street if drawing.by_street else ""].append(Bench(ruleset, state))
    drawn: set[str] = set()
    for benches in streets.values():
        ids = {bench.state.community.id: _risk(bench) if by_risk else None for bench in benches}
        drawn.update(sorted(ids, key=lambda id: _ticket(seed, (id,), ids[id]))[: drawing.communities])
    benches = [bench for some in streets.values() for bench in some if bench.state.community.id in drawn]
    visits = (MockVisit(bench.state.community, tuple(_sites(bench, drawing, seed, by_risk))) for bench in benches)
    return MockInspection(ruleset, drawing, seed, by_risk, len(states), tuple(visits))


def _sites(bench: Bench, drawing: Drawing, seed: int, by_risk: bool) -> Iterator[DrawnSite]:
    for kind, wanted in drawing.sites.items():
        if kind not in bench.present:
            continue
        sheet = KindMarks(bench, kind)
        tickets = []
        for place, view in enumerate(sheet.views):
            cells = sheet.cells[place]
            lost = sum(cell.possible - cell.low for cell in cells)
            weight = _weight(lost, sum(cell.possible for cell in cells)) if by_risk else None
            for number in range(1, view.count + 1):
                id = view.site.id if view.site else f"#{number}"
                ticket = _ticket(seed, (bench.state.community.id, kind, id), weight)
                tickets.append((ticket, place, DrawnSite(kind, view.site, 0 if view.site else number)))
        chosen = sorted(tickets, key=lambda one: one[0])[:wanted]
        yield from (site for _, _, site in sorted(chosen, key=lambda one: (one[1], one[2].number)))


def _risk(bench: Bench) -> Fraction:
    marks = marks_of(bench.findings())
    return _weight(marks.possible - marks.low, marks.possible)


def _weight(lost: Number, possible: int) -> Fraction:
    return max(Fraction(lost) / (possible or 1), LEAST_RISK)


def _ticket(seed: int, names: Sequence[str], weight: Fraction | None) -> float:
    text = "/".join((str(seed), *names))
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")
    share = (number + 0.5) / 2**64
    return share if weight is None else -math.log(share) / float(weight)
