"""What became of criteria from one edition to the next, in words and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from checklist.model.numbers import exact_points, trimmed_points
from checklist.model.results.assessment import Finding
from checklist.model.results.lineage import Lineage, LineageKind, Regrouping
from checklist.model.rules.ruleset import Criterion

LINEAGE: Final[dict[LineageKind, str]] = {
    "renamed": "改编号",
    "split": "拆分",
    "merged": "合并",
    "regrouped": "重新组合",
}


def lineage_text(lineage: Lineage) -> str:
    """``ENV-01 卫生死角（4 分） → ENV-11 死角（2 分）、ENV-12 死角清运（2 分），拆分``."""
    before, after = _named(lineage.before), _named(lineage.after)
    return f"{before} → {after}，{LINEAGE[lineage.kind]}"


def _named(criteria: Iterable[Criterion]) -> str:
    return "、".join(f"{c.id} {c.title}（{trimmed_points(c.points)} 分）" for c in criteria)


def ids_text(lineage: Lineage) -> str:
    """``ENV-01 → ENV-11、ENV-12``."""
    return " → ".join("、".join(c.id for c in side) for side in (lineage.before, lineage.after))


def sum_text(findings: Sequence[Finding]) -> str:
    """What several criteria came to together: ``合计 3 ～ 4 分，满分 4 分``."""
    low, high = sum(f.low for f in findings), sum(f.high for f in findings)
    points = " ～ ".join(dict.fromkeys(map(trimmed_points, (low, high))))
    return f"合计 {points} 分，满分 {trimmed_points(sum(f.possible for f in findings))} 分"


def lineage_data(lineage: Lineage) -> dict[str, Any]:
    return {
        "kind": lineage.kind,
        "before": [c.id for c in lineage.before],
        "after": [c.id for c in lineage.after],
    }


def regrouping_data(grouped: Regrouping) -> dict[str, Any]:
    """The sums of both sides; points are decimal strings."""

    def sums(findings: Sequence[Finding]) -> dict[str, Any]:
        ends = {"low": sum(f.low for f in findings), "high": sum(f.high for f in findings)}
        ends["possible"] = sum(f.possible for f in findings)
        return {key: exact_points(points) for key, points in ends.items()}

    return {**lineage_data(grouped.lineage), "sums": {"before": sums(grouped.before), "after": sums(grouped.after)}}
