"""Where gaps are: in the community or at its sites; and what became of the sites between two records."""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model.results.assessment import Assessment, Finding
from checklist.model.results.graded import GradedAt, Seen, SiteEvent
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.state import Site, State


def settled(finding: Finding) -> bool:
    """No gap any more: full marks, or it does not apply."""
    return finding.outcome == "not_applicable" or full(finding)


def full(finding: Finding) -> bool:
    return finding.outcome == "met" and finding.flag != "open"


def seen(assessment: Assessment) -> Iterator[Seen]:
    """Every criterion wherever it is graded, in the ruleset's order: the community, then its sites as listed. The
    community's own gap stays until every site is met, and opens only for sites that nobody has listed."""
    state = assessment.state
    gone: dict[str, list[Site]] = {}
    for site in state.sites:
        if site.closed is not None and site.closed <= state.as_of:
            gone.setdefault(site.kind, []).append(site)
    for finding in assessment.findings:
        criterion = finding.criterion
        unlisted = any(at.site is None and at.finding.short for at in finding.sites)
        yield Seen(GradedAt(criterion), finding, opens=unlisted or not finding.sites)
        for at in finding.sites:
            if at.site is not None:
                yield Seen(GradedAt(criterion, at.site), at.finding)
        if criterion.over != "sum":
            for site in gone.get(criterion.per, ()):
                yield Seen(GradedAt(criterion, site), None)


def site_changes(ruleset: Ruleset, before: State, after: State) -> tuple[SiteEvent, ...]:
    """What became of the sites from one record to a later one, kind by kind."""
    return tuple(change for kind in ruleset.site_kinds.values() for change in _of_kind(kind, before, after))


def divided(state: State, kind: str) -> bool:
    """Whether a record tells of sites of a kind; without any the community is the one site."""
    return kind in state.totals or bool(state.sites_of(kind))


def _of_kind(kind: SiteKind, before: State, after: State) -> Iterator[SiteEvent]:
    had, has = divided(before, kind.id), divided(after, kind.id)
    was, now = ({site.id: site for site in state.sites_of(kind.id)} for state in (before, after))
    if had != has:
        yield SiteEvent("divided" if has else "undivided", kind, after=str(len(now) if has else len(was)))
    if not (had and has):
        return
    totals = [str(state.totals[kind.id].count) if kind.id in state.totals else "" for state in (before, after)]
    if all(totals) and totals[0] != totals[1]:
        yield SiteEvent("total", kind, before=totals[0], after=totals[1])
    for id, site in now.items():
        if id not in was:
            opened = site.opened is not None and site.opened > before.as_of
            yield SiteEvent("opened" if opened else "listed", kind, site, after=site.name)
        elif was[id].name != site.name:
            yield SiteEvent("renamed", kind, site, was[id].name, site.name)
    ended = {site.id for site in after.sites if site.closed is not None and site.closed <= after.as_of}
    for id, site in was.items():
        if id not in now:
            yield SiteEvent("closed" if id in ended else "dropped", kind, site, before=site.name)
