"""What became of sites, and which criterion at which of them, in phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from checklist.model.results.assessment import Finding
from checklist.model.results.graded import GradedAt, SiteEvent, SiteNews
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect
from checklist.model.state import State
from checklist.reports.document.prose import clean

WORST: Final = 5
"""How many sites a screen names of many."""
_NEWS: Final[dict[SiteNews, str]] = {
    "opened": "新开的{label}：{after}",
    "listed": "新列出来的{label}：{after}",
    "closed": "不再算的{label}：{before}",
    "dropped": "这次没列的{label}：{before}",
    "renamed": "{label}改名：{before}改叫{after}",
    "divided": "{label}以前没分点位，合在社区里评；现在列了 {after} 个，一处一处评",
    "undivided": "{label}以前列了 {after} 个，一处一处评；现在没分点位，合在社区里评",
    "total": "{label}总数：{before} 个变成 {after} 个",
}


def graded_text(graded: GradedAt) -> str:
    """``ENV-10 卫生死角``, at a site ``ENV-10 卫生死角（A 区）``."""
    where = f"（{clean(graded.site.name)}）" if graded.site else ""
    return f"{graded.criterion.id} {clean(graded.criterion.title)}{where}"


def flag_text(finding: Finding) -> str:
    """``消防车通道畅通（A 区）``: a criterion, and the sites at which its red line or veto is open."""
    opened = [clean(at.site.name) for at in finding.worst_first if at.site and at.finding.flag == "open"]
    more = f"等 {len(opened)} 处" if len(opened) > WORST else ""
    where = f"（{'、'.join(opened[:WORST])}{more}）" if opened else ""
    return f"{finding.criterion.title}{where}"


def unlisted_text(state: State, ruleset: Ruleset) -> str:
    """``小区 2 处、背街小巷 1 处``: how many sites of each kind nobody has listed; empty where all are."""
    kinds = ruleset.site_kinds
    return "、".join(f"{kinds[kind].label} {count} 处" for kind, count in state.unlisted.items() if kind in kinds)


def site_news(changes: Sequence[SiteEvent], top: int | None = None) -> list[str]:
    """A line for each change; of one kind of change the first ``top``."""
    said = []
    for news, form in _NEWS.items():
        alike = [change for change in changes if change.news == news]
        for change in alike[:top]:
            told = {"label": change.kind.label, "before": clean(change.before), "after": clean(change.after)}
            said.append(form.format(**told))
        if top is not None and len(alike) > top:
            said.append(f"另有 {len(alike) - top} 处同样")
    return said


def defect_text(defect: RecordedDefect) -> str:
    """``3 号楼堆放纸箱``: where and what, in the words of who saw it."""
    apart = " " if defect.place and defect.what else ""
    return f"{defect.place}{apart}{defect.what}"


def photos_of(defects: Iterable[RecordedDefect]) -> str:
    """The files' names."""
    return "、".join(dict.fromkeys(defect.photo for defect in defects if defect.photo))
