"""Many assessments on the terminal, a row each, or two lines each where a row does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from checklist.model.numbers import percent_text
from checklist.model.results.assessment import Assessment, Verdict
from checklist.reports.assessment.assessment_screen import command_line, quoted
from checklist.reports.comparison.ranking_rows import NO_FLAGS
from checklist.reports.document.prose import Pieces, Prose
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.phrases import band_text, score_text

WIDE = 70


class Listing:
    """Score, band, coverage, name and day, what is open. Below ``WIDE`` cells a name has its own line."""

    def __init__(self, assessments: Sequence[Assessment]) -> None:
        self.assessments = assessments

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.max_width >= WIDE:
            yield self._table()
            return
        for assessment in self.assessments:
            mark, flags, style = _flags(assessment.verdict)
            yield Prose(_name(assessment), "bold")
            yield Pieces((*_numbers(assessment, "核查率 "), mark + flags), style, indent=2)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("得分", "等次", "核查率"):
            table.add_column(name, justify="right", no_wrap=True)
        for name in ("社区", "红线与否决"):
            table.add_column(name, overflow="fold")
        for assessment in self.assessments:
            mark, flags, style = _flags(assessment.verdict)
            table.add_row(*map(Text, _numbers(assessment)), Prose(_name(assessment)), Prose(flags, style, label=mark))
        return table


def list_screen(assessments: Sequence[Assessment], files: Sequence[str]) -> RenderableType:
    """In the order given."""
    return Group(Listing(assessments), Text(), command_line("看一个社区", f"assess {quoted(files[0])}"))


def _name(assessment: Assessment) -> str:
    return f"{community_name(assessment)} {assessment.as_of}"


def _numbers(assessment: Assessment, coverage: str = "") -> tuple[str, str, str]:
    return (
        score_text(assessment.score).replace(" ", ""),
        band_text(assessment.bands).replace(" ", ""),
        coverage + percent_text(assessment.coverage),
    )


def _flags(verdict: Verdict) -> tuple[str, str, str]:
    """A mark, what is open or undecided, and its style."""
    if verdict.kind == "none":
        return "", NO_FLAGS, ""
    opened = [f.criterion.id for f in (*verdict.open_vetoes, *verdict.open_redlines)]
    undecided = len(verdict.undecided_vetoes) + len(verdict.undecided_redlines)
    waiting = f"{undecided} 项待核" if undecided else ""
    if opened:
        return "× ", "、".join(opened) + (f"；{waiting}" if waiting else ""), "red"
    return ("? ", waiting, "yellow") if waiting else ("√ ", "全部过关", "green")
