"""What every form of a comparison shares: names, ranks and reasons in words, and the ranking as one plain table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from checklist.model.numbers import percent_text, points_text, rounded
from checklist.model.results.assessment import ModuleResult, Tally
from checklist.model.results.comparison import Apart, Comparison, Ranked, Standing
from checklist.model.results.shortfalls import CommonProblem
from checklist.model.rules.ruleset import Module
from checklist.reports.document.prose import clean, on_one_line
from checklist.reports.language.labels import VERDICT
from checklist.reports.language.names import named
from checklist.reports.language.phrases import action_text, band_text, score_text
from checklist.reports.language.ranking import range_text, shortfall_text

Cell: TypeAlias = str | int | Fraction
"""Text, a whole number, or a number that is written with two decimals."""

PERCENT: Final = 100
NO_FLAGS: Final = "没有红线和否决项"


def title_text(comparison: Comparison) -> str:
    module = comparison.module
    return f" {module.id} {module.title}" if module else "总分"


def days_text(comparison: Comparison) -> str:
    first, last = comparison.days
    if first == last:
        return f"都是 {first} 的记录"
    return f"记录从 {first} 到 {last}，前后差 {(last - first).days} 天；要按同一天看，加 --as-of"


def apart_text(apart: Apart, comparison: Comparison) -> str:
    """Why a community takes no part."""
    if apart.because == "nothing_applies":
        return f"{title_text(comparison).strip()}没有一条适用"
    return f"核查率 {percent_text(apart.coverage)}，不到 {percent_text(comparison.min_coverage)}"


def flags_text(standing: Standing) -> str:
    """``× NEG-03、FIR-01；待核 2 项``; nothing open and nothing undecided reads 全部过关."""
    if standing.verdict == "none":
        return NO_FLAGS
    waiting = f"待核 {standing.undecided} 项" if standing.undecided else ""
    if standing.opened:
        return f"× {'、'.join(standing.opened)}" + (f"；{waiting}" if waiting else "")
    return f"? {waiting}" if waiting else "√ 全部过关"


def share_text(tally: Tally) -> str:
    """The share of a module's points as a cell of the matrix: ``96``, ``45?`` while more is possible, ``-`` for none."""
    if not tally.possible:
        return "-"
    return f"{whole_percent(tally.low, tally.possible)}{'' if tally.low == tally.high else '?'}"


def whole_percent(points: int, possible: int) -> int:
    """Half-up, but 100 only when nothing is lost."""
    percent = int(rounded(Fraction(points * PERCENT, possible), 0))
    return min(percent, PERCENT - 1) if points < possible else percent


def modules_text(results: Iterable[ModuleResult], end: str) -> str:
    """``ORG 100%、FAC 96%``; ``end`` is the end of the interval that is shown."""
    return "、".join(f"{m.module.id} {whole_percent(getattr(m.tally, end), m.tally.possible)}%" for m in results)


def common_text(common: CommonProblem) -> tuple[str, str]:
    """A problem that most communities share, and the one action against it."""
    problem = f"{clean(common.shortfall.criterion.title)}：{shortfall_text(common.shortfall)}"
    if common.action is None:
        return problem, "没有哪一条措施能单独见效，要几条一起做"
    return problem, f"{action_text(common.action)}；{common.helped} 个社区一共挽回 {points_text(common.won)} 分"


COLUMNS: Final = (
    "名次",
    "名次范围",
    "同类名次",
    "同类名次范围",
    "社区编号",
    "社区",
    "街道",
    "类别",
    "记录日期",
    "保底分",
    "最高可能分",
    "等次",
    "核查率",
    "红线与否决",
    "结论",
    "强项",
    "弱项",
    "未参加排名的原因",
)


def heads(comparison: Comparison) -> list[str]:
    """The columns of the plain table: the fixed ones, then two for each module with points."""
    return [*COLUMNS, *(f"{m.id} {m.title} {end}" for m in scored(comparison) for end in ("低", "高"))]


def rows(comparison: Comparison) -> Iterator[list[Cell]]:
    """The ranking, then the communities that take no part; module columns hold percent of the applicable points."""
    modules = [m.id for m in scored(comparison)]
    for item in comparison.ranked:
        peer: list[Cell] = [item.peer.place, range_text(item.peer)] if item.peer else ["", ""]
        ranks: list[Cell] = [item.rank.place, range_text(item.rank), *peer]
        yield [*ranks, *_row(item.standing, comparison, _best(item), ""), *_shares(item.standing, modules)]
    for apart in comparison.apart:
        why = apart_text(apart, comparison)
        yield ["", "", "", "", *_row(apart.standing, comparison, ("", ""), why), *_shares(apart.standing, modules)]


def scored(comparison: Comparison) -> list[Module]:
    """Modules that carry points."""
    return [m for m in comparison.ruleset.modules if m.points]


def _best(item: Ranked) -> tuple[str, str]:
    return modules_text(item.strong, "low"), modules_text(item.weak, "high")


def _row(standing: Standing, comparison: Comparison, best: tuple[str, str], why: str) -> list[Cell]:
    community, tally = standing.community, standing.tally(comparison.module.id if comparison.module else None)
    return [
        community.id,
        named(community),
        on_one_line(community.street),
        on_one_line(community.group),
        standing.as_of.isoformat(),
        tally.score.low,
        tally.score.high,
        band_text(standing.bands),
        tally.coverage * PERCENT,
        flags_text(standing),
        VERDICT[standing.verdict],
        *best,
        why,
    ]


def _shares(standing: Standing, modules: Sequence[str]) -> list[Cell]:
    cells: list[Cell] = []
    for module in modules:
        tally = standing.tally(module)
        cells += [tally.score.low, tally.score.high] if tally.possible else ["", ""]
    return cells


def short_score(item: Ranked) -> str:
    return score_text(item.score).replace(" ", "")
