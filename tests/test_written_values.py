"""The same text is the same value, or is refused, through every door that reads what people write."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest

from checklist import load_states
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.submissions import read_submissions
from checklist.reports.language.phrases import value_text
from checklist.values.yaml_out import inline
from checklist.web.answers import PhoneAnswer, read_answer
from tests.support.tables import plain_xlsx
from tests.support.written_values import NONE, WRITTEN

DAY = date(2026, 11, 20)


def recorded(path: Path, ruleset: Ruleset, fact: str) -> str | None:
    """What the record in this file says of the fact, as a report writes it; None where it was refused."""
    reading = load_states([path], ruleset=ruleset, today=DAY).states[0].state.readings.get(fact)
    return None if reading is None else value_text(ruleset.facts[fact], reading.value)


def wide(fact: str, text: str) -> list[list[str]]:
    return [["社区编号", "社区名称", "现状日期", fact], ["jia", "甲社区", str(DAY), text]]


def written(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def wide_csv(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    return recorded(written(folder / "宽.csv", wide(fact, text)), ruleset, fact)


def wide_xlsx(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    head, *rows = wide(fact, text)
    (folder / "宽.xlsx").write_bytes(plain_xlsx("表", head, rows))
    return recorded(folder / "宽.xlsx", ruleset, fact)


def long_csv(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    head = ["社区编号", "社区名称", "现状日期", "编号", "实测项", "实测值"]
    row = ["jia", "甲社区", str(DAY), fact, ruleset.facts[fact].label, text]
    return recorded(written(folder / "长.csv", [head, row]), ruleset, fact)


def batch(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    pa = pytest.importorskip("pyarrow")
    from checklist.batch.columns.encoding import encodings
    from checklist.batch.columns.one_row import value_in
    from checklist.batch.columns.read_column import read_column

    declared, form = ruleset.facts[fact], encodings(ruleset)[fact]
    column = read_column(declared, form, pa.array([text]), fact, 1)
    assert bool(column.bad) != bool(column.mask()[0])
    return value_text(declared, value_in(form, declared.type, column)) if column.mask()[0] else None


def phone(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    raw = {"id": "12345678", "fact": fact, "by": "张三", "value": text, "seen": 0}
    answer = read_answer(raw, ruleset.facts, folder, datetime(2026, 11, 20, 12), 0)
    return value_text(ruleset.facts[fact], answer.reading.value) if isinstance(answer, PhoneAnswer) else None


def odk(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    row = {"checklist_ruleset": ruleset.id, "checklist_community": "jia", "checklist_by": "张三", fact: text}
    path = folder / "odk.json"
    path.write_text(json.dumps([row], ensure_ascii=False), encoding="utf-8")
    filled = read_submissions(path, ruleset, DAY)[0]
    return next((value_text(ruleset.facts[fact], r.value) for one in filled for r in one.readings), None)


def yaml(ruleset: Ruleset, fact: str, text: str, folder: Path) -> str | None:
    (folder / "现状.yaml").write_text(
        f"community: {{id: jia, name: 甲社区}}\nruleset: {ruleset.id}\nas_of: {DAY}\nfacts:\n  {fact}: {inline(text)}\n",
        encoding="utf-8",
    )
    return recorded(folder / "现状.yaml", ruleset, fact)


Door = Callable[[Ruleset, str, str, Path], str | None]
DOORS: Final[tuple[Door, ...]] = (wide_csv, wide_xlsx, long_csv, batch, phone, odk)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_one_meaning_through_every_door(door: Door, ruleset: Ruleset, tmp_path: Path) -> None:
    got = [(fact, text, door(ruleset, fact, text, tmp_path)) for fact, text, _ in WRITTEN]
    assert got == list(WRITTEN)


def test_a_state_file_knows_the_words_for_none(ruleset: Ruleset, tmp_path: Path) -> None:
    got = [(fact, text, yaml(ruleset, fact, text, tmp_path)) for fact, text, _ in NONE]
    assert got == list(NONE)


@pytest.mark.parametrize(("chosen", "says"), [("never", "从来没有"), ("从来没有", "从来没有"), ("not_seen", "未核实")])
def test_a_field_form_says_never_where_it_says_why_not(
    chosen: str, says: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    for fact in ("implementation_plan_date", "affairs_days_since_post"):
        row = {"checklist_ruleset": ruleset.id, "checklist_by": "张三", f"{fact}__unsure": chosen}
        (tmp_path / "odk.json").write_text(json.dumps([row], ensure_ascii=False), encoding="utf-8")
        (filled,), _ = read_submissions(tmp_path / "odk.json", ruleset, DAY)
        assert [value_text(ruleset.facts[fact], r.value) for r in filled.readings] == [says]
