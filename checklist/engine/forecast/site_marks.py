"""What the sites of one kind bring into a drawing, so that many drawings are judged without judging a site twice.

The score of a drawing is what ``assess`` says of the record with only the sites drawn (docs/design.md 点位): points of
sites are added, or the fewest taken, and made one as ``combined`` does; facts of an ``over: sum`` criterion are added
and judged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from checklist.engine.scoring.judge import in_force, judge
from checklist.engine.scoring.site_findings import mean_points
from checklist.engine.scoring.sites import Bench, SiteView, adds
from checklist.model.numbers import Bound, Span
from checklist.model.results.assessment import Finding, FlagState
from checklist.model.rules.ruleset import Action, Criterion

FLAGS: Final[Mapping[FlagState | None, int]] = {None: 0, "clear": 0, "undecided": 1, "open": 2}
"""The worst flag is the greatest."""


class Marks(NamedTuple):
    """Points in ten-thousandths and the worst flag, of one criterion or of many."""

    low: int = 0
    high: int = 0
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
        return Fraction(self.low * 100, self.possible), Fraction(self.high * 100, self.possible)


def marks_of(findings: Iterable[Finding]) -> Marks:
    total = Marks()
    for finding in findings:
        total = total.plus(Marks(finding.low, finding.high, finding.possible, FLAGS[finding.flag]))
    return total


class SiteMarks(NamedTuple):
    """One site: what is added up over a drawing, what the least is taken of, and the worst flag. ``met`` are the points
    that it surely has, by which sites are put in order."""

    adds: tuple[Bound, ...]
    least: tuple[int, ...]
    flag: int
    met: int


class SiteSheet:
    """The sites of one kind of a community, each as it is, or once ``actions`` are done there."""

    def __init__(self, bench: Bench, kind: str, actions: Sequence[Action] = ()) -> None:
        judged = [c for c in bench.ruleset.criteria if c.status == "active" and c.per == kind]
        self.bench, self.views = bench, bench.views_of(kind)
        self.means = [c for c in judged if c.over == "mean"]
        self.worsts = [c for c in judged if c.over == "worst"]
        self.sums = [c for c in judged if c.over == "sum"]
        self._summed: dict[object, Marks] = {}
        found = [bench.finding(criterion, actions).sites for criterion in (*self.means, *self.worsts)]
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

    def _site(self, cells: Sequence[Marks], view: SiteView) -> SiteMarks:
        means, worsts = cells[: len(self.means)], cells[len(self.means) :]
        total: list[Bound] = []
        for cell in means:
            total += (cell.low, cell.high, 1 if cell.possible else 0)
        total += (1 if cell.possible else 0 for cell in worsts)
        for criterion in self.sums:
            takes_part = in_force(view.state, criterion.id) is None
            total.append(int(takes_part))
            for fact in self.bench.added_up(criterion):
                span = adds(view, fact) if takes_part else Span(0, 0)
                total += (span.low, span.high)
        least: list[int] = []
        for criterion, cell in zip(self.worsts, worsts, strict=True):
            least += (cell.low, cell.high) if cell.possible else (criterion.points, criterion.points)
        flag = max((cell.flag for cell in cells), default=0)
        return SiteMarks(tuple(total), tuple(least), flag, sum(cell.low - cell.possible for cell in cells))

    def made(self, drawn: SiteMarks) -> Marks:
        """What the sites drawn come to, all that they add and the least of them given."""
        low = high = possible = at = 0
        totals: tuple = drawn.adds
        for criterion in self.means:
            sites = totals[at + 2]
            if sites:
                low += mean_points(totals[at], sites)
                high += mean_points(totals[at + 1], sites)
                possible += criterion.points
            at += 3
        for n, criterion in enumerate(self.worsts):
            if totals[at]:
                low, high = low + drawn.least[2 * n], high + drawn.least[2 * n + 1]
                possible += criterion.points
            at += 1
        made = Marks(low, high, possible, drawn.flag)
        for criterion in self.sums:
            facts = self.bench.added_up(criterion)
            if totals[at]:
                spans = totals[at + 1 : at + 1 + 2 * len(facts)]
                made = made.plus(self._sum(criterion, facts, spans))
            at += 1 + 2 * len(facts)
        return made

    def _sum(self, criterion: Criterion, facts: Sequence[str], ends: tuple[Bound, ...]) -> Marks:
        key = criterion.id, ends
        if key not in self._summed:
            spans = {fact: Span(ends[2 * n], ends[2 * n + 1]) for n, fact in enumerate(facts)}
            found = judge(self.bench.ruleset, criterion, self.bench.state, self.bench.summed(spans))
            self._summed[key] = marks_of((found,))
        return self._summed[key]


def together(some: SiteMarks, one: SiteMarks, times: int) -> SiteMarks:
    """``some`` sites with ``times`` copies of another."""
    return SiteMarks(
        tuple(total + value * times for total, value in zip(some.adds, one.adds, strict=True)),
        tuple(map(min, some.least, one.least)),
        max(some.flag, one.flag),
        some.met + one.met * times,
    )
