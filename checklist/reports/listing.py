"""Many assessments on the terminal, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..model.assessment import Assessment, Verdict
from ..model.numbers import percent_text
from .comparing import NO_FLAGS
from .prose import Prose
from .screen import title
from .wording import band_text, score_text


def list_screen(assessments: Sequence[Assessment], files: Sequence[str]) -> RenderableType:
    """In the order given: score, band, coverage, name and day, what is open."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("得分", "等次", "核查率"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("社区", "红线与否决"):
        table.add_column(name, overflow="fold")
    for assessment in assessments:
        table.add_row(*_row(assessment))
    return Group(table, Text(), Text(f"看一个社区：checklist assess {files[0]}", style="dim"))


def _row(assessment: Assessment) -> tuple[RenderableType, ...]:
    return (
        Text(score_text(assessment.score).replace(" ", "")),
        Text(band_text(assessment.bands).replace(" ", "")),
        Text(percent_text(assessment.coverage)),
        Prose(f"{title(assessment)} {assessment.as_of}"),
        _flags(assessment.verdict),
    )


def _flags(verdict: Verdict) -> Prose:
    if verdict.kind == "none":
        return Prose(NO_FLAGS)
    opened = [f.criterion.id for f in (*verdict.open_vetoes, *verdict.open_redlines)]
    undecided = len(verdict.undecided_vetoes) + len(verdict.undecided_redlines)
    waiting = f"{undecided} 项待核" if undecided else ""
    if opened:
        return Prose("、".join(opened) + (f"；{waiting}" if waiting else ""), "red", label="× ")
    return Prose(waiting, "yellow", label="? ") if waiting else Prose("全部过关", "green", label="√ ")
