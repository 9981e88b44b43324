"""Standings side by side → Comparison. Only communities judged by the same ruleset are ranked together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from checklist.engine.comparing.shortfalls import common_problems, shortfalls
from checklist.engine.scoring.assess import tally, verdict
from checklist.engine.scoring.sites import Bench
from checklist.model.results.assessment import Finding, ModuleResult, Score
from checklist.model.results.bands import bands_of, extras_of
from checklist.model.results.comparison import (
    Apart,
    Basis,
    Comparison,
    Mark,
    Ranked,
    Section,
    Standing,
    Standings,
)
from checklist.model.results.ranks import MIN_COVERAGE, Rank, ranks, why_apart
from checklist.model.rules.ruleset import Module, Ruleset
from checklist.model.state import State

FEW: Final = 3
"""How many strong and weak modules are named."""

ORDERS: Final[dict[str, Callable[[Ranked], object]]] = {
    "low": lambda r: -r.score.low,
    "high": lambda r: -r.score.high,
    "coverage": lambda r: -r.coverage,
    "name": lambda r: r.standing.community.name,
    "street": lambda r: (r.standing.community.street, -r.score.low),
    "group": lambda r: (r.standing.community.group, -r.score.low),
}


def stand(
    ruleset: Ruleset, state: State, file: str = "", recorded: date | None = None, *, sampling: bool = False
) -> Standing:
    """One community judged, without its gaps' remedies: what a comparison keeps of it.

    ``recorded`` is the record's own day when ``state`` is seen from another one. ``sampling`` as for ``assess``.
    """
    bench = Bench(ruleset, state, sampling=sampling)
    findings = bench.findings()
    by_module: dict[str, list[Finding]] = {module.id: [] for module in ruleset.modules}
    for finding in findings:
        by_module[finding.criterion.module].append(finding)
    flags, total, extras = verdict(findings), tally(findings), extras_of(ruleset, findings)
    modules = tuple(
        ModuleResult(module, tally(by_module[module.id])) for module in ruleset.modules if module.kind == "ordinary"
    )
    return Standing(
        ruleset=ruleset,
        community=state.community,
        as_of=state.as_of,
        file=file,
        total=total,
        modules=modules,
        bands=bands_of(ruleset, total, modules, flags, extras),
        extras=extras,
        marks=tuple(Mark(f.outcome, f.low, f.high, f.possible, f.short) for f in findings),
        verdict=flags.kind,
        opened=tuple(f.criterion.id for f in (*flags.open_vetoes, *flags.open_redlines)),
        undecided=len(flags.undecided_vetoes) + len(flags.undecided_redlines),
        known=bench.known,
        recorded=recorded or state.as_of,
        kinds=frozenset(bench.present),
        sited=state if bench.present else None,
        sampling=sampling,
    )


def basis(ruleset: Ruleset) -> Basis:
    """What two results must share to be comparable."""
    changes = tuple(f"{c.kind} {c.criterion} {c.why}" for c in ruleset.changes)
    return ruleset.id, ruleset.edition, changes


def apart_by_basis(standings: Iterable[Standing]) -> Standings:
    """Standings by what they were judged with, in the order met."""
    found: dict[Basis, list[Standing]] = {}
    for standing in standings:
        found.setdefault(basis(standing.ruleset), []).append(standing)
    return {key: tuple(some) for key, some in found.items()}


def latest(standings: Iterable[Standing]) -> list[Standing]:
    """The latest record of each community, by its own day."""
    found: dict[str, Standing] = {}
    for standing in standings:
        id = standing.community.id
        if id not in found or standing.recorded > found[id].recorded:
            found[id] = standing
    return list(found.values())


def compare(
    standings: Sequence[Standing], *, by: Module | None = None, min_coverage: Fraction = MIN_COVERAGE, sort: str = "low"
) -> Comparison:
    """Rank communities that were judged by one ruleset.

    ``by`` ranks them by one module; ``min_coverage`` (0 to 1, of what is ranked) keeps barely checked ones out.
    ``sort`` orders the rows and leaves the ranks alone. Raises ValueError when rulesets differ or none is given.
    """
    if len({basis(s.ruleset) for s in standings}) != 1:
        raise ValueError("only results of one ruleset can be ranked together")
    module = by.id if by else None
    taking, apart = [], []
    for standing in standings:
        tally = standing.tally(module)
        if because := why_apart(tally, min_coverage):
            apart.append(Apart(standing, tally.coverage, because))
        else:
            taking.append(standing)
    ranked = _ranked(taking, module)
    told = [standing.kinds for standing in standings]
    parted = frozenset.union(*told) - frozenset.intersection(*told)
    missed = shortfalls(standings, module)
    return Comparison(
        ruleset=standings[0].ruleset,
        module=by,
        min_coverage=min_coverage,
        ranked=tuple(sorted(ranked, key=lambda r: (ORDERS[sort](r), r.rank.place, r.standing.community.id))),
        apart=tuple(sorted(apart, key=lambda a: (-a.coverage, a.standing.community.id))),
        groups=_sections([*ranked, *apart], lambda s: s.community.group, module, parted),
        streets=_sections([*ranked, *apart], lambda s: s.community.street, module, parted),
        shortfalls=missed,
        common=common_problems(standings, missed),
        days=(min(s.as_of for s in standings), max(s.as_of for s in standings)),
        parted=parted,
    )


def _ranked(taking: Sequence[Standing], module: str | None) -> list[Ranked]:
    scores = [standing.tally(module).score for standing in taking]
    peers = _peers(taking, scores)
    return [
        Ranked(standing, score, standing.tally(module).coverage, rank, peer, *_strong_and_weak(standing))
        for standing, score, rank, peer in zip(taking, scores, ranks(scores), peers, strict=True)
    ]


def _peers(taking: Sequence[Standing], scores: Sequence[Score]) -> list[Rank | None]:
    """The rank of each among the communities of its own group."""
    members: dict[str, list[int]] = {}
    for i, standing in enumerate(taking):
        members.setdefault(standing.community.group, []).append(i)
    found: list[Rank | None] = [None] * len(taking)
    for group, places in members.items():
        if group:
            for i, rank in zip(places, ranks([scores[i] for i in places]), strict=True):
                found[i] = rank
    return found


def _strong_and_weak(standing: Standing) -> tuple[tuple[ModuleResult, ...], tuple[ModuleResult, ...]]:
    """The modules surely strong (greatest low end) and surely weak (least high end); ties in the ruleset's order."""
    scored = [m for m in standing.modules if m.tally.possible]
    strong = sorted(scored, key=lambda m: -m.tally.score.low)[:FEW]
    weak = sorted(scored, key=lambda m: m.tally.score.high)
    return tuple(strong), tuple(m for m in weak if m.tally.high < m.tally.possible)[:FEW]


def _sections(
    entries: Iterable[Ranked | Apart], of: Callable[[Standing], str], module: str | None, parted: frozenset[str]
) -> tuple[Section, ...]:
    """Means by group or street over all to which anything applies, the highest sure mean first; communities that name
    none are left out."""
    members: dict[str, list[Ranked | Apart]] = {}
    for item in entries:
        if item.standing.tally(module).possible and (name := of(item.standing)):
            members.setdefault(name, []).append(item)
    sections = []
    for name, some in members.items():
        scores = [item.standing.tally(module).score for item in some]
        sections.append(
            Section(
                name=name,
                count=len(scores),
                low=sum((s.low for s in scores), Fraction(0)) / len(scores),
                high=sum((s.high for s in scores), Fraction(0)) / len(scores),
                lowest=min(s.low for s in scores),
                highest=max(s.high for s in scores),
                undivided=sum(not parted <= item.standing.kinds for item in some),
                apart=sum(isinstance(item, Apart) for item in some),
            )
        )
    return tuple(sorted(sections, key=lambda s: (-s.low, s.name)))
