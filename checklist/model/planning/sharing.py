"""One budget over many communities: each one's share, what a floor costs, and how good the division is known to be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checklist.model.numbers import Number
from checklist.model.planning.plan import Limits
from checklist.model.planning.tasks import Task, Tasks, in_order, yuan_of
from checklist.model.results.assessment import Assessment
from checklist.model.state import Community


@dataclass(frozen=True, slots=True)
class BudgetShare:
    """One community's part of a shared budget: its tasks in the order in which they take effect, and the assessments
    before and after them."""

    before: Assessment
    after: Assessment
    steps: tuple[Task, ...]
    limits: Limits

    @property
    def community(self) -> Community:
        return self.before.state.community

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(task.id for task in self.steps)

    @property
    def yuan(self) -> tuple[int, int]:
        return yuan_of(self.steps)

    @property
    def flags(self) -> tuple[int, int]:
        """Open vetoes and red lines before and after."""
        told = (assessment.verdict for assessment in (self.before, self.after))
        was, now = (len(verdict.open_vetoes) + len(verdict.open_redlines) for verdict in told)
        return was, now

    @property
    def won(self) -> Number:
        """Points won at the low end, ten-thousandths."""
        return self.after.total.low - self.before.total.low

    @property
    def rise(self) -> Fraction:
        """By how much the sure score rises, of 100."""
        return self.after.score.low - self.before.score.low

    @property
    def tasks(self) -> Tasks:
        return Tasks(in_order(self.steps), self.limits.start, after=self.after)


@dataclass(frozen=True, slots=True)
class FloorPrice:
    """What a floor takes from the whole. ``free`` are the points that the budget wins without it (ten-thousandths).

    ``bottleneck`` is the community whose floor costs most, ``yuan`` what it costs; where it alone has none and the others
    keep theirs, all win ``spared``. ``over`` are those whose floor costs more than the cap: they have none.
    """

    free: int
    bottleneck: Community | None
    yuan: int
    spared: int
    over: tuple[Community, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """One budget over many communities.

    ``value`` is what was reached: points won plus what clearing flags counts for, in ten-thousandths of a point;
    no division of the budget has more than ``bound``. ``floor`` is the score that every community was to reach as
    far as it can (lowest first), ``each`` by how much each one's score rises if it can, ``asked`` by how much it was to.
    ``price`` is what that costs, ``cap`` the most yuan that one community's floor may take.
    """

    limits: Limits
    shares: tuple[BudgetShare, ...]
    value: Number
    bound: Fraction
    each: Fraction | None = None
    asked: Fraction | None = None
    floor: Fraction | None = None
    price: FloorPrice | None = None
    cap: int | None = None

    @property
    def won(self) -> Number:
        return sum(share.won for share in self.shares)

    @property
    def gap(self) -> Fraction:
        """How far the result may be from the optimum, relative to the points won; 0 is proved optimal."""
        return (self.bound - self.value) / self.won if self.won else Fraction(0)
