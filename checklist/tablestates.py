"""Spreadsheets where a state file is asked for: the record that a form was made from, with what was filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from .keeping.changes import compare
from .model.parts import parts_of
from .model.problems import Problem, Where
from .model.ruleset import Ruleset
from .model.state import Community, NotApplicable, State
from .reading.filled import Filled, made_up_id, read_filled
from .reading.states import BOTH_IN_DOUBT, declaration_mistake, ruleset_of, too_great
from .reading.tables import Table


def ruleset_name(table: Table) -> str | None:
    """The ruleset that a form was made for."""
    return ruleset_of(table.stamp.base) if table.stamp else None


def table_states(table: Table, ruleset: Ruleset, today: date, problems: list[Problem]) -> Iterator[State]:
    """One state for each community in the table; what cannot be used is told in ``problems`` and counts as unknown.

    Raises FilesHaveProblems when the file holds no answers.
    """
    filled, found = read_filled(table, ruleset, today)
    problems += found
    for one in filled:
        yield _state(one, Path(table.file), ruleset, today, problems)


def _state(filled: Filled, path: Path, ruleset: Ruleset, today: date, problems: list[Problem]) -> State:
    where = Where(str(path))
    community = filled.community or Community(made_up_id(path.stem), path.stem)
    base = filled.base or State(community, ruleset.id, date.min, {}, where=where)
    readings, unusable = dict(base.readings), set(base.unusable)
    for change in compare(readings, filled.readings, "incoming").items:
        if change.kind == "conflict":
            fact = ruleset.facts[change.fact]
            cells = "、".join(str(r.where.cell) for r in (*change.rivals, change.reading))
            says = f"“{fact.label}”填了几次，值不一样（{cells}）"
            problems.append(Problem(change.reading.where, "E222", says, "留一个；改好之前按未核实处理"))
            unusable.add(change.fact)
            readings.pop(change.fact, None)
        elif change.kind != "same":
            readings[change.fact] = change.reading
            unusable.discard(change.fact)
    for part, whole in parts_of(ruleset):
        if says := too_great(ruleset, readings, part, whole):
            problems.append(Problem(readings[part].where, "E320", says, BOTH_IN_DOUBT))
            for name in (part, whole):
                readings.pop(name)
                unusable.add(name)
    days = [base.as_of, *(reading.on for reading in readings.values())]
    as_of = max([*days, filled.as_of] if filled.as_of else days)
    state = State(
        community, base.ruleset, today if as_of == date.min else as_of, readings, {}, frozenset(unusable), where
    )
    return replace(state, not_applicable=_declared(base, filled, state, ruleset, problems))


def _declared(
    base: State, filled: Filled, state: State, ruleset: Ruleset, problems: list[Problem]
) -> dict[str, NotApplicable]:
    known, kept = state.knowledge(ruleset.facts), dict(base.not_applicable)
    for declared in filled.declared:
        before = kept.get(declared.criterion)
        if before is not None and (before.reason, before.until) == (declared.reason, declared.until):
            continue
        mistake = declaration_mistake(ruleset, declared.criterion, known)
        if mistake is None:
            kept[declared.criterion] = declared
        else:
            problems.append(Problem(declared.where, *mistake))
    return kept
