"""Findings and an inspector's scores for the same community and day → Calibration. Exact, and repeatable.

κ: J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968), linear weights over the levels and no level.
Interval: the t interval at 95 % of the mean over pairs, which is the bias itself, its width rounded up; pairs of one unit
vary together (W. Cochran, Sampling Techniques, 3rd ed. 1977, 2.9: a ratio of sums over units). Shrinkage: n ÷ (n + PRIOR) of the way to the bias.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from checklist.model.numbers import Number
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.calibration import Agreement, Calibration, Inspected, Left, Pair
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.values.look_alikes import folded, is_called

PRIOR: Final = 4
"""A criterion inspected this many times is drawn half-way to the mean."""

ENOUGH_VISITS: Final = 5
"""From this many visits on, intervals treat a visit as one unit: its criteria were seen by the same eyes."""

# fmt: off
STUDENT: Final = (
    12707, 4303, 3183, 2777, 2571, 2447, 2365, 2307, 2263, 2229, 2201, 2179, 2161, 2145, 2132,
    2120, 2110, 2101, 2094, 2086, 2080, 2074, 2069, 2064, 2060, 2056, 2052, 2049, 2046, 2043,
)
# fmt: on
"""97.5 % quantiles of Student's t for 1 to 30 degrees of freedom, in thousandths, rounded up. Beyond 30 the last one
stands: on the safe side."""

STEP: Final = 10_000


def calibrate(
    ruleset: Ruleset, assessments: Sequence[Assessment], inspected: Iterable[Inspected], *, days: int = 0
) -> Calibration | None:
    """Agreement of self-assessments with an inspection; None when nothing can be paired.

    ``days`` is how far apart the two may lie. A criterion that either side leaves open is not compared.
    """
    pairs, left = _paired(ruleset, assessments, inspected, days)
    if not pairs:
        return None
    visits = {(pair.community, pair.on) for pair in pairs}
    by_visit = len(visits) >= ENOUGH_VISITS
    mean = _mean([pair.bias for pair in pairs])

    def agreement(id: str, title: str, some: Sequence[Pair]) -> Agreement:
        return _agreement(ruleset, id, title, some, mean, by_visit)

    modules = [(m, [p for p in pairs if p.criterion.module == m.id]) for m in ruleset.modules]
    criteria = [(c, [p for p in pairs if p.criterion.id == c.id]) for c in ruleset.criteria]
    return Calibration(
        ruleset=ruleset,
        visits=len(visits),
        by_visit=by_visit,
        total=agreement("", "全部", pairs),
        modules=tuple(agreement(m.id, m.title, some) for m, some in modules if some),
        criteria=tuple(
            sorted((agreement(c.id, c.title, some) for c, some in criteria if some), key=lambda a: -a.shrunk)
        ),
        left=left,
    )


def inspection_of(assessment: Assessment) -> list[Inspected]:
    """An inspector's own record, judged by the same rules: what it decides counts as inspected. A criterion graded per
    site counts at each site that was drawn, never in what those sites make together."""
    community, day, where = assessment.state.community.id, assessment.as_of, assessment.state.where
    found = []
    for finding in assessment.findings:
        here = [(at.site.id, at.finding) for at in finding.sites if at.site]
        if not finding.sites and not _added_up(assessment, finding):
            here = [("", finding)]
        for site, told in here:
            if told.decided and told.possible:
                found.append(Inspected(community, day, told.criterion.id, points=told.low, where=where, site=site))
    return found


def _added_up(assessment: Assessment, finding: Finding) -> bool:
    """Whether it is judged on sums over the sites: of those drawn they say nothing about all."""
    return finding.criterion.over == "sum" and bool(assessment.state.sites_of(finding.criterion.per))


@dataclass(slots=True)
class _Count:
    no_record: int = 0
    not_known: int = 0
    not_applicable: int = 0
    no_points: int = 0


def _paired(
    ruleset: Ruleset, assessments: Sequence[Assessment], inspected: Iterable[Inspected], days: int
) -> tuple[list[Pair], Left]:
    pairs, count = [], _Count()
    findings = {id(a): {f.criterion.id: f for f in a.findings} for a in assessments}
    for item in inspected:
        own = _record(assessments, item, days)
        finding = _seen_at(findings[id(own)].get(item.criterion), item.site) if own else None
        if own is None or finding is None:
            count.no_record += 1
        elif not finding.criterion.points:
            count.no_points += 1
        elif finding.outcome == "not_applicable":
            count.not_applicable += 1
        elif not finding.decided:
            count.not_known += 1
        else:
            pairs.append(_pair(ruleset, own, finding, item))
    return pairs, Left(count.no_record, count.not_known, count.not_applicable, count.no_points)


def _record(assessments: Sequence[Assessment], item: Inspected, days: int) -> Assessment | None:
    """The nearest record of the community that is near enough; the earlier one of two as near."""
    near = [
        a for a in assessments if is_called(a.state.community, item.community) and abs((a.as_of - item.on).days) <= days
    ]
    return min(near, key=lambda a: (abs((a.as_of - item.on).days), a.as_of), default=None)


def _seen_at(finding: Finding | None, site: str) -> Finding | None:
    """The own finding at the site inspected; a record that lists no sites is one site itself."""
    if finding is None or not site or not finding.sites:
        return finding
    alike = (at.finding for at in finding.sites if at.site and folded(site) in map(folded, (at.site.id, at.site.name)))
    return next(alike, None)


def _pair(ruleset: Ruleset, own: Assessment, finding: Finding, item: Inspected) -> Pair:
    theirs = item.points if item.points is not None else ruleset.level_points(finding.criterion, item.level or None)
    return Pair(finding.criterion, own.state.community.id, item.on, finding.low, theirs)


def _agreement(
    ruleset: Ruleset, id: str, title: str, pairs: Sequence[Pair], mean: Fraction, by_visit: bool
) -> Agreement:
    units: dict[object, list[Fraction]] = {}
    for at, pair in enumerate(pairs):
        units.setdefault((pair.community, pair.on) if by_visit else at, []).append(pair.bias)
    bias, n = _mean([pair.bias for pair in pairs]), len(pairs)
    grades = [(grade(ruleset, p.criterion, p.own), grade(ruleset, p.criterion, p.theirs)) for p in pairs]
    return Agreement(
        id=id,
        title=title,
        pairs=n,
        same=sum(own == theirs for own, theirs in grades),
        kappa=weighted_kappa(grades),
        bias=bias,
        interval=mean_interval(list(units.values())),
        shrunk=mean + Fraction(n, n + PRIOR) * (bias - mean),
    )


def grade(ruleset: Ruleset, criterion: Criterion, points: Number) -> int:
    """Points as a position among the levels, 0 the best; the position after the last is no level."""
    for position, level in enumerate(ruleset.levels):
        if points >= ruleset.level_points(criterion, level):
            return position
    return len(ruleset.levels)


def weighted_kappa(grades: Sequence[tuple[int, int]]) -> Fraction | None:
    """1 − observed ÷ expected distance, distances counted in levels; None when none is expected."""
    n = len(grades)
    observed = sum(abs(own - theirs) for own, theirs in grades)
    expected = sum(abs(own - theirs) for own, _ in grades for _, theirs in grades)
    return 1 - Fraction(n * observed, expected) if expected else None


def mean_interval(units: Sequence[Sequence[Fraction]]) -> tuple[Fraction, Fraction] | None:
    """The 95 % confidence interval of the mean of all values, ends rounded outwards to 0.01 %; None for fewer than two
    units. Values of one unit stand or fall together; units of one value each give the usual interval of a mean.

    Biases lie between −1 and 1, and so does their mean, which the interval always contains.
    """
    k = len(units)
    if k < 2:
        return None
    mean, n = _mean([value for unit in units for value in unit]), sum(map(len, units))
    off = [sum(unit, Fraction(0)) - len(unit) * mean for unit in units]
    variance = Fraction(k, k - 1) * sum((one * one for one in off), Fraction(0)) / (n * n)
    width = Fraction(STUDENT[min(k - 1, len(STUDENT)) - 1], 1000) * _root_above(variance)
    low, high = math.floor((mean - width) * STEP), math.ceil((mean + width) * STEP)
    return Fraction(max(low, -STEP), STEP), Fraction(min(high, STEP), STEP)


def _root_above(value: Fraction) -> Fraction:
    scale = 10**9
    scaled = math.ceil(value * scale * scale)
    root = math.isqrt(scaled)
    return Fraction(root if root * root == scaled else root + 1, scale)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
