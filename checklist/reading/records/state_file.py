"""A state file → State. A mistake in one fact makes that fact unknown and leaves the rest usable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from checklist.model.problems import NotAValue, Problem
from checklist.model.rules.facts import Value
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect
from checklist.model.state import Community, NotApplicable, Reading, Sample, State
from checklist.reading.records.record_mistakes import declaration_mistake, no_such_fact, too_great
from checklist.reading.records.state_shapes import ReadingShape, StateShape
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml
from checklist.values.days import far_off
from checklist.values.fact_value import fact_value

if TYPE_CHECKING:
    from checklist.reading.records.site_shapes import SiteShape

LATER_THAN_ANY: Final = date(2999, 12, 31)
"""Stands in for the day of a record that has none, so that no day in it is complained of."""

BOTH_IN_DOUBT = "两个数至少有一个写错了；改好之前两项都按未核实处理"


def ruleset_of(document: YamlFile) -> str | None:
    """The ruleset that a state file names, before anything else in it is looked at."""
    name = document.data.get("ruleset") if isinstance(document.data, dict) else None
    return name if isinstance(name, str) else None


def read_state(
    document: YamlFile, ruleset: Ruleset, today: date | None = None
) -> tuple[State | None, tuple[Problem, ...]]:
    """The state in a parsed file against the facts that ``ruleset`` declares, and every problem in it.

    ``today`` refuses a state from the future. Facts that only another ruleset declares are skipped when the state
    was recorded for that other ruleset.
    """
    if not isinstance(document.data, dict):
        if not document.problems:
            document.wrong((), "E201", "文件要由“名称: 值”组成")
        return None, document.told()
    shape, usable = validate(StateShape, document.data, document), True
    if shape is None:
        shape, usable = _salvaged(document.data, ruleset)
    if usable and today is not None and shape.as_of > today:
        says, hint = f"现状日期 {shape.as_of} 还没到", f"今天是 {today}；看看年份写对没有"
        document.wrong(("as_of",), "E216", says, hint, value=True)
        return None, document.told()
    if usable and (says := far_off(shape.as_of)):
        found = document.problem(
            ("as_of",), "E216", f"现状日期 {shape.as_of} 太远", f"{says}；看看写对没有", value=True
        )
        document.problems.append(found)
        return None, document.told()
    state, problems = _State(document, shape, ruleset, shape).build()
    return state if usable else None, problems


def _salvaged(data: Mapping[str, Any], ruleset: Ruleset) -> tuple[StateShape, bool]:
    """What can still be read of a file with mistakes in its shape, so that all are told in one run.

    Also whether it can be used: a declaration that is written wrong is left out, anything else spoils the record.
    """
    kept, usable = {key: value for key, value in data.items() if key in StateShape.model_fields}, True
    try:
        return StateShape.model_validate(data), True
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            field, *inside = mistake["loc"]
            if field == "not_applicable" and inside:
                declared = kept["not_applicable"]
                kept["not_applicable"] = {id: shape for id, shape in declared.items() if id != inside[0]}
            else:
                usable = usable and field == "not_applicable"
                kept.pop(str(field), None)
    spare = {"community": {"id": "x", "name": "x"}, "ruleset": ruleset.id, "as_of": LATER_THAN_ANY}
    return StateShape.model_validate({**spare, **kept}), usable


def open_state(path: Path, shown: str | None = None) -> YamlFile:
    """Parse a state file without judging its content."""
    return read_yaml(path, shown)


class _State:
    """One state under construction, or one site of it: ``at`` is where the facts of ``shape`` stand in the file.

    A site's facts belong to the record ``of`` the community, which has the day and the ruleset.
    """

    def __init__(
        self, document: YamlFile, shape: StateShape | SiteShape, ruleset: Ruleset, of: StateShape, at: Loc = ()
    ) -> None:
        self.document, self.shape, self.ruleset, self.of, self.at = document, shape, ruleset, of, at
        self.site = "" if isinstance(shape, StateShape) else shape.id
        self.readings: dict[str, Reading] = {}
        self.unusable: set[str] = set()

    def build(self) -> tuple[State, tuple[Problem, ...]]:
        document, of = self.document, self.of
        state = State(Community(**of.community.model_dump()), of.ruleset, of.as_of, {}, where=document.where(()))
        state = self.recorded(state)
        if not self.at and (of.sites or of.total):
            from checklist.reading.records.sites import with_sites  # most records have none, and a start must be quick

            state = with_sites(document, of, self.ruleset, state, self.of_site)
        return state, document.told()

    def of_site(self, shape: SiteShape, at: Loc, served: State) -> State:
        """What was recorded at a site, as a state of its own; ``served`` holds what the community records for all."""
        return _State(self.document, shape, self.ruleset, self.of, at).recorded(served)

    def recorded(self, state: State) -> State:
        """``state`` with the readings, defects and declarations of this part of the file."""
        for name, raw in self.shape.facts.items():
            self.read(name, raw)
        for part, whole, says in too_great(self.ruleset, self.readings):
            self.spoil(part, (*self.at, "facts", part), "E320", says, BOTH_IN_DOUBT)
            self.unusable.add(whole)
            self.readings.pop(whole, None)
        defects = self.defects() if self.shape.defects else {}
        known = replace(state, readings={**state.readings, **self.readings}, defects=defects)
        return replace(
            state,
            readings=self.readings,
            unusable=frozenset(self.unusable),
            not_applicable=self.declarations(known) if self.shape.not_applicable else {},
            defects=defects,
        )

    def defects(self) -> dict[str, tuple[RecordedDefect, ...]]:
        """What was seen wrong; a written number below that of the open ones cannot be relied on."""
        from checklist.reading.records.sites import below_its_defects, read_defects

        found = read_defects(self.document, self.shape.defects, self.ruleset, self.of.as_of, (*self.at, "defects"))
        for name, some in found.items():
            if too_few := below_its_defects(self.ruleset, self.readings.get(name), some, self.of.as_of):
                self.spoil(name, (*self.at, "facts", name), "E247", *too_few)
        return found

    def read(self, name: str, raw: Any) -> None:
        fact, loc = self.ruleset.facts.get(name), (*self.at, "facts", name)
        if fact is None:
            if self.of.ruleset in (self.ruleset.id, self.ruleset.extends):
                self.document.wrong(loc, *no_such_fact(self.ruleset, name))
            return
        if isinstance(raw, dict) and (not raw or ("unknown" in raw and raw["unknown"] in (None, ""))):
            says = f"“{fact.label}”的 unknown 后面没有写原因" if raw else f"“{fact.label}”的括号里什么也没有写"
            self.spoil(name, loc, "E201", says, "说不清就写 {unknown: 原因}；没核过就去掉这一行")
            return
        shape = validate(ReadingShape, raw, self.document, loc) if isinstance(raw, dict) else ReadingShape(value=raw)
        if shape is None:
            self.unusable.add(name)
            return
        self.keep(name, shape, loc)

    def keep(self, name: str, shape: ReadingShape, loc: tuple[str | int, ...]) -> None:
        fact, on = self.ruleset.facts[name], shape.on or self.of.as_of
        written = shape.value if shape.sample is None else None
        if shape.sample is not None and (fact.type != "ratio" or shape.value is not None):
            self.spoil(
                name, loc, "E218", "sample 只用于比例类实测项，并代替 value", "写成 sample: {agree: 41, asked: 50}"
            )
            return
        if shape.sample is not None and shape.sample.agree > shape.sample.asked:
            self.spoil(
                name, loc, "E320", f"“{fact.label}”同意 {shape.sample.agree} 份，多于收回的 {shape.sample.asked} 份"
            )
            return
        if on > self.of.as_of:
            self.spoil(
                name,
                loc,
                "E217",
                f"“{fact.label}”的核实日期 {on} 晚于现状日期 {self.of.as_of}",
                "改日期，或另存一份较晚的现状记录",
            )
            return
        value: Value | None = None
        if shape.sample is not None:
            value = Fraction(shape.sample.agree, shape.sample.asked)
        elif written is not None:
            if shape.unknown is not None:
                self.spoil(name, loc, "E219", f"“{fact.label}”又写了值又写了 unknown", "留一个")
                return
            try:
                value = fact_value(fact, written)
            except NotAValue as reason:
                at = (*loc, "value") if isinstance(self.shape.facts[name], dict) else loc
                self.spoil(name, at, reason.code, reason.says, reason.hint)
                return
            if isinstance(value, date) and value > self.of.as_of:
                self.spoil(name, loc, "E217", f"“{fact.label}”的日期 {value} 晚于现状日期 {self.of.as_of}")
                return
        self.readings[name] = Reading(
            fact=name,
            value=value,
            on=on,
            by=shape.by,
            note=shape.note,
            evidence=tuple(shape.evidence),
            unknown=shape.unknown or "",
            sample=Sample(shape.sample.agree, shape.sample.asked) if shape.sample else None,
            where=self.document.where(loc),
            site=self.site,
        )

    def spoil(self, name: str, loc: tuple[str | int, ...], code: str, says: str, hint: str = "") -> None:
        """A mistake in a fact: it is reported, and the fact counts as unknown."""
        self.document.wrong(loc, code, says, hint)
        self.unusable.add(name)
        self.readings.pop(name, None)

    def declarations(self, state: State) -> dict[str, NotApplicable]:
        known = state.knowledge(self.ruleset.facts)
        kept = {}
        for id, shape in self.shape.not_applicable.items():
            loc = (*self.at, "not_applicable", id)
            if id not in self.ruleset.by_id and self.of.ruleset != self.ruleset.id:
                continue
            mistake = declaration_mistake(self.ruleset, id, known, shape.reason)
            if mistake is not None:
                self.document.wrong((*loc, "reason") if mistake[0] == "E324" else loc, *mistake)
            else:
                where = self.document.where(loc)
                kept[id] = NotApplicable(id, shape.reason, shape.until, where, self.site)
        return kept
