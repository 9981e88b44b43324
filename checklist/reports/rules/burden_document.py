"""What rulesets ask of a community, as a document and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from checklist.model.numbers import points_text, rounded
from checklist.model.results.burden import BURDENS, Burden, BurdenKind, Load
from checklist.reports.document.document import Block, Bullets, Column, Content, Document, Heading, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.formats.json_parts import basis, contract
from checklist.reports.language.labels import TRACE

BURDEN: Final[dict[BurdenKind, str]] = {
    "minutes": "分钟",
    "photos": "照片",
    "papers": "材料",
    "meetings": "会议",
    "plates": "牌子",
}
ALL: Final = "合在一起"
HOW: Final = (
    "分钟、照片、材料、会议按 30 天算，每条标准都做到最好的一档；几条标准、几套体系要的是同一样，只算一次。",
    "分钟是现场核、翻材料的时间，按每个实测项的有效期折成一个月；照片、材料是标准要的佐证，跟着最短的有效期。",
    "牌子是挂一次的：机构牌、上墙的制度、公示和图板；公益广告不算。小区、背街小巷各按一处算，多几处就多几份。",
)


def burden_document(burdens: Sequence[Burden], every: Load) -> Document:
    """``every`` is asked by all of them together; it is told where there are several."""
    title = "一个月要社区做多少"
    return tidied(Document(title, tuple(_body(burdens, every)), name="负担"))


def _body(burdens: Sequence[Burden], every: Load) -> Iterator[Block]:
    yield Bullets(HOW)
    rows: list[tuple[Content, ...]] = [(b.ruleset.title, len(b.ruleset.active), *_loads(b.load)) for b in burdens]
    if len(burdens) > 1:
        rows.append((ALL, None, *_loads(every)))
    yield Table("每月", (Column("测评体系", 22), Column("标准", 4, "number"), *_columns()), tuple(rows), main=True)
    for found in burdens:
        named = f"{found.ruleset.title}：" if len(burdens) > 1 else ""
        yield Heading(f"{named}各模块", 2)
        modules = found.ruleset.modules
        listed: tuple[tuple[Content, ...], ...] = tuple(
            (f"{m.id} {m.title}", *_loads(found.modules[m.id])) for m in modules
        )
        yield Table("", (Column("模块", 14), *_columns()), listed)
        yield Heading(f"{named}只凭痕迹的标准（{len(found.traces)} 条）", 2)
        yield Text(
            "这些标准看的只是开了会、挂了牌、拍了照、归了档，不看结果；减负的规定说痕迹不能当作干了多少活的依据。"
        )
        yield Table("", (Column("标准", 16), Column("分值", 4), Column("看的是", 26)), tuple(_traces(found)))


def _columns() -> tuple[Column, ...]:
    return tuple(Column(BURDEN[kind], 5, "number") for kind in BURDENS)


def _loads(load: Load) -> tuple[Fraction, ...]:
    return tuple(Fraction(rounded(load[kind])) for kind in BURDENS)


def _traces(found: Burden) -> Iterator[tuple[Content, ...]]:
    facts = found.ruleset.facts
    for only in found.traces:
        told = []
        for name in only.facts:
            trace = facts[name].trace
            assert trace is not None, "a fact that is no trace"
            told.append(f"{facts[name].label}（{TRACE[trace.kind]}）")
        criterion = only.criterion
        yield f"{criterion.id} {criterion.title}", points_text(criterion.points), "、".join(told)


def burden_json(burdens: Sequence[Burden], every: Load) -> str:
    """Numbers a month; plates as they hang."""
    rows = [
        {
            "ruleset": basis(b.ruleset),
            "load": _numbers(b.load),
            "modules": {id: _numbers(load) for id, load in b.modules.items()},
            "traces_alone": [{"criterion": t.criterion.id, "facts": list(t.facts)} for t in b.traces],
        }
        for b in burdens
    ]
    return contract({"days": 30, "rulesets": rows, "together": _numbers(every)})


def _numbers(load: Load) -> dict[str, str]:
    return {kind: str(rounded(load[kind])) for kind in BURDENS}
