"""The planning question as a mixed-integer program.

One binary column per deed. A diagram with one deed is a straight line in it; any other is a unit of flow through its
arcs, which follow the deeds' columns, so the program's outcome is the engine's for every set.
Every answer is checked again in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from checklist.engine.planning.diagram import Diagram, SetOutcome
from checklist.engine.planning.highs import HALF, Solution, SolverRow, WholeLine, solve
from checklist.engine.planning.program import PlanProgram

RETRIES = 50


class Model:
    """Columns and rows of one program. ``quantity`` holds the outcome's four sums as lines."""

    def __init__(self, program: PlanProgram) -> None:
        self.program = program
        self.column = {deed.id: n for n, deed in enumerate(program.deeds)}
        self.width = len(self.column)
        self.rows: list[SolverRow] = []
        self.quantity = tuple(WholeLine() for _ in SetOutcome._fields)
        for diagram in program.diagrams:
            self._graph(diagram)
        self._limits()

    def of(self, weights: Mapping[str, int]) -> WholeLine:
        """A weighted sum over actions."""
        return WholeLine(0, {self.column[id]: weight for id, weight in weights.items() if weight})

    def none_of(self, ids: Collection[str]) -> SolverRow:
        """Not all of these actions together."""
        return SolverRow(self.of(dict.fromkeys(ids, 1)), len(ids) - 1)

    def _outcome(self, outcome: SetOutcome, base: SetOutcome, column: int) -> None:
        """What a column adds to the sums: the outcome that it leads to, less the one that is counted already."""
        for line, part, counted in zip(self.quantity, outcome, base, strict=True):
            line.add(column, part - counted)

    def _graph(self, diagram: Diagram) -> None:
        base = diagram.outcome(())
        for line, part in zip(self.quantity, base, strict=True):
            line.constant += part
        if diagram.root < 0:
            return
        if len(diagram.nodes) == 1:
            node = diagram.nodes[0]
            self._outcome(diagram.outcomes[~node.take], base, self.column[node.action])
            return
        inflow = [WholeLine() for _ in diagram.nodes]
        inflow[diagram.root].constant = 1
        taken = {action: WholeLine(0, {self.column[action]: -1}) for action in diagram.actions}
        skipped = {action: WholeLine(0, {self.column[action]: 1}) for action in diagram.actions}
        for n in range(len(diagram.nodes) - 1, -1, -1):
            node = diagram.nodes[n]
            for child, by_action in ((node.skip, skipped), (node.take, taken)):
                arc, self.width = self.width, self.width + 1
                by_action[node.action].add(arc, 1)
                inflow[n].add(arc, -1)
                if child >= 0:
                    inflow[child].add(arc, 1)
                else:
                    self._outcome(diagram.outcomes[~child], base, arc)
        self.rows += [SolverRow(line, 0, equal=True) for line in inflow]
        self.rows += [SolverRow(line, 0) for line in taken.values()] + [SolverRow(line, 1) for line in skipped.values()]

    def _limits(self) -> None:
        program, limits = self.program, self.program.frame.limits
        for id, first in program.needs.items():
            self.rows += [SolverRow(self.of({id: 1, need: -1}), 0) for need in first]
        self.rows += [SolverRow(self.of({id: -1}), -1) for id in sorted(program.must)]
        if limits.budget is not None:
            self.rows.append(SolverRow(self.of(program.cost), limits.budget))
        if program.effort_limit is not None:
            self.rows.append(SolverRow(self.of(program.effort), program.effort_limit))
        self.rows += [self.none_of(clash) for clash in program.clashes]

    def minimise(
        self,
        objective: WholeLine,
        rows: Sequence[SolverRow] = (),
        check: Callable[[frozenset[str]], bool] = lambda ids: True,
    ) -> Solution | None:
        """The best set under these further rows, or None when there is none.

        ``check`` says in exact arithmetic whether a set keeps the further rows; a set that the solver's tolerances
        let through against it is cut off and the search goes on.
        """
        extra = list(rows)
        for _ in range(RETRIES):
            answer = solve(self.width, len(self.column), objective, [*self.rows, *extra], self._ids)
            if answer is None or (self.program.feasible(answer.ids) and check(answer.ids)):
                return answer
            extra.append(self._other_than(answer.ids))
        raise ArithmeticError("the solver's tolerances do not fit the figures of this ruleset")

    def _ids(self, values: Sequence[float]) -> frozenset[str]:
        return frozenset(id for id, column in self.column.items() if values[column] > HALF)

    def _other_than(self, ids: frozenset[str]) -> SolverRow:
        return SolverRow(self.of({id: 1 if id in ids else -1 for id in self.column}), len(ids) - 1)
