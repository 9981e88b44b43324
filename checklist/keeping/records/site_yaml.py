"""Sites and defects as the data of a YAML file."""

from __future__ import annotations

from collections.abc import Mapping

from checklist.keeping.records.plain_yaml import raw_declaration, raw_reading
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect, SiteTotal
from checklist.model.state import Site, State
from checklist.values.bare_words import YamlData


def raw_sites(state: State, ruleset: Ruleset) -> dict[str, YamlData]:
    """``total``, ``sites`` and ``defects`` of a record; empty where it has none."""
    return {
        "total": {kind: _total(total) for kind, total in state.totals.items()},
        "sites": [_site(site, ruleset) for site in state.sites],
        "defects": _defects(state.defects),
    }


def _total(total: SiteTotal) -> YamlData:
    return {"count": total.count, "reason": total.reason} if total.reason else total.count


def _site(site: Site, ruleset: Ruleset) -> YamlData:
    told: dict[str, YamlData] = {"id": site.id, "kind": site.kind, "name": site.name}
    more: dict[str, YamlData] = {
        "opened": site.opened,
        "closed": site.closed,
        "facts": {name: raw_reading(ruleset.facts[name], reading) for name, reading in site.readings.items()},
        "not_applicable": {id: raw_declaration(said) for id, said in site.not_applicable.items()},
        "defects": _defects(site.defects),
    }
    return told | {key: value for key, value in more.items() if value}


def _defects(found: Mapping[str, tuple[RecordedDefect, ...]]) -> YamlData:
    return {name: [raw_defect(one) for one in some] for name, some in found.items()}


def raw_defect(one: RecordedDefect) -> YamlData:
    told: dict[str, YamlData] = {"id": one.id, "found": one.found}
    more = {"where": one.place, "what": one.what, "photo": one.photo, "closed": one.closed}
    return told | {key: value for key, value in more.items() if value}
