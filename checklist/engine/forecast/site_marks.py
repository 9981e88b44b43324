"""What the sites of one kind bring into a drawing, so that many drawings are judged without judging a site twice.

The score of a drawing is what ``assess`` says of the record with only the sites drawn (docs/design.md 点位): points of
sites are added, or the fewest taken, and made one as ``combined`` does; facts of an ``over: sum`` criterion are added
and judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import compress
from operator import add
from typing import Any, Final, NamedTuple

from checklist.engine.scoring.judge import in_force, judge
from checklist.engine.scoring.site_findings import mean_points
from checklist.engine.scoring.sites import Bench, SiteView, added_by, done, summed
from checklist.model.numbers import Bound, Number, Span
from checklist.model.results.assessment import Finding, FlagState
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.ruleset import Action, Criterion

FLAGS: Final[Mapping[FlagState | None, int]] = {None: 0, "clear": 0, "undecided": 1, "open": 2}
"""The worst flag is the greatest."""


class Marks(NamedTuple):
    """Points in ten-thousandths and the worst flag, of one criterion or of many."""

    low: Number = 0
    high: Number = 0
    possible: int = 0
    flag: int = 0

    def plus(self, other: Marks) -> Marks:
        return Marks(
            self.low + other.low,
            self.high + other.high,
            self.possible + other.possible,
            max(self.flag, other.flag),
        )

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The score, 0 to 100."""
        if not self.possible:
            return Fraction(0), Fraction(0)
        return Fraction(self.low) * 100 / self.possible, Fraction(self.high) * 100 / self.possible

    def reaches(self, target: Fraction) -> tuple[bool, bool]:
        """Whether the score is ``target`` or more, at the low and at the high end."""
        if not self.possible:
            return target <= 0, target <= 0
        points, times = target.numerator * self.possible, target.denominator * 100
        return self.low * times >= points, self.high * times >= points


def marks_of(findings: Iterable[Finding]) -> Marks:
    total = Marks()
    for finding in findings:
        total = total.plus(Marks(finding.low, finding.high, finding.possible, FLAGS[finding.flag]))
    return total


class SiteMarks(NamedTuple):
    """One site, or several together. ``lows`` and ``highs`` are added up, by criterion, and made a mean of the ``sites``
    where it is applicable; ``least`` are both ends of what the worst site decides; ``sums`` are added up and judged
    once; ``flag`` is the worst one."""

    lows: tuple[Number, ...]
    highs: tuple[Number, ...]
    sites: tuple[int, ...]
    least: tuple[Number, ...]
    sums: tuple[Bound, ...]
    flag: int


class KindMarks:
    """The sites of one kind of a community, each as it is, without fault, or once actions are done there."""

    def __init__(self, bench: Bench, kind: str) -> None:
        judged = [c for c in bench.ruleset.criteria if c.status == "active" and c.per == kind]
        self.bench, self.views = bench, bench.views_of(kind)
        self.means = [c for c in judged if c.over == "mean"]
        self.worsts = [c for c in judged if c.over == "worst"]
        self.sums = [c for c in judged if c.over == "sum"]
        self.points = [criterion.points for criterion in (*self.means, *self.worsts)]
        self._found: dict[object, Marks] = {}
        self._changed: dict[object, SiteMarks] = {}
        self._reads = {criterion.id: criterion.facts for criterion in judged}
        found = [bench.finding(criterion).sites for criterion in (*self.means, *self.worsts)]
        self.cells = [[marks_of((sites[place].finding,)) for sites in found] for place in range(len(self.views))]
        self.sites = [self._site(cells, view) for cells, view in zip(self.cells, self.views, strict=True)]

    @property
    def count(self) -> int:
        """How many sites there are, listed or not."""
        return sum(view.count for view in self.views)

    def clean(self, place: int) -> SiteMarks:
        """The site with full marks wherever it is graded by itself, and nothing wrong; what is added up stays."""
        cells = [Marks(cell.possible, cell.possible, cell.possible) for cell in self.cells[place]]
        return self._site(cells, self.views[place])

    def with_actions(self, place: int, actions: Iterable[Action]) -> SiteMarks:
        """The site once ``actions`` are done there, and only there; kept, for the same ones are tried again and again."""
        some = tuple(actions)
        key = place, tuple(action.id for action in some)
        if key not in self._changed:
            view = self.views[place]
            known = done(some, view.known)
            cells = [self._judged(c, view, known) for c in (*self.means, *self.worsts)]
            self._changed[key] = self._site(cells, replace(view, known=known))
        return self._changed[key]

    def _judged(self, criterion: Criterion, view: SiteView, known: Knowledge) -> Marks:
        facts = self._reads[criterion.id]
        spans = [known.span(fact) for fact in facts]
        told = tuple((known.values.get(fact), span.low, span.high) for fact, span in zip(facts, spans, strict=True))
        key = criterion.id, id(view), told
        if key not in self._found:
            self._found[key] = marks_of((judge(self.bench.ruleset, criterion, view.state, known),))
        return self._found[key]

    def _site(self, cells: Sequence[Marks], view: SiteView) -> SiteMarks:
        least: list[Number] = []
        for criterion, cell in zip(self.worsts, cells[len(self.means) :], strict=True):
            least += (cell.low, cell.high) if cell.possible else (criterion.points, criterion.points)
        sums: list[Bound] = []
        for criterion in self.sums:
            takes_part = in_force(view.state, criterion.id) is None
            sums.append(int(takes_part))
            facts = self.bench.added_up(criterion)
            for span in added_by(replace(view, count=1), facts) if takes_part else [Span(0, 0)] * len(facts):
                sums += (span.low, span.high)
        means = cells[: len(self.means)]
        return SiteMarks(
            lows=tuple(cell.low for cell in means),
            highs=tuple(cell.high for cell in means),
            sites=tuple(1 if cell.possible else 0 for cell in cells),
            least=tuple(least),
            sums=tuple(sums),
            flag=max((cell.flag for cell in cells), default=0),
        )

    def made(self, drawn: SiteMarks) -> Marks:
        """What the sites drawn come to, together."""
        low = high = _means(drawn.lows, drawn.sites, self.bench.grain)
        if drawn.highs != drawn.lows:
            high = _means(drawn.highs, drawn.sites, self.bench.grain)
        made = Marks(low, high, sum(compress(self.points, drawn.sites)), drawn.flag)
        for n in range(len(self.worsts)):
            if drawn.sites[len(self.means) + n]:
                made = made.plus(Marks(drawn.least[2 * n], drawn.least[2 * n + 1]))
        at = 0
        for criterion in self.sums:
            facts = self.bench.added_up(criterion)
            if drawn.sums[at]:
                made = made.plus(self._sum(criterion, facts, drawn.sums[at + 1 : at + 1 + 2 * len(facts)]))
            at += 1 + 2 * len(facts)
        return made

    def _sum(self, criterion: Criterion, facts: Sequence[str], ends: tuple[Bound, ...]) -> Marks:
        key = criterion.id, ends
        if key not in self._found:
            spans = {fact: Span(ends[2 * n], ends[2 * n + 1]) for n, fact in enumerate(facts)}
            found = judge(self.bench.ruleset, criterion, self.bench.state, summed(self.bench.known, spans))
            self._found[key] = marks_of((found,))
        return self._found[key]


def together(some: SiteMarks, one: SiteMarks, times: int) -> SiteMarks:
    """``some`` sites with ``times`` copies of another."""
    return SiteMarks(
        _added(some.lows, one.lows, times),
        _added(some.highs, one.highs, times),
        _added(some.sites, one.sites, times),
        tuple(map(min, some.least, one.least)),
        _added(some.sums, one.sums, times),
        max(some.flag, one.flag),
    )


def _means(totals: Sequence[Number], sites: Sequence[int], grain: int) -> Number:
    """``mean_points`` of each, added up; the inner loop of every drawing."""
    counted = sites[: len(totals)]
    if grain == 1 and counted and 0 < (n := counted[0]) == min(counted) == max(counted):
        return sum([(total + total + n) // (n + n) for total in totals])
    return sum([mean_points(total, n, grain) for total, n in zip(totals, counted, strict=True) if n])


def copies(one: SiteMarks, times: int) -> SiteMarks:
    """``times`` sites that are all the same."""
    return one if times == 1 else together(one, one, times - 1)


def _added(some: tuple[Any, ...], one: tuple[Any, ...], times: int) -> tuple[Any, ...]:
    return tuple(map(add, some, one)) if times == 1 else tuple([a + b * times for a, b in zip(some, one, strict=True)])
