"""What changes in a record, and the record's data with the changes made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checklist.model.state import Slot
from checklist.values.bare_words import YamlData


@dataclass(frozen=True, slots=True)
class Edit:
    """New raw readings by slot, and new raw declarations by site and criterion; ``defects`` whole lists by slot. ``sites`` holds new entries of each
    site by its id, all of them for a new one; ``totals`` how many there are by kind. ``gone`` are facts that leave
    the community."""

    facts: Mapping[Slot, YamlData] = field(default_factory=dict)
    declared: Mapping[Slot, YamlData] = field(default_factory=dict)
    sites: Mapping[str, Mapping[str, YamlData]] = field(default_factory=dict)
    totals: Mapping[str, YamlData] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    defects: Mapping[Slot, YamlData] = field(default_factory=dict)

    def parts(self) -> Iterator[tuple[str, str, dict[str, YamlData]]]:
        """The new entries of each part: the site's id (empty: the community), the part's key, the entries."""
        for key, changes in (("facts", self.facts), ("not_applicable", self.declared), ("defects", self.defects)):
            for site in dict.fromkeys(site for site, _ in changes):
                yield site, key, {name: raw for (at, name), raw in changes.items() if at == site}


def merged(data: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The record as it will be. Every site of ``edit`` is in ``data`` or new."""
    new, sites = dict(data), [dict(site) if isinstance(site, dict) else site for site in data.get("sites") or ()]
    homes = {str(site.get("id")): site for site in reversed(sites) if isinstance(site, dict)}
    for id, words in edit.sites.items():
        if id not in homes:
            homes[id] = {"id": id}
            sites.append(homes[id])
        homes[id].update(words)
    for at, key, changes in edit.parts():
        home = homes[at] if at else new
        home[key] = {**(home.get(key) or {}), **changes}
    if edit.gone:
        new["facts"] = {name: raw for name, raw in new["facts"].items() if name not in edit.gone}
    if edit.totals:
        new["total"] = {**(data.get("total") or {}), **edit.totals}
    return {**new, "sites": sites} if sites else new
