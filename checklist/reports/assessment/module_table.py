"""The modules of one assessment: points and outcomes, a row each, or two short lines each where a row does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from checklist.model.numbers import points_text
from checklist.model.results.assessment import OUTCOMES, ModuleResult, Tally
from checklist.reports.document.prose import Pieces, on_one_line
from checklist.reports.language.labels import OUTCOME_SHORT, OUTCOME_STYLE
from checklist.reports.language.phrases import points_range

BAR_CELLS, COUNT_CELLS = 10, 5
MODULE_CELLS, EARNED_CELLS = 24, 14
SURE, POSSIBLE = "█", "·"


class ModulesTable:
    """One row per module. On a terminal that a row does not fit, the name and points, and the counts under them."""

    def __init__(self, results: Sequence[ModuleResult]) -> None:
        self.results = results
        self.names = [f"{r.module.id} {on_one_line(r.module.title)}" for r in results]
        self.earned = [_earned(r.tally) for r in results]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        name = max([MODULE_CELLS, *map(cell_len, self.names)]) + 1
        earned = max([EARNED_CELLS, *map(cell_len, self.earned)]) + 1
        if name + BAR_CELLS + earned + COUNT_CELLS * len(OUTCOMES) <= options.max_width:
            yield from self._rows(name, earned)
        else:
            yield from self._stacked()

    def _rows(self, name: int, earned: int) -> RenderResult:
        counts = "".join(_right(OUTCOME_SHORT[outcome], COUNT_CELLS) for outcome in OUTCOMES)
        yield Text(f"{_left('模块', name + BAR_CELLS)}{_right('得分/分值', earned)}{counts}", style="dim")
        for result, title, points in zip(self.results, self.names, self.earned, strict=True):
            yield Text.assemble(
                _left(title, name), _bar(result.tally), _right(points, earned), *_counts(result.tally), no_wrap=True
            )

    def _stacked(self) -> RenderResult:
        for result, title, points in zip(self.results, self.names, self.earned, strict=True):
            yield Pieces((title, points))
            told = [f"{OUTCOME_SHORT[o]} {n}" for o, n in result.tally.outcomes.items() if n]
            yield Pieces(told or ["没有标准"], "dim", indent=2, hang=0)


def modules_table(results: Sequence[ModuleResult]) -> RenderableType:
    """``results`` in the order given."""
    return ModulesTable(results)


def _earned(tally: Tally) -> str:
    if not tally.possible:
        return "不计分"
    return f"{points_range(tally.low, tally.high, 1)}/{points_text(tally.possible, 1)}".replace(" ", "")


def _counts(tally: Tally) -> list[tuple[str, str]]:
    return [
        (_right(str(n) if n else "·", COUNT_CELLS), OUTCOME_STYLE[o] if n else "dim") for o, n in tally.outcomes.items()
    ]


def _left(text: str, cells: int) -> str:
    return text + " " * (cells - cell_len(text))


def _right(text: str, cells: int) -> str:
    return " " * (cells - cell_len(text)) + text


def _bar(tally: Tally) -> Text:
    """Sure points as solid cells, possible points as dots, lost points as blanks."""
    if not tally.possible:
        return Text(" " * BAR_CELLS)
    sure = tally.low * BAR_CELLS // tally.possible
    possible = sure if tally.low == tally.high else -(-tally.high * BAR_CELLS // tally.possible)
    return Text.assemble((SURE * sure, "green"), (POSSIBLE * (possible - sure), "cyan"), " " * (BAR_CELLS - possible))
