"""One community before inspectors who draw some of its sites: the law of what they find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final, TypeAlias

from checklist.engine.forecast.drawings import MOST_DRAWINGS, Law, law_of, product, ways
from checklist.engine.forecast.site_marks import KindMarks, Marks, SiteMarks, marks_of
from checklist.engine.scoring.sites import Bench
from checklist.model.numbers import Number
from checklist.model.refusals import Refusal
from checklist.model.results.forecast import CurvePoint, Drawable, Sink
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State

BothEnds: TypeAlias = tuple[Fraction, Fraction]
"""A chance at the low end of what is not known, and at the high end."""

Passing: TypeAlias = Callable[[Marks], tuple[Number, Number]]
"""The chance that the target is reached once a community comes to these marks."""

CURVE_POINTS: Final = 20


class DrawnCommunity:
    """``asked`` sites of each kind are drawn, or all where there are fewer; other kinds are looked at as a whole.
    ``none`` are kinds of which it has no site at all."""

    def __init__(self, ruleset: Ruleset, state: State, asked: Mapping[str, int]) -> None:
        self.bench, self.state = Bench(ruleset, state), state
        listing = [kind for kind in asked if kind in self.bench.present and self.bench.views_of(kind)]
        self.none = frozenset(kind for kind in self.bench.present if not self.bench.views_of(kind))
        self.sheets = {kind: KindMarks(self.bench, kind) for kind in listing}
        self.sites = {kind: Counter(_counted(sheet)) for kind, sheet in self.sheets.items()}
        self.drawn = {kind: min(asked[kind], sheet.count) for kind, sheet in self.sheets.items()}
        self.places = tuple(
            Drawable(state.community, kind, sheet.count, self.drawn[kind]) for kind, sheet in self.sheets.items()
        )
        active = [c for c in ruleset.criteria if c.status == "active" and c.per not in self.sheets]
        self.fixed = marks_of(self.bench.finding(criterion) for criterion in active)
        self._refuse_too_many()

    @property
    def drawings(self) -> int:
        """How many different drawings there are, equal sites told apart by their number only."""
        count = 1
        for kind, sites in self.sites.items():
            count *= ways(sites.values(), self.drawn[kind])
        return count

    def _refuse_too_many(self) -> None:
        if (count := self.drawings) > MOST_DRAWINGS:
            told = f"{count:,}" if count < 10**15 else f"10 的 {len(str(count)) - 1} 次方"
            raise Refusal(
                f"{self.state.community.name} 的抽法有 {told} 种，最多一种一种算 {MOST_DRAWINGS:,} 种",
                "少抽几处，如 --draw estate=1",
            )

    @cached_property
    def laws(self) -> Mapping[str, Law]:
        return {kind: law_of(sheet, self.sites[kind], self.drawn[kind]) for kind, sheet in self.sheets.items()}

    @cached_property
    def law(self) -> Law:
        return self.with_laws({})

    def with_laws(self, laws: Mapping[str, Law]) -> Law:
        """The law of the whole where those of some kinds are others."""
        return product(({self.fixed: 1}, *({**self.laws, **laws}.values())))

    def sinks(self, inspected: Fraction, passing: Passing) -> Iterator[Sink]:
        """What each site that is not without fault costs, where the community is ``inspected`` with this chance."""
        for kind, sheet in self.sheets.items():
            share = inspected * Fraction(self.drawn[kind], sheet.count)
            gains: dict[tuple[SiteMarks, SiteMarks], BothEnds] = {}
            for place, (view, marks) in enumerate(zip(sheet.views, sheet.sites, strict=True)):
                clean = sheet.clean(place)
                if (marks, clean) not in gains:
                    now = chance(self.with_one(kind, marks, marks), passing)
                    then = chance(self.with_one(kind, marks, clean), passing)
                    gains[marks, clean] = (share * (then[0] - now[0]), share * (then[1] - now[1]))
                if clean != marks:
                    yield Sink(self.state.community, kind, view.site, view.count, *gains[marks, clean])

    def with_one(self, kind: str, marks: SiteMarks, instead: SiteMarks) -> Law:
        """The law where one of the sites that bring ``marks`` is surely drawn, and brings something else ``instead``."""
        others = self.sites[kind] - Counter((marks,))
        return self.with_laws({kind: law_of(self.sheets[kind], others, self.drawn[kind] - 1, instead)})

    def curve(self, kind: str, passing: Passing) -> Sequence[CurvePoint]:
        """From no site as bad as the worst one is now to all of them, the others without fault."""
        sheet = self.sheets[kind]
        total = sheet.count
        worst = min(range(len(sheet.cells)), key=lambda place: sum(c.low - c.possible for c in sheet.cells[place]))
        bad, clean = sheet.sites[worst], sheet.clean(worst)
        parts = min(total, CURVE_POINTS)
        found = []
        for number in (round(Fraction(total * n, parts)) for n in range(parts + 1)):
            sites = Counter({bad: number}) + Counter({clean: total - number})
            law = law_of(sheet, sites, self.drawn[kind])
            found.append(CurvePoint(number, total, *chance(self.with_laws({kind: law}), passing)))
        return found


def _counted(sheet: KindMarks) -> dict[SiteMarks, int]:
    counts: Counter[SiteMarks] = Counter()
    for view, marks in zip(sheet.views, sheet.sites, strict=True):
        counts[marks] += view.count
    return counts


def chance(law: Law, passing: Passing) -> BothEnds:
    """The chance to pass, each drawing as likely as any other."""
    low: Number = 0
    high: Number = 0
    for marks, weight in law.items():
        least, most = passing(marks)
        low, high = low + weight * least, high + weight * most
    total = sum(law.values())
    return Fraction(low, total), Fraction(high, total)
