"""An inspection forecast as a document: the odds first, then how scores spread, what sinks it and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from checklist.model.numbers import number_text, percent_text, rounded
from checklist.model.results.forecast import CurvePoint, Drawable, Drawing, Forecast, Outlook, Sink, WayThere
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.reports.document.document import Block, Column, Content, Document, Heading, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import yuan_text
from checklist.reports.language.gap_phrases import site_name
from checklist.reports.language.names import named, ruleset_name

WIDTHS: Final = (1, 2, 5, 10)
MOST_BARS: Final = 12
BAR: Final = 24
"""Blocks of a bar that stands for certainty."""


def forecast_document(result: Forecast, top: int | None = None) -> Document:
    """``top`` is how many rows a long table shows; None shows all."""
    parts: list[Block] = [Text(told) for told in _basis(result)]
    parts += [Table("", _ends(result, "结果"), tuple(_odds(result)), main=True)]
    if not _known(result):
        parts.append(Text("低端：没核实的都按最坏算；高端：都按最好算。真的把握一定在两头之间。", note=True))
    if result.error:
        parts.append(Text(_rounding(result.error), note=True))
    if result.places:
        parts += [Heading("得分分布"), _spread(result), *_sinks(result, top)]
        for kind, points in result.curve.items():
            parts += _curve(result, result.ruleset.site_kinds[kind].label, points)
    if result.reach is not None:
        parts += _reach(result.reach, result)
    return tidied(Document("迎检推演", tuple(parts), name="迎检推演"))


def _basis(result: Forecast) -> Iterator[str]:
    who = "、".join(named(community) for community in result.communities[:3])
    more = f" 等 {len(result.communities)} 个社区" if len(result.communities) > 3 else ""
    yield f"{who}{more}；按{ruleset_name(result.ruleset)}"
    if not result.places:
        yield f"{_nothing_drawn(result)}检查组每次看到的都一样，推演只有一个结果。"
    else:
        how = drawn_text(result.ruleset, result.drawing, len(result.communities), result.inspected)
        count = f"；不同的抽法有 {result.drawings:,} 种，一种一种都算过" if result.drawings is not None else ""
        yield f"检查组的抽法：{how}{count}。"
    without = len(result.communities) - len({place.community.id for place in result.places})
    if result.places and without:
        yield f"{without} 个社区没有点位可抽，整个社区按一处算。"
    fewer = [place for place in result.places if place.drawn < result.drawing.sites[place.kind]]
    if fewer:
        yield f"{_places(fewer, result.ruleset)}，不够抽的全看。"


def _nothing_drawn(result: Forecast) -> str:
    """Why no site is drawn: kinds of which there is none, and those of which none is listed."""
    kinds = result.ruleset.site_kinds.items()
    none, others = ([kind.label for id, kind in kinds if (id in result.none) == gone] for gone in (True, False))
    told = [f"{'、'.join(none)}一处也没有"] if none else []
    told += [f"没有列{'、'.join(others) if none else '点位'}"] if others or not none else []
    return f"{'，'.join(told)}："


def drawn_text(ruleset: Ruleset, drawing: Drawing, communities: int, inspected: int) -> str:
    """``从 8 个社区抽 3 个，每个社区抽 1 个小区、1 个背街小巷``."""
    sites = "、".join(f"{count} 个{ruleset.site_kinds[kind].label}" for kind, count in drawing.sites.items())
    if communities == 1:
        return f"抽 {sites}" if sites else "没有要抽的点位，整个社区都看"
    street = f"每个街道抽 {drawing.communities} 个，共 " if drawing.by_street and drawing.communities else "抽 "
    chosen = (
        f"从 {communities} 个社区{street}{inspected} 个" if inspected < communities else f"{communities} 个社区个个都到"
    )
    return f"{chosen}，每个社区抽 {sites}" if sites else chosen


def _places(places: Sequence[Drawable], ruleset: Ruleset) -> str:
    told = [f"{named(p.community)}只有 {p.sites} 个{ruleset.site_kinds[p.kind].label}" for p in places]
    return "、".join(told[:3]) + (f" 等 {len(told)} 处" if len(told) > 3 else "")


def _rounding(error: Fraction) -> str:
    return f"每个社区的得分舍入到 {number_text(error, 4)} 分再合起来：低端往低舍、高端往高舍，误差不超过 {number_text(error, 4)} 分。"


def _known(result: Forecast) -> bool:
    """Whether both ends say the same as printed."""
    return result.low.mean == result.high.mean


def _ends(result: Forecast, first: str) -> tuple[Column, ...]:
    if _known(result):
        return Column(first, 14), Column("概率或得分", 8)
    return Column(first, 14), Column("低端", 8), Column("高端", 8)


def _odds(result: Forecast) -> Iterator[tuple[Content, ...]]:
    def row(title: str, low: str, high: str) -> tuple[Content, ...]:
        return (title, low) if _known(result) else (title, low, high)

    low, high = result.low, result.high
    yield row(f"不低于 {number_text(result.target)} 分的把握", chance_text(low.passes), chance_text(high.passes))
    surely, possibly = map(chance_text, result.clean)
    yield row(
        "没有红线、一票否决的把握",
        surely if surely == possibly or not _known(result) else f"{surely}～{possibly}",
        possibly,
    )
    yield row("平均得分", _score(low.mean), _score(high.mean))
    yield row("二十次里最差一次的得分（5%）", _score(low.fifth), _score(high.fifth))
    yield row("二十次里最好一次的得分（95%）", _score(low.ninety_fifth), _score(high.ninety_fifth))


def _score(score: Fraction) -> str:
    return str(rounded(score, 2))


def chance_text(chance: Fraction) -> str:
    """In percent; 0 % and 100 % only of what is impossible and what is certain."""
    if chance in (0, 1):
        return f"{int(chance * 100)}%"
    return f"{min(max(rounded(chance * 100, 1), rounded(Fraction(1, 10), 1)), rounded(Fraction(999, 10), 1))}%"


def _spread(result: Forecast) -> Table:
    scores = sorted({*result.low.whole, *result.high.whole})
    width = next((w for w in WIDTHS if scores[-1] // w - scores[0] // w < MOST_BARS), WIDTHS[-1])
    rows = []
    for start in range(scores[0] // width, scores[-1] // width + 1):
        low, high = (_between(outlook, start * width, width) for outlook in (result.low, result.high))
        name = f"{start * width}～{min(start * width + width, 100)} 分" if start * width < 100 else "100 分"
        told = (name, chance_text(low), _bar(low))
        rows.append(told if _known(result) else (*told, chance_text(high), _bar(high)))
    heads = (Column("得分", 8), Column("概率" if _known(result) else "低端", 5), Column("", 12))
    return Table("", heads if _known(result) else (*heads, Column("高端", 5), Column("", 12)), tuple(rows))


def _between(outlook: Outlook, start: int, width: int) -> Fraction:
    return sum((chance for score, chance in outlook.whole.items() if start <= score < start + width), Fraction(0))


def _bar(chance: Fraction) -> str:
    return "█" * int(rounded(chance * BAR, 0))


def _sinks(result: Forecast, top: int | None) -> Iterable[Block]:
    yield Heading("哪一处最拖后腿")
    if result.sinks is None:
        yield Text("抽法太多，没有一处一处地算。")
        return
    sinks = [sink for sink in result.sinks if sink.low > 0 or sink.high > 0]
    if not sinks:
        yield Text("没有哪一处，单靠它改好就能改变过线的把握。")
        return
    yield Text("这一处要是一点毛病都没有，过线的把握多几个百分点。", note=True)
    several = len(result.communities) > 1
    heads = (*((Column("社区", 10),) if several else ()), Column("点位", 12), Column("类别", 6))
    gains = (Column("低端", 5, "share", decimals=1, signed=True), Column("高端", 5, "share", decimals=1, signed=True))
    rows = tuple(_sink(sink, result.ruleset, several) for sink in sinks[:top])
    yield Table("", (*heads, *gains), rows)
    if len(rows) < len(sinks):
        yield Text(f"还有 {len(sinks) - len(rows)} 处，加 --all 全部列出。", note=True)


def _sink(sink: Sink, ruleset: Ruleset, several: bool) -> tuple[Content, ...]:
    label = ruleset.site_kinds[sink.kind].label
    own: tuple[Content, ...] = (named(sink.community),) if several else ()
    return (*own, site_name(sink, label), label, sink.low, sink.high)


def _curve(result: Forecast, label: str, points: Sequence[CurvePoint]) -> Iterable[Block]:
    yield Heading(f"抽检特性曲线：{label}")
    others = "、".join(
        k.label for kind, k in result.ruleset.site_kinds.items() if kind in result.curve and k.label != label
    )
    rest = f"{others}照现在的样子，" if others else ""
    yield Text(f"差的{label}都像现在最差的那一处，别的{label}都没有毛病，{rest}过线的把握：", note=True)
    known = all(point.low == point.high for point in points)
    heads = (Column(f"差的{label}", 8), Column("占", 5), Column("把握" if known else "低端", 5), Column("", 12))
    rows: list[tuple[Content, ...]] = []
    for point in points:
        told = (f"{point.bad} / {point.sites}", percent_text(Fraction(point.bad, point.sites)))
        low = (chance_text(point.low), _bar(point.low))
        rows.append((*told, *low, *(() if known else (chance_text(point.high), _bar(point.high)))))
    yield Table("", heads if known else (*heads, Column("高端", 5), Column("", 12)), tuple(rows))


def _yuan(actions: Sequence[Action]) -> str:
    return yuan_text((sum(action.yuan[0] for action in actions), sum(action.yuan[1] for action in actions)))


def _reach(reach: WayThere, result: Forecast) -> Iterable[Block]:
    wanted = percent_text(reach.wanted)
    yield Heading(f"先整改哪几处，把握到 {wanted}")
    if not reach.reached:
        yield Text(
            f"能动手的 {reach.tried} 处全整改了，保底的把握也只到 {chance_text(reach.chance)}，到不了 {wanted}。"
            "没核实的先核实，没列出来的点位先列出来；社区层面的差距看 checklist plan。"
        )
        return
    if not reach.steps:
        yield Text(f"现在的把握就有 {chance_text(reach.chance)}，不用再做什么。")
        return
    proof = "少一处都不够，一种一种都比过" if reach.proved else f"是逐处挑出来的；已经证明至少要 {reach.least} 处"
    yield Text(f"整改 {len(reach.steps)} 处，保底的把握到 {chance_text(reach.chance)}（{proof}）。")
    every = [action for _, actions in reach.steps for action in actions]
    days = sum((Fraction(action.effort_days) for action in every), Fraction(0))
    yield Text(f"一共 {len(every)} 项措施，{_yuan(every)}，{number_text(days)} 工日。")
    rows = tuple(
        (site.name, action.label, _yuan([action]), Fraction(action.effort_days))
        for site, actions in reach.steps
        for action in actions
    )
    heads = (Column("点位", 8), Column("措施", 24), Column("费用", 8), Column("工日", 4, "number"))
    yield Table("", heads, rows)
    yield Text(_thrift(reach), note=True)


def _thrift(reach: WayThere) -> str:
    """How far it is proved that nothing is cheaper."""
    if reach.cheapest:
        where = "处数这么少的" if reach.proved else "就这几处来说，"
        return f"{where}措施里已经证明没有更省的：先比元（按上限），再比工日。"
    told = "每一项都少不得，但没有证明是最省的一套"
    if reach.least_yuan is not None:
        told += (
            f"；已经证明{'' if reach.proved else '就这几处来说，'}至少要 {number_text(reach.least_yuan)} 元（按上限）"
        )
    return f"措施是逐项试着去掉以后剩下的：{told}。"
