"""The sites of a table when all its rows are read: their ids, their kinds, and what does not lie where it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from checklist.model.problems import Problem
from checklist.model.state import NotApplicable, Reading, Site
from checklist.reading.records.table_answers import TableAnswers
from checklist.reading.records.table_sites import LOST, TableSite, TableSites, record_of
from checklist.values.cells import shown
from checklist.values.look_alikes import made_up_id
from checklist.values.site_names import kind_unclear, not_of_kind, strays


def settle(sites: TableSites, filled: TableAnswers) -> None:
    """Give the sites of one record their ids, and leave out what does not lie where it was written."""
    filled.readings = [reading for reading in filled.readings if reading.site != LOST]
    filled.declared = [said for said in filled.declared if said.site != LOST]
    listed = [site for site in sites.listed.get(record_of(filled), {}).values() if _settled(sites, site)]
    if not listed and not filled.totals and not sites.listed.get(record_of(filled)):
        return
    kept = {site.key: site for site in listed}
    filled.readings = [
        replace(reading, site=kept[reading.site].id) if reading.site else reading
        for reading in _placed(sites, filled, kept)
    ]
    filled.declared = [
        replace(said, site=kept[said.site].id) if said.site else said
        for said in filled.declared
        if not said.site or (said.site in kept and _declared(sites, said, kept[said.site]))
    ]
    filled.undated = {(kept[at].id if at in kept else at, fact) for at, fact in filled.undated}
    filled.sites = [Site(s.id, s.kind, s.name, opened=s.opened, closed=s.closed, where=s.where) for s in listed]


def _settled(sites: TableSites, site: TableSite) -> bool:
    """Whether it is known which kind it is of: the one it says, that of its facts, or the only one there is."""
    kinds = sites.ruleset.site_kinds
    told = list(site.told or site.tried or kinds)
    if not site.kind and len(told) == 1:
        site.kind = told[0]
    site.id = site.id or made_up_id(site.name)
    site.name = site.name or site.id
    if not site.kind:
        why = kind_unclear(site.name, [kinds[kind].label for kind in told], sites.ruleset.title)
        sites.owners.problems.append(Problem(site.where, why.code, why.says, why.hint))
    elif site.opened and site.closed and site.closed <= site.opened:
        says = f"{site.name}从 {site.opened} 起算，{site.closed} 就不算了"
        sites.owners.problems.append(Problem(site.where, "E245", says, "对调或改对；一天也没有算过的就删掉"))
        return False
    return bool(site.kind)


def _placed(sites: TableSites, filled: TableAnswers, kept: dict[str, TableSite]) -> Iterable[Reading]:
    """The readings that lie where they were written."""
    kinds = {site.kind for site in kept.values()} | {kind for kind, total in filled.totals.items() if not total.count}
    astray: dict[tuple[str, str], list[Reading]] = {}
    for reading in filled.readings:
        kind = sites.ruleset.site_facts.get(reading.fact)
        if reading.site and reading.site not in kept:
            continue
        right = kind == kept[reading.site].kind if reading.site else kind not in kinds
        if right:
            yield reading
        else:
            astray.setdefault((reading.site, "" if reading.site else str(kind)), []).append(reading)
    for (key, kind), some in astray.items():
        _tell(sites, some, kept.get(key), listed=any(site.kind == kind for site in kept.values()))


def _tell(sites: TableSites, some: list[Reading], site: TableSite | None, *, listed: bool) -> None:
    facts = list(dict.fromkeys(reading.fact for reading in some))
    labels = "、".join(dict.fromkeys(sites.ruleset.site_kinds[sites.ruleset.site_facts[f]].label for f in facts))
    named = [sites.ruleset.facts[fact].label for fact in facts]
    if site is None:
        why = strays(named, labels, "那一行", "行", listed=listed)
    else:
        why = not_of_kind(named, sites.ruleset.site_kinds[site.kind].label, site.name, f"{labels}的行")
    sites.owners.problems.append(Problem(some[0].where, why.code, why.says, why.hint))


def _declared(sites: TableSites, said: NotApplicable, site: TableSite) -> bool:
    criterion = sites.ruleset.by_id[said.criterion]
    if criterion.per == site.kind:
        return True
    label = sites.ruleset.site_kinds[site.kind].label
    says = f"{criterion.id}（{criterion.title}）不是按{label}评的，在{shown(site.name)}不能声明"
    sites.owners.problems.append(Problem(said.where, "E322", says, "写在它评的那一处"))
    return False
