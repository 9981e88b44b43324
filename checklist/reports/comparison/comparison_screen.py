"""A comparison on the terminal: the ranking, who takes no part, groups, the module matrix, what most of them miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checklist.model.numbers import rounded
from checklist.model.results.assessment import Tally
from checklist.model.results.comparison import Comparison, Ranked, Section, Standing
from checklist.reports.comparison.ranking_columns import RankingColumn, columns_of
from checklist.reports.comparison.ranking_rows import (
    APART_NOTE,
    UNDIVIDED,
    UNDIVIDED_NOTE,
    apart_remark,
    common_text,
    days_text,
    modules_text,
    scored,
    title_text,
)
from checklist.reports.document.document import FAIR, GOOD, Column, cell_text, sure_percent, sure_text
from checklist.reports.document.prose import Prose, on_one_line
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.ranking import RANK_NOTE, faults_text

FLAG_STYLE = {"veto": "red", "redline": "red", "undecided": "yellow", "clear": "green", "none": ""}
SHOWN: Final = ("名次", "名次范围", "点位", "得分", "等次", "核查率", "社区", "红线与否决")
"""The columns that a terminal has room for."""
FOLDED: Final = ("点位", "社区", "红线与否决")
CELL = 4


def comparison_screen(comparison: Comparison, top: int | None = 20, *, files: bool = True) -> RenderableType:
    """``top`` rows of each list (None: all). ``files`` False keeps the names of records to itself."""
    shown = comparison.ranked[:top]
    return Group(
        *_heading(comparison),
        *_ranking(comparison, shown),
        *_faults(comparison),
        *_apart(comparison, top),
        *_sections("按类别", comparison.groups, top),
        *_sections("按街道", comparison.streets, top),
        *_matrix(comparison, shown),
        *_strong_and_weak(shown),
        *_common(comparison, top),
        *_closing(comparison, files),
    )


def _heading(comparison: Comparison) -> Iterator[RenderableType]:
    taking = f"{comparison.count} 个社区，{len(comparison.ranked)} 个参加排名"
    yield Text(f"社区比较：按{title_text(comparison)}  {taking}", style="bold")
    yield Prose(ruleset_name(comparison.ruleset))
    yield Prose(days_text(comparison) + "。" + comparison.ruleset.disclaimer, "dim")
    yield Text()


def _table(*heads: str) -> Table:
    """Columns whose heading begins with ``>`` are aligned right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head in heads:
        right = head.startswith(">")
        table.add_column(head.lstrip(">"), justify="right" if right else "left", no_wrap=right)
    return table


def _ranking(comparison: Comparison, shown: Sequence[Ranked]) -> Iterator[RenderableType]:
    if not shown:
        yield Text("没有社区能参加排名。")
        yield Text()
        return
    wanted = columns_of(comparison)
    columns = [c for title in SHOWN for c in wanted if (c.column.title, c.column.only != "sheets") == (title, True)]
    table = _table(*(_head(c.column, comparison) for c in columns))
    for item in shown:
        table.add_row(*(_content(c, item, comparison) for c in columns))
    yield table
    if len(shown) < len(comparison.ranked):
        yield Text(f"另有 {len(comparison.ranked) - len(shown)} 个，加 --all 全部列出", style="dim")
    yield Prose(RANK_NOTE + UNDIVIDED_NOTE * bool(comparison.parted), "dim")
    yield Text()


def _head(column: Column, comparison: Comparison) -> str:
    if column.title == "等次":
        return ">总分等次" if comparison.module else ">等次"
    name = {"名次范围": "范围"}.get(column.title, column.title)
    return name if column.title in FOLDED else f">{name}"


def _content(shown: RankingColumn, item: Ranked, comparison: Comparison) -> RenderableType:
    standing, title = item.standing, shown.column.title
    if title == "社区":
        return Prose(_label(standing))
    text = cell_text(shown.column, shown.cell(item, comparison))
    if title in FOLDED:
        return Prose(text, FLAG_STYLE[standing.verdict] if title == "红线与否决" else "")
    return Text(text.replace(" ", ""), style="bold" if title == "名次" else "")


def _label(standing: Standing) -> str:
    group = on_one_line(standing.community.group)
    return named(standing.community) + (f" {group}" if group else "")


def _faults(comparison: Comparison) -> Iterator[RenderableType]:
    """Of those that are ranked; the others say it with the reason why they are not."""
    said = [(item.standing, faults_text(item.standing.faults, item.standing.recorded)) for item in comparison.ranked]
    told = [(standing, text) for standing, text in said if text]
    if told:
        yield Text(f"记录有误 {len(told)} 个", style="bold")
        for standing, text in told:
            yield Prose(text, label=f"{_label(standing)}：", indent=2)
        yield Text()


def _apart(comparison: Comparison, top: int | None) -> Iterator[RenderableType]:
    if not comparison.apart:
        return
    yield Text(f"未参加排名 {len(comparison.apart)} 个", style="bold")
    for apart in comparison.apart[:top]:
        tally = apart.standing.tally(comparison.module.id if comparison.module else None)
        score = f"得分 {rounded(tally.score.low)}～{rounded(tally.score.high)}" if tally.possible else ""
        yield Prose(
            "；".join(filter(None, (apart_remark(apart, comparison), score))),
            label=f"{_label(apart.standing)}：",
            indent=2,
        )
    if top is not None and len(comparison.apart) > top:
        yield Text(f"  另有 {len(comparison.apart) - top} 个，加 --all 全部列出", style="dim")
    yield Text()


def _sections(title: str, sections: Sequence[Section], top: int | None) -> Iterator[RenderableType]:
    if len(sections) < 2 or all(section.count == 1 for section in sections):
        return
    counts = [("未参加排名", [s.apart for s in sections]), (UNDIVIDED, [s.undivided for s in sections])]
    told = [(name, some) for name, some in counts if any(some)]
    table = _table(title, ">社区", ">平均得分", ">最低", ">最高", *(f">{name}" for name, _ in told))
    for n, section in enumerate(sections[:top]):
        table.add_row(
            Prose(section.name),
            Text(str(section.count)),
            Text(f"{rounded(section.low)}～{rounded(section.high)}"),
            Text(str(rounded(section.lowest))),
            Text(str(rounded(section.highest))),
            *(Text(str(some[n] or "")) for _, some in told),
        )
    yield table
    if any(section.apart for section in sections):
        yield Prose(APART_NOTE, "dim")
    yield Text()


def _matrix(comparison: Comparison, shown: Sequence[Ranked]) -> Iterator[RenderableType]:
    """Numbers first, colour second: percent of each module's points that are sure, ``?`` while more is possible."""
    if not shown:
        return
    yield Text("模块得分率（已得分占适用分的百分比；? 表示还有没核实的，会更高）", style="bold")
    modules = scored(comparison)
    table = Table(box=None, pad_edge=False, padding=0, header_style="dim")
    table.add_column("", ratio=1)
    table.add_column("", width=1)
    for module in modules:
        table.add_column(module.id.rjust(CELL - 1) + " ", no_wrap=True, min_width=CELL)
    for item in shown:
        name = f"{item.rank.place} {on_one_line(item.standing.community.name)}"
        table.add_row(Prose(name), "", *(_cell(item.standing.tally(m.id)) for m in modules))
    yield table
    yield Prose("、".join(f"{m.id} {m.title}" for m in modules), "dim")
    yield Text()


def _cell(tally: Tally) -> Text:
    if not tally.possible:
        return Text("-".rjust(CELL - 1) + " ", style="dim")
    text = sure_text(tally.score)
    padded = text.rstrip("?").rjust(CELL - 1) + ("?" if text.endswith("?") else " ")
    share = sure_percent(tally.score.low)
    style = "black on green" if share >= GOOD else "black on yellow" if share >= FAIR else "white on red"
    return Text(padded, style=style)


def _strong_and_weak(shown: Sequence[Ranked]) -> Iterator[RenderableType]:
    if not shown:
        return
    yield Text("每个社区最强和最弱的三个模块（强按保底得分率，弱按最高可能得分率）", style="bold")
    width = max(cell_len(on_one_line(item.standing.community.name)) for item in shown)
    for item in shown:
        name = on_one_line(item.standing.community.name)
        pad = " " * (width - cell_len(name))
        weak = modules_text(item.weak, "high") or "还看不出"
        yield Prose(f"强 {modules_text(item.strong, 'low')}；弱 {weak}", label=f"{name}{pad}  ", indent=2)
    yield Text()


def _common(comparison: Comparison, top: int | None) -> Iterator[RenderableType]:
    if not comparison.common:
        return
    shown = comparison.common[: None if top is None else max(top // 2, 1)]
    yield Text(f"举一反三：多数社区都没得满分的标准，丢分最多的 {len(shown)} 条", style="bold")
    for common in shown:
        problem, action = common_text(common)
        yield Prose(problem, label=f"{common.shortfall.criterion.id}  ", indent=2)
        yield Prose(action, label="一起做：", indent=4, label_style="dim")
    yield Text()


def _closing(comparison: Comparison, files: bool) -> Iterator[RenderableType]:
    if comparison.ranked and files:
        last = min(comparison.ranked, key=lambda r: r.score.low).standing
        yield Text(f"看分最低的一个：checklist assess {last.file}", style="dim")
    yield Text("看一个社区怎么变的：checklist trend 社区文件夹", style="dim")
