"""A comparison as one self-contained page (extra ``office``): no request leaves it, it prints, it needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from checklist.model.numbers import percent_text, points_text, rounded
from checklist.model.refusals import missing_extra
from checklist.model.results.comparison import Comparison, Ranked, Standing
from checklist.reports.comparison import ranking_rows as comparing
from checklist.reports.language.phrases import action_text, band_text

TEMPLATES = Path(__file__).parent.parent / "templates"


def comparisons_html(comparisons: Sequence[Comparison]) -> str:
    return page("compare.html", pages=[_page(comparison) for comparison in comparisons])


def page(template: str, /, **content: Any) -> str:
    """A template filled in; every text is escaped. Raises Refusal."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise missing_extra("jinja2", "office") from None
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
        "basis": comparing.basis_text(comparison),
        "days": comparing.days_text(comparison),
        "disclaimer": comparison.ruleset.disclaimer,
        "note": comparing.RANK_NOTE,
        "ranked": [_row(item) for item in comparison.ranked],
        "apart": [
            {"name": comparing.named(a.standing.community), "why": comparing.apart_text(a, comparison)}
            for a in comparison.apart
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
            (item.rank.place, comparing.named(item.standing.community), _cells(item.standing, comparison))
            for item in comparison.ranked
        ],
        "common": [
            {
                "criterion": c.criterion,
                "counts": (c.decided, c.missing, c.unknown),
                "lost": points_text(c.lost),
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
        "range": comparing.range_text(item.rank),
        "peer": f"{item.peer.place}（{comparing.range_text(item.peer)}）" if item.peer else "",
        "name": comparing.named(standing.community),
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
