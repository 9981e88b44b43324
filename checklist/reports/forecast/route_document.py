"""A mock inspection on paper: whom to see, which sites, and the form and the phone walk for just these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checklist.model.results.forecast import DrawnSite, MockInspection, MockVisit
from checklist.reports.document.document import Block, Column, Content, Document, Heading, Table, Text
from checklist.reports.document.prose import on_one_line
from checklist.reports.document.tidied import tidied
from checklist.reports.forecast.forecast_document import drawn_text
from checklist.reports.formats.json_parts import basis, contract, who
from checklist.reports.language.names import named, ruleset_name


def route_document(drawn: MockInspection, files: Mapping[str, str]) -> Document:
    """``files`` is the record of each community, by its id, as a command names it."""
    how = drawn_text(drawn.ruleset, drawn.drawing, drawn.communities, len(drawn.visits))
    risk = "丢分多的、没去过的容易抽中" if drawn.by_risk else "每一处机会一样"
    parts: list[Block] = [
        Text(f"检查组的抽法：{how}；{risk}；种子 {drawn.seed}，再抽一次还是这些。按{ruleset_name(drawn.ruleset)}"),
        Heading("路线"),
        Table("", _heads(), tuple(_rows(drawn)), main=True),
        Heading("填报表和手机填报"),
    ]
    parts += [
        Text(command, command=True) for visit in drawn.visits for command in commands(visit, files[visit.community.id])
    ]
    if any(site.site is None for visit in drawn.visits for site in visit.sites):
        parts.append(Text("没列出来的点位，先登记到现状记录的 sites 里，再出表。", note=True))
    parts.append(Text("看完写成一份现状记录，和自查对一对：checklist calibrate 自查记录 --against 检查记录", note=True))
    return tidied(Document("模拟检查路线", tuple(parts), name="模拟检查路线"))


def _heads() -> tuple[Column, ...]:
    return Column("序号", 4, "number"), Column("街道", 8), Column("社区", 10), Column("点位", 12), Column("类别", 6)


def _rows(drawn: MockInspection) -> Iterator[tuple[Content, ...]]:
    stops = [(visit, site) for visit in drawn.visits for site in visit.sites or (None,)]
    for number, (visit, site) in enumerate(stops, 1):
        label = drawn.ruleset.site_kinds[site.kind].label if site else ""
        told = drawn_name(site, label) if site else "整个社区"
        yield number, visit.community.street, named(visit.community), told, label


def drawn_name(site: DrawnSite, label: str) -> str:
    return site.site.name if site.site else f"没列出来的第 {site.number} 个{label}"


def commands(visit: MockVisit, file: str) -> list[str]:
    """How to make the form and the phone walk of what was drawn; sites that nobody has listed must be added first."""
    names = [on_one_line(site.site.name).replace('"', "") for site in visit.sites if site.site]
    only = "".join(f' --only "{name}"' for name in names)
    return [f"checklist form {file}{only} -o {visit.community.id}.xlsx", f"checklist serve {file}{only}"]


def route_json(drawn: MockInspection) -> str:
    def site(one: DrawnSite) -> dict[str, Any]:
        own = {"id": one.site.id, "name": one.site.name} if one.site else None
        return {"kind": one.kind, "site": own, "number": one.number or None}

    visits = [
        {"community": who(visit.community), "street": visit.community.street, "sites": [site(s) for s in visit.sites]}
        for visit in drawn.visits
    ]
    return contract({"ruleset": basis(drawn.ruleset), "seed": drawn.seed, "by_risk": drawn.by_risk, "visits": visits})
