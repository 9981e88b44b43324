"""A trend on the terminal: the score band day by day, gaps opened and closed, how old the open ones are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checklist.model.numbers import percent_text
from checklist.model.results.assessment import Score
from checklist.model.results.graded import GradedAt
from checklist.model.results.trend import Moment, Spell, Trend
from checklist.reports.document.prose import Prose
from checklist.reports.language.lineage_phrases import LINEAGE, ids_text, sum_text
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import band_text, score_text
from checklist.reports.language.site_phrases import graded_text, site_news

SPARKS: Final = "▁▂▃▄▅▆▇█"
CELLS: Final = 25
POINTS: Final = 100


def trend_screen(trend: Trend, top: int | None = 12) -> RenderableType:
    """``top`` gaps of each list (None: all)."""
    return Group(
        *_heading(trend),
        *_moments(trend),
        *_changes(trend, top),
        *_open(trend, top),
        *_closing(trend),
    )


def spark(values: Sequence[Fraction]) -> str:
    """One character for each score, 0 to 100, on a fixed scale: two communities can be compared by eye."""
    return "".join(SPARKS[min(int(value * len(SPARKS) // POINTS), len(SPARKS) - 1)] for value in values)


def _heading(trend: Trend) -> Iterator[RenderableType]:
    first, last = trend.moments[0], trend.moments[-1]
    yield Text(f"{named(trend.community)}  历次变化", style="bold")
    yield Prose(f"{len(trend.moments)} 次记录，{first.as_of} 到 {last.as_of}；{rules_of(trend)}")
    yield Prose(trend.ruleset.disclaimer, "dim")
    yield Text()
    yield Text(
        f"最高可能分  {spark([m.score.high for m in trend.moments])}  {score_text(_at(first.score.high))} → {score_text(_at(last.score.high))}"
    )
    yield Text(
        f"保底分      {spark([m.score.low for m in trend.moments])}  {score_text(_at(first.score.low))} → {score_text(_at(last.score.low))}"
    )
    yield Text()


def rules_of(trend: Trend) -> str:
    """Under which ruleset all days were judged, or under which editions one after the other."""
    rulesets = {moment.assessment.ruleset.id: moment.assessment.ruleset for moment in trend.moments}
    names = list(map(ruleset_name, rulesets.values()))
    return f"都按{names[0]}评" if len(names) == 1 else f"先后按{'、'.join(names)}评"


def regrouped_lines(moment: Moment) -> Iterator[str]:
    """``ENV-01 → ENV-11、ENV-12（拆分）：合计 3 分，满分 4 分 → 合计 2 分，满分 4 分``."""
    for one in moment.regrouped:
        word = LINEAGE[one.lineage.kind]
        yield f"{ids_text(one.lineage)}（{word}）：{sum_text(one.before)} → {sum_text(one.after)}"


def _at(value: Fraction) -> Score:
    return Score(value, value)


def _moments(trend: Trend) -> Iterator[RenderableType]:
    """A row a day: the bar shows sure points solid and possible ones as dots."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("日期", no_wrap=True)
    table.add_column("0 到 100", no_wrap=True)
    for head in ("得分", "核查率", "新增", "补上", "反弹", "还有"):
        table.add_column(head, justify="right", no_wrap=True)
    for moment in trend.moments:
        counts = (len(moment.opened), len(moment.closed), len(moment.relapsed), moment.open)
        table.add_row(
            str(moment.as_of),
            _bar(moment.score),
            score_text(moment.score).replace(" ", ""),
            percent_text(moment.assessment.coverage),
            *(str(count) if count else "·" for count in counts),
        )
    yield table
    yield Prose("新增、补上、反弹、还有：差距的条数。没核实的项不算差距，也不算补上。", "dim")
    yield Text()


def _bar(score: Score) -> Text:
    sure = int(score.low * CELLS // POINTS)
    possible = sure if score.known else int(-(-score.high * CELLS // POINTS))
    return Text.assemble(("█" * sure, "green"), ("·" * (possible - sure), "cyan"), " " * (CELLS - possible))


def _changes(trend: Trend, top: int | None) -> Iterator[RenderableType]:
    for moment in trend.moments[1:]:
        for line in site_news(moment.sites, top):
            yield Prose(line, "cyan", label=f"{moment.as_of} ")
        for line in regrouped_lines(moment):
            yield Prose(line, "cyan", label=f"{moment.as_of} ")
        for title, criteria, style in _of(moment):
            if criteria:
                names = "、".join(map(graded_text, criteria[:top]))
                names += " 等，加 --all 全部列出" if top is not None and len(criteria) > top else ""
                yield Prose(names, style, label=f"{moment.as_of} {title} {len(criteria)} 条：")
    yield Text()


def _of(moment: Moment) -> tuple[tuple[str, tuple[GradedAt, ...], str], ...]:
    return ("补上", moment.closed, "green"), ("新增", moment.opened, "yellow"), ("反弹", moment.relapsed, "red")


def _open(trend: Trend, top: int | None) -> Iterator[RenderableType]:
    spells = trend.still_open
    if not spells:
        yield Text("现在没有查出的差距。")
        yield Text()
        return
    yield Text(f"还没补上的差距 {len(spells)} 条，拖得最久的在前", style="bold")
    for spell in spells[:top]:
        yield Prose(
            f"{graded_text(spell.graded)}{_again(spell)}",
            label=f"{age_text(spell)}  ",
            indent=2,
        )
    if top is not None and len(spells) > top:
        yield Text(f"  另有 {len(spells) - top} 条，加 --all 全部列出", style="dim")
    yield Text()


def _again(spell: Spell) -> str:
    return "（反弹）" if spell.relapse else ""


def age_text(spell: Spell) -> str:
    return f"{spell.days:>4} 天"


def relapse_text(trend: Trend) -> str:
    """补上过几条，其中几条又反弹."""
    if trend.relapse_rate is None:
        return "还没有补上以后能再看一次的差距，反弹率算不出"
    return f"补上过 {trend.closures} 条，其中 {trend.relapses} 条又反弹，反弹率 {percent_text(trend.relapse_rate)}"


def _closing(trend: Trend) -> Iterator[RenderableType]:
    last = trend.moments[-1]
    yield Text(f"{relapse_text(trend)}；现在 {score_text(last.score)}，{band_text(last.assessment.bands)}")
    if len(trend.moments) > 1:
        before, after = (moment.assessment.state.where.file for moment in trend.moments[-2:])
        yield Text(f"看最近两次差在哪儿：checklist diff {before} {after}", style="dim")
