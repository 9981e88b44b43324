"""The rulebook (规则手册) of a ruleset: a front page, a page for each module, the sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checklist.model.numbers import number_text, percent_text, points_text, trimmed_points
from checklist.model.rules.conditions import AtLeastOf, Condition
from checklist.model.rules.facts import Fact
from checklist.model.rules.leaves import conditions, leaves
from checklist.model.rules.ruleset import Criterion, Module, Ruleset
from checklist.model.rules.scales import Deduct, Ladder
from checklist.reports.document.document import (
    Block,
    Bullets,
    Column,
    Content,
    Document,
    Heading,
    Jump,
    Table,
    Text,
)
from checklist.reports.document.tidied import tidied
from checklist.reports.language.action_phrases import lead_text, yuan_text
from checklist.reports.language.clauses import written_phrases
from checklist.reports.language.deduction_phrases import rest_text, scale_lines
from checklist.reports.language.labels import (
    CUSTOM,
    FLAG,
    HORIZON,
    KIND_OF_CHANGE,
    METHOD,
    OURS,
    SCALE,
    STATUS,
    TIER,
    level_word,
)
from checklist.reports.language.names import site_rule
from checklist.reports.language.phrases import condition_text
from checklist.reports.rules.source_lines import CHAPTER, sources_chapter, support_lines

LONGEST: Final = 20_000
"""A rule is never cut short, however long it is."""


def rulebook(ruleset: Ruleset) -> Document:
    """Chapters are headings of level 1: the modules by their ids, then the sources."""
    mark = f"（{CUSTOM}）" if ruleset.custom else ""
    chapters = (part for module in ruleset.modules for part in _module(module, ruleset))
    parts = (*_front(ruleset), *chapters, *sources_chapter(ruleset))
    return tidied(Document(f"{ruleset.title}{mark}", parts, name=ruleset.id), LONGEST)


def _front(ruleset: Ruleset) -> Iterator[Block]:
    yield Text(f"{ruleset.edition}。编号 {ruleset.id}。{ruleset.disclaimer}")
    start, end = ruleset.effective
    if start or end:
        yield Text(f"{start or '不限'} 起，{f'到 {end} 止' if end else '未定截止'}", lead="有效期：")
    facts = {name for c in ruleset.active for name in (*c.facts, *c.records)}
    actions = {name for c in ruleset.active for name in c.actions}
    counts = f"{len(ruleset.active)} 条标准、{len(facts)} 个实测项、{len(actions)} 项措施"
    yield Text(f"{counts}，总分 {points_text(ruleset.total_points)}。")
    if own := sum(1 for criterion in ruleset.active if ours(criterion)):
        why = "没有文件写过这个数，是为了能分档而定的，可以用本地细则换掉"
        yield Text(f"{own} 条标准里有标明“{OURS}”的数字：{why}。")
    if ruleset.notes:
        yield Bullets(ruleset.notes)
    yield from _changes(ruleset)
    yield Heading("怎么得分")
    levels = "、".join(f"{level_word(name)}得 {percent_text(share, 2)}" for name, share in ruleset.levels.items())
    bands = "、".join(f"{band.name}（{number_text(band.at_least)} 分起）" for band in ruleset.bands)
    yield Bullets(
        (
            f"每条标准按最先做到的一档得分：{levels}，一档都不到不得分。",
            f"等次线：{bands}。",
            "没核过的不算零分，得分因此是一个区间；不适用的从得分和总分两边同时扣除。",
            "红线和一票否决单独列出，不折成分数。",
        )
    )
    yield Heading("模块")
    yield _module_table(ruleset)
    yield Text("每条标准的依据和可信度见各条末尾，出处一览见“依据”。")


def _module_table(ruleset: Ruleset) -> Table:
    rows: list[tuple[Content, ...]] = []
    for module in ruleset.modules:
        criteria = [c for c in ruleset.active if c.module == module.id]
        core = sum(c.tier == "core" for c in criteria)
        flags = sum(c.flag is not None for c in criteria)
        rows.append(
            (
                *(Jump(f"{module.id} {module.title}", module.id), str(len(criteria))),
                *(str(core), str(flags), points_text(module.points)),
            )
        )
    rows.append((Jump("依据", CHAPTER), "", "", "", ""))
    return Table("", (Column("模块", 12, "link"), *_columns("标准 核心 红线和否决 分值")), tuple(rows))


def _columns(titles: str) -> tuple[Column, ...]:
    return tuple(map(Column, titles.split()))


def _changes(ruleset: Ruleset) -> Iterator[Block]:
    if not ruleset.changes:
        return
    yield Heading("本地细则改了什么")
    yield Text(f"在 {ruleset.extends} 的基础上：")
    reasons: dict[tuple[str, str], list[str]] = {}
    for change in ruleset.changes:
        reasons.setdefault((change.kind, change.why), []).append(change.criterion)
    rows = ((KIND_OF_CHANGE[kind], "、".join(ids), why) for (kind, why), ids in reasons.items())
    yield Table("", _columns("改动 标准 理由"), tuple(rows))


def _module(module: Module, ruleset: Ruleset) -> Iterator[Block]:
    criteria = ruleset.of_module(module.id)
    retired = sum(c.status == "obsolete" for c in criteria)
    told = f"，另有 {retired} 条停用的，不计分" if retired else ""
    yield Heading(f"{module.id} {module.title}", 1, module.id)
    yield Text(f"{len(criteria) - retired} 条标准，共 {points_text(module.points)} 分{told}。")
    for criterion in criteria:
        yield from _criterion(criterion, ruleset)


def _criterion(criterion: Criterion, ruleset: Ruleset) -> Iterator[Block]:
    yield Heading(f"{criterion.id} {criterion.title}", 2, criterion.id)
    parts = [
        f"{points_text(criterion.points)} 分",
        TIER[criterion.tier],
        "、".join(METHOD[m] for m in criterion.methods),
    ]
    parts += [STATUS[criterion.status]] if criterion.status != "active" else []
    yield Text(" · ".join(parts))
    yield Text(criterion.requirement, lead="要求：")
    if criterion.flag:
        opens = criterion.flag.opens_when
        when = f"{condition_text(opens, ruleset.facts)} 即碰线" if opens else "达不到任何一档即碰线"
        yield Text(when, lead=f"{FLAG[criterion.flag.kind]}：", warn=True)
    if criterion.applies_when:
        yield Text(condition_text(criterion.applies_when, ruleset.facts), lead="适用于：")
    if criterion.na_when:
        yield Text(criterion.na_when, lead="可以声明不适用：")
    yield from _scale(criterion, ruleset)
    yield from _on_site(criterion, ruleset)
    yield from _remedies(criterion, ruleset)
    yield from _support(criterion, ruleset)


def _scale(criterion: Criterion, ruleset: Ruleset) -> Iterator[Block]:
    scale = criterion.scale
    yield Text(SCALE[scale.kind] + site_rule(criterion, ruleset), lead="怎么评：")
    if isinstance(scale, Deduct):
        lines = scale_lines(scale, ruleset.facts)
        yield Bullets(tuple(f"{'　' * deep}{text}，{rest_text(scale)}" for text, deep in lines))
        return
    if scale.kind == "met" and isinstance(scale.rungs[0].condition, AtLeastOf):
        yield Bullets(tuple(condition_text(part, ruleset.facts) for part in scale.rungs[0].condition.of))
    rows = [
        (level_word(r.level), _asked(scale, r.condition, ruleset), _earned(criterion, r.level, ruleset))
        for r in scale.rungs
    ]
    yield Table("", _columns("档次 达到这一档 得分"), (*rows, ("无档", "以上都达不到", "0")))


def _asked(scale: Ladder, condition: Condition, ruleset: Ruleset) -> str:
    if scale.kind == "met" and isinstance(condition, AtLeastOf):
        everything = condition.needed == len(condition.of)
        mark = f"（{OURS}）" if condition.ours else ""
        return f"{len(condition.of)} 条全部做到{mark}" if everything else f"做到其中 {condition.needed} 条{mark}"
    return condition_text(condition, ruleset.facts)


def _earned(criterion: Criterion, level: str, ruleset: Ruleset) -> str:
    return trimmed_points(ruleset.level_points(criterion, level))


def _on_site(criterion: Criterion, ruleset: Ruleset) -> Iterator[Block]:
    facts = [ruleset.facts[name] for name in criterion.facts]
    yield Text("", lead="怎么核：")
    yield Bullets(tuple(_ask(fact, ruleset) for fact in facts))
    if criterion.records:
        yield Text("", lead="只记录，不评档：")
        yield Bullets(tuple(_ask(ruleset.facts[name], ruleset) for name in criterion.records))
    if criterion.evidence:
        yield Text("、".join(criterion.evidence), lead="佐证材料：")
    if criterion.owner:
        yield Text("、".join(criterion.owner), lead="责任单位：")


def _ask(fact: Fact, ruleset: Ruleset) -> str:
    place = f"{ruleset.places[fact.place]}，" if fact.place else ""
    options = f"选项：{'、'.join(fact.options.values())}。" if fact.options else ""
    unit = f"，填{fact.unit}" if fact.unit else ""
    whole = f"，包含在“{ruleset.facts[fact.part_of].label}”里" if fact.part_of else ""
    detail = (
        f"{fact.id}{unit}{whole}；{place}{METHOD[fact.method]}，约 {fact.minutes} 分钟，{fact.valid_for_days} 天内有效"
    )
    return f"{fact.ask}{options}（{detail}）"


def _remedies(criterion: Criterion, ruleset: Ruleset) -> Iterator[Block]:
    if not criterion.actions:
        return
    yield Text("", lead="怎么改：")
    actions = [ruleset.actions[name] for name in criterion.actions]
    rows = (
        (
            a.label,
            HORIZON[a.horizon],
            lead_text(a.lead_days),
            f"{number_text(a.effort_days)} 工日",
            yuan_text(a.yuan),
            "、".join(a.owner),
        )
        for a in actions
    )
    yield Table("", _columns("措施 期限 多久 用工 花费 谁来办"), tuple(rows))


def _support(criterion: Criterion, ruleset: Ruleset) -> Iterator[Block]:
    for name, phrase in written_phrases(criterion, ruleset.facts):
        yield Text(phrase, lead=name)
    if criterion.supersedes:
        yield Text(f"替代上一版的 {'、'.join(criterion.supersedes)}", lead="沿革：")
    if criterion.notes:
        yield Text("", lead="说明：")
        yield Bullets(criterion.notes)
    if criterion.sources:
        yield Text("", lead="依据：")
        yield Bullets(tuple(f"{id} {text}" for id, text in support_lines(criterion, ruleset)))


def ours(criterion: Criterion) -> bool:
    """Whether some figure that grades it is our own."""
    return any(condition.ours or any(leaf.ours for leaf in leaves(condition)) for condition in conditions(criterion))
