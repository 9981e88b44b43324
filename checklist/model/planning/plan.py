"""A plan (整改方案): chosen actions with owner and due day, what they win, and what remains, with the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from checklist.model.numbers import Number
from checklist.model.planning.tasks import RemainsBecause, Task, Tasks, in_order
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.rules.ruleset import Action, Horizon

CostEnd: TypeAlias = Literal["high", "low"]
LeftOutBecause: TypeAlias = Literal["excluded", "other_owner", "too_late", "needs_missing", "unknown_only", "no_site"]
HORIZONS: tuple[Horizon, ...] = ("immediate", "short", "long")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan is asked to keep to. ``start`` is day 0; an action counts when it is finished on ``by`` at the latest.

    ``target`` is a score (0–100) that the low end must reach; without one the plan wins as much as it can.
    ``budget`` in yuan, held at the ``cost_end`` of every cost range; ``days`` in person-days.
    ``known_only`` leaves out actions that serve nothing but criteria nobody has checked yet.
    """

    start: date
    target: Fraction | None = None
    budget: int | None = None
    days: Number | None = None
    by: date | None = None
    owner: str = ""
    exclude: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()
    cost_end: CostEnd = "high"
    known_only: bool = False

    @property
    def horizon_days(self) -> int | None:
        """Days from the start to the deadline; None without a deadline."""
        return None if self.by is None else (self.by - self.start).days

    def price(self, action: Action) -> int:
        return action.yuan[1] if self.cost_end == "high" else action.yuan[0]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An action that the plan could not use, and why; ``finish`` is its earliest day after the start."""

    action: Action
    because: LeftOutBecause
    finish: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """One horizon of a plan and the assessment once its steps are finished."""

    horizon: Horizon
    steps: tuple[Task, ...]
    result: Assessment


@dataclass(frozen=True, slots=True)
class Worth:
    """What one gap is worth. Points in ten-thousandths at the low end.

    ``alone``: the most that a single action (with what it needs) wins on this criterion. ``within``: what the plan
    wins on it. ``together``: the cheapest set of actions that wins the most on it, more than one when the level
    needs several facts; ``full`` is what that set wins.
    """

    gap: Gap
    alone: int
    within: Number
    together: tuple[Action, ...]
    full: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """A gap that is still there after the plan, and why. ``action`` is the one that would have helped."""

    finding: Finding
    because: RemainsBecause
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the plan is known to be.

    ``solver`` is ``highs`` (proved optimal) or ``greedy``. ``goal`` is what was optimised; ``value`` and ``bound``
    are in its unit (yuan, ten-thousandths of a score point, or actions). ``bound`` is None when none is known.
    """

    solver: Literal["highs", "greedy"]
    goal: Literal["cost", "score", "actions"]
    value: Fraction
    bound: Fraction | None

    @property
    def optimal(self) -> bool:
        return self.bound == self.value

    @property
    def distance(self) -> Fraction | None:
        """The relative distance to the bound: 0 is proved optimal; None when no bound is known."""
        if self.bound is None:
            return None
        if self.bound == self.value:
            return Fraction(0)
        return abs(self.bound - self.value) / max(abs(self.bound), abs(self.value))


@dataclass(frozen=True, slots=True)
class Plan:
    """Chosen steps in the order in which they take effect, and the assessments before and after them.

    ``reachable`` is the best score within the limits when the target was out of reach, otherwise None.
    """

    limits: Limits
    before: Assessment
    after: Assessment
    steps: tuple[Task, ...]
    stages: tuple[Stage, ...]
    worths: tuple[Worth, ...]
    remainder: tuple[Remainder, ...]
    left_out: tuple[LeftOut, ...]
    proof: Proof
    reached: bool

    @property
    def tasks(self) -> Tasks:
        """Its steps as a report and its lists show them."""
        return Tasks(
            steps=in_order(self.steps),
            start=self.limits.start,
            after=self.after,
            remains={item.finding.criterion.id: item.because for item in self.remainder},
            missed=None if self.reached else self.limits.target,
            proof=self.proof,
        )

    @property
    def won(self) -> Number:
        """Points won at the low end, ten-thousandths."""
        return self.after.total.low - self.before.total.low


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why limits cannot be kept together: ``kind`` and the words and numbers that belong to it."""

    kind: Literal["must_left_out", "must_over_budget", "must_over_days", "must_too_late_together"]
    actions: tuple[Action, ...]
    left_out: LeftOut | None = None
    needed: Number = 0
    allowed: Number = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One set of actions that reaches the target, and what it leads to."""

    steps: tuple[Task, ...]
    after: Assessment


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The fewest actions that reach a target, with the next best sets; or the proof that none does.

    ``best`` is the highest score that can be reached at all. ``binding`` are the findings that keep points from
    being won, most points first.
    """

    target: Fraction
    before: Assessment
    ways: tuple[Way, ...]
    best: Assessment
    binding: tuple[Remainder, ...]
    left_out: tuple[LeftOut, ...]
    proof: Proof


Days: TypeAlias = Mapping[str, int]
"""A step's id → the day, counted from the start, on which it is finished."""
