"""What every form of a comparison shares: names, ranks and reasons in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from checklist.model.numbers import percent_text, points_text
from checklist.model.results.assessment import ModuleResult
from checklist.model.results.comparison import Apart, Comparison, Standing
from checklist.model.results.shortfalls import CommonProblem
from checklist.model.rules.ruleset import Module
from checklist.reports.document.document import sure_percent
from checklist.reports.document.prose import clean
from checklist.reports.language.action_phrases import action_text
from checklist.reports.language.ranking import faults_text, shortfall_text

UNDIVIDED: Final = "未分点位"
UNDIVIDED_NOTE: Final = f"{UNDIVIDED}的把各处的问题数在一起评，地方越多越吃亏，和分了点位的不好比。"
APART_NOTE: Final = "平均、最低、最高把未参加排名的也算在内：核得少的低端低，不会因为不说而把平均抬高。"
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


def apart_remark(apart: Apart, comparison: Comparison) -> str:
    """That, and what speaks against its record."""
    faults = faults_text(apart.standing.faults, apart.standing.recorded)
    return "；".join(filter(None, (apart_text(apart, comparison), faults)))


def flags_text(standing: Standing) -> str:
    """``× NEG-03、FIR-01；待核 2 项``; nothing open and nothing undecided reads 全部过关."""
    if standing.verdict == "none":
        return NO_FLAGS
    waiting = f"待核 {standing.undecided} 项" if standing.undecided else ""
    if standing.opened:
        return f"× {'、'.join(standing.opened)}" + (f"；{waiting}" if waiting else "")
    return f"? {waiting}" if waiting else "√ 全部过关"


def undivided_text(standing: Standing, comparison: Comparison) -> str:
    """``未分点位``, ``没分背街小巷``: of which kinds a record tells no sites while others do; empty for the rest."""
    missing = comparison.parted - standing.kinds
    if not missing or not standing.kinds:
        return UNDIVIDED if missing else ""
    kinds = comparison.ruleset.site_kinds
    return f"没分{'、'.join(kind.label for id, kind in kinds.items() if id in missing)}"


def modules_text(results: Iterable[ModuleResult], end: str) -> str:
    """``ORG 100%、FAC 96%``; ``end`` is the end of the interval that is shown."""
    return "、".join(f"{m.module.id} {sure_percent(getattr(m.tally.score, end))}%" for m in results)


def common_text(common: CommonProblem) -> tuple[str, str]:
    """A problem that most communities share, and the one action against it."""
    problem = f"{clean(common.shortfall.criterion.title)}：{shortfall_text(common.shortfall)}"
    if common.action is None:
        return problem, "没有哪一条措施能单独见效，要几条一起做"
    return problem, f"{action_text(common.action)}；{common.helped} 个社区一共挽回 {points_text(common.won)} 分"


def scored(comparison: Comparison) -> list[Module]:
    """Modules that carry points."""
    return [m for m in comparison.ruleset.modules if m.points]
