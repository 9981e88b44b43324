"""Criteria: from their written shape to the noun, wherever they are written (module file or tailoring)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from checklist.model.rules.clauses import PLACE, Clause, Phrases
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Action, Criterion, Module, ModuleKind
from checklist.model.rules.site_kinds import COMMUNITY, SiteKind
from checklist.model.rules.sources import Citation, Source
from checklist.reading.rules.building import Forms, Unusable
from checklist.reading.rules.conditions import condition, flag
from checklist.reading.rules.criterion_shapes import CriterionShape, FlagShape, PhrasesShape
from checklist.reading.rules.scales import ITEMS, scale, worth
from checklist.reading.yaml.shape_mistakes import Loc, validate
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.near import suggest

ELSE: Final = "else"
_WRITTEN: Final = "写成一句话，或 has_sign: 没有公示牌；几个分句分几行，每行一个“- ”"
WAY_OUT = "加一行 per，如 per: estate；按整个社区评就去掉 over"


def extra_modules(modules: Iterable[Module]) -> dict[str, ModuleKind]:
    """The modules outside the score, with their kind."""
    return {module.id: module.kind for module in modules if module.kind != "ordinary"}


@dataclass(slots=True)
class CriterionBuilder:
    """Criteria of one ruleset, wherever they are written (module file or tailoring)."""

    facts: Mapping[str, Fact]
    actions: Mapping[str, Action]
    sources: Mapping[str, Source]
    levels: tuple[str, ...]
    broken: frozenset[str] = frozenset()
    kinds: Mapping[str, SiteKind] = field(default_factory=dict)
    extras: Mapping[str, ModuleKind] = field(default_factory=dict)

    def build(self, raw: Any, document: YamlFile, loc: tuple[str | int, ...], module: str | None) -> Criterion | None:
        shape = validate(CriterionShape, raw, document, loc)
        if shape is None:
            return None
        before = len(document.problems)
        belongs = shape.id.split("-")[0]
        if module is not None and belongs != module:
            document.wrong((*loc, "id"), "E315", f"{shape.id} 不该放在 {module}.yaml 里")
        self._references(shape, document, loc)
        self._flag_of_deductions(shape, document, loc)
        forms = Forms(document, self.facts, self.levels, self.broken)
        try:
            criterion = Criterion(
                id=shape.id,
                module=belongs,
                title=shape.title,
                requirement=shape.requirement,
                methods=tuple(shape.methods),
                points=forms.points(shape.points, (*loc, "points")),
                scale=(graded := scale(forms, shape, loc)),
                worth=worth(forms, shape, graded, loc),
                na_full=self._na_full(shape, document, loc),
                extra=self.extras.get(belongs, "ordinary"),
                tier=shape.tier,
                flag=flag(forms, shape.flag, (*loc, "flag")),
                applies_when=condition(forms, shape.applies_when, (*loc, "applies_when"))
                if shape.applies_when
                else None,
                na_when=shape.na_when,
                evidence=tuple(shape.evidence),
                owner=tuple(shape.owner),
                actions=tuple(shape.actions),
                keywords=tuple(shape.keywords),
                sources=tuple(Citation(s.id, s.says, s.confidence, s.tag) for s in shape.sources),
                records=tuple(forms.fact(name, (*loc, "records", i)) for i, name in enumerate(shape.records)),
                status=shape.status,
                per=self._per(shape, document, loc),
                over=shape.over or "mean",
                once=shape.per == COMMUNITY,
                notes=tuple(shape.notes),
                supersedes=tuple(shape.supersedes),
                phrases=phrases_of(forms, shape.phrases, (*loc, "phrases")),
                where=document.where(loc),
            )
        except Unusable:
            return None
        return criterion if len(document.problems) == before else None

    def _flag_of_deductions(self, shape: CriterionShape, document: YamlFile, loc: tuple[str | int, ...]) -> None:
        """Item by item there is no level that is not reached: that a flag opens on the first point lost must be meant."""
        flag = shape.flag
        items = any(getattr(shape, kind) is not None for kind in ITEMS)
        if not items or flag is None or (isinstance(flag, FlagShape) and flag.opens_when):
            return
        kind = flag.kind if isinstance(flag, FlagShape) else flag
        says = f"{shape.id} 逐项计分，没有写什么情形算碰线"
        hint = f"写成 flag: {{kind: {kind}, opens_when: 条件}}；不写就是少得一点分也碰线"
        document.wrong((*loc, "flag"), "E416", says, hint)

    def _na_full(self, shape: CriterionShape, document: YamlFile, loc: tuple[str | int, ...]) -> bool:
        """Whether it earns full points where it does not apply."""
        full = shape.not_applicable == "full_points"
        if full and shape.per not in (None, COMMUNITY):
            says = "按点位评的标准，不适用的点位不参加平均，不能写得满分"
            document.wrong((*loc, "not_applicable"), "E306", says, "去掉这一行")
        if shape.id.split("-")[0] in self.extras and (full or shape.per not in (None, COMMUNITY)):
            says = "附加分和倒扣分按整个社区评，不适用的就没有，不写满分"
            document.wrong(loc, "E306", says, "去掉 per 和 not_applicable")
        return full

    def _per(self, shape: CriterionShape, document: YamlFile, loc: tuple[str | int, ...]) -> str:
        """The kind of site that it is graded at; empty for the community."""
        if shape.per in (None, COMMUNITY):
            if shape.over is not None:
                document.wrong((*loc, "over"), "E425", "写了 over，没有写按哪一类点位评", WAY_OUT)
            return ""
        if shape.per not in self.kinds:
            labels = {key: kind.label for key, kind in self.kinds.items()}
            hint = suggest(shape.per or "", labels, labels) if labels else "先在 ruleset.yaml 写 site_kinds"
            document.wrong((*loc, "per"), "E340", f"没有 {shape.per} 这一类点位", hint, value=True)
        return shape.per or ""

    def _references(self, shape: CriterionShape, document: YamlFile, loc: tuple[str | int, ...]) -> None:
        for i, action in enumerate(shape.actions):
            if action not in self.actions and action not in self.broken:
                labels = {key: item.label for key, item in self.actions.items()}
                hint = suggest(action, labels, labels)
                document.wrong((*loc, "actions", i), "E312", f"没有这个措施 {action}", hint)
        for i, citation in enumerate(shape.sources):
            if citation.id not in self.sources:
                titles = {key: source.title for key, source in self.sources.items()}
                hint = suggest(citation.id, titles, titles)
                document.wrong((*loc, "sources", i), "E316", f"没有这个来源 {citation.id}", hint)


def phrases_of(forms: Forms, shape: PhrasesShape | None, loc: Loc) -> Phrases:
    """Raises Unusable where a clause is about or prints what is no declared fact, or prints a yes or no."""
    if shape is None:
        return Phrases()
    return Phrases(_clauses(forms, shape.met, (*loc, "met")), _clauses(forms, shape.unmet, (*loc, "unmet")))


def _clauses(forms: Forms, written: Any, loc: Loc) -> tuple[Clause, ...]:
    if written is None:
        return ()
    if isinstance(written, list):
        return tuple(_clause(forms, part, (*loc, i)) for i, part in enumerate(written))
    return (_clause(forms, written, loc),)


def _clause(forms: Forms, written: Any, loc: Loc) -> Clause:
    if not isinstance(written, dict):
        return Clause(_text(forms, written, loc))
    about = [key for key in written if key != ELSE]
    if len(about) != 1:
        raise forms.wrong(loc, "E336", "一个分句恰好写一个“实测项: 文字”，另外只能有 else", _WRITTEN)
    here = (*loc, about[0])
    otherwise = _clauses(forms, written.get(ELSE), (*loc, ELSE))
    return Clause(_text(forms, written[about[0]], here), forms.fact(about[0], here), otherwise)


def _text(forms: Forms, text: Any, loc: Loc) -> str:
    if not isinstance(text, str) or len(text.split("\n")) != 1 or not text.strip():
        raise forms.wrong(loc, "E336", "说法的一个分句是一行文字", _WRITTEN)
    if {"{", "}"} & set(PLACE.sub("", text)):
        says = f"说法“{text}”里的花括号不成对，或里面不是实测项的编号"
        raise forms.wrong(loc, "E336", says, "写成 {lamps_lit} 这样")
    for name in PLACE.findall(text):
        fact = forms.facts[forms.fact(name, loc)]
        if fact.type == "bool":
            says = f"{name}（{fact.label}）只有是和否，印在说法里不成句"
            raise forms.wrong(loc, "E302", says, f"写成 {name}: 要说的话")
    return text.strip()
