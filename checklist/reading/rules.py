"""A ruleset folder → Ruleset, with every mistake of every file in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..model.facts import POLARITIES, Fact, Polarity
from ..model.numbers import INF, exact, exact_points
from ..model.problems import Problem, Where, in_order
from ..model.ruleset import (
    Action,
    Band,
    Change,
    Citation,
    CostBand,
    Criterion,
    Module,
    Ruleset,
    Source,
)
from .forms import Forms, Unusable
from .shapes import (
    ActionShape,
    ChangesShape,
    CriterionShape,
    FactShape,
    RulesetShape,
    SourceShape,
    TailoringShape,
)
from .validate import suggest, validate
from .values import quantity
from .yamlfile import Document, read_yaml

Locate = Callable[[str], Path | None]
"""From a ruleset id to its folder, or None when there is no such ruleset."""

HEAD = "ruleset.yaml"
MAX_EXTENDS = 5


def read_ruleset(folder: Path, locate: Locate, shown: str | None = None) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """The ruleset in ``folder`` (None when it cannot be used) and every problem found in its files.

    ``locate`` finds the ruleset that a tailoring extends; ``shown`` is the folder as the user wrote it.
    """
    return _read(folder, locate, shown or str(folder), ())


def _read(
    folder: Path, locate: Locate, shown: str, seen: tuple[str, ...]
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    head = read_yaml(folder / HEAD, f"{shown}/{HEAD}")
    if not isinstance(head.data, dict):
        if not head.problems:
            head.problems.append(head.problem((), "E201", "文件要由“名称: 值”组成"))
        return None, in_order(head.problems)
    if "extends" in head.data:
        return _tailored(head, folder, locate, shown, seen)
    shape = validate(RulesetShape, head.data, head)
    if shape is None:
        return None, in_order(head.problems)
    return _Folder(folder, shown, head, shape).build()


def _check_folder_name(head: Document, folder: Path, id: str) -> None:
    if folder.resolve().name != id:
        name = folder.resolve().name
        head.problems.append(head.problem(("id",), "E308", f"编号 {id} 和文件夹名 {name} 不一致", "两个改成一样"))


@dataclass(slots=True)
class _Folder:
    """One base ruleset under construction."""

    folder: Path
    shown: str
    head: Document
    shape: RulesetShape
    documents: list[Document] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    complete: bool = True

    def build(self) -> tuple[Ruleset | None, tuple[Problem, ...]]:
        head, shape = self.head, self.shape
        _check_folder_name(head, self.folder, shape.id)
        forms = Forms(head, {}, ())
        modules = tuple(
            Module(m.id, m.title, self._points(forms, m.points, ("modules", i, "points")), head.where(("modules", i)))
            for i, m in enumerate(shape.modules)
        )
        facts = self._facts([m.id for m in modules])
        sources = self._sources()
        costs = {k: CostBand(k, c.label, (c.yuan[0], c.yuan[1])) for k, c in shape.costs.items()}
        actions = self._actions([m.id for m in modules], facts, costs)
        criteria = self._criteria(modules, facts, actions, sources)
        ruleset = Ruleset(
            id=shape.id,
            title=shape.title,
            edition=shape.edition,
            disclaimer=shape.disclaimer,
            total_points=self._points(forms, shape.total_points, ("total_points",)),
            levels={name: _fraction(value) for name, value in shape.levels.items()},
            bands=tuple(
                sorted((Band(b.name, exact(b.at_least)) for b in shape.bands), key=lambda band: -band.at_least)
            ),
            modules=modules,
            places=shape.places,
            costs=costs,
            facts=facts,
            criteria=criteria,
            actions=actions,
            sources=sources,
            effective=(shape.effective.from_, shape.effective.to),
            where=head.where(()),
        )
        self._add_up(ruleset)
        problems = in_order([*head.problems, *(p for d in self.documents for p in d.problems)])
        usable = self.complete and not any(not p.is_advice for p in problems)
        return (ruleset if usable else None), problems

    def _points(self, forms: Forms, raw: Any, loc: tuple[str | int, ...]) -> int:
        try:
            return forms.points(raw, loc)
        except Unusable:
            self.complete = False
            return 0

    def _open(self, name: str, kind: type) -> Document | None:
        """A file of the folder whose content is a ``kind`` (list or dict); None when it is absent or unusable."""
        path = self.folder / name
        if not path.exists():
            return None
        document = read_yaml(path, f"{self.shown}/{name}")
        self.documents.append(document)
        if isinstance(document.data, kind):
            return document
        if not document.problems:
            word = "“- ”开头的列表" if kind is list else "“名称: 值”"
            document.problems.append(document.problem((), "E201", f"文件内容要由{word}组成"))
        return None

    def _parts(self, name: str, modules: list[str]) -> Iterator[Document]:
        """``facts.yaml`` and ``facts/<MODULE>.yaml``, in module order."""
        names = [f"{name}.yaml", *(f"{name}/{module}.yaml" for module in modules)]
        known = set(names)
        others = sorted(p.name for p in (self.folder / name).glob("*.yaml") if f"{name}/{p.name}" not in known)
        for part in [*names, *(f"{name}/{other}" for other in others)]:
            if document := self._open(part, dict):
                yield document

    def _facts(self, modules: list[str]) -> Mapping[str, Fact]:
        facts: dict[str, Fact] = {}
        for document in self._parts("facts", modules):
            for name, raw in document.data.items():
                shape = validate(FactShape, raw, document, (name,))
                if shape is None:
                    self.broken.add(name)
                elif name in facts:
                    self._twice(document, (name,), f"实测项 {name}", facts[name].where)
                else:
                    facts[name] = self._fact(name, shape, document)
        return facts

    def _fact(self, name: str, shape: FactShape, document: Document) -> Fact:
        better = str(shape.better).lower() if isinstance(shape.better, bool) else shape.better
        if better is not None and better not in POLARITIES[shape.type]:
            allowed = "、".join(POLARITIES[shape.type])
            document.problems.append(
                document.problem((name, "better"), "E309", f"{shape.type} 类型的 better 只能填 {allowed}")
            )
        if (shape.type in ("choice", "set")) != bool(shape.options):
            document.problems.append(document.problem((name,), "E309", "choice 和 set 类型要写 options，其他类型不写"))
        if shape.place and shape.place not in self.shape.places:
            hint = suggest(shape.place, self.shape.places, self.shape.places)
            document.problems.append(document.problem((name, "place"), "E309", f"没有 {shape.place} 这个地点", hint))
        polarity: Polarity | None = better  # type: ignore[assignment]
        low, high = self._range(name, shape, document)
        return Fact(
            id=name,
            label=shape.label,
            type=shape.type,
            method=shape.method,
            ask=shape.ask,
            minutes=shape.minutes,
            valid_for_days=shape.valid_for_days,
            unit=shape.unit,
            better=polarity,
            place=shape.place,
            low=low,
            high=high,
            options=shape.options,
            evidence=tuple(shape.evidence),
            where=document.where((name,)),
        )

    def _range(self, name: str, shape: FactShape, document: Document) -> tuple[Any, Any]:
        written = shape.range
        low = quantity(written.min) if written and written.min is not None else 0
        high = quantity(written.max) if written and written.max is not None else (1 if shape.type == "ratio" else INF)
        if low > high:
            document.problems.append(document.problem((name, "range"), "E309", "范围的最小值大于最大值"))
        return low, high

    def _sources(self) -> Mapping[str, Source]:
        sources: dict[str, Source] = {}
        document = self._open("sources.yaml", dict)
        for name, raw in document.data.items() if document else ():
            assert document is not None
            shape = validate(SourceShape, raw, document, (name,))
            if shape is not None:
                where = document.where((name,))
                sources[name] = Source(
                    name, shape.title, shape.tag, shape.trust, shape.where, shape.year, shape.read, where
                )
        return sources

    def _actions(
        self, modules: list[str], facts: Mapping[str, Fact], costs: Mapping[str, CostBand]
    ) -> Mapping[str, Action]:
        actions: dict[str, Action] = {}
        needs: list[tuple[Document, str, int, str]] = []
        for document in self._parts("actions", modules):
            forms = Forms(document, facts, (), frozenset(self.broken))
            for name, raw in document.data.items():
                shape = validate(ActionShape, raw, document, (name,))
                if shape is None:
                    self.broken.add(name)
                elif name in actions:
                    self._twice(document, (name,), f"措施 {name}", actions[name].where)
                else:
                    actions[name] = self._action(name, shape, forms, costs)
                    needs += [(document, name, i, need) for i, need in enumerate(shape.needs)]
        for document, name, i, need in needs:
            if need not in actions and need not in self.broken:
                labels = {key: action.label for key, action in actions.items()}
                hint = suggest(need, labels, labels)
                document.problems.append(document.problem((name, "needs", i), "E312", f"没有这个措施 {need}", hint))
        return actions

    def _action(self, name: str, shape: ActionShape, forms: Forms, costs: Mapping[str, CostBand]) -> Action:
        document = forms.document
        sets = {}
        for fact, raw in shape.sets.items():
            try:
                declared = forms.facts[forms.fact(fact, (name, "sets", fact))]
                sets[fact] = forms.effect(declared, raw, (name, "sets", fact))
            except Unusable:
                self.complete = False
        band = costs.get(shape.cost)
        if band is None:
            hint = suggest(shape.cost, costs, {k: c.label for k, c in costs.items()})
            document.problems.append(document.problem((name, "cost"), "E313", f"没有 {shape.cost} 这个费用档", hint))
        yuan = tuple(shape.yuan) if shape.yuan else (band.yuan if band else (0, 0))
        if yuan[0] > yuan[1] or yuan[0] < 0 or (band and not (band.yuan[0] <= yuan[0] and yuan[1] <= band.yuan[1])):
            document.problems.append(
                document.problem((name, "yuan"), "E313", f"费用 {list(yuan)} 不在 {shape.cost} 档的范围内")
            )
        return Action(
            id=name,
            label=shape.label,
            sets=sets,
            effort_days=exact(shape.effort_days),
            cost=shape.cost,
            yuan=(yuan[0], yuan[1]),
            lead_days=shape.lead_days,
            owner=tuple(shape.owner),
            needs=tuple(shape.needs),
            where=document.where((name,)),
        )

    def _criteria(
        self,
        modules: tuple[Module, ...],
        facts: Mapping[str, Fact],
        actions: Mapping[str, Action],
        sources: Mapping[str, Source],
    ) -> tuple[Criterion, ...]:
        criteria: dict[str, Criterion] = {}
        builder = _CriterionBuilder(facts, actions, sources, tuple(self.shape.levels), frozenset(self.broken))
        for module in modules:
            document = self._open(f"{module.id}.yaml", list)
            if document is None:
                if not (self.folder / f"{module.id}.yaml").exists():
                    self.head.problems.append(
                        Problem(module.where, "E311", f"缺少模块文件 {module.id}.yaml", f"在 {self.shown} 里建这个文件")
                    )
                self.complete = False
                continue
            for i, raw in enumerate(document.data):
                criterion = builder.build(raw, document, (i,), module.id)
                if criterion is None:
                    self.complete = False
                elif criterion.id in criteria:
                    self._twice(document, (i, "id"), f"编号 {criterion.id}", criteria[criterion.id].where)
                else:
                    criteria[criterion.id] = criterion
        return tuple(criteria.values())

    def _twice(self, document: Document, loc: tuple[str | int, ...], what: str, first: Where) -> None:
        document.problems.append(
            document.problem(loc, "E310", f"{what} 用了两次", f"{first.file} 第 {first.line} 行已经有了")
        )

    def _add_up(self, ruleset: Ruleset) -> None:
        """Points are explicit and must add up exactly: criteria to modules, modules to the total."""
        if not self.complete:
            return
        for module in ruleset.modules:
            total = sum(c.points for c in ruleset.of_module(module.id) if c.status == "active")
            if total != module.points:
                says = f"{module.id} 各项分值合计 {_pt(total)}，模块写的是 {_pt(module.points)}"
                self.head.problems.append(Problem(module.where, "E314", says, "改到两边相等"))
        total = sum(m.points for m in ruleset.modules)
        if total != ruleset.total_points:
            says = f"各模块分值合计 {_pt(total)}，总分写的是 {_pt(ruleset.total_points)}"
            self.head.problems.append(self.head.problem(("total_points",), "E314", says, "改到两边相等"))


@dataclass(slots=True)
class _CriterionBuilder:
    """Criteria of one ruleset, wherever they are written (module file or tailoring)."""

    facts: Mapping[str, Fact]
    actions: Mapping[str, Action]
    sources: Mapping[str, Source]
    levels: tuple[str, ...]
    broken: frozenset[str] = frozenset()

    def build(self, raw: Any, document: Document, loc: tuple[str | int, ...], module: str | None) -> Criterion | None:
        shape = validate(CriterionShape, raw, document, loc)
        if shape is None:
            return None
        before = len(document.problems)
        belongs = shape.id.split("-")[0]
        if module is not None and belongs != module:
            document.problems.append(document.problem((*loc, "id"), "E315", f"{shape.id} 不该放在 {module}.yaml 里"))
        self._references(shape, document, loc)
        forms = Forms(document, self.facts, self.levels, self.broken)
        try:
            criterion = Criterion(
                id=shape.id,
                module=belongs,
                title=shape.title,
                requirement=shape.requirement,
                methods=tuple(shape.methods),
                points=forms.points(shape.points, (*loc, "points")),
                scale=forms.scale(shape, loc),
                tier=shape.tier,
                flag=forms.flag(shape.flag, (*loc, "flag")),
                applies_when=forms.condition(shape.applies_when, (*loc, "applies_when"))
                if shape.applies_when
                else None,
                na_when=shape.na_when,
                evidence=tuple(shape.evidence),
                owner=tuple(shape.owner),
                actions=tuple(shape.actions),
                keywords=tuple(shape.keywords),
                sources=tuple(Citation(s.id, s.says, s.confidence) for s in shape.sources),
                records=tuple(forms.fact(name, (*loc, "records", i)) for i, name in enumerate(shape.records)),
                status=shape.status,
                where=document.where(loc),
            )
        except Unusable:
            return None
        return criterion if len(document.problems) == before else None

    def _references(self, shape: CriterionShape, document: Document, loc: tuple[str | int, ...]) -> None:
        labels = {key: action.label for key, action in self.actions.items()}
        for i, action in enumerate(shape.actions):
            if action not in self.actions and action not in self.broken:
                hint = suggest(action, labels, labels)
                document.problems.append(document.problem((*loc, "actions", i), "E312", f"没有这个措施 {action}", hint))
        titles = {key: source.title for key, source in self.sources.items()}
        for i, citation in enumerate(shape.sources):
            if citation.id not in self.sources:
                hint = suggest(citation.id, titles, titles)
                document.problems.append(
                    document.problem((*loc, "sources", i), "E316", f"没有这个来源 {citation.id}", hint)
                )


def _tailored(
    head: Document, folder: Path, locate: Locate, shown: str, seen: tuple[str, ...]
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """A base ruleset with whole criteria replaced, added or dropped; points follow the criteria that are left."""
    shape = validate(TailoringShape, head.data, head)
    if shape is None:
        return None, in_order(head.problems)
    _check_folder_name(head, folder, shape.id)
    if shape.id in seen or len(seen) >= MAX_EXTENDS:
        chain = " → ".join([*seen, shape.id])
        head.problems.append(head.problem(("extends",), "E317", f"extends 绕成了圈：{chain}", "去掉其中一个 extends"))
        return None, in_order(head.problems)
    base_folder = locate(shape.extends)
    if base_folder is None:
        head.problems.append(
            head.problem(("extends",), "E318", f"没有这个测评体系 {shape.extends}", "用 checklist rules 看有哪些")
        )
        return None, in_order(head.problems)
    base, problems = _read(base_folder, locate, str(base_folder), (*seen, shape.id))
    if base is None:
        return None, in_order([*head.problems, *problems])
    document = read_yaml(folder / "changes.yaml", f"{shown}/changes.yaml")
    changes = validate(ChangesShape, document.data, document) if document.data is not None else None
    criteria, made = _apply(base, changes, document) if changes else (base.criteria, ())
    found = in_order([*head.problems, *document.problems, *problems])
    if changes is None or any(not p.is_advice for p in found):
        return None, found
    modules = tuple(
        replace(m, points=sum(c.points for c in criteria if c.module == m.id and c.status == "active"))
        for m in base.modules
        if any(c.module == m.id for c in criteria)
    )
    tailored = replace(
        base,
        id=shape.id,
        title=shape.title,
        edition=shape.edition,
        disclaimer=shape.disclaimer or base.disclaimer,
        total_points=sum(m.points for m in modules),
        modules=modules,
        criteria=criteria,
        extends=shape.extends,
        changes=(*base.changes, *made),
        where=head.where(()),
    )
    return tailored, found


def _apply(
    base: Ruleset, changes: ChangesShape, document: Document
) -> tuple[tuple[Criterion, ...], tuple[Change, ...]]:
    builder = _CriterionBuilder(base.facts, base.actions, base.sources, tuple(base.levels))
    criteria = dict(base.by_id)
    made: list[Change] = []
    raw = document.data

    def known(id: str, loc: tuple[str | int, ...]) -> bool:
        if id in criteria:
            return True
        titles = {c.id: c.title for c in base.criteria}
        document.problems.append(document.problem(loc, "E319", f"没有这条测评标准 {id}", suggest(id, titles, titles)))
        return False

    for i, drop in enumerate(changes.drop):
        for j, id in enumerate(drop.ids):
            loc: tuple[str | int, ...] = ("drop", i, "ids", j)
            if known(id, loc):
                del criteria[id]
                made.append(Change("drop", id, drop.why, document.where(loc)))
    for i, part in enumerate(changes.replace):
        loc = ("replace", i, "criterion")
        criterion = builder.build(raw["replace"][i]["criterion"], document, loc, None)
        if criterion and known(criterion.id, (*loc, "id")):
            criteria[criterion.id] = criterion
            made.append(Change("replace", criterion.id, part.why, document.where(loc)))
    for i, part in enumerate(changes.add):
        loc = ("add", i, "criterion")
        criterion = builder.build(raw["add"][i]["criterion"], document, loc, None)
        if criterion is None:
            continue
        if criterion.id in base.by_id or criterion.id in criteria:
            document.problems.append(
                document.problem((*loc, "id"), "E310", f"编号 {criterion.id} 已经有了", "用 replace，或换一个新编号")
            )
        elif criterion.module not in {m.id for m in base.modules}:
            document.problems.append(document.problem((*loc, "id"), "E315", f"没有 {criterion.module} 这个模块"))
        else:
            criteria[criterion.id] = criterion
            made.append(Change("add", criterion.id, part.why, document.where(loc)))
    order = {m.id: i for i, m in enumerate(base.modules)}
    return tuple(sorted(criteria.values(), key=lambda c: order[c.module])), tuple(made)


def _fraction(raw: Any) -> Fraction:
    return Fraction(quantity(raw))


def _pt(points: int) -> str:
    return exact_points(points).rstrip("0").rstrip(".")
