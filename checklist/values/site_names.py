"""Sites as people name them: by name or by id, whatever way it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from checklist.model.problems import NotAValue
from checklist.model.state import Site
from checklist.values.look_alikes import folded, folded_id
from checklist.values.near import suggest

ADD: Final = "先登记：checklist sites add 社区 类别 名称"


def sites_named(text: str, sites: Sequence[Site]) -> tuple[Site, ...]:
    """The site with this id, else all that have this name."""
    by_id = next((site for site in sites if folded_id(site.id) == folded_id(text)), None)
    return (by_id,) if by_id else tuple(site for site in sites if folded(site.name) == folded(text))


def site_in(text: str, sites: Sequence[Site]) -> Site | None:
    """The site that the words of a place name: ``A 区3号楼`` is in A 区. The longest name counts; None where no name stands
    in them, or two as long."""
    if len(named := sites_named(text, sites)) == 1:
        return named[0]
    told = folded(text)
    inside = [site for site in sites if folded(site.name) in told]
    longest = max((len(folded(site.name)) for site in inside), default=0)
    found = [site for site in inside if len(folded(site.name)) == longest]
    return found[0] if len(found) == 1 else None


def site_named(text: str, sites: Sequence[Site]) -> Site:
    """The one site that is meant. Raises NotAValue: none is, or several are."""
    found = sites_named(text, sites)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotAValue("E248", f"有 {len(found)} 个点位都叫“{text}”", f"写编号：{'、'.join(s.id for s in found)}")
    raise no_such_site(text, sites)


def no_such_site(text: str, sites: Sequence[Site]) -> NotAValue:
    """That nothing is called so, the site that was probably meant, and how one is added."""
    names = {site.name: site.name for site in sites}
    ways = (suggest(text, [*names, *(site.id for site in sites)] if text.isascii() else names, names), ADD)
    return NotAValue("E248", f"没有“{text}”这个点位", "；".join(filter(None, ways)))
