"""A ruleset compiled for tables with sites: what is judged in the community, what at each site of a kind, and what the
combined findings come to. Follows ``engine.scoring.sites``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checklist.batch.columns.encoding import Encoding, Numeric, encodings
from checklist.batch.program.column_program import ColumnProgram, TableShape, added_up, in_grains, of_criterion
from checklist.batch.program.grades import Grade, Grades
from checklist.batch.program.graph import Graph
from checklist.batch.program.nodes import MASK, Int, Mask, least_of, most_of
from checklist.batch.program.spans import Spans
from checklist.batch.program.truths import Truths
from checklist.model.refusals import unreadable
from checklist.model.results.assessment import OUTCOMES
from checklist.model.rules.facts import kin_of
from checklist.model.rules.ruleset import Criterion, Ruleset

MOST_SITES = 1_000_000
"""Sites of a kind that one community can have."""
_MOST_SUM = 1 << 61


@dataclass(frozen=True, slots=True)
class SitePrograms:
    """``here`` judges the criteria of the community and sums, ``at`` by kind those of one site; ``whole`` adds up what
    every criterion came to. The points of ``ruleset`` are in their ``grain``. ``sums`` leads from each sum to its facts,
    ``summed`` has the encoding of every array of one."""

    ruleset: Ruleset
    here: ColumnProgram
    at: Mapping[str, ColumnProgram]
    whole: ColumnProgram
    sums: Mapping[str, tuple[str, ...]]
    summed: Mapping[str, Numeric]


def added_name(criterion: str, fact: str) -> str:
    """What the arrays of a fact are called that is added up for a criterion."""
    return f"{criterion}/{fact}"


def sum_facts(ruleset: Ruleset, criterion: Criterion) -> tuple[str, ...]:
    """The facts of a sum that its sites give, then those of the community of which these say something.

    Raises Refusal for what cannot be added up."""
    added = [name for name in criterion.facts if name in ruleset.site_facts]
    for name in added:
        if ruleset.facts[name].type not in ("count", "number"):
            raise unreadable(
                f"{criterion.id} 要把“{ruleset.facts[name].label}”加起来，它不是个数", "改规则：checklist check"
            )
    near = [name for name in criterion.facts if name not in added and set(kin_of(ruleset.facts, name)) & set(added)]
    return (*added, *near)


def compile_sites(ruleset: Ruleset, shape: TableShape) -> SitePrograms:
    """The programs of a loaded ruleset. Raises Refusal where they cannot be exact."""
    plain = ruleset
    ruleset, grain = in_grains(plain)
    graph, forms = Graph(), encodings(ruleset, shape.sampled)
    grades = Grades(graph, Truths(graph, Spans(graph, ruleset.facts, forms)), ruleset, shape.declared, grain)
    at: dict[str, dict[str, Int]] = {c.per: {} for c in ruleset.criteria if c.per}
    here: dict[str, Int] = {}
    sums: dict[str, tuple[str, ...]] = {}
    summed: dict[str, Numeric] = {}
    names: dict[str, tuple[str, ...]] = {}
    made: list[Grade] = []
    for criterion in (c for m in ruleset.modules for c in ruleset.of_module(m.id) if c.status == "active"):
        id = criterion.id
        if criterion.per and id in shape.declared:  # by the community, for all its sites
            at[criterion.per][f"{id}.refused"] = here[f"{id}.refused"] = graph.count([grades.refused(criterion)])
        if criterion.over == "sum":
            sums[id] = sum_facts(ruleset, criterion)
            wide = {name: _wide(forms[name]) for name in sums[id]}
            summed |= {added_name(id, name): form for name, form in wide.items()}
            called = {name: added_name(id, name) for name in wide}
            spans = Spans(graph, ruleset.facts, {**forms, **wide}, called)
            nowhere = graph.load(f"{id}.nowhere", MASK)
            grade = Grades(graph, Truths(graph, spans), ruleset, grain=grain).unless(criterion, nowhere)
            outputs = {name: end for name, end in of_criterion(graph, grade).items() if not name.endswith(".refused")}
            here |= outputs
        else:
            grade = grades.of(criterion)
            outputs = of_criterion(graph, grade)
            (at[criterion.per] if criterion.per else here).update(outputs)
        names[id] = grade.names
        made.append(_combined(graph, grade, outputs))

    def program(outputs: Mapping[str, Int], ids: Mapping[str, tuple[str, ...]]) -> ColumnProgram:
        return ColumnProgram(plain, grain, shape, forms, graph.nodes, outputs, ids)

    each = {kind: program(outputs, _graded_at(ruleset, kind, names)) for kind, outputs in at.items()}
    return SitePrograms(
        ruleset, program(here, names), each, program(added_up(graph, ruleset, made, grain), names), sums, summed
    )


def _graded_at(ruleset: Ruleset, kind: str, names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Of these the criteria whose points are made of those of the sites of one kind."""
    criteria = {id: ruleset.criterion(id) for id in names}
    return {id: names[id] for id, c in criteria.items() if c.per == kind and c.over != "sum"}


def _wide(form: Encoding) -> Numeric:
    """The encoding of a number that a million sites may add up to."""
    assert isinstance(form, Numeric)
    sites = min(MOST_SITES, _MOST_SUM // max(form.most, 1))
    most = form.most * sites
    return replace(form, least=min(form.least * sites, 0), most=most, top=2 * _MOST_SUM if form.open else most)


def _combined(graph: Graph, grade: Grade, outputs: Mapping[str, Int]) -> Grade:
    """The same criterion as it was put together of ``outputs``, read from arrays: no site has points beyond theirs."""
    criterion, id = grade.criterion, grade.criterion.id
    outcome = graph.load(f"{id}.outcome", "u1", 0, len(OUTCOMES) - 1)
    met, _, unmet, unknown, away = (graph.equal(outcome, place) for place in range(len(OUTCOMES)))
    flags: list[Mask] = [graph.load(f"{id}.{flag}", MASK) for flag in ("flag_open", "flag_undecided") if criterion.flag]
    names = [f"{id}.low", f"{id}.high"]
    ranges = [(min(least_of(outputs[n]), 0), max(most_of(outputs[n]), criterion.points)) for n in names]
    low, high = (graph.load(name, "i4", *ends) for name, ends in zip(names, ranges, strict=True))
    opened, undecided = flags or (False, False)
    extra = None
    if grade.extra:
        extra = (
            graph.load(f"{id}.extra_low", "i4", 0, criterion.points),
            graph.load(f"{id}.extra_high", "i4", 0, criterion.points),
        )
    return Grade(
        criterion,
        grade.names,
        0,
        0,
        ((), low),
        ((), high),
        away,
        unknown,
        met,
        unmet,
        opened,
        undecided,
        extra=extra,
    )
