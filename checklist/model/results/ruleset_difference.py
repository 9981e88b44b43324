"""Two rulesets side by side: which criteria came, went, became stricter or easier, and whose points moved."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.results.lineage import Lineage
from checklist.model.rules.conditions import Condition
from checklist.model.rules.ruleset import Criterion, Module, Ruleset

Direction: TypeAlias = Literal["same", "tightened", "loosened", "mixed", "rewritten"]
"""``mixed``: some records earn less and others more. ``rewritten``: the two read different things, so no record
can be graded by both."""
DIRECTIONS: Final[tuple[Direction, ...]] = ("tightened", "loosened", "mixed", "rewritten")

Scope: TypeAlias = Literal["same", "wider", "narrower", "mixed"]
"""Whether more or fewer communities are asked to meet the criterion."""


@noun
class LevelChange:
    """One level whose condition differs; None where that side has no such level."""

    level: str
    before: Condition | None
    after: Condition | None


@noun
class CriterionChange:
    """A criterion that both rulesets have and that differs. ``other`` names the written keys that differ besides its
    grading, its scope and its points; ``why`` is the reason a tailoring gives."""

    before: Criterion
    after: Criterion
    direction: Direction
    scope: Scope
    levels: tuple[LevelChange, ...] = ()
    other: tuple[str, ...] = ()
    why: str = ""

    @property
    def points_moved(self) -> int:
        """Ten-thousandths of a point, after less before."""
        return self.after.points - self.before.points


@noun
class RulesDiff:
    """``changed`` is in the order of the later ruleset, ``dropped`` in that of the earlier one."""

    before: Ruleset
    after: Ruleset
    added: tuple[Criterion, ...]
    dropped: tuple[Criterion, ...]
    changed: tuple[CriterionChange, ...]
    modules: tuple[tuple[Module | None, Module | None], ...]
    """Modules whose title or points differ, before and after; None where a side has no such module."""
    lineages: tuple[Lineage, ...] = ()
    """Renamed, split and merged criteria: among the changed ones where one took the place of one, never among those that
    came or went."""

    def of(self, direction: Direction) -> tuple[CriterionChange, ...]:
        return tuple(change for change in self.changed if change.direction == direction)

    @property
    def same(self) -> bool:
        """Nothing that decides a score, a flag or a word of any criterion differs."""
        return not (self.added or self.dropped or self.changed or self.modules or self.lineages) and (
            self.before.levels == self.after.levels and self.before.bands == self.after.bands
        )
