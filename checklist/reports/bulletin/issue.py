"""One issue of the bulletin: everything that its pages and its annex are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from checklist.model.ledger import Ledger
from checklist.model.results.assessment import Assessment, Finding, Verdict
from checklist.model.results.comparison import Comparison, Standing
from checklist.model.results.difference import Headway
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.reports.language.community_profile import community_name

NO_STREET: Final = "未注明街道"
DISCREET: Final = ("纪委", "监委", "公安", "派出所", "政法委", "国安", "检察院", "法院")
"""A red line or veto that one of these leads (its name is in that of the first owner) is published without names."""
FEW: Final = 3
"""Where fewer than one in so many are not meant, they are named instead."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One community of the issue; ``headway`` since its earlier record, where there is one by the same ruleset."""

    assessment: Assessment
    headway: Headway | None = None

    @property
    def name(self) -> str:
        return community_name(self.assessment)

    @property
    def street(self) -> str:
        return self.assessment.state.community.street or NO_STREET

    @property
    def flags(self) -> tuple[Finding, ...]:
        """Open vetoes and red lines."""
        return (*self.assessment.verdict.open_vetoes, *self.assessment.verdict.open_redlines)

    @property
    def undecided(self) -> int:
        verdict = self.assessment.verdict
        return len(verdict.undecided_vetoes) + len(verdict.undecided_redlines)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is published without names: the criteria, and how many communities have one of them open."""

    criteria: tuple[Criterion, ...] = ()
    communities: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """``covered`` are judged by one ruleset, ``comparison`` is of them. ``ledger`` is the office's own, ``nobodys`` the
    files that could not be read and that belong to no community known, ``withheld`` what ``published`` took out."""

    covered: tuple[Covered, ...]
    comparison: Comparison
    day: date
    issuer: str = ""
    ranked: bool = True
    ledger: Ledger | None = None
    nobodys: tuple[Path, ...] = ()
    withheld: Withheld = Withheld()

    @property
    def ruleset(self) -> Ruleset:
        return self.comparison.ruleset

    @property
    def streets(self) -> dict[str, list[Covered]]:
        return streets_of(self.covered)

    @property
    def standings(self) -> dict[str, Standing]:
        """By community's id."""
        return {entry.standing.community.id: entry.standing for entry in self.comparison.entries}

    @property
    def lost(self) -> str:
        """``安和里社区（3 份）``: those files by the folder in which they lie."""
        folders = Counter(path.absolute().parent.name for path in self.nobodys)
        return "、".join(f"{name}（{count} 份）" for name, count in folders.items())

    @property
    def apart(self) -> tuple[Covered, ...]:
        """Who takes no part in the ranking."""
        out = {entry.standing.community.id for entry in self.comparison.apart}
        return tuple(c for c in self.covered if c.assessment.state.community.id in out)


def streets_of(covered: Iterable[Covered]) -> dict[str, list[Covered]]:
    found: dict[str, list[Covered]] = {}
    for one in covered:
        found.setdefault(one.street, []).append(one)
    return found


def who(some: Sequence[Covered], issue: Issue, said: Mapping[int, str] | None = None) -> str:
    """``湖滨街道：翠湖社区、东湖社区；北门街道：…``: everyone by name; all of them are 全部. ``said`` stands behind a name,
    by the ``id()`` of its entry."""
    if len(some) == len(issue.covered) > 1 and said is None:
        return f"全部 {len(some)} 个社区"
    return "；".join(
        ("" if street == NO_STREET else f"{street}：") + "、".join(c.name + (said or {}).get(id(c), "") for c in group)
        for street, group in streets_of(some).items()
    )


def all_but(some: Sequence[Covered], issue: Issue) -> str:
    """The same, but where most are meant those are named who are not."""
    others = [c for c in issue.covered if c not in some]
    if not others or len(others) * FEW > len(issue.covered):
        return who(some, issue)
    return f"{len(some)} 个社区，全部社区里只有这 {len(others)} 个不是：{who(others, issue)}"


def is_discreet(criterion: Criterion) -> bool:
    return criterion.flag is not None and any(word in unit for unit in criterion.owner[:1] for word in DISCREET)


def published(issue: Issue) -> Issue:
    """Without what is told without names: no page and no sheet made of it can name a community for it."""
    hidden = {c.id for c in issue.ruleset.active if is_discreet(c)}
    open_there = [c for c in issue.covered if any(f.criterion.id in hidden for f in c.flags)]
    named = {f.criterion.id: f.criterion for c in open_there for f in c.flags if f.criterion.id in hidden}
    comparison = issue.comparison
    ranked = tuple(replace(r, standing=_told(r.standing, hidden)) for r in comparison.ranked)
    apart = tuple(replace(a, standing=_told(a.standing, hidden)) for a in comparison.apart)
    shortfalls = tuple(s for s in comparison.shortfalls if s.criterion.id not in hidden)
    common = tuple(c for c in comparison.common if c.shortfall.criterion.id not in hidden)
    return replace(
        issue,
        covered=tuple(replace(c, assessment=_without(c.assessment, hidden)) for c in issue.covered),
        comparison=replace(comparison, ranked=ranked, apart=apart, shortfalls=shortfalls, common=common),
        withheld=Withheld(tuple(named.values()), len(open_there)),
    )


def _without(assessment: Assessment, hidden: set[str]) -> Assessment:
    def kept(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(f for f in findings if f.criterion.id not in hidden)

    verdict, gaps = assessment.verdict, tuple(g for g in assessment.gaps if g.finding.criterion.id not in hidden)
    told = Verdict(
        open_vetoes=kept(verdict.open_vetoes),
        open_redlines=kept(verdict.open_redlines),
        undecided_vetoes=kept(verdict.undecided_vetoes),
        undecided_redlines=kept(verdict.undecided_redlines),
        flagged=verdict.flagged,
    )
    return replace(assessment, findings=kept(assessment.findings), verdict=told, gaps=gaps)


def _told(standing: Standing, hidden: set[str]) -> Standing:
    return replace(standing, opened=tuple(id for id in standing.opened if id not in hidden))
