"""The same program goes to HiGHS as a package and to HiGHS in a page; without either nothing pretends to be proved."""

from __future__ import annotations

import json
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.planning import highs
from checklist.engine.planning.highs import SolverProgram, SolverRow, Unsolved, WholeLine, solve_binaries
from tests.support.laws import examples

highspy = pytest.importorskip("highspy")
numbers = st.integers(-9, 9)
lines = st.builds(WholeLine, numbers, st.dictionaries(st.integers(0, 4), numbers.filter(bool), max_size=5))
rows = st.lists(st.builds(SolverRow, lines, numbers, st.booleans()), max_size=4)


class Page(ModuleType):
    """What the page's JavaScript does, with the package: text in, text out."""

    def __init__(self) -> None:
        super().__init__(highs.IN_A_PAGE)
        self.__spec__ = ModuleSpec(highs.IN_A_PAGE, None)
        self.asked: list[dict[str, object]] = []

    def solve(self, text: str) -> str:
        asked = json.loads(text)
        self.asked.append(asked)
        assert asked.pop("options") == dict(highs.OPTIONS)
        return json.dumps(highs._native(highspy, SolverProgram(**asked))._asdict())


@settings(max_examples=examples(100), deadline=None)
@given(lines, rows)
def test_both_doors_give_one_answer(objective: WholeLine, within: list[SolverRow]) -> None:
    native = solve_binaries(5, objective, within)
    page = Page()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "highspy", None)
        patch.setitem(sys.modules, highs.IN_A_PAGE, page)
        assert solve_binaries(5, objective, within) == native
    trivial = any(not row.line.terms and row.line.constant > row.most for row in within)
    assert bool(page.asked) != trivial


def test_without_a_solver_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(Unsolved, match="highspy"):
        solve_binaries(1, WholeLine(0, {0: 1}), [])
