"""One budget over many communities on the terminal: a line each, then what was bought most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checklist.model.numbers import POINT, number_text, percent_text, points_text, rounded
from checklist.model.planning.sharing import BudgetShare, SharedPlan
from checklist.reports.document.prose import Prose
from checklist.reports.language.action_phrases import yuan_text
from checklist.reports.language.names import named
from checklist.reports.language.phrases import score_text

SHOWN, COMMON = 20, 10


def shared_screen(found: SharedPlan, everything: bool) -> RenderableType:
    shares = sorted(found.shares, key=lambda s: -s.won)
    shown = shares if everything else shares[:SHOWN]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("现在", "做完", "多得", "项数", "红线否决"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("费用", "社区"):
        table.add_column(name, overflow="fold")
    for share in shown:
        table.add_row(*_row(share))
    more = (
        [Text(f"另有 {len(shares) - len(shown)} 个社区，加 --all 全部列出", style="dim")]
        if len(shares) > len(shown)
        else []
    )
    return Group(*_heading(found), table, *more, Text(), *_common(found), *_closing(found))


def _heading(found: SharedPlan) -> Iterator[RenderableType]:
    limits = found.limits
    low, high = (sum(share.yuan[end] for share in found.shares) for end in (0, 1))
    by = f"，{limits.by} 前做完" if limits.by else ""
    end = "上限" if limits.cost_end == "high" else "下限"
    yield Prose(f"{len(found.shares)} 个社区分 {limits.budget or 0:,} 元{by}（费用按{end}算）", "bold")
    yield Text(f"用掉 {yuan_text((low, high))}，一共多得 {points_text(found.won)} 分")
    if found.each is not None:
        lacking = found.asked is not None and found.each < found.asked
        note = f"（要求 {number_text(found.asked or 0)} 分，钱不够）" if lacking else ""
        short = sum(share.won < found.each * POINT for share in found.shares)
        less = f"；{short} 个全做也没有这么多" if short else ""
        yield Prose(f"每个社区至少多得 {number_text(found.each)} 分{note}{less}")
    if found.floor is not None:
        under = sum(share.after.score.low < found.floor for share in found.shares)
        yield Prose(f"先拉高最低的：底线 {rounded(found.floor, 2)} 分" + (f"；{under} 个全做也到不了" if under else ""))
    yield Prose(_proof(found), "dim")
    yield Text()


def _proof(found: SharedPlan) -> str:
    if found.gap == 0:
        return "已证明：这笔钱没有多得更多分的分法。红线按 100 分、一票否决按 1000 分计。"
    return f"已证明：任何分法最多再多 {percent_text(found.gap, 4)} 的分。红线按 100 分、一票否决按 1000 分计。"


def _row(share: BudgetShare) -> tuple[RenderableType, ...]:
    was, now = share.flags
    return (
        Text(score_text(share.before.score).replace(" ", "")),
        Text(score_text(share.after.score).replace(" ", "")),
        Text(f"+{points_text(share.won)}"),
        Text(str(len(share.actions))),
        Text(f"{was} → {now}" if was else "无"),
        Text(yuan_text(share.yuan)),
        Prose(named(share.community)),
    )


def _common(found: SharedPlan) -> Iterator[RenderableType]:
    count = Counter(id for share in found.shares for id in {action.id: None for action in share.actions})
    labels = {action.id: action.label for share in found.shares for action in share.actions}
    several = [(id, n) for id, n in count.most_common(COMMON) if n > 1]
    if several:
        yield Text("多个社区都要做，可以一起采购", style="bold")
        for id, n in several:
            yield Prose(labels[id], label=f"{n} 个 ".rjust(8))
        yield Text()


def _closing(found: SharedPlan) -> Iterator[RenderableType]:
    yield Text("看一个社区的方案：checklist plan 现状记录 --budget 分到的钱", style="dim")
