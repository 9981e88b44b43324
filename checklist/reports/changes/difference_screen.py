"""A difference on the terminal: how the score moved and why, the facts that moved, what is unknown, stale or back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checklist.model.numbers import percent_text
from checklist.model.results.assessment import Finding
from checklist.model.results.difference import Difference, FactMove, Shift
from checklist.model.results.graded import GradedAt
from checklist.reports.changes.printed_change import change, printed_parts
from checklist.reports.document.adding_up import adding_up
from checklist.reports.document.prose import Prose, clean
from checklist.reports.language.labels import OUTCOME, UNKNOWN
from checklist.reports.language.lineage_phrases import ids_text, sum_text
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import band_text, levels_text, score_text, value_text
from checklist.reports.language.site_phrases import WORST, graded_text, site_news


def difference_screen(difference: Difference, top: int | None = 12) -> RenderableType:
    """``top`` criteria and facts of each list (None: all)."""
    return Group(
        *_heading(difference),
        *_news(difference, top),
        *_split(difference),
        *_shifts(difference, top),
        *_facts("新核实的", difference.newly_known, top),
        *_facts("变成没核实的", difference.newly_unknown, top),
        *_facts("过期了、要重新核的", difference.newly_stale, top),
        *_criteria("补上的差距", difference.closed, "green", top),
        *_criteria("新查出的差距（以前没核）", difference.found, "yellow", top),
        *_criteria("反弹的（以前满分，现在又有差距）", difference.relapsed, "red", top),
        *_closing(difference),
    )


def _heading(difference: Difference) -> Iterator[RenderableType]:
    before, after = difference.before, difference.after
    yield Text(f"{named(after.state.community)}  前后对比", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("", "日期", "得分", "等次", "核查率"):
        table.add_column(head, no_wrap=True)
    for word, one in (("前", before), ("后", after)):
        table.add_row(
            word,
            str(one.as_of),
            score_text(one.score, 2).replace(" ", ""),
            band_text(one.bands).replace(" ", ""),
            percent_text(one.coverage),
        )
    yield table
    yield Prose(rules_text(difference), "dim")
    yield Text()


def rules_text(difference: Difference) -> str:
    before, after = ruleset_name(difference.before.ruleset), ruleset_name(difference.after.ruleset)
    return f"都按{after}评。" if difference.same_rules else f"前按{before}评，后按{after}评。"


def _news(difference: Difference, top: int | None) -> Iterator[RenderableType]:
    said = site_news(difference.sites, top)
    for line in said:
        yield Prose(line, "cyan", label="点位  ", label_style="dim")
    if said:
        yield Text()


def _split(difference: Difference) -> Iterator[RenderableType]:
    """The change of both ends, and whose it is; printed figures add up to the cent."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    heads = ["合计"] if difference.same_rules else ["合计", "社区自己的变化", "标准的变化"]
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    for word, end in (("保底分", "low"), ("最高可能分", "high")):
        whole, split = change(difference, end), getattr(difference, end)
        cells = [whole] if difference.same_rules else [whole, *adding_up([split.community, split.standard], whole)]
        table.add_row(word, *(signed(cell) for cell in cells))
    yield table
    if not difference.same_rules:
        yield Prose("社区和标准谁先变，算出来不一样；这里两种先后各算一次取平均，加起来一分不差。", "dim")
    yield Text()


def signed(value: Decimal) -> str:
    return f"{value:+.2f}" if value else "0.00"


def _shifts(difference: Difference, top: int | None) -> Iterator[RenderableType]:
    if not difference.shifts:
        yield Text("没有一条标准的结论变了。")
        yield Text()
        return
    yield Text(f"变了的标准 {len(difference.shifts)} 条（保底分、最高可能分各变多少）", style="bold")
    lows, highs = printed_parts(difference, "low"), printed_parts(difference, "high")
    for shift, low, high in list(zip(difference.shifts, lows, highs, strict=True))[:top]:
        yield Text.assemble(
            (signed(low).rjust(7), "green" if low > 0 else "red" if low < 0 else ""),
            signed(high).rjust(7),
            (f"  {shift_id(shift)}", "bold"),
            f"  {clean(shift.criterion.title)}",
            overflow="fold",
        )
        before, after = ends_text(shift)
        yield Prose(f"{before} → {after}{_whose(difference, shift)}", indent=16)
        shown = slice(None if top is None else WORST)
        for line in site_shift_texts(shift)[shown]:
            yield Prose(line, indent=16)
        if len(shift.sites) > len(shift.sites[shown]):
            yield Text(f"{' ' * 16}另有 {len(shift.sites) - WORST} 处，加 --all 全部列出", style="dim")
        for move in _told(shift)[shown]:
            yield Prose(move_text(move), "dim", indent=16)
    if top is not None and len(difference.shifts) > top:
        rest = Decimal(sum(lows[top:])), Decimal(sum(highs[top:]))
        left = f"另有 {len(difference.shifts) - top} 条，加 --all 全部列出"
        yield Text(f"{signed(rest[0]).rjust(7)}{signed(rest[1]).rjust(7)}  {left}", style="dim")
    yield Text(f"{signed(change(difference, 'low')).rjust(7)}{signed(change(difference, 'high')).rjust(7)}  合计")
    yield Text()


def shift_id(shift: Shift) -> str:
    """``ENV-10``; ``ENV-11（原 ENV-10）`` where it had another id, ``ENV-01 → ENV-11、ENV-12`` where it was split."""
    if shift.regrouped is not None:
        return ids_text(shift.regrouped.lineage)
    old = shift.before.criterion.id if shift.before else shift.criterion.id
    return shift.criterion.id if old == shift.criterion.id else f"{shift.criterion.id}（原 {old}）"


def ends_text(shift: Shift) -> tuple[str, str]:
    """What it came to before and after; of criteria that were split or merged the sums."""
    if shift.regrouped is not None:
        return sum_text(shift.regrouped.before), sum_text(shift.regrouped.after)
    return outcome_text(shift.before), outcome_text(shift.after)


def site_shift_texts(shift: Shift) -> list[str]:
    """``A 区：未达标（无档） → 达标（A 档）``, the worst change first; a site that is new or gone says so."""
    return [
        f"{clean(at.site.name)}：{outcome_text(at.before) if at.before else '以前不在里面'} → "
        f"{outcome_text(at.after) if at.after else '这次不在里面'}"
        for at in shift.sites
    ]


def _told(shift: Shift) -> list[FactMove]:
    """The facts that moved in the community and, site by site, where a screen has told of the site."""
    order = {at.site.id: n for n, at in enumerate(shift.sites)}
    return sorted(shift.moves, key=lambda move: order.get(move.site.id, len(order)) if move.site else -1)


def _whose(difference: Difference, shift: Shift) -> str:
    if difference.same_rules:
        return ""
    community, standard = (any((getattr(shift.low, w), getattr(shift.high, w))) for w in ("community", "standard"))
    return f"（{'社区和标准都变了' if community and standard else '标准变了' if standard else '社区变了'}）"


def outcome_text(finding: Finding | None) -> str:
    """``部分达标（B 档）``; 没有这一条 where the ruleset has none."""
    if finding is None:
        return "没有这一条"
    if finding.outcome == "not_applicable":
        return OUTCOME[finding.outcome]
    return f"{OUTCOME[finding.outcome]}（{levels_text(finding.worst, finding.best)}）"


def move_text(move: FactMove) -> str:
    """``亮灯数：未核实（没有记录）→ 23 盏``, at a site ``A 区卫生死角：3 处 → 0 处``."""
    where = clean(move.site.name) if move.site else ""
    before = value_text(move.fact, move.before) + (f"（{UNKNOWN[move.was]}）" if move.was else "")
    after = value_text(move.fact, move.after) + (f"（{UNKNOWN[move.now]}）" if move.now else "")
    return f"{where}{move.fact.label}：{before} → {after}"


def _facts(title: str, moves: Sequence[FactMove], top: int | None) -> Iterator[RenderableType]:
    if not moves:
        return
    shown = moves[:top]
    more = " 等，加 --all 全部列出" if len(shown) < len(moves) else ""
    told = (clean(m.fact.label) + (f"（{clean(m.site.name)}）" if m.site else "") for m in shown)
    yield Prose("、".join(told) + more, label=f"{title}实测项 {len(moves)} 个：")


def _criteria(title: str, criteria: Sequence[GradedAt], style: str, top: int | None) -> Iterator[RenderableType]:
    if criteria:
        shown = criteria if top is None or all(one.site is None for one in criteria) else criteria[:top]
        more = " 等，加 --all 全部列出" if len(shown) < len(criteria) else ""
        yield Prose("、".join(map(graded_text, shown)) + more, style, label=f"{title} {len(criteria)} 条：")


def _closing(difference: Difference) -> Iterator[RenderableType]:
    yield Text()
    yield Text(
        f"保底分 {signed(change(difference, 'low'))}，最高可能分 {signed(change(difference, 'high'))}；"
        f"补上 {len(difference.closed)} 条，反弹 {len(difference.relapsed)} 条"
    )
    yield Text("看历次变化：checklist trend 社区文件夹", style="dim")
