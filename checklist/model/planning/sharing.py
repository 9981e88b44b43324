"""One budget over many communities: each one's share, and how good the division is known to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from checklist.model.numbers import Number
from checklist.model.planning.plan import Limits
from checklist.model.planning.tasks import task_id
from checklist.model.results.assessment import Tally
from checklist.model.rules.ruleset import Action
from checklist.model.state import Community, Site


@dataclass(frozen=True, slots=True)
class BudgetShare:
    """One community's part of a shared budget; ``flags`` are its open vetoes and red lines before and after. ``sites``
    says of each of the actions at which site it is done; None: in the community."""

    community: Community
    as_of: date
    before: Tally
    after: Tally
    flags: tuple[int, int]
    actions: tuple[Action, ...]
    sites: tuple[Site | None, ...]
    yuan: tuple[int, int]

    @property
    def ids(self) -> tuple[str, ...]:
        """Those of its tasks."""
        return tuple(task_id(a.id, site.id if site else "") for a, site in zip(self.actions, self.sites, strict=True))

    @property
    def won(self) -> Number:
        """Points won at the low end, ten-thousandths."""
        return self.after.low - self.before.low


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """One budget over many communities.

    ``value`` is what was reached: points won plus what clearing flags counts for, in ten-thousandths of a point;
    no division of the budget has more than ``bound``. ``floor`` is the score that every community was to reach as
    far as it can (lowest first), ``each`` the points that each wins if it can, ``asked`` those that were asked for.
    """

    limits: Limits
    shares: tuple[BudgetShare, ...]
    value: Number
    bound: Fraction
    each: Fraction | None = None
    asked: Fraction | None = None
    floor: Fraction | None = None

    @property
    def won(self) -> Number:
        return sum(share.won for share in self.shares)

    @property
    def gap(self) -> Fraction:
        """How far the result may be from the optimum, relative to the points won; 0 is proved optimal."""
        return (self.bound - self.value) / self.won if self.won else Fraction(0)
