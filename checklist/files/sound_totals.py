"""How many sites the records of a table have in all, against those that it lists: each mistake told once for the table."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Literal

from checklist.model.problems import Problem, Where
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import State


class SoundTotals:
    """Leaves out the totals that cannot be relied on; ``problems`` tells of them when all records have been seen."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.wrong: list[Problem] = []
        self.lacking: dict[tuple[Literal["list", "total"], str], list[tuple[State, Where]]] = {}

    def sound(self, state: State, doubted: Container[str] = ()) -> State:
        """The record with the totals that can be right. Without one, the sites count as listed; of the kinds ``doubted``
        it was told already."""
        kept: dict[str, SiteTotal] = {}
        for kind, total in state.totals.items():
            label, counting = self.ruleset.site_kinds[kind].label, len(state.sites_of(kind))
            if total.count and all(site.kind != kind for site in state.sites):
                self.lacking.setdefault(("list", kind), []).append((state, total.where))
            elif counting > total.count:
                says = f"{state.community.name}列了 {counting} 个{label}，总数写的是 {total.count}"
                self.wrong.append(Problem(total.where, "E242", says, "改总数，或给多出来的写“点位停算日期”"))
            else:
                kept[kind] = total
        for kind in dict.fromkeys(site.kind for site in state.sites if site.kind not in state.totals):
            if kind in doubted:
                continue
            first = next(site for site in state.sites if site.kind == kind)
            self.lacking.setdefault(("total", kind), []).append((state, first.where))
        return replace(state, totals=kept) if kept != state.totals else state

    def problems(self) -> Iterator[Problem]:
        """Every mistake; a column that is lacking for many records is told of once."""
        yield from self.wrong
        for (lacks, kind), some in self.lacking.items():
            label = self.ruleset.site_kinds[kind].label
            whose = some[0][0].community.name if len(some) == 1 else f"{len(some)} 份记录"
            if lacks == "total":
                says = f"{whose}列了{label}，没有写一共几个，按列出来的算"
                hint = f"加一列“{label}总数”，没列出来的也要数进去"
            else:
                says = f"{whose}写了{label}总数，一个{label}也没有列，总数没有用上"
                hint = f"一个{label}一行，写上点位，没核过的只写名称；或去掉这个数"
            yield Problem(some[0][1], "E243", says, hint)
