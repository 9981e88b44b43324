"""What is worth checking: unknown facts with what hangs on each."""

from __future__ import annotations

from fractions import Fraction

from checklist.model.noun import noun
from checklist.model.state import UnknownBecause


@noun
class ToCheck:
    """An unknown fact worth checking: the points (ten-thousandths) that hang on it and the minutes it takes.

    A criterion's undecided points are shared equally among its unknown facts, so that stakes add up to the width.
    ``sites`` counts where it is unknown, 0 for a fact of the community; ``minutes`` are those of all of them.
    """

    fact: str
    because: UnknownBecause
    stake: Fraction
    minutes: int
    criteria: tuple[str, ...]
    sites: int = 0

    @property
    def per_minute(self) -> Fraction:
        return self.stake / max(self.minutes, 1)
