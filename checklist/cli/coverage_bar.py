"""``--min-coverage``: how much of a community must be checked before it is ranked."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final, TypeAlias

import typer

from checklist.cli.console import usage
from checklist.model.results.ranks import MIN_COVERAGE

MinCoverage: TypeAlias = Annotated[
    float, typer.Option("--min-coverage", metavar="百分比", help="核查率不到它的不参加排名")
]
USUAL: Final = int(MIN_COVERAGE * 100)


def coverage_bar(percent: float) -> Fraction:
    """The option's exact share, 0 to 1; anything else is wrong usage."""
    if not 0 <= percent <= 100:
        usage("--min-coverage 要在 0 到 100 之间")
    return Fraction(str(percent)) / 100
