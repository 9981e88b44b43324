"""Everything that can be proved wrong with a ruleset before any community is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from checklist.engine.analysis.direction import direction_problems
from checklist.engine.analysis.doubts import doubts
from checklist.engine.analysis.ladders import grading_problems
from checklist.engine.analysis.links import link_problems
from checklist.engine.analysis.outdated import outdated_problems
from checklist.engine.analysis.site_choices import site_problems
from checklist.engine.analysis.texts import date_problems, text_problems
from checklist.engine.analysis.wholes import whole_problems
from checklist.engine.analysis.worlds import Bond
from checklist.model.problems import Problem, in_order
from checklist.model.rules.case import Case
from checklist.model.rules.facts import parts_of
from checklist.model.rules.ruleset import Criterion, Ruleset


def analyse(ruleset: Ruleset, cases: Collection[Case] | None, today: date) -> tuple[Problem, ...]:
    """Every problem of a usable ruleset, by place. ``cases`` are those beside it; None when they do not matter."""
    dated = (*date_problems(ruleset, today), *outdated_problems(ruleset, today))
    proofs = list(_proofs(ruleset, cases))
    doubtful = () if any(not proof.is_advice for proof in proofs) else _doubtful(ruleset)
    return in_order([*proofs, *doubtful, *text_problems(ruleset), *dated])


def _doubtful(ruleset: Ruleset) -> Iterator[Problem]:
    """Told only where nothing is proved wrong: a mistake makes doubts of its own. A tailoring answers for its changes."""
    own = {change.criterion for change in ruleset.changes}
    for criterion in ruleset.criteria:
        if criterion.status != "obsolete" and (not ruleset.extends or criterion.id in own):
            yield from doubts(criterion, ruleset)


def flaws(ruleset: Ruleset) -> tuple[Problem, ...]:
    """The mistakes alone, by place: with any, nothing that the ruleset says of a community can be relied on."""
    return in_order(problem for problem in _proofs(ruleset, None) if not problem.is_advice)


def _proofs(ruleset: Ruleset, cases: Collection[Case] | None) -> Iterator[Problem]:
    bonds = Bonds(ruleset)
    for criterion in ruleset.criteria:
        if criterion.status != "obsolete":
            near = bonds.of(criterion)
            yield from grading_problems(criterion, ruleset.facts, near)
            yield from direction_problems(criterion, ruleset.facts, near)
    yield from whole_problems(ruleset)
    yield from link_problems(ruleset, cases)
    yield from site_problems(ruleset)


class Bonds:
    """Parts and wholes of a ruleset, found by the facts that a criterion reads."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.by_part: defaultdict[str, list[str]] = defaultdict(list)
        for part, whole in parts_of(ruleset.facts):
            self.by_part[part].append(whole)

    def of(self, criterion: Criterion) -> list[Bond]:
        facts = criterion.facts
        return [Bond(part, whole) for part in facts for whole in self.by_part.get(part, ()) if whole in facts]
