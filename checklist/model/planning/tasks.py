"""Tasks (整改任务): what is to be done, by whom, from which day to which, and what it wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from checklist.model.numbers import Number
from checklist.model.results.assessment import Assessment, Finding
from checklist.model.rules.ruleset import IMMEDIATE_DAYS, SHORT_DAYS, Action, Horizon
from checklist.model.state import Site

if TYPE_CHECKING:
    from checklist.model.planning.plan import Proof

RemainsBecause: TypeAlias = Literal["no_action", "no_help", "too_late", "ruled_out", "not_chosen"]
HOME: Final = frozenset(
    {"社区", "社区党组织", "居委会", "物业", "网格员", "楼长", "志愿者", "业委会", "业主", "商户", "社工"}
)
"""Units that answer to the community itself; a task led by any other needs coordination from above."""


def task_id(action: str, site: str) -> str:
    """``action@site``, or the action alone where it is done in the community; no action's id has an ``@``."""
    return f"{action}@{site}" if site else action


def action_of(task: str) -> str:
    return task.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Move:
    """A criterion before and after a plan, as the engine judged it."""

    before: Finding
    after: Finding

    @property
    def points(self) -> Number:
        """Points won at the low end, ten-thousandths."""
        return self.after.low - self.before.low


@dataclass(frozen=True, slots=True)
class Task:
    """One action with its days, at a ``site`` or (None) once in the community. ``findings`` are the criteria that it
    helps to move, as they stand today at that site, and ``changed`` the same once the whole plan is done; nobody has
    computed that where there is no plan.

    ``alone`` is what it (with what it needs) wins by itself, ``within`` what is lost without it; both in
    ten-thousandths of the community at the low end, and the same where there is no plan. ``after`` are the ids of the
    tasks that it waits for.
    ``check_first``: every criterion that it moves is undecided today, so a look may show that nothing need be done.
    """

    action: Action
    starts: date
    due: date
    horizon: Horizon
    findings: tuple[Finding, ...]
    alone: int
    within: int
    changed: tuple[Finding, ...] = ()
    after: tuple[str, ...] = ()
    check_first: bool = False
    forced: bool = False
    site: Site | None = None

    @property
    def id(self) -> str:
        return task_id(self.action.id, self.site.id if self.site else "")

    @property
    def moves(self) -> tuple[Move, ...]:
        """None where there is no plan."""
        return tuple(map(Move, self.findings, self.changed))

    @property
    def lead(self) -> str:
        """牵头单位: the first unit that is named."""
        return self.action.owner[0] if self.action.owner else "社区"

    @property
    def at_home(self) -> bool:
        return self.lead in HOME

    @property
    def clears_flag(self) -> bool:
        """Whether an open red line or veto is gone after it, or would be as far as anyone knows."""
        if self.changed:
            return any(move.before.flag == "open" and move.after.flag != "open" for move in self.moves)
        return any(finding.flag == "open" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Tasks:
    """``steps`` are ``in_order``. ``after`` is the assessment once all are done, where an engine has computed it; ``remains`` says of each
    criterion that still falls short then why; ``missed`` is the target that could not be reached; ``proof`` how good
    their choice is known to be, where somebody chose."""

    steps: tuple[Task, ...]
    start: date
    after: Assessment | None = None
    remains: Mapping[str, RemainsBecause] = field(default_factory=dict)
    missed: Fraction | None = None
    proof: Proof | None = None

    @property
    def yuan(self) -> tuple[int, int]:
        return yuan_of(self.steps)

    @property
    def effort_days(self) -> Number:
        """工日 of all of them."""
        return sum((task.action.effort_days for task in self.steps), start=Fraction(0))

    def of(self, horizon: Horizon) -> tuple[Task, ...]:
        return tuple(task for task in self.steps if task.horizon == horizon)

    def for_criterion(self, id: str) -> tuple[Task, ...]:
        return tuple(task for task in self.steps if any(f.criterion.id == id for f in task.findings))


def in_order(steps: Iterable[Task]) -> tuple[Task, ...]:
    """Those that clear a flag first, then by due day, then by what they win."""
    return tuple(sorted(steps, key=lambda t: (not t.clears_flag, t.due, -t.within)))


def by_due(steps: Iterable[Task]) -> list[Task]:
    """Earliest due day first; on one day those that clear a flag, then those that win most."""
    return sorted(steps, key=lambda s: (s.due, not s.clears_flag, -max(s.within, s.alone)))


def alike(steps: Iterable[Task]) -> list[list[Task]]:
    """The same action from the same day to the same day at several sites, in the order in which they are first met."""
    found: dict[tuple[object, ...], list[Task]] = {}
    for task in steps:
        key = (
            task.action.id,
            task.site is None,
            task.starts,
            task.due,
            task.check_first,
            task.forced,
            task.clears_flag,
        )
        found.setdefault(key, []).append(task)
    return list(found.values())


def yuan_of(steps: Iterable[Task]) -> tuple[int, int]:
    """The cheapest and the dearest that they can cost together."""
    ranges = [task.action.yuan for task in steps]
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)


def horizon_of(day: int) -> Horizon:
    """立行立改 within 3 days of the start, 限期整改 within 30, 长期推进 beyond."""
    if day <= IMMEDIATE_DAYS:
        return "immediate"
    return "short" if day <= SHORT_DAYS else "long"
