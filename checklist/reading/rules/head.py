"""What ``ruleset.yaml`` alone can have wrong: coefficients out of order, gaps and overlaps between bands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from checklist.model.numbers import exact, number_text
from checklist.model.rules.ruleset import Band
from checklist.model.rules.site_kinds import COMMUNITY
from checklist.model.rules.sources import Source
from checklist.reading.rules.ruleset_shapes import BandShape, RulesetShape, TailoringShape
from checklist.reading.yaml.shape_mistakes import Loc
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.fact_value import coefficient
from checklist.values.near import suggest


def check_head(shape: RulesetShape, head: YamlFile) -> None:
    """Adds what it finds to the problems of ``head``."""
    check_levels(shape, head)
    check_grade_bands(shape, {m.id: m.title for m in shape.modules if m.kind == "ordinary"}, head)
    _cost_bands(shape, head)
    _site_kinds(shape, head)
    seen: set[str] = set()
    for i, module in enumerate(shape.modules):
        if module.id in seen:
            head.wrong(("modules", i, "id"), "E310", f"模块 {module.id} 写了两次", "留一个")
        seen.add(module.id)
    start, end = shape.effective.from_, shape.effective.to
    if start and end and start > end:
        head.wrong(("effective",), "E415", f"有效期从 {start} 开始，到 {end} 就结束了", "把 from 和 to 对调或改对")


def read_bands(shapes: Iterable[BandShape]) -> tuple[Band, ...]:
    """Grade bands, the highest first; of two from the same score on the one that asks for more."""
    bands = []
    for shape in shapes:
        modules = {id: exact(share) for id, share in shape.modules.items()}
        each = exact(shape.each_module)
        bands.append(Band(shape.name, exact(shape.at_least), each, modules, tuple(shape.without)))
    return tuple(sorted(bands, key=lambda band: (-band.at_least, not band.conditional)))


def check_bodies(shape: RulesetShape, head: YamlFile, sources: Mapping[str, Source]) -> None:
    """The table of renamed bodies cites sources that exist."""
    titles = {id: source.title for id, source in sources.items()}
    for name, body in shape.bodies.items():
        if body.source and body.source not in sources:
            hint = suggest(body.source, titles, titles)
            head.wrong(("bodies", name, "source"), "E316", f"没有这个来源 {body.source}", hint)


def check_levels(shape: RulesetShape | TailoringShape, head: YamlFile) -> None:
    written = [(name, coefficient(value)) for name, value in shape.levels.items()]
    for name, value in written:
        if not 0 < value <= 1:
            head.wrong(("levels", name), "E404", f"{name} 档的系数不在 0 到 100% 之间", "最好的一档写 100%")
    for (above, more), (name, less) in pairwise(written):
        if less >= more:
            says = f"{name} 档排在 {above} 档后面，系数却不更低"
            head.wrong(("levels", name), "E401", says, "从最好的一档往下写，系数一档比一档低")


def check_grade_bands(shape: RulesetShape | TailoringShape, modules: Mapping[str, str], head: YamlFile) -> None:
    """``modules`` are those that count towards the score, with their titles."""
    starts: dict[object, str] = {}
    for i, band in enumerate(shape.bands):
        for id in band.modules.keys() - modules.keys():
            head.wrong(("bands", i, "modules", id), "E301", f"没有计入得分的模块 {id}", suggest(id, modules, modules))
        asked = (exact(band.each_module), frozenset(band.modules.items()), frozenset(band.without))
        start = (exact(band.at_least), *asked)
        if start in starts or band.name in starts.values():
            says = f"等次“{band.name}”和“{starts.get(start, band.name)}”重叠"
            head.wrong(("bands", i), "E406", says, "每个等次一个名称、一条起点线")
        starts[start] = band.name
    if (0, 0, frozenset(), frozenset()) not in starts:
        lowest = min(exact(band.at_least) for band in shape.bands)
        says = f"{number_text(lowest)} 分以下没有等次"
        head.wrong(("bands",), "E405", says, "加一个从 0 分起的等次，如 {name: 待提升, at_least: 0}")


def _site_kinds(shape: RulesetShape, head: YamlFile) -> None:
    taken: dict[str, str] = {}
    for name, kind in shape.site_kinds.items():
        if name == COMMUNITY:
            head.wrong(("site_kinds", name), "E340", f"{COMMUNITY} 是整个社区，不能做一类点位的编号", "换一个编号")
        for i, place in enumerate(kind.places):
            loc: Loc = ("site_kinds", name, "places", i)
            if place not in shape.places:
                head.wrong(loc, "E309", f"没有 {place} 这个地点", suggest(place, shape.places, shape.places))
            elif place in taken:
                head.wrong(loc, "E309", f"地点 {place} 写进了 {taken[place]} 和 {name} 两类点位", "留在一类里")
            taken.setdefault(place, name)


def _cost_bands(shape: RulesetShape, head: YamlFile) -> None:
    listed = sorted(shape.costs.items(), key=lambda item: (item[1].yuan[0], item[1].yuan[1]))
    for (id, before), (name, band) in pairwise(listed):
        if band.yuan[0] < before.yuan[1]:
            says = f"费用档 {id}（到 {before.yuan[1]} 元）和 {name}（从 {band.yuan[0]} 元起）重叠"
            head.wrong(("costs", name), "E406", says, "下一档从上一档的上限起")
        elif band.yuan[0] > before.yuan[1] + 1:
            says = f"费用档 {id} 到 {before.yuan[1]} 元，{name} 从 {band.yuan[0]} 元起，中间空了一段"
            head.wrong(("costs", name), "E405", says, "下一档从上一档的上限起")
