"""Gaps in phrases: what is recorded now, the way to a level, and at which sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checklist.model.results.assessment import Finding, Gap, SiteFinding, Step
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.language.labels import level_word
from checklist.reports.language.phrases import now_text, step_text

if TYPE_CHECKING:
    from checklist.model.results.forecast import Sink

NAMED = 4
"""How many sites are named at most."""


def nearest_and_top(gap: Gap) -> tuple[Step, ...]:
    """The next level up and the best level: the two that a reader asks about."""
    return gap.steps if len(gap.steps) < 2 else (gap.steps[0], gap.steps[-1])


def recorded_text(gap: Gap, ruleset: Ruleset) -> str:
    """What is recorded now about all that blocks full marks; of sites where, and what the worst one has:
    ``3 个小区里 2 个不达标（A 区、B 区）：B 区楼道堆物 4 处``."""
    blocks = gap.steps[-1].blocks if gap.steps else ()
    now = "；".join(dict.fromkeys(now_text(block, ruleset.facts, gap.known.values) for block in blocks))
    if gap.at is None:
        return now
    there = f"{_name(gap.at, ruleset, gap.finding)}{now}" if now else ""
    return "：".join(part for part in (short_sites(gap.finding, ruleset), there) if part)


def way_up_text(gap: Gap, step: Step, ruleset: Ruleset) -> str:
    """The way to one level; of sites that of the worst one."""
    said = step_text(step, ruleset.facts, gap.known.values)
    return said if gap.at is None else f"{_name(gap.at, ruleset, gap.finding)}{said}"


def short_sites(finding: Finding, ruleset: Ruleset) -> str:
    """``3 个小区里 2 个不达标（A 区、B 区）``; empty when none surely falls short."""
    short = [at for at in finding.applicable if at.finding.short]
    count, bad = sum(at.count for at in finding.applicable), sum(at.count for at in short)
    if not short:
        return ""
    unmet = all(at.finding.outcome == "unmet" for at in short)
    names = "、".join(_name(at, ruleset, finding) for at in short[:NAMED]) + ("等" if len(short) > NAMED else "")
    told = f"（{names}）" if len(short) > 1 else ""
    label = ruleset.site_kinds[finding.criterion.per].label
    return f"{count} 个{label}里 {bad} 个{'不达标' if unmet else '没有全达标'}{told}"


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


def site_name(at: SiteFinding | Sink, label: str) -> str:
    """The site's name; a site that nobody has listed is told by how many there are."""
    return at.site.name if at.site else f"没列出来的 {at.count} 个{label}"


def _name(at: SiteFinding, ruleset: Ruleset, finding: Finding) -> str:
    return site_name(at, ruleset.site_kinds[finding.criterion.per].label)
