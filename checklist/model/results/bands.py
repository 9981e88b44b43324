"""The grade band (等次) that a result reaches, and the points beside the score (附加分、倒扣分)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from checklist.model.noun import noun
from checklist.model.numbers import Number
from checklist.model.rules.ruleset import Band, FlagKind, Module, Ruleset

if TYPE_CHECKING:
    from checklist.model.results.assessment import Finding, ModuleResult, Tally, Verdict


@noun
class ExtraPoints:
    """What a module outside the score comes to: points added or taken off, at least and at most (ten-thousandths)."""

    module: Module
    low: Number
    high: Number


def extras_of(ruleset: Ruleset, findings: Iterable[Finding]) -> tuple[ExtraPoints, ...]:
    """Every bonus and penalty module, up to its own points."""
    found: dict[str, tuple[Number, Number]] = {m.id: (0, 0) for m in ruleset.modules if m.kind != "ordinary"}
    if not found:
        return ()
    for finding in findings:
        if finding.extra is not None:
            low, high = found[finding.criterion.module]
            found[finding.criterion.module] = low + finding.extra[0], high + finding.extra[1]
    modules = {m.id: m for m in ruleset.modules}
    return tuple(
        ExtraPoints(modules[id], min(low, modules[id].points), min(high, modules[id].points))
        for id, (low, high) in found.items()
    )


def bands_of(
    ruleset: Ruleset,
    total: Tally,
    modules: Iterable[ModuleResult],
    verdict: Verdict,
    extras: Iterable[ExtraPoints],
) -> tuple[str, str]:
    """The band at the low and at the high end. What is undecided counts as open at the low end, as clear at the high
    one; bonus and penalty count only where their module says so."""
    low, high = Fraction(total.low), Fraction(total.high)
    for extra in extras:
        if extra.module.counts:
            sign = 1 if extra.module.kind == "bonus" else -1
            low += sign * (extra.low if sign > 0 else extra.high)
            high += sign * (extra.high if sign > 0 else extra.low)
    scored = [m for m in modules if m.tally.possible]
    opened: set[FlagKind] = set()
    opened |= {"veto"} if verdict.open_vetoes else set()
    opened |= {"redline"} if verdict.open_redlines else set()
    perhaps = set(opened)
    perhaps |= {"veto"} if verdict.undecided_vetoes else set()
    perhaps |= {"redline"} if verdict.undecided_redlines else set()
    worst = {m.module.id: m.tally.score.low for m in scored}
    best = {m.module.id: m.tally.score.high for m in scored}
    return _reached(ruleset, low, total.possible, worst, perhaps), _reached(ruleset, high, total.possible, best, opened)


def _reached(
    ruleset: Ruleset, points: Fraction, possible: int, modules: Mapping[str, Fraction], opened: Collection[FlagKind]
) -> str:
    score = max(points, Fraction(0)) * 100 / possible if possible else Fraction(0)
    return next(b.name for b in ruleset.bands if score >= b.at_least and _allowed(b, modules, opened))


def _allowed(band: Band, modules: Mapping[str, Fraction], opened: Collection[FlagKind]) -> bool:
    """Whether the band's own conditions hold; a module in which nothing applies is not asked."""
    if set(band.without) & set(opened):
        return False
    return all(share >= max(band.each_module, band.modules.get(id, 0)) for id, share in modules.items())
