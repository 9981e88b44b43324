"""One finding explained on the terminal: each level's condition against what was recorded, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import points_text, trimmed_points
from checklist.model.problems import Where
from checklist.model.results.assessment import Assessment
from checklist.model.results.explanation import Explanation, FactRecord, ItemAnswer, LevelAnswer, TestedCondition
from checklist.model.rules.conditions import AtLeastOf, Contains, Limit, NoneOf
from checklist.model.rules.facts import Knowledge
from checklist.model.rules.scales import Deduct
from checklist.reports.document.prose import Prose, clean
from checklist.reports.language.action_phrases import remedy_text
from checklist.reports.language.clauses import in_words
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.deduction_phrases import VERB, item_text, rest_text, scale_lines
from checklist.reports.language.gap_phrases import each_site, left_out, site_name, sites_text
from checklist.reports.language.labels import (
    FLAG,
    FLAG_STATE,
    METHOD,
    OUTCOME,
    OUTCOME_STYLE,
    OVER,
    SCALE,
    UNKNOWN,
    level_word,
)
from checklist.reports.language.phrases import condition_text, levels_text, measured_text, step_text, value_text
from checklist.reports.language.site_phrases import WORST
from checklist.reports.rules.criterion_page import sources_lines

MARK = {True: "√", False: "×", None: "?"}
POINTS_WORD = {"ordinary": "得", "bonus": "附加", "penalty": "倒扣"}
STYLE = {True: "green", False: "red", None: "cyan"}


def explanation_screen(
    assessment: Assessment, explanation: Explanation, file: str, top: int | None = WORST
) -> RenderableType:
    """``top`` sites, the worst first (None: all)."""
    return Group(
        *_heading(assessment, explanation, top),
        *_conditions(explanation),
        *_facts(assessment, explanation),
        *_ways_up(assessment, explanation),
        *sources_lines(explanation.finding.criterion, assessment.ruleset),
        Text(),
        Text(f"规则全文：checklist rules show {explanation.finding.criterion.id}", style="dim"),
    )


def _heading(assessment: Assessment, explanation: Explanation, top: int | None) -> Iterator[RenderableType]:
    finding = explanation.finding
    criterion = finding.criterion
    methods = "、".join(METHOD[m] for m in criterion.methods)
    yield Text.assemble(
        (f"{criterion.id} {clean(criterion.title)}", "bold"), f"  {points_text(criterion.points)} 分  {methods}"
    )
    yield Prose(criterion.requirement)
    yield Text(f"{community_name(assessment)}  {assessment.as_of}", style="dim")
    points = " ～ ".join(dict.fromkeys(map(trimmed_points, finding.extra or (finding.low, finding.high))))
    style = OUTCOME_STYLE[finding.outcome]
    if finding.outcome == "not_applicable":
        yield Prose(
            f"{OUTCOME[finding.outcome]}，不计入得分和总分。理由：{finding.reason or '实测项表明不适用'}",
            style,
            label="结论：",
        )
    else:
        yield Prose(
            f"{OUTCOME[finding.outcome]}，{levels_text(finding.worst, finding.best)}，{POINTS_WORD[criterion.extra]} {points} 分",
            style,
            label="结论：",
        )
    yield from _sites(assessment, explanation, top)
    if said := in_words(explanation):
        yield Prose(said, label="情况：")
    declared = assessment.state.not_applicable.get(criterion.id)
    if declared and declared.ended(assessment.as_of):
        said = f"{declared.until} 到期，现在照常评。当时的理由：{declared.reason}"
        yield Prose(said, "yellow", label="不适用声明：")
    if criterion.flag and finding.flag:
        opened = "red" if finding.flag == "open" else ""
        yield Text(f"{FLAG[criterion.flag.kind]}：{FLAG_STATE[finding.flag]}", style=opened)
    yield Text()


def _sites(assessment: Assessment, explanation: Explanation, top: int | None) -> Iterator[RenderableType]:
    """What every site came to, and which one the conditions below are asked of."""
    finding = explanation.finding
    if not finding.sites:
        return
    kind = assessment.ruleset.site_kinds[finding.criterion.per]
    yield Prose(f"{sites_text(finding, assessment.ruleset)}（{OVER[finding.criterion.over]}）", label="点位：")
    for name, told, outcome in each_site(finding, assessment.ruleset, top):
        yield Prose(told, OUTCOME_STYLE[outcome], label=f"{name}  ", indent=2)
    if more := left_out(finding, top):
        yield Text(f"  另有 {more} 处，加 --all 全部列出", style="dim")
    if explanation.at is not None:
        yield Prose(f"下面看的是最差的一处：{site_name(explanation.at, kind.label)}", "dim")


def _conditions(explanation: Explanation) -> Iterator[RenderableType]:
    if explanation.applies is not None:
        yield Text("适用条件")
        yield from _answer(explanation.known, explanation.applies, 2)
    if explanation.finding.outcome != "not_applicable":
        yield from _levels(explanation)
    yield from _items(explanation)
    if explanation.flag is not None:
        yield Text("出现下面的情形即碰线")
        yield from _answer(explanation.known, explanation.flag, 4)
    yield Text()


def _items(explanation: Explanation) -> Iterator[RenderableType]:
    """Each item of a scale that counts, with what was recorded and what it takes off or earns."""
    criterion = explanation.finding.criterion
    scale = criterion.scale
    if not isinstance(scale, Deduct) or explanation.finding.outcome == "not_applicable":
        return
    yield Text(f"{SCALE[scale.kind]}，满分 {trimmed_points(criterion.points)} 分，{rest_text(scale)}")
    facts, verb = explanation.known.declared, VERB[scale.kind]
    texts = list(scale_lines(scale, facts))
    for (text, deep), item in zip(texts, _flat(explanation.items), strict=True):
        low, high = item.taken
        fine = None if low != high else bool(low) != (scale.kind == "deduct")
        told = item_text(item, explanation.known, verb)
        yield Prose(f"{text}    {told}", STYLE[fine], label=f"{MARK[fine]} ", indent=4 + 2 * deep)


def _flat(items: Iterable[ItemAnswer]) -> Iterator[ItemAnswer]:
    for item in items:
        yield item
        yield from item.parts


def _levels(explanation: Explanation) -> Iterator[RenderableType]:
    """Each level with its condition; levels that only count how many of the same conditions hold list them once."""
    scale = explanation.finding.criterion.scale
    if scale.kind == "met" and len(explanation.levels) > 1:
        parts = explanation.levels[0].answer.parts
        for level in explanation.levels:
            condition = level.answer.condition
            assert isinstance(condition, AtLeastOf)
            yield _level_head(level, f"：下面 {len(parts)} 条做到 {condition.needed} 条")
        for part in parts:
            yield from _answer(explanation.known, part, 4)
        return
    for level in explanation.levels:
        yield _level_head(level)
        yield from _answer(explanation.known, level.answer, 4)


def _level_head(level: LevelAnswer, more: str = "") -> Text:
    holds = level.answer.holds
    points = trimmed_points(level.points)
    return Text(f"{MARK[holds]} {level_word(level.level)}（{points} 分）{more}", style=STYLE[holds])


def _answer(known: Knowledge, answer: TestedCondition, indent: int) -> Iterator[RenderableType]:
    condition = answer.condition
    if isinstance(condition, AtLeastOf | NoneOf) and len(answer.parts) > 1:
        yield Prose(group_word(condition, len(answer.parts)), "dim", indent=indent)
        for part in answer.parts:
            yield from _answer(known, part, indent + 2)
        return
    if isinstance(condition, AtLeastOf) and answer.parts:
        yield from _answer(known, answer.parts[0], indent)
        return
    now = now_of(known, answer)
    text = condition_text(condition, known.declared)
    yield Prose(f"{text}    现在：{now}", STYLE[answer.holds], label=f"{MARK[answer.holds]} ", indent=indent)


def group_word(condition: AtLeastOf | NoneOf, count: int) -> str:
    if isinstance(condition, NoneOf):
        return "以下情形一条都不能有"
    if condition.needed == count:
        return "以下各条都要做到"
    return "以下任一条做到即可" if condition.needed == 1 else f"以下 {count} 条至少做到 {condition.needed} 条"


def now_of(known: Knowledge, answer: TestedCondition) -> str:
    facts, condition = known.declared, answer.condition
    if isinstance(condition, Limit):
        return measured_text(condition.measure, answer.now, facts)
    if isinstance(condition, Contains) and answer.holds is not None:
        return "有" if answer.holds else "没有"
    return "、".join(value_text(facts[name], known.value(name)) for name in condition.facts)


def _facts(assessment: Assessment, explanation: Explanation) -> Iterator[RenderableType]:
    per = explanation.finding.criterion.per
    total = assessment.state.totals.get(per)
    if (
        total is None or total.count or assessment.state.sites_of(per)
    ):  # of a kind of which there is none nothing is asked
        yield Text("依据的记录")
        for record in explanation.facts:
            yield from _record(record)
    yield Text(f"规则：{_place(explanation.finding.criterion.where)}", style="dim")
    yield Text()


def _record(record: FactRecord) -> Iterator[RenderableType]:
    fact, reading = record.fact, record.reading
    for defect in record.defects:
        photo = f"照片 {defect.photo}" if defect.photo else ""
        seen = "，".join(part for part in (defect.place, defect.what, f"{defect.found} 发现", photo) if part)
        yield Prose(seen, label="问题点：", indent=4)
    if reading is None and record.value is not None:
        yield Prose(f"{fact.label}：各点位合计 {value_text(fact, record.value)}", label="· ", indent=2)
        return
    if reading is None:
        yield Prose(
            f"{fact.label}：{UNKNOWN[record.unknown or 'unrecorded']}。怎么核：{fact.ask}", "cyan", label="? ", indent=2
        )
        return
    said = value_text(fact, reading.value) if reading.value is not None else reading.unknown or UNKNOWN["said_unknown"]
    sample = f"（问 {reading.sample.asked} 份，{reading.sample.agree} 份同意）" if reading.sample else ""
    by = f"，{reading.by}" if reading.by else ""
    stale = f"；{UNKNOWN[record.unknown]}" if record.unknown and record.unknown != "said_unknown" else ""
    yield Prose(f"{fact.label}：{said}{sample}  {reading.on}{by}{stale}", label="· ", indent=2)
    if reading.note:
        yield Prose(reading.note, "dim", label="注：", indent=4)
    if reading.evidence:
        yield Prose("、".join(reading.evidence), "dim", label="佐证：", indent=4)
    if reading.where.file:
        yield Text(f"    {_place(reading.where)}", style="dim")


def _place(where: Where) -> str:
    return f"{clean(where.file)} 第 {where.line} 行" if where.line else clean(where.file)


def _ways_up(assessment: Assessment, explanation: Explanation) -> Iterator[RenderableType]:
    if not explanation.steps and not explanation.remedies:
        return
    facts = assessment.ruleset.facts
    yield Text("最省力的改法")
    for step in explanation.steps:
        wins = f"+{trimmed_points(step.points)} 分"
        yield Prose(
            f"{step_text(step, facts, explanation.known.values)}  {wins}",
            label=f"到 {level_word(step.level)}：",
            indent=2,
        )
    criterion = explanation.finding.criterion
    word = FLAG[criterion.flag.kind] if criterion.flag else ""
    for remedy in explanation.remedies:
        yield Prose(remedy_text(remedy, word), label="· ", indent=2)
    yield Text()
