"""Whether an answer may stand where it says: a fact of a site at such a site, one of the community in the community."""

from __future__ import annotations

from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, State
from checklist.values.site_names import no_such_site, not_of_kind, strays


def misplaced(reading: Reading, state: State | None, ruleset: Ruleset) -> tuple[str, str, str] | None:
    """Why an answer cannot stand in the record ``state`` and the way out, with its code; None where it can."""
    sites, kind = state.sites if state else (), ruleset.site_facts.get(reading.fact)
    if not reading.site:
        listed = [site.name for site in sites if site.kind == kind and site.counts_on(reading.on)]
        if kind is None or state is None or not (any(s.kind == kind for s in sites) or kind in state.totals):
            return None
        label, fact = ruleset.site_kinds[kind].label, ruleset.facts[reading.fact].label
        if not listed:
            told = strays([fact], label, "", "记录", listed=False)
            return told.code, told.says, told.hint
        few = "、".join(listed[:12]) + (f" 等 {len(listed)} 处" if len(listed) > 12 else "")
        return "E244", f"“{fact}”是{label}的实测项，没有写是哪个{label}", f"写在点位里：{few}"
    site = next((site for site in sites if site.id == reading.site), None)
    if site is None:
        unknown = no_such_site(reading.site, sites)
        return unknown.code, unknown.says, unknown.hint
    if kind != site.kind:
        return ("E244", *belongs(ruleset, reading.fact, site.kind, site.name))
    if site.closed is not None and reading.on >= site.closed:
        return "E245", f"{site.name}从 {site.closed} 起不算点位了，这一项是 {reading.on} 看的", "改日期或点位"
    return None


def belongs(ruleset: Ruleset, fact: str, kind: str, name: str) -> tuple[str, str]:
    """That a fact does not lie at sites of this kind, and where it does."""
    label, home = ruleset.facts[fact].label, ruleset.site_facts.get(fact)
    there = ruleset.site_kinds[home].label if home else "社区"
    told = not_of_kind([label], ruleset.site_kinds[kind].label, name, f"{there}的 facts ")
    return told.says, told.hint
