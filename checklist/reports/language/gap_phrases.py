"""Gaps in phrases: what is recorded now, the way to a level, and at which sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checklist.model.results.assessment import Finding, Gap, Outcome, SiteFinding, Step
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect
from checklist.reports.language.clauses import wrong_text
from checklist.reports.language.labels import OUTCOME, level_word
from checklist.reports.language.phrases import levels_text, now_text, step_text
from checklist.reports.language.site_phrases import WORST, defect_text

if TYPE_CHECKING:
    from checklist.model.results.forecast import Sink

DEFECTS = 3
"""How many defects are told at most."""


def nearest_and_top(gap: Gap) -> tuple[Step, ...]:
    """The next level up and the best level: the two that a reader asks about."""
    return gap.steps if len(gap.steps) < 2 else (gap.steps[0], gap.steps[-1])


def recorded_text(gap: Gap, ruleset: Ruleset) -> str:
    """What is recorded now about all that blocks full marks; of sites where, and what the worst one has:
    ``3 个小区里 2 个不达标（A 区、B 区）：B 区楼道堆物 4 处（3 号楼 纸箱）``."""
    return _at_its_place(gap, ruleset, _now(gap, ruleset))


def problem_text(gap: Gap, ruleset: Ruleset) -> str:
    """What is wrong, in the words of the ruleset; what is recorded, where it has none."""
    return _at_its_place(gap, ruleset, wrong_text(gap) or _now(gap, ruleset))


def _now(gap: Gap, ruleset: Ruleset) -> str:
    blocks = gap.steps[-1].blocks if gap.steps else ()
    return "；".join(dict.fromkeys(now_text(block, ruleset.facts, gap.known.values) for block in blocks))


def _at_its_place(gap: Gap, ruleset: Ruleset, now: str) -> str:
    """With the defects that were recorded there; of sites how many fall short, and which one is told."""
    now += f"（{defects_text(gap.defects)}）" if gap.defects else ""
    if gap.at is None:
        return now
    there = f"{_name(gap.at, ruleset, gap.finding)}{now}" if now else ""
    return "：".join(part for part in (short_sites(gap.finding, ruleset), there) if part)


def way_up_text(gap: Gap, step: Step, ruleset: Ruleset) -> str:
    """The way to one level; of sites that of the worst one."""
    said = step_text(step, ruleset.facts, gap.known.values)
    return said if gap.at is None else f"{_name(gap.at, ruleset, gap.finding)}{said}"


def short_sites(finding: Finding, ruleset: Ruleset, *, alone: bool = False) -> str:
    """``3 个小区里 2 个不达标（A 区、B 区）``, the worst first; empty when none surely falls short. A single one is named
    where the phrase stands ``alone``."""
    short = [at for at in finding.worst_first if at.finding.short]
    count, bad = sum(at.count for at in finding.applicable), sum(at.count for at in short)
    if not short:
        return ""
    unmet = all(at.finding.outcome == "unmet" for at in short)
    more = bad - sum(at.count for at in short[:WORST])
    names = "、".join(_name(at, ruleset, finding) for at in short[:WORST]) + (f"，另有 {more} 处" if more else "")
    told = f"（{names}）" if len(short) > 1 or alone else ""
    label = ruleset.site_kinds[finding.criterion.per].label
    return f"{count} 个{label}里 {bad} 个{'不达标' if unmet else '没有全达标'}{told}"


def sites_short(finding: Finding) -> str:
    """The listed sites that fall short, in brackets: ``（A 区、B 区）``; empty for a community that is its own one site."""
    names = [at.site.name for at in finding.worst_first if at.site and at.finding.short]
    more = f"，另有 {len(names) - WORST} 处" if len(names) > WORST else ""
    return f"（{'、'.join(names[:WORST])}{more}）" if names else ""


def sites_text(finding: Finding, ruleset: Ruleset) -> str:
    """What its sites came to: ``4 个小区：A 档 2 个，无档 1 个，未定 1 个``."""
    levels, kind = finding.levels, ruleset.site_kinds[finding.criterion.per]
    count, told = sum(at.count for at in finding.applicable), sum(levels.values())
    order = (level for level in (*ruleset.levels, None) if level in levels)
    said = [f"{level_word(level)} {levels[level]} 个" for level in order]
    said += [f"未定 {count - told} 个"] if count > told else []
    excluded = sum(at.count for at in finding.sites) - count
    said += [f"不适用 {excluded} 个"] if excluded else []
    return f"{count} 个{kind.label}：{'，'.join(said)}"


def defects_text(defects: Sequence[RecordedDefect]) -> str:
    """``3 号楼 纸箱；5 号楼 旧沙发，另有 2 处``."""
    said = [text for defect in defects if (text := defect_text(defect))]
    more = len(defects) - len(said[:DEFECTS])
    return "；".join(said[:DEFECTS]) + (f"，另有 {more} 处" if more and said else f"记了 {more} 处" if more else "")


def each_site(finding: Finding, ruleset: Ruleset, top: int | None) -> list[tuple[str, str, Outcome]]:
    """The first ``top`` sites, the worst first: its name, what it came to in words, its outcome."""
    shown, told = finding.worst_first[:top], []
    for at in shown:
        here = at.finding
        why = levels_text(here.worst, here.best) if here.outcome != "not_applicable" else here.reason
        told.append((_name(at, ruleset, finding), f"{OUTCOME[here.outcome]}，{why}", here.outcome))
    return told


def left_out(finding: Finding, top: int | None) -> int:
    """How many sites are not among the first ``top``."""
    return sum(at.count for at in finding.worst_first[len(finding.sites) if top is None else top :])


def site_name(at: SiteFinding | Sink, label: str) -> str:
    """The site's name; a site that nobody has listed is told by how many there are."""
    return at.site.name if at.site else f"没列出来的 {at.count} 个{label}"


def _name(at: SiteFinding, ruleset: Ruleset, finding: Finding) -> str:
    return site_name(at, ruleset.site_kinds[finding.criterion.per].label)
