"""The same rules in other engines: the compiled graph, written out in each engine's own language.

Every engine gets the prepared columns (``households.lo`` …) that our kernel gets, so that only evaluation is compared,
and none has to handle missing values itself. An engine takes the criteria that it can say; how many is reported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from checklist.batch.program.column_program import ColumnProgram
from checklist.batch.program.nodes import ColumnNode, Int

Arrays = Mapping[str, np.ndarray]
ENDS = ("low", "high")
SETS = {"bitwise_count", "without"}


def criteria_of(program: ColumnProgram, refused: set[str]) -> list[str]:
    """The criteria none of whose points need an operation that the engine does not have."""

    def usable(value: Int) -> bool:
        stack, seen = [value], set()
        while stack:
            node = stack.pop()
            if isinstance(node, ColumnNode) and node.index not in seen:
                seen.add(node.index)
                if node.op in refused or (node.op == "bitwise_and" and node.dtype != "b1" and "sets" in refused):
                    return False
                stack += [a for a in node.args if isinstance(a, ColumnNode)]
        return True

    return [c for c in program.criteria if all(usable(program.outputs[f"{c}.{end}"]) for end in ENDS)]


def column(name: str) -> str:
    return name.replace(".", "__").replace("-", "_")


class Words:
    """An infix language: how masks are joined, negated and chosen between."""

    def __init__(self, and_: str, or_: str, not_: str, choose: str, equal: str = "==", prefix: str = "") -> None:
        self.and_, self.or_, self.not_, self.choose, self.equal, self.prefix = and_, or_, not_, choose, equal, prefix

    def text(self, node: Int, known: Mapping[int, str] = {}) -> str:
        if not isinstance(node, ColumnNode):
            return str(node)
        if node.index in known:
            return known[node.index]
        of = [self.text(a, known) if isinstance(a, ColumnNode) else str(a) for a in node.args]
        match node.op:
            case "load":
                return self.prefix + column(str(node.args[0]))
            case "bitwise_and" if node.dtype == "b1":
                return "(" + f" {self.and_} ".join(of) + ")"
            case "bitwise_and":
                return f"({of[0]} & {of[1]})"
            case "bitwise_or":
                return "(" + f" {self.or_} ".join(of) + ")"
            case "bitwise_xor":
                return f"({of[0]} != {of[1]})"
            case "logical_not":
                return f"({self.not_}{of[0]})"
            case "greater_equal" | "less_equal" | "equal":
                sign = {"greater_equal": ">=", "less_equal": "<=", "equal": self.equal}[node.op]
                return f"({of[0]} {sign} {of[1]})"
            case "add" | "subtract" | "multiply":
                return f"({of[0]} {dict(add='+', subtract='-', multiply='*')[node.op]} {of[1]})"
            case "maximum" | "minimum":
                sign = ">=" if node.op == "maximum" else "<="
                return self.choose.format(f"{of[0]} {sign} {of[1]}", of[0], of[1])
            case "where":
                return self.choose.format(*of)
            case "count":
                return "(" + " + ".join(self.choose.format(part, 1, 0) for part in of) + ")"
            case "cast" if self is SQL and node.dtype == "i8":
                return f"CAST({of[0]} AS BIGINT)"
            case "cast":
                return of[0]
            case "bitwise_count":
                return f"bit_count({of[0]})"
            case "without":
                return f"({of[0]} & ~{of[1]})"
        raise AssertionError(node.op)


SQL = Words("AND", "OR", "NOT ", "(CASE WHEN {0} THEN {1} ELSE {2} END)", "=")
CEL = Words("&&", "||", "!", "({0} ? {1} : {2})")
ZEN = Words("and", "or", "not ", "({0} ? {1} : {2})")
RULE_ENGINE = Words("and", "or", "not ", "({0} ? {1} : {2})")


def leaves(program: ColumnProgram, names: Iterable[str]) -> list[ColumnNode]:
    """The comparisons that the outputs rest on: a first stage of columns for the frame engines."""
    found: dict[int, ColumnNode] = {}
    stack = [program.outputs[name] for name in names]
    while stack:
        node = stack.pop()
        if isinstance(node, ColumnNode) and node.index not in found:
            found[node.index] = node
            stack += [a for a in node.args if isinstance(a, ColumnNode)]
    return [found[i] for i in sorted(found) if found[i].op in ("greater_equal", "less_equal", "equal")]


def duckdb_sql(program: ColumnProgram) -> str:
    """Three stages: comparisons, points of each criterion, sums."""
    ends = [f"{c}.{end}" for c in program.criteria for end in ENDS]
    first = leaves(program, ends)
    names = {node.index: f"m{node.index}" for node in first}
    masks = ",\n".join(f"{SQL.text(node)} AS m{node.index}" for node in first)
    na = {n.args[0] for n in program.nodes if n.op == "load"}
    points = ",\n".join(f"CAST({SQL.text(program.outputs[e], names)} AS INTEGER) AS {column(e)}" for e in ends)
    sums = []
    for module in program.ruleset.modules:
        mine = [c.id for c in program.ruleset.of_module(module.id) if c.id in program.level_names]
        for end in ENDS:
            sums.append(f"{' + '.join(column(f'{c}.{end}') for c in mine)} AS {module.id}_{end}")
    assert na
    return (
        f"WITH a AS MATERIALIZED (SELECT *,\n{masks}\nFROM facts), b AS MATERIALIZED (SELECT\n{points}\nFROM a)\n"
        f"SELECT *, {', '.join(sums)} FROM b"
    )


def polars_frame(program: ColumnProgram, frame: Any) -> Any:
    """A lazy frame with the points of each criterion and their sums, in three stages."""
    import polars as pl

    dtypes = {"b1": pl.Boolean, "u1": pl.Int32, "i2": pl.Int32, "i4": pl.Int32, "i8": pl.Int64}
    known: dict[int, Any] = {}

    def made(node: Int) -> Any:
        if not isinstance(node, ColumnNode):
            return pl.lit(node)
        if node.index not in known:
            known[node.index] = build(node)
        return known[node.index]

    def build(node: ColumnNode) -> Any:
        if node.op == "load":
            return pl.col(column(str(node.args[0])))
        of = [made(a) if isinstance(a, ColumnNode) else a for a in node.args]
        match node.op:
            case "bitwise_and" if node.dtype == "b1":
                return pl.all_horizontal(of) if len(of) > 2 else of[0] & of[1]
            case "bitwise_and":
                return of[0] & of[1]
            case "bitwise_or":
                return pl.any_horizontal(of) if len(of) > 2 else of[0] | of[1]
            case "bitwise_xor":
                return of[0] ^ of[1]
            case "logical_not":
                return ~of[0]
            case "greater_equal":
                return of[0] >= of[1]
            case "less_equal":
                return of[0] <= of[1]
            case "equal":
                return of[0] == of[1]
            case "add":
                return of[0] + of[1]
            case "subtract":
                return of[0] - of[1]
            case "multiply":
                return of[0] * of[1]
            case "maximum" | "minimum":
                return (pl.max_horizontal if node.op == "maximum" else pl.min_horizontal)(of)
            case "where":
                return pl.when(of[0]).then(of[1]).otherwise(of[2])
            case "count":
                return pl.sum_horizontal([part.cast(pl.Int32) for part in of])
            case "cast":
                return of[0].cast(dtypes[node.dtype])
            case "bitwise_count":
                return of[0].bitwise_count_ones().cast(pl.Int32)
            case "without":
                return of[0] & ~of[1]
        raise AssertionError(node.op)

    ends = [f"{c}.{end}" for c in program.criteria for end in ENDS]
    first = leaves(program, ends)
    masks = [made(node).alias(f"m{node.index}") for node in first]
    for node in first:
        known[node.index] = pl.col(f"m{node.index}")
    for index in [i for i in known if i not in {n.index for n in first} and program.nodes[i].op != "load"]:
        del known[index]
    points = [made(program.outputs[e]).cast(pl.Int32).alias(column(e)) for e in ends]
    sums = []
    for module in program.ruleset.modules:
        mine = [c.id for c in program.ruleset.of_module(module.id) if c.id in program.level_names]
        sums += [
            pl.sum_horizontal([pl.col(column(f"{c}.{end}")) for c in mine]).alias(f"{module.id}_{end}") for end in ENDS
        ]
    return frame.lazy().with_columns(masks).select(points).with_columns(sums)


def polars_prepared(program: ColumnProgram, path: str, as_of: Any) -> Any:
    """The table as a lazy frame with the prepared columns; it checks no cell and compares no part with its whole."""
    import polars as pl

    from checklist.batch.columns.encoding import Bits, Coded

    columns = []
    for name, fact in program.ruleset.facts.items():
        form = program.encodings[name]
        if isinstance(form, Coded):
            values = {option: i + 1 for i, option in enumerate(form.options)}
            code = (
                pl.col(name).cast(pl.Int32) + 1
                if fact.type == "bool"
                else pl.col(name).replace_strict(values, default=0, return_dtype=pl.Int32)
            )
            columns.append(code.fill_null(0).alias(column(f"{name}.code")))
        elif isinstance(form, Bits):
            every = form.mask(fact.options)
            bits = [pl.col(f"{name}__{o}").cast(pl.Int32) * (1 << form.bits[o]) for o in fact.options]
            total = pl.sum_horizontal(bits, ignore_nulls=False)
            columns += [
                total.fill_null(0).alias(column(f"{name}.has")),
                total.fill_null(every).alias(column(f"{name}.may")),
            ]
            columns.append(total.is_not_null().alias(column(f"{name}.known")))
        else:
            value = (pl.lit(as_of) - pl.col(name)).dt.total_days() if fact.type == "date" else pl.col(name)
            if form.scale != 1:
                value = (value * form.scale).round()
            value = value.cast(pl.Int64 if form.dtype == "i8" else pl.Int32)
            columns += [
                value.fill_null(form.least).alias(column(f"{name}.lo")),
                value.fill_null(form.top).alias(column(f"{name}.hi")),
            ]
    return pl.scan_parquet(path).select(columns)


def openfisca(program: ColumnProgram, arrays: Arrays, rows: int) -> Callable[[], list[np.ndarray]]:
    """Each criterion's points as a variable with a vector formula."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables
    from openfisca_core.simulations import SimulationBuilder

    entity = entities.Entity("community", "communities", "", "")
    entity.is_person = True
    system = taxbenefitsystems.TaxBenefitSystem([entity])
    assert simulations
    used = sorted({str(n.args[0]) for n in program.nodes if n.op == "load"})

    def variable(name: str, formula: Any = None) -> None:
        body: dict[str, Any] = dict(value_type=int, entity=entity, definition_period=periods.DateUnit.YEAR, label=name)
        if formula:
            body["formula"] = formula
        system.add_variable(type(name, (variables.Variable,), body))
        system.variables[name].dtype = np.int64  # its own int has 32 bits, too few for square metres in hundredths

    def formula_of(node: Int) -> Any:
        def formula(population: Any, period: Any) -> Any:
            value = _numpy(node, lambda name: population(column(name), period), {})
            return value if isinstance(value, np.ndarray) else np.full(rows, value)

        return formula

    for name in used:
        variable(column(name))
    for id in program.criteria:
        for end in ENDS:
            node = program.outputs[f"{id}.{end}"]
            variable(column(f"{id}.{end}"), formula_of(node))

    def run() -> list[np.ndarray]:
        simulation = SimulationBuilder().build_default_simulation(system, count=rows)
        for name in used:
            simulation.set_input(column(name), "2026", arrays[name][:rows].astype("i8"))
        return [simulation.calculate(column(f"{id}.{end}"), "2026") for id in program.criteria for end in ENDS]

    return run


def _numpy(node: Int, load: Callable[[str], Any], done: dict[int, Any]) -> Any:
    """NumPy as one writes it by hand: a fresh array for every step."""
    if not isinstance(node, ColumnNode):
        return node
    if node.index in done:
        return done[node.index]
    if node.op == "load":
        value = load(str(node.args[0]))
        value = value != 0 if node.dtype == "b1" else value
    else:
        of = [_numpy(a, load, done) if isinstance(a, ColumnNode) else a for a in node.args]
        if node.op == "count":
            value = sum(part.astype("i4") for part in of)
        elif node.op == "cast":
            value = of[0].astype(node.dtype)
        elif node.op == "without":
            value = of[0] & ~of[1]
        elif node.op in ("bitwise_and", "bitwise_or") and len(of) > 2:
            value = np.logical_and.reduce(of) if node.op == "bitwise_and" else np.logical_or.reduce(of)
        else:
            value = getattr(np, node.op)(*of)
    done[node.index] = value
    return value


def contexts(program: ColumnProgram, arrays: Arrays, rows: int) -> list[dict[str, Any]]:
    """The rows as the dicts that row engines take."""
    names = sorted({str(n.args[0]) for n in program.nodes if n.op == "load"})
    lists = [arrays[name][:rows].tolist() for name in names]
    keys = [column(name) for name in names]
    return [dict(zip(keys, values, strict=True)) for values in zip(*lists, strict=True)]


def zen(program: ColumnProgram, criteria: list[str]) -> Callable[[list[dict[str, Any]]], Any]:
    import zen

    expressions = [
        {"id": f"{c}.{e}", "key": column(f"{c}.{e}"), "value": ZEN.text(program.outputs[f"{c}.{e}"])}
        for c in criteria
        for e in ENDS
    ]
    content = {
        "nodes": [
            {"id": "i", "type": "inputNode", "name": "i", "position": {"x": 0, "y": 0}},
            {
                "id": "e",
                "type": "expressionNode",
                "name": "e",
                "position": {"x": 0, "y": 0},
                "content": {"expressions": expressions},
            },
            {"id": "o", "type": "outputNode", "name": "o", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "1", "sourceId": "i", "targetId": "e", "type": "edge"},
            {"id": "2", "sourceId": "e", "targetId": "o", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(content))
    if hasattr(decision, "evaluate_batch"):
        return lambda rows: [r["result"] for r in decision.evaluate_batch(rows)]
    return lambda rows: [decision.evaluate(row)["result"] for row in rows]


def cel(program: ColumnProgram, criteria: list[str]) -> Callable[[list[dict[str, Any]]], Any]:
    """One expression that lists every end, so that a row is handed over once."""
    import cel

    compiled = cel.compile("[" + ", ".join(CEL.text(program.outputs[f"{c}.{e}"]) for c in criteria for e in ENDS) + "]")
    return lambda rows: [compiled.execute(row) for row in rows]


def rule_engine(program: ColumnProgram, criteria: list[str]) -> Callable[[list[dict[str, Any]]], Any]:
    import rule_engine

    words = [RULE_ENGINE.text(program.outputs[f"{c}.{e}"]) for c in criteria for e in ENDS]
    rule = rule_engine.Rule("[" + ", ".join(words) + "]")
    return lambda rows: [rule.evaluate(row) for row in rows]


def datalogic(program: ColumnProgram, criteria: list[str]) -> Callable[[list[dict[str, Any]]], Any]:
    import datalogic_py

    logic = [_json_logic(program.outputs[f"{c}.{e}"]) for c in criteria for e in ENDS]
    rule = datalogic_py.Engine().compile(logic)
    return lambda rows: [json.loads(rule.evaluate_str(text)) for text in map(json.dumps, rows)]


def _json_logic(node: Int) -> Any:
    if not isinstance(node, ColumnNode):
        return node
    of = [_json_logic(a) if isinstance(a, ColumnNode) else a for a in node.args]
    match node.op:
        case "load":
            return {"var": column(str(node.args[0]))}
        case "bitwise_and":
            return {"and": of}
        case "bitwise_or":
            return {"or": of}
        case "bitwise_xor":
            return {"!=": of}
        case "logical_not":
            return {"!": of}
        case "where":
            return {"if": of}
        case "count":
            return {"+": [{"if": [part, 1, 0]} for part in of]}
        case "cast":
            return of[0]
    words = {"greater_equal": ">=", "less_equal": "<=", "equal": "==", "add": "+", "subtract": "-", "multiply": "*"}
    return {(words | {"maximum": "max", "minimum": "min"})[node.op]: of}


def business_rules(
    program: ColumnProgram, criteria: list[str]
) -> tuple[list[str], Callable[[list[dict[str, Any]]], Any]]:
    """It compares one number with one constant: criteria that are a ladder of such limits, at the low end only."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_NUMERIC
    from business_rules.variables import BaseVariables, numeric_rule_variable

    rules, done, names = [], [], set()
    for id in criteria:
        node = program.outputs[f"{id}.low"]
        pairs = _simple(node)
        if pairs is None:
            continue
        done.append(id)
        for (load, op, limit), weight in pairs:
            names.add(load)
            rules.append({
                "conditions": {"all": [{"name": column(load), "operator": {"greater_equal": "greater_than_or_equal_to", "less_equal": "less_than_or_equal_to", "equal": "equal_to"}[op], "value": limit}]},
                "actions": [{"name": "add", "params": {"key": 0, "points": weight}}],
            })  # fmt: skip

    class Variables(BaseVariables):
        def __init__(self, row: dict[str, Any]) -> None:
            self.row = row

    for name in names:
        setattr(Variables, column(name), numeric_rule_variable()(_reader(column(name))))

    class Actions(BaseActions):
        def __init__(self) -> None:
            self.total = 0

        @rule_action(params={"key": FIELD_NUMERIC, "points": FIELD_NUMERIC})
        def add(self, key: int, points: int) -> None:
            self.total += points

    def run(rows: list[dict[str, Any]]) -> list[int]:
        totals = []
        for row in rows:
            actions = Actions()
            run_all(rules, Variables(row), actions, stop_on_first_trigger=False)
            totals.append(actions.total)
        return totals

    return done, run


def _reader(name: str) -> Any:
    def read(self: Any) -> Any:
        return self.row[name]

    read.__name__ = name
    return read


def _simple(node: Int) -> list[tuple[tuple[str, str, int], int]] | None:
    """A sum of weighted single comparisons; None for anything else."""
    if not isinstance(node, ColumnNode):
        return None
    if node.op == "cast":
        return _simple(node.args[0])  # type: ignore[arg-type]
    if node.op == "add" and all(isinstance(a, ColumnNode) for a in node.args):
        parts = [_simple(a) for a in node.args]  # type: ignore[arg-type]
        return None if None in parts else [p for part in parts for p in part or []]
    if node.op == "multiply" and isinstance(node.args[1], int):
        inner = node.args[0]
        while isinstance(inner, ColumnNode) and inner.op == "cast":
            inner = inner.args[0]
        if isinstance(inner, ColumnNode) and inner.op == "count":
            found = []
            for mask in inner.args:
                if not (isinstance(mask, ColumnNode) and mask.op in ("greater_equal", "less_equal", "equal")):
                    return None
                load, limit = mask.args
                if not (isinstance(load, ColumnNode) and load.op == "load" and isinstance(limit, int)):
                    return None
                found.append(((str(load.args[0]), mask.op, limit), node.args[1]))
            return found
    return None
