"""What is said of a choice of deeds: its steps with days and worth; what each gap is worth, which are left and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice

from checklist.engine.planning.deeds import Deed
from checklist.engine.planning.diagram import DeedReaches, Diagram, by_action, total
from checklist.engine.planning.program import PlanProgram, distinct
from checklist.model.planning.plan import Remainder, Worth
from checklist.model.planning.tasks import RemainsBecause, Task, horizon_of
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.state import Site, Slot

PATHS = 4096


def steps_of(program: PlanProgram, ids: frozenset[str], before: Assessment, after: Assessment) -> tuple[Task, ...]:
    """The chosen deeds in the fixed order, with days and what each is worth."""
    order, start = program.order, program.frame.limits.start
    days, touching = order.finish(ids), by_action(program.diagrams)
    first, last = _by_place(before), _by_place(after)
    sites = {site.id: site for site in program.state.sites}
    dependants = _dependants(program, ids)
    steps = []
    for deed in order.chosen(ids):
        alone, gone = program.closure({deed.id}), dependants[deed.id]
        rest = ids - gone
        places = dict.fromkeys(
            _place(d, deed, first) for d in touching.get(deed.id, ()) if _matters(d, ids, rest, alone)
        )
        moved = tuple(place for place in places if first[place] != last[place])
        steps.append(
            Task(
                action=deed.action,
                starts=start + timedelta(days=order.start(deed, days)),
                due=start + timedelta(days=days[deed.id]),
                horizon=horizon_of(days[deed.id]),
                alone=program.points(_won(touching, alone, alone, frozenset())),
                within=program.points(_won(touching, gone, ids, rest)),
                findings=tuple(first[place] for place in moved),
                changed=tuple(last[place] for place in moved),
                after=tuple(earlier for earlier, starts in order.before[deed.id] if starts and earlier in ids),
                check_first=bool(moved) and all(first[place].outcome == "unknown" for place in moved),
                forced=deed.id in program.must,
                site=sites.get(deed.site),
            )
        )
    return tuple(steps)


def _by_place(assessment: Assessment) -> Mapping[Slot, Finding]:
    """Every finding by site and criterion; those of the community, and what the sites make together, have no site."""
    found = {("", finding.criterion.id): finding for finding in assessment.findings}
    for finding in assessment.findings:
        found |= {(at.site.id, finding.criterion.id): at.finding for at in finding.sites if at.site}
    return found


def _place(diagram: Diagram, deed: Deed, findings: Mapping[Slot, Finding]) -> Slot:
    """Where the deed moves a criterion: at its own site, as far as the criterion is judged there."""
    here = (deed.site, diagram.criterion)
    return here if here in findings else ("", diagram.criterion)


def _won(
    touching: Mapping[str, tuple[Diagram, ...]], deeds: Iterable[str], more: Collection[str], less: Collection[str]
) -> int:
    """What one set has more than another at the low end, where they differ by these deeds."""
    diagrams = dict.fromkeys(d for id in deeds for d in touching.get(id, ()))
    return total(diagrams, more).low - total(diagrams, less).low


def _dependants(program: PlanProgram, ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Each of these deeds with all of them that need it."""
    found: dict[str, set[str]] = {id: {id} for id in ids}
    for id in ids:
        for need in program.closure({id}):
            found[need].add(id)
    return {id: frozenset(others) for id, others in found.items()}


def _matters(diagram: Diagram, ids: Collection[str], rest: Collection[str], alone: Collection[str]) -> bool:
    return diagram.outcome(ids) != diagram.outcome(rest) or diagram.outcome(alone) != diagram.outcome(())


def worths(program: PlanProgram, before: Assessment, after: Assessment) -> tuple[Worth, ...]:
    """What each gap is worth."""
    of_criterion = _by_criterion(program)
    return tuple(_worth(program, gap, of_criterion[gap.finding.criterion.id], after) for gap in before.gaps)


def _worth(program: PlanProgram, gap: Gap, diagrams: Sequence[Diagram], after: Assessment) -> Worth:
    """What the criterion wins by one action, in the plan, and by the cheapest set that wins the most; at sites: by one
    action and by that set at each of them."""
    alone = full = 0
    together: set[str] = set()
    for diagram in diagrams:
        low = diagram.outcome(()).low
        alone += max((diagram.outcome(program.closure({id})).low - low for id in diagram.actions), default=0)
        most, ids = _most_together(program, diagram)
        full += most - low
        together |= ids if most > low else frozenset()
    finding = gap.finding
    return Worth(
        gap=gap,
        alone=max(program.points(alone), 0),
        within=after.finding(finding.criterion.id).low - finding.low,
        together=distinct(program.order.chosen(together)),
        full=program.points(full),
    )


def _most_together(program: PlanProgram, diagram: Diagram) -> tuple[int, frozenset[str]]:
    best: tuple[int, int, int] | None = None
    found = frozenset[str]()
    for taken, _ in islice(diagram.sets(), PATHS):
        ids = program.closure(taken)
        if any(ids.issuperset(clash) for clash in program.clashes):
            continue
        rank = (diagram.outcome(ids).low, -sum(program.cost[id] for id in ids), -len(ids))
        if best is None or rank > best:
            best, found = rank, ids
    return (diagram.outcome(()).low, found) if best is None else (best[0], found)


def _by_criterion(program: PlanProgram) -> Mapping[str, Sequence[Diagram]]:
    found: dict[str, list[Diagram]] = {}
    for diagram in program.diagrams:
        found.setdefault(diagram.criterion, []).append(diagram)
    return found


def remainder(program: PlanProgram, ids: Collection[str], after: Assessment) -> tuple[Remainder, ...]:
    """The gaps that are left, most points first, and why each is."""
    reach, diagrams = _Reasons(program), _by_criterion(program)
    left = {gap.finding.criterion.id: gap.finding for gap in after.gaps}
    left |= {f.criterion.id: f for f in (*after.verdict.open_vetoes, *after.verdict.open_redlines)}
    return tuple(reach.remains(finding, diagrams[id], ids) for id, finding in left.items())


class _Reasons:
    """Which actions reach a criterion that still falls short, whether or not they may be chosen."""

    def __init__(self, program: PlanProgram) -> None:
        self.program = program
        self.known = program.where.known(program.state)
        self.reaches = DeedReaches(program.where, program.order.sequence)
        self.out = {item.action.id: item for item in program.left_out}

    def remains(self, finding: Finding, diagrams: Iterable[Diagram], ids: Collection[str]) -> Remainder:
        better = {a for d in diagrams if max(o.low for o in d.outcomes) > d.outcome(ids).low for a in d.actions}
        if better:
            return Remainder(finding, "not_chosen", distinct(self.program.order.chosen(better)))
        actions = distinct(self._deeds(finding))
        reasons: tuple[tuple[RemainsBecause, tuple[str, ...]], ...] = (
            ("too_late", ("too_late", "needs_missing")),
            ("ruled_out", ("excluded", "other_owner", "unknown_only")),
        )
        for because, kinds in reasons:
            out = tuple(a for a in actions if a.id in self.out and self.out[a.id].because in kinds)
            if out:
                return Remainder(finding, because, out)
        return Remainder(finding, "no_help" if actions else "no_action", actions)

    def _deeds(self, finding: Finding) -> Iterator[Deed]:
        sites: list[Site | None] = [at.site for at in finding.applicable if at.site and at.finding.short]
        for site in sites or [None]:
            known = self.known[site.id if site else ""]
            yield from self.reaches.of(finding.criterion, known.values, site).deeds
