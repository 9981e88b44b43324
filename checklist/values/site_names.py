"""Sites as people name them: by name or by id, whatever way it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from checklist.model.problems import NotAValue
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.state import Site
from checklist.values.answer import STROKES
from checklist.values.cells import shown
from checklist.values.headings import kind_named
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


_FEW: Final = 3
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(slots=True, eq=False)
class NamedSite:
    """A site as the rows of a table have named it so far; a later row may give its id or its kind."""

    name: str
    id: str = ""
    kind: str = ""


S = TypeVar("S", bound=NamedSite)


class SiteNames(Generic[S]):
    """The sites of one record, while row after row of a table names them. ``make`` makes a site of a name and an id."""

    def __init__(self, kinds: Mapping[str, SiteKind], make: Callable[[str, str], S]) -> None:
        self.kinds, self.make = kinds, make
        self.by_id: dict[str, S] = {}
        self.by_name: dict[str, S] = {}

    def told(self, id: str, name: str, kind: str) -> S:
        """The site that a row names; ``id`` is folded, ``kind`` empty where the row does not say. Raises NotAValue: a mark
        is no name, the id is none, or another row says otherwise."""
        site = self._known(id, name)
        if kind and site.kind and kind != site.kind:
            here, before = self.kinds[kind].label, self.kinds[site.kind].label
            says = f"点位“{shown(site.name or site.id)}”在这里是{here}，在前面是{before}"
            raise NotAValue("E249", says, "是两处就起不同的名称；同一处就把类别改成一样")
        site.kind = site.kind or kind
        return site

    def _known(self, id: str, name: str) -> S:
        if not id:
            if (mark := not_a_name(name)) is not None:
                raise mark
            return self.by_id.get(folded_id(name)) or self.by_name.get(folded(name)) or self.add("", name)
        site = self.by_id.get(id)
        if site is None:
            site = self.by_name.get(folded(name)) if name else None
            if site is None or site.id:
                return self.add(id, name)
            site.id, self.by_id[id] = id, site
        if name and site.name and folded(site.name) != folded(name):
            says = f"点位编号 {id} 在这里是“{shown(name)}”，在前面是“{shown(site.name)}”"
            raise NotAValue("E241", says, "两处就各用各的编号；同一处就把名称改成一样")
        site.name = site.name or name
        return site

    def add(self, id: str, name: str) -> S:
        if (bad := not_an_id(id)) is not None:
            raise bad
        site = self.make(name, id)
        if id:
            self.by_id[id] = site
        if name:
            self.by_name.setdefault(folded(name), site)
        return site


def not_a_name(text: str) -> NotAValue | None:
    """Why this names no site, where it is a mark that people make for “none”."""
    if text not in STROKES:
        return None
    return NotAValue("E249", f"点位写的“{text}”不知道是哪一处", "社区自己的一行，点位空着")


def not_an_id(id: str) -> NotAValue | None:
    """Why this is no id of a site; an empty one is none yet."""
    if not id or _ID.fullmatch(id):
        return None
    return NotAValue("E206", f"点位编号“{shown(id)}”不合规则", "小写字母、数字、短横线，如 estate-1")


def two_places(names: Sequence[str]) -> NotAValue:
    """That a row names more than one site."""
    return NotAValue("E249", f"一行写了两处点位：{'、'.join(map(shown, names))}", "一处写一行")


def no_community() -> NotAValue:
    """That a row does not say whose it is."""
    return NotAValue("E202", "这一行没写哪个社区", "补上社区")


def another_kind(name: str, told: str, kind: str) -> NotAValue:
    """That a site is said to be of the kind labelled ``told`` and is registered as one labelled ``kind``."""
    says = f"点位“{shown(name)}”登记的是{kind}，这里写的是{told}"
    return NotAValue("E248", says, "改成登记的类别；是另一处，就换个名称登记")


def strays(facts: Sequence[str], kind: str, place: str, home: str, *, listed: bool) -> NotAValue:
    """That ``facts``, by their labels, lie at sites of a kind and stand in the community's own ``place``; their ``home`` is
    that of a site. ``listed``: there are such sites; otherwise it is said that there is none."""
    named = _named(facts)
    if not listed:
        hint = f"去掉；真有{kind}，就把{kind}列出来，总数改成几个"
        return NotAValue("E244", f"{named}是{kind}的实测项，这里写着没有{kind}", hint)
    return NotAValue(
        "E244",
        f"{named}是{kind}的实测项，列了{kind}就不写在社区{place}",
        f"挪到看到它的那个{kind}的{home}里；挪之前哪里都不算",
    )


def not_of_kind(facts: Sequence[str], kind: str, site: str, home: str) -> NotAValue:
    """That ``facts``, by their labels, do not lie at a ``site`` of this kind, but in ``home``."""
    return NotAValue("E244", f"{_named(facts)}不是{kind}的实测项，写在{shown(site)}不算", f"挪到{home}里")


def _named(facts: Sequence[str]) -> str:
    return "、".join(f"“{fact}”" for fact in facts[:_FEW]) + (f" 等 {len(facts)} 项" if len(facts) > _FEW else "")


def kind_told(text: str, kinds: Mapping[str, SiteKind]) -> str:
    """The kind that a cell names, "" where nothing stands in it. Raises NotAValue: there is none like it."""
    kind = kind_named(text, kinds) if text else ""
    if kind is None:
        labels = [kind.label for kind in kinds.values()]
        hint = suggest(text, labels, {label: label for label in labels}) or f"可以写：{'、'.join(labels)}"
        raise NotAValue("E340", f"没有 {shown(text)} 这一类点位", hint)
    return kind


def kind_unclear(name: str, labels: Sequence[str], title: str) -> NotAValue:
    """That nobody can tell which of these kinds a site is of; ``title`` is the ruleset's."""
    if not labels:
        return NotAValue("E249", f"《{title}》没有点位", "按整个社区填，去掉“点位”这一列")
    return NotAValue("E249", f"点位“{shown(name)}”看不出是{'还是'.join(labels)}", "加一列“点位类别”写明")
