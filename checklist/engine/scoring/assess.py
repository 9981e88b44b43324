"""Ruleset + State → Assessment. Pure: the same input gives the same result, in the ruleset's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from checklist.engine.scoring.gaps import gap_of
from checklist.engine.scoring.sampling import surveys
from checklist.engine.scoring.sites import Bench
from checklist.model.results.assessment import OUTCOMES, Assessment, Finding, ModuleResult, Tally, Verdict
from checklist.model.results.bands import extras_of
from checklist.model.results.to_check import ToCheck
from checklist.model.rules.ruleset import FlagKind, Ruleset
from checklist.model.state import State, UnknownBecause


def assess(ruleset: Ruleset, state: State, *, as_of: date | None = None, sampling: bool = False) -> Assessment:
    """Judge every active criterion of ``ruleset`` against ``state``.

    ``as_of`` looks at the record from another day: readings past their ``valid_for_days`` become unknown again.
    ``sampling`` trusts a survey fact only as far as its sample goes: its interval flows into the score.
    """
    if as_of is not None:
        state = state.on_day(as_of)
    bench = Bench(ruleset, state, sampling=sampling)
    state = bench.state
    findings = bench.findings()
    gaps = [gap for finding in findings if (gap := gap_of(bench, finding))]
    extras = extras_of(ruleset, findings)
    return Assessment(
        ruleset=ruleset,
        state=state,
        findings=findings,
        modules=tuple(
            ModuleResult(module, tally(f for f in findings if f.criterion.module == module.id))
            for module in ruleset.modules
            if module.kind == "ordinary"
        ),
        total=tally(findings),
        verdict=verdict(findings),
        gaps=tuple(sorted(gaps, key=lambda gap: -gap.winnable)),
        to_check=to_check(findings, ruleset),
        surveys=surveys(ruleset, state, bench.known),
        extras=extras,
    )


def tally(findings: Iterable[Finding]) -> Tally:
    """Add up points and outcomes; not-applicable criteria leave both sides."""
    counted = list(findings)
    numbers = Counter(f.outcome for f in counted)
    return Tally(
        low=sum(f.low for f in counted),
        high=sum(f.high for f in counted),
        possible=sum(f.possible for f in counted),
        decided=sum(f.settled for f in counted),
        outcomes={outcome: numbers[outcome] for outcome in OUTCOMES},
    )


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Open and undecided vetoes and red lines."""
    flagged = [f for f in findings if f.criterion.flag]

    def pick(kind: FlagKind, state: str) -> tuple[Finding, ...]:
        return tuple(f for f in flagged if f.criterion.flag and f.criterion.flag.kind == kind and f.flag == state)

    return Verdict(
        open_vetoes=pick("veto", "open"),
        open_redlines=pick("redline", "open"),
        undecided_vetoes=pick("veto", "undecided"),
        undecided_redlines=pick("redline", "undecided"),
        flagged=len(flagged),
    )


def to_check(findings: Iterable[Finding], ruleset: Ruleset) -> tuple[ToCheck, ...]:
    """Unknown facts by points at stake per minute of checking, most first."""
    stakes: dict[str, Fraction] = {}
    reasons: dict[str, UnknownBecause] = {}
    criteria: dict[str, list[str]] = {}
    sites: Counter[str] = Counter()
    for finding in findings:
        if not finding.unknown:
            continue
        low, high = finding.extra or (finding.low, finding.high)
        share = Fraction(high - low) / len(finding.unknown)
        for fact, because in finding.unknown.items():
            stakes[fact] = stakes[fact] + share if fact in stakes else share
            reasons[fact] = because
            criteria.setdefault(fact, []).append(finding.criterion.id)
            if finding.sites and fact in ruleset.site_facts:
                sites[fact] = max(sites[fact], _unknown_at(finding, fact))
    minutes = {fact: ruleset.facts[fact].minutes * max(sites[fact], 1) for fact in stakes}
    checks = [
        ToCheck(fact, reasons[fact], stake, minutes[fact], tuple(criteria[fact]), sites[fact])
        for fact, stake in stakes.items()
    ]
    return tuple(sorted(checks, key=lambda check: -check.per_minute))


def _unknown_at(finding: Finding, fact: str) -> int:
    """At how many sites a fact keeps the criterion undecided."""
    return sum(at.count for at in finding.sites if at.finding.unknown and fact in at.finding.unknown)
