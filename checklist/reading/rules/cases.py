"""Case files beside a ruleset → cases, with the mistakes in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from checklist.model.numbers import POINT, exact
from checklist.model.problems import NotAValue, Problem, in_order
from checklist.model.rules.case import Case, Expectation, Whole
from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.scales import Ladder
from checklist.model.state import Community, NotApplicable, Reading, State
from checklist.reading.records.record_mistakes import no_such_fact
from checklist.reading.records.site_shapes import SiteShape
from checklist.reading.records.sites import read_defects, with_sites
from checklist.reading.records.state_file import read_state
from checklist.reading.records.state_shapes import StateShape
from checklist.reading.rules.building import NO_LEVEL
from checklist.reading.rules.ruleset_shapes import CaseShape, ExpectShape
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml
from checklist.values.fact_value import fact_value
from checklist.values.headings import near_criterion

DEFAULT_DAY: Final = date(2026, 1, 1)
"""Cases that name no day are judged on this one."""

WHOLE: Final = ("score", "coverage", "verdict", "band")


def read_cases(
    folder: Path, ruleset: Ruleset, shown: str | None = None
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """Every case under ``folder/cases`` in file order, and every problem in those files."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        document = read_yaml(path, f"{shown or folder}/cases/{path.name}")
        if isinstance(document.data, list):
            cases += _Cases(document, ruleset, path.parent).build()
        elif not document.problems:
            document.wrong((), "E201", "用例文件要由“- ”开头的列表组成")
        problems += document.told()
    return tuple(cases), in_order(problems)


class _Cases:
    """The cases of one file."""

    def __init__(self, document: YamlFile, ruleset: Ruleset, folder: Path) -> None:
        self.document, self.ruleset, self.folder = document, ruleset, folder

    def build(self) -> list[Case]:
        built = (self.case(raw, (i,)) for i, raw in enumerate(self.document.data))
        return [case for case in built if case is not None]

    def case(self, raw: Any, loc: Loc) -> Case | None:
        before = len(self.document.problems)
        shape = validate(CaseShape, raw, self.document, loc)
        if shape is None:
            return None
        state = self.from_file(shape, loc) if shape.state else self.given(shape, loc)
        expects = [
            self.expectation(name, part, (*loc, "expect", name))
            for name, part in shape.expect.items()
            if name not in WHOLE
        ]
        whole = self.whole(shape, (*loc, "expect"))
        if state is None or len(self.document.problems) > before:
            return None
        kept = tuple(e for e in expects if e is not None)
        return Case(shape.name, state, kept, whole, self.document.where(loc))

    def given(self, shape: CaseShape, loc: Loc) -> State:
        day = shape.as_of or DEFAULT_DAY
        declared = {id: NotApplicable(id, reason) for id, reason in shape.not_applicable.items()}
        readings = self.readings(shape.given, (*loc, "given"), day)
        state = State(Community("case", shape.name), self.ruleset.id, day, readings, declared)
        if not shape.sites and not shape.total:
            return state

        def of_site(site: SiteShape, at: Loc, served: State) -> State:
            there = {id: NotApplicable(id, said.reason, said.until) for id, said in site.not_applicable.items()}
            here = self.readings(site.facts, (*loc, *at, "facts"), day)
            found = read_defects(inside, site.defects, self.ruleset, day, (*at, "defects"))
            return replace(served, readings=here, not_applicable=there, defects=found)

        inside = self.document.inside(loc)
        written = StateShape.model_construct(as_of=day, facts=shape.given, sites=shape.sites, total=shape.total)
        return with_sites(inside, written, self.ruleset, state, of_site)

    def readings(self, given: Mapping[str, Any], loc: Loc, day: date) -> dict[str, Reading]:
        readings = {}
        for name, raw in given.items():
            at, fact = (*loc, name), self.ruleset.facts.get(name)
            if fact is None:
                self.document.wrong(at, *no_such_fact(self.ruleset, name))
                continue
            try:
                on = day
                if isinstance(raw, dict):
                    on, raw = raw.get("on", day), raw.get("value")
                readings[name] = Reading(name, fact_value(fact, raw), on, where=self.document.where(at))
            except NotAValue as reason:
                self.document.wrong(at, reason.code, reason.says, reason.hint)
        return readings

    def from_file(self, shape: CaseShape, loc: Loc) -> State | None:
        document = read_yaml(self.folder / shape.state, shape.state)
        state, problems = read_state(document, self.ruleset)
        if state is None or any(not p.is_advice for p in problems):
            self.document.wrong(
                (*loc, "state"), "E331", f"现状记录 {shape.state} 用不了", f"先运行 checklist check {shape.state}"
            )
            return None
        return state.on_day(shape.as_of) if shape.as_of else state

    def expectation(self, name: str, raw: Any, loc: Loc) -> Expectation | None:
        criterion = self.ruleset.by_id.get(name)
        if criterion is None:
            self.document.wrong(loc, "E321", f"没有这条测评标准 {name}", near_criterion(name, self.ruleset))
            return None
        shape = validate(ExpectShape, raw, self.document, loc)
        if shape is None:
            return None
        return Expectation(
            criterion=name,
            levels=self.levels(shape.level, criterion, (*loc, "level")),
            outcome=shape.outcome,
            points=self.points(shape.points),
            flag=shape.flag,
            where=self.document.where(loc),
        )

    def levels(
        self, raw: str | list[str] | None, criterion: Criterion, loc: Loc
    ) -> tuple[str | None, str | None] | None:
        """The lowest and the highest level expected, both among those that the criterion can come to."""
        if raw is None:
            return None
        names = raw if isinstance(raw, list) else [raw, raw]
        scale = criterion.scale
        known = [rung.level for rung in scale.rungs] if isinstance(scale, Ladder) else [*self.ruleset.levels]
        for name in names:
            if name != NO_LEVEL and name not in known:
                says = f"{criterion.id} 没有 {name} 这一档" if name in self.ruleset.levels else f"没有 {name} 这一档"
                self.document.wrong(loc, "E305", says, f"档次有：{'、'.join([*known, NO_LEVEL])}")
        if len(names) != 2:
            self.document.wrong(loc, "E305", "level 写一档，或写 [最低, 最高] 两档")
            return None
        return (None if names[0] == NO_LEVEL else names[0], None if names[1] == NO_LEVEL else names[1])

    def points(self, raw: Any) -> tuple[int, int] | None:
        if raw is None:
            return None
        ends: Sequence[Any] = raw if isinstance(raw, list) else [raw, raw]
        return int(exact(ends[0] * POINT)), int(exact(ends[-1] * POINT))

    def whole(self, shape: CaseShape, loc: Loc) -> Whole | None:
        written = {name: self.ends(shape.expect[name], (*loc, name)) for name in WHOLE if name in shape.expect}
        if not written:
            return None
        return Whole(
            score=written.get("score"),
            coverage=written["coverage"][0] if "coverage" in written else None,
            verdict=written["verdict"][0] if "verdict" in written else None,
            bands=written.get("band"),
            where=self.document.where(loc),
        )

    def ends(self, raw: Any, loc: Loc) -> tuple[str, str]:
        """One word for both ends, or the lowest and the highest."""
        listed = raw if isinstance(raw, list) else [raw]
        if len(listed) not in (1, 2) or any(isinstance(end, list | dict) for end in listed):
            self.document.wrong(loc, "E201", "写一个值，或写 [最低, 最高] 两个")
            return "", ""
        return _printed(listed[0]), _printed(listed[-1])


def _printed(value: Any) -> str:
    """As a screen prints it: a score of 90 is 90.0."""
    return f"{value}.0" if isinstance(value, int) else str(value)
