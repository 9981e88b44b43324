"""A comparison as one self-contained page (extra ``office``): no request leaves it, it prints, it needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checklist.model.numbers import percent_text, points_text, rounded
from checklist.model.problems import MissingExtra
from checklist.model.results.comparison import Comparison, Ranked, Standing
from checklist.reports.comparison import ranking_rows as comparing
from checklist.reports.language.names import named, ruleset_name
from checklist.reports.language.phrases import action_text, band_text
from checklist.reports.language.ranking import RANK_NOTE, range_text

TEMPLATES = Path(__file__).parent.parent / "templates"


def comparisons_html(comparisons: Sequence[Comparison]) -> str:
    return page("compare.html", pages=[_page(comparison) for comparison in comparisons])


def page(template: str, /, **content: Any) -> str:
    """A template filled in; every text is escaped. Raises MissingExtra."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MissingExtra("jinja2", "office") from None
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**content)


def _page(comparison: Comparison) -> dict[str, Any]:
    return {
        "title": f"社区比较：按{comparing.title_text(comparison)}",
        "basis": ruleset_name(comparison.ruleset),
        "days": comparing.days_text(comparison),
        "disclaimer": comparison.ruleset.disclaimer,
        "note": RANK_NOTE,
        "ranked": [_row(item) for item in comparison.ranked],
        "apart": [
            {"name": named(a.standing.community), "why": comparing.apart_text(a, comparison)} for a in comparison.apart
        ],
        "sections": [
            (
                title,
                [
                    (s.name, s.count, f"{rounded(s.low)}～{rounded(s.high)}", rounded(s.lowest), rounded(s.highest))
                    for s in sections
                ],
            )
            for title, sections in (("类别", comparison.groups), ("街道", comparison.streets))
            if len(sections) > 1
        ],
        "modules": comparing.scored(comparison),
        "matrix": [
            (item.rank.place, named(item.standing.community), _cells(item.standing, comparison))
            for item in comparison.ranked
        ],
        "common": [
            {
                "criterion": c.shortfall.criterion,
                "counts": (c.shortfall.decided, c.shortfall.missing, c.shortfall.unknown),
                "lost": points_text(c.shortfall.lost),
                "action": action_text(c.action) if c.action else "要几条措施一起做",
                "helped": c.helped,
                "won": points_text(c.won),
            }
            for c in comparison.common
        ],
    }


def _row(item: Ranked) -> dict[str, Any]:
    standing = item.standing
    return {
        "place": item.rank.place,
        "range": range_text(item.rank),
        "peer": f"{item.peer.place}（{range_text(item.peer)}）" if item.peer else "",
        "name": named(standing.community),
        "street": standing.community.street,
        "group": standing.community.group,
        "as_of": standing.as_of,
        "score": comparing.short_score(item),
        "low": rounded(item.score.low, 2),
        "width": rounded(item.score.high - item.score.low, 2),
        "band": band_text(standing.bands).replace(" ", ""),
        "coverage": percent_text(item.coverage),
        "flags": comparing.flags_text(standing),
        "strong": comparing.modules_text(item.strong, "low"),
        "weak": comparing.modules_text(item.weak, "high"),
    }


def _cells(standing: Standing, comparison: Comparison) -> list[tuple[str, str]]:
    """The text of each cell and its shade: the number says all that the colour says."""
    cells = []
    for module in comparing.scored(comparison):
        tally = standing.tally(module.id)
        percent = comparing.whole_percent(tally.low, tally.possible) if tally.possible else None
        shade = "none" if percent is None else "good" if percent >= 90 else "fair" if percent >= 60 else "poor"
        cells.append((comparing.share_text(tally), shade))
    return cells
