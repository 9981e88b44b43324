"""Where communities fall short, criterion by criterion, and what most of them miss: the common problems (共性问题).

One definition for comparisons, bulletins and tables of any size:

* short is who surely misses full marks, or has the criterion's red line or veto open; whoever may still reach full
  marks is not. Who is short is decided, however open the exact level;
* common is what at least two communities miss and at least half of those in which it is decided;
* the order is by points lost, then by communities short, then by points still open, then as the ruleset lists them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from checklist.model.noun import noun
from checklist.model.numbers import Number
from checklist.model.rules.ruleset import Action, Criterion

AT_LEAST: Final = 2


@noun
class Shortfall:
    """One criterion over several communities. Points in ten-thousandths.

    ``missing`` fall short of the ``decided`` and surely lose ``lost`` points in all; in ``unknown`` it is undecided.
    ``open`` points are not decided either way.
    """

    criterion: Criterion
    missing: int
    decided: int
    unknown: int
    lost: Number
    open: Number

    @property
    def common(self) -> bool:
        """Whether most communities miss it."""
        return self.missing >= AT_LEAST and 2 * self.missing >= self.decided


@noun
class CommonProblem:
    """A common problem, and the one action that wins the most when every community that is short takes it.

    ``helped`` communities win ``won`` points of this criterion; ``action`` is None when no single action wins any.
    """

    shortfall: Shortfall
    action: Action | None = None
    helped: int = 0
    won: Number = 0


def costliest_first(shortfalls: Iterable[Shortfall]) -> list[Shortfall]:
    """In order; ``shortfalls`` come as the ruleset lists their criteria."""
    return sorted(shortfalls, key=lambda s: (-s.lost, -s.missing, -s.open))
