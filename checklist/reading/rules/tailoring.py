"""A tailoring (本地细则): a base ruleset with criteria changed in some keys, replaced, added or dropped, each with its
reason; level coefficients, bands and module titles of its own.

What its criteria need beyond the base (a local document, a local action, a fact nobody asked for before) stands in its
own ``sources.yaml``, ``actions.yaml`` and ``facts.yaml``, written as in any ruleset, under ids that the base does not use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from checklist.model.rules.facts import Fact, linked
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.rules.sources import Source
from checklist.model.rules.tailored_change import TailoredChange
from checklist.reading.rules.actions import read_actions
from checklist.reading.rules.criteria import CriterionBuilder, extra_modules
from checklist.reading.rules.facts_and_sources import read_facts, read_sources
from checklist.reading.rules.head import check_grade_bands, check_levels, read_bands
from checklist.reading.rules.rule_files import RulesetFolder, used_twice
from checklist.reading.rules.ruleset_shapes import AddShape, ChangeShape, ChangesShape, TailoringShape
from checklist.reading.rules.scales import SCALES
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml
from checklist.values.fact_value import coefficient
from checklist.values.near import suggest

Declared = TypeVar("Declared", Fact, Action, Source)
AsWritten: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Criteria by id, each with the keys and values that stand in its file."""
DEMANDS: Final = (
    *("requirement", "methods", "points", "status", "per", "over", "flag", "applies_when", "na_when"),
    *("measure", *SCALES, "ours", "floor", "coefficients", "not_applicable"),
)
"""The keys that say what is demanded and how it is graded; the others help to do it."""
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


def tailored(
    base: Ruleset, written: AsWritten, shape: TailoringShape, head: YamlFile, folder: Path, shown: str
) -> tuple[Ruleset | None, YamlFile, AsWritten]:
    """The base (and its criteria as ``written``) as the tailoring changes it, and ``changes.yaml`` with its problems;
    points follow the criteria left."""
    document = read_yaml(folder / "changes.yaml", f"{shown}/changes.yaml")
    own = RulesetFolder(folder, shown, head, tuple(m.id for m in base.modules))
    base = _with_own(base, own)
    document.problems += [problem for part in own.documents for problem in part.problems]
    changes = validate(ChangesShape, document.data, document) if document.data is not None else None
    if changes is None or not own.complete:
        return None, document, {}
    base, framed = _framed(base, shape, head)
    edits = _Edits(base, written, document)
    edits.apply(changes)
    order = {m.id: i for i, m in enumerate(base.modules)}
    criteria = tuple(sorted(edits.criteria.values(), key=lambda c: order[c.module]))
    modules = tuple(
        m
        if m.kind != "ordinary"
        else replace(m, points=sum(c.points for c in criteria if c.module == m.id and c.status == "active"))
        for m in base.modules
        if any(c.module == m.id for c in criteria)
    )
    ruleset = replace(
        base,
        id=shape.id,
        title=shape.title,
        edition=shape.edition,
        disclaimer=shape.disclaimer or base.disclaimer,
        total_points=sum(m.points for m in modules if m.kind == "ordinary"),
        modules=modules,
        criteria=criteria,
        extends=shape.extends,
        changes=(*base.changes, *framed, *edits.made),
        where=head.where(()),
    )
    return ruleset, document, edits.written


def fingerprint(raw: Mapping[str, Any]) -> str:
    """What a criterion demands, as it is written, in eight letters: others as soon as its text, its grading or its
    points are."""
    told = json.dumps({key: raw[key] for key in DEMANDS if key in raw}, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8")).hexdigest()[:8].translate(_LETTERS)


def _framed(base: Ruleset, shape: TailoringShape, head: YamlFile) -> tuple[Ruleset, list[TailoredChange]]:
    """The base with the tailoring's own level coefficients, bands and module titles."""
    levels, bands, titles = base.levels, base.bands, {m.id: m.title for m in shape.modules}
    if shape.levels and list(shape.levels) != list(base.levels):
        says = f"档次要和 {base.id} 的一样：{'、'.join(base.levels)}"
        head.wrong(("levels",), "E305", says, "名称和次序照抄，只改系数")
    elif shape.levels:
        check_levels(shape, head)
        levels = {name: coefficient(value) for name, value in shape.levels.items()}
    if shape.bands:
        check_grade_bands(shape, {m.id: m.title for m in base.modules if m.kind == "ordinary"}, head)
        bands = read_bands(shape.bands)
    known = {m.id: m.title for m in base.modules}
    for i, module in enumerate(shape.modules):
        if module.id not in known:
            hint = suggest(module.id, known, known)
            head.wrong(("modules", i, "id"), "E315", f"没有 {module.id} 这个模块", hint)
    parts = (("levels", "档次系数"), ("bands", "等次"), ("modules", "模块名称"))
    made = [TailoredChange("frame", word, shape.why, head.where((k,))) for k, word in parts if getattr(shape, k)]
    modules = tuple(replace(m, title=titles.get(m.id, m.title)) for m in base.modules)
    return replace(base, levels=levels, bands=bands, modules=modules), made


def _with_own(base: Ruleset, own: RulesetFolder) -> Ruleset:
    """The base with the facts, actions and sources that the tailoring declares itself."""
    facts = linked(_joined(base.facts, read_facts(own, base.places, base.facts), own, "实测项"))
    actions = _joined(base.actions, read_actions(own, facts, base.costs, base.actions), own, "措施")
    sources = _joined(base.sources, read_sources(own, base.sources), own, "来源")
    return replace(base, facts=facts, actions=actions, sources=sources)


def _joined(
    base: Mapping[str, Declared], new: Mapping[str, Declared], own: RulesetFolder, what: str
) -> Mapping[str, Declared]:
    for name in base.keys() & new.keys():
        document = next(d for d in own.documents if d.path == new[name].where.file)
        used_twice(document, (name,), f"{what} {name}", base[name].where)
    return {**base, **new}


class _Edits:
    """What ``changes.yaml`` does to the criteria of a base, one entry after the other."""

    def __init__(self, base: Ruleset, written: AsWritten, document: YamlFile) -> None:
        self.base, self.document = base, document
        self.builder = CriterionBuilder(
            base.facts,
            base.actions,
            base.sources,
            tuple(base.levels),
            kinds=base.site_kinds,
            extras=extra_modules(base.modules),
        )
        self.criteria, self.written = dict(base.by_id), dict(written)
        self.made: list[TailoredChange] = []

    def apply(self, changes: ChangesShape) -> None:
        for i, drop in enumerate(changes.drop):
            for j, id in enumerate(drop.ids):
                if self.known(id, ("drop", i, "ids", j)):
                    del self.criteria[id], self.written[id]
                    self.made.append(TailoredChange("drop", id, drop.why, self.document.where(("drop", i, "ids", j))))
        for i, change in enumerate(changes.change):
            if self.known(change.id, ("change", i, "id")):
                self.change(change, ("change", i, "to"))
        for i, new in enumerate(changes.replace):
            id, loc = new.criterion.id, ("replace", i, "criterion")
            if self.known(id, (*loc, "id")):
                done = TailoredChange("replace", id, new.why, self.document.where(loc), new.of, self.print_of(id))
                self.put(done, self.document.data["replace"][i]["criterion"], loc)
        for i, added in enumerate(changes.add):
            self.add(added, ("add", i, "criterion"))

    def known(self, id: str, loc: Loc) -> bool:
        """Whether there is such a criterion, and nothing has been done to it yet."""
        titles = {c.id: c.title for c in self.base.criteria}
        if id not in self.criteria:
            self.document.wrong(loc, "E319", f"没有这条测评标准 {id}", suggest(id, titles, titles))
        elif earlier := next((done for done in self.made if done.criterion == id), None):
            used_twice(self.document, loc, f"标准 {id} 的改动", earlier.where)
            return False
        return id in self.criteria

    def print_of(self, id: str) -> str:
        return fingerprint(self.written[id])

    def change(self, change: ChangeShape, loc: Loc) -> None:
        if "id" in change.to:
            self.document.wrong((*loc, "id"), "E203", "编号不能改", "换编号用 drop 和 add，新的一条写 supersedes")
            return
        raw = {key: value for key, value in {**self.written[change.id], **change.to}.items() if value is not None}
        self.put(TailoredChange("change", change.id, change.why, self.document.where(loc)), raw, loc)

    def add(self, added: AddShape, loc: Loc) -> None:
        id, modules = added.criterion.id, [m.id for m in self.base.modules]
        if id in self.base.by_id or id in self.criteria:
            self.document.wrong((*loc, "id"), "E310", f"编号 {id} 已经有了", "用 replace，或换一个新编号")
        elif id.split("-")[0] not in modules:
            self.document.wrong((*loc, "id"), "E315", f"没有 {id.split('-')[0]} 这个模块")
        else:
            done = TailoredChange("add", id, added.why, self.document.where(loc))
            self.put(done, self.document.data["add"][loc[1]]["criterion"], loc)

    def put(self, done: TailoredChange, raw: Mapping[str, Any], loc: Loc) -> None:
        criterion = self.builder.build(raw, self.document, loc, None)
        if criterion is not None:
            self.criteria[criterion.id], self.written[criterion.id] = criterion, raw
            self.made.append(done)
