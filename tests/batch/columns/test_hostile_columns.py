"""The same facts written in every way that a table may write them come to the same as the single engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from checklist.model.rules.facts import NEVER, Fact
from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import DAY, Row, state_of, table_of
from tests.batch.random_tables import random_rows
from tests.batch.side_by_side import assert_same, columns, findings

Make = Callable[[Fact, list[Any]], Any]


@pytest.fixture(scope="module")
def rows(ruleset: Ruleset) -> list[Row]:
    return random_rows(ruleset, 40, seed=21)


def each(values: list[Any], make: Callable[[Any], Any], kind: Any) -> Any:
    return pa.array([None if v is None else make(v) for v in values], kind)


def texts(fact: Fact, values: list[Any]) -> list[str | None]:
    def one(value: Any) -> str:
        match fact.type:
            case "bool":
                return "是" if value else "否"
            case "set":
                return "、".join(value) or "无"
            case "ratio":
                return f"{Decimal(str(value)) * 100:f}%"
        return str(value)

    return [None if v is None else one(v) for v in values]


def beijing_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(hours=8)))


def narrow(fact: Fact, values: list[Any]) -> Any:
    """Four bytes tell hundredths apart up to here and not beyond."""
    return each(values, float, pa.float32()) if max(v or 0 for v in values) < 100_000 else None


def numbers(kind: Any) -> Make:
    return only("count")(lambda fact, values: each(values, lambda v: v, kind))


def only(*types: str) -> Callable[[Make], Make]:
    return lambda make: lambda fact, values: make(fact, values) if fact.type in types else None


def without_never(row: Row) -> Row:
    """Of a column of numbers or days, which cannot say it."""
    return replace(row, values={fact: value for fact, value in row.values.items() if value is not NEVER})


WAYS: dict[str, Make] = {
    "counts as floats": numbers(pa.float64()),
    "counts as narrow floats": numbers(pa.float32()),
    "counts as uint64": numbers(pa.uint64()),
    "counts as int32": numbers(pa.int32()),
    "numbers as decimals": only("count", "number", "ratio")(
        lambda fact, values: each(values, lambda v: Decimal(str(v)), pa.decimal128(38, 6))
    ),
    "numbers as narrow floats": only("number", "ratio")(narrow),
    "yes/no as numbers": only("bool")(lambda fact, values: each(values, int, pa.int8())),
    "days as times": only("date")(
        lambda fact, values: each(values, lambda v: datetime(v.year, v.month, v.day, 23, 59), pa.timestamp("us"))
    ),
    "days as Beijing times": only("date")(
        lambda fact, values: each(values, beijing_midnight, pa.timestamp("ns", "Asia/Shanghai"))
    ),
    "days as world times": only("date")(lambda fact, values: each(values, beijing_midnight, pa.timestamp("s", "UTC"))),
    "days as milliseconds": only("date")(lambda fact, values: each(values, lambda v: v, pa.date64())),
    "days in words": only("date")(
        lambda fact, values: each(values, lambda v: f" {v.year}年{v.month}月{v.day}日", pa.large_string())
    ),
    "options as dictionaries": only("choice")(lambda fact, values: pa.array(values, pa.string()).dictionary_encode()),
    "options as labels": only("choice")(lambda fact, values: each(values, lambda v: fact.options[v], pa.string_view())),
    "sets as large lists": only("set")(lambda fact, values: pa.array(values, pa.large_list(pa.large_string()))),
    "sets as lists of labels": only("set")(
        lambda fact, values: each(
            values, lambda v: [fact.options[o] for o in v], pa.list_(pa.dictionary(pa.int32(), pa.string()))
        )
    ),
    "everything as text": lambda fact, values: pa.array(texts(fact, values), pa.string()),
    "everything as padded text": lambda fact, values: pa.array(
        [None if t is None else f"\u3000{t} " for t in texts(fact, values)], pa.large_string()
    ).dictionary_encode(),
}


QUICKLY = ("everything as padded text", "numbers as decimals")


@pytest.mark.parametrize("way", [w if w in QUICKLY else pytest.param(w, marks=pytest.mark.slow) for w in WAYS])
def test_however_it_is_written_it_is_the_same(way: str, rows: list[Row], ruleset: Ruleset) -> None:
    if not way.startswith("everything"):
        rows = list(map(without_never, rows))
    table = table_of(ruleset, rows)
    changed = 0
    for fact in ruleset.facts.values():
        if fact.id not in table.column_names:
            continue
        values = table.column(fact.id).to_pylist()
        if (made := WAYS[way](fact, values)) is not None:
            changed += 1
            table = table.set_column(table.column_names.index(fact.id), fact.id, made)
    assert changed
    assert_same(columns(ruleset, table), findings(ruleset, [state_of(ruleset, row) for row in rows]))


def test_columns_without_any_value_are_as_if_they_were_not_there(rows: list[Row], ruleset: Ruleset) -> None:
    bare = [Row({}, {}, {}, frozenset(), row.as_of) for row in rows]
    kinds = {"bool": pa.bool_(), "count": pa.uint64(), "number": pa.decimal128(10, 2), "ratio": pa.float16(),
             "choice": pa.dictionary(pa.int8(), pa.string()), "set": pa.list_(pa.string()), "date": pa.date64()}  # fmt: skip
    table = table_of(ruleset, bare)
    for fact in ruleset.facts.values():
        table = table.append_column(fact.id, pa.nulls(len(bare), kinds[fact.type]))
    assert_same(columns(ruleset, table), findings(ruleset, [state_of(ruleset, row) for row in bare]))


def test_a_slice_of_a_table_is_read_from_its_own_beginning(rows: list[Row], ruleset: Ruleset) -> None:
    table = table_of(ruleset, rows).slice(11, 13)
    batch = table.to_batches()[0]
    assert batch.column(0).offset == 11
    got = columns(ruleset, pa.Table.from_batches([batch]))
    assert_same(got, findings(ruleset, [state_of(ruleset, row) for row in rows[11:24]]))


@pytest.mark.slow
def test_freshness_on_the_last_day_and_the_day_after(ruleset: Ruleset) -> None:
    found: list[Row] = []
    for fact in ruleset.facts.values():
        value = {"bool": fact.better != "false", "choice": next(iter(fact.options), ""), "date": DAY - timedelta(900),
                 "set": frozenset(fact.options)}.get(fact.type, max(1, int(fact.low)))  # fmt: skip
        for past in (fact.valid_for_days, fact.valid_for_days + 1):
            found.append(Row({fact.id: value}, {fact.id: DAY - timedelta(past)}))
    assert_same(columns(ruleset, table_of(ruleset, found)), findings(ruleset, [state_of(ruleset, r) for r in found]))
