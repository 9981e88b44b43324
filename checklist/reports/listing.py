"""Many assessments on the terminal, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..model.assessment import Assessment
from ..model.numbers import percent_text
from .screen import title
from .wording import band_text, score_text
from .words import VERDICT


def list_screen(assessments: Sequence[Assessment], files: Sequence[str]) -> RenderableType:
    """In the order given: name, day, score, band, coverage, red lines and the dearest gap."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    for name in ("社区", "日期"):
        table.add_column(name, overflow="fold")
    for name in ("得分", "等次", "核查率"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("红线与否决", overflow="fold")
    table.add_column("最大的差距", overflow="fold")
    for assessment in assessments:
        table.add_row(*_row(assessment))
    return Group(table, Text(), Text(f"看一个社区：checklist assess {files[0]}", style="dim"))


def _row(assessment: Assessment) -> tuple[Text, ...]:
    verdict = assessment.verdict
    opened = (*verdict.open_vetoes, *verdict.open_redlines)
    flags = "、".join(finding.criterion.id for finding in opened) or VERDICT[verdict.kind]
    gap = assessment.gaps[0].finding.criterion if assessment.gaps else None
    return (
        Text(title(assessment)),
        Text(str(assessment.as_of)),
        Text(score_text(assessment.score)),
        Text(band_text(assessment.bands)),
        Text(percent_text(assessment.coverage)),
        Text(flags, style="red" if opened else ""),
        Text(f"{gap.id} {gap.title}" if gap else "没有"),
    )
