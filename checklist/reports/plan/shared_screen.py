"""One budget over many communities on the terminal: a line each, then what was bought most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checklist.model.planning.sharing import BudgetShare, SharedPlan
from checklist.model.planning.tasks import alike
from checklist.model.results.comparison import RecordFaults
from checklist.reports.document.prose import Prose
from checklist.reports.language.action_phrases import places_text, yuan_text
from checklist.reports.language.names import named
from checklist.reports.language.phrases import score_text
from checklist.reports.language.ranking import faults_text
from checklist.reports.plan.shared_document import purchases, rise_text
from checklist.reports.plan.shared_phrases import floor_lines, headline, proof_line, spent_line

SHOWN, COMMON = 20, 10


def shared_screen(
    found: SharedPlan, everything: bool, faults: Mapping[str, RecordFaults], follow_up: Mapping[str, str]
) -> RenderableType:
    """``faults`` by community's id; ``follow_up`` what to type to see one community's plan, by its id. ``everything``:
    every community, with its tasks."""
    shares = sorted(found.shares, key=lambda s: -s.rise)
    shown = shares if everything else shares[:SHOWN]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("现在", "做完", "多得", "项数", "红线否决"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("费用", "社区"):
        table.add_column(name, overflow="fold")
    for share in shown:
        table.add_row(*_row(share))
    less = len(shares) - len(shown)
    more = [Text(f"另有 {less} 个社区，加 --all 全部列出", style="dim")] if less else []
    return Group(
        *_heading(found),
        table,
        *more,
        Text(),
        *_faults(found, faults),
        *(_tasks(shown) if everything else ()),
        *_common(found),
        *_closing(shown, follow_up),
    )


def _heading(found: SharedPlan) -> Iterator[RenderableType]:
    yield Prose(headline(found), "bold")
    yield Prose(spent_line(found))
    for line in floor_lines(found):
        yield Prose(line)
    yield Prose(proof_line(found), "dim")
    yield Text()


def _row(share: BudgetShare) -> tuple[RenderableType, ...]:
    was, now = share.flags
    return (
        Text(score_text(share.before.score).replace(" ", "")),
        Text(score_text(share.after.score).replace(" ", "")),
        Text(rise_text(share)),
        Text(str(len(share.steps))),
        Text(f"{was} → {now}" if was else "无"),
        Text(yuan_text(share.yuan)),
        Prose(named(share.community)),
    )


def _faults(found: SharedPlan, faults: Mapping[str, RecordFaults]) -> Iterator[RenderableType]:
    for share in found.shares:
        if fault := faults.get(share.community.id):
            yield Prose(faults_text(fault, share.before.as_of), label=f"{named(share.community)}：", indent=2)


def _tasks(shares: list[BudgetShare]) -> Iterator[RenderableType]:
    yield Text("每个社区做哪些", style="bold")
    for share in shares:
        said = "；".join(f"{places_text(some)}（{some[0].due} 前）" for some in alike(share.tasks.steps))
        yield Prose(said or "没有", label=f"{named(share.community)}：", indent=2)
    yield Text()


def _common(found: SharedPlan) -> Iterator[RenderableType]:
    several = [bought for bought in purchases(found) if len(bought.communities) > 1][:COMMON]
    if several:
        yield Text("几个社区都要花钱做的，可以一起采购", style="bold")
        for bought in several:
            many = f"{len(bought.communities)} 个 ".rjust(8)
            yield Prose(f"{bought.action.label}，合计 {yuan_text(bought.yuan)}", label=many)
        yield Text()


def _closing(shown: list[BudgetShare], follow_up: Mapping[str, str]) -> Iterator[RenderableType]:
    yield Text("发下去的任务表：加 -o 任务.xlsx；屏幕上看：加 --list 任务分解表", style="dim")
    for share in shown[:1]:
        yield Prose(f"看一个社区的方案：{follow_up[share.community.id]}", "dim")
