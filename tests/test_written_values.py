"""The same text is the same value, or is refused, through every door that reads what people write."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from checklist import load_states
from checklist.keeping.confirmed_problems import confirmed
from checklist.keeping.folder import CommunityFolder
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community
from checklist.reading.fieldforms.submissions import read_submissions
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.records.readings import read_filled
from checklist.reading.tables.recognising import open_table
from checklist.reports.language.phrases import value_text
from checklist.values.yaml_out import inline
from checklist.web.answers import PhoneAnswer, read_answer
from tests.support.tables import FILES, Rows, as_parquet, as_sqlite
from tests.support.written_values import NONE, WRITTEN

DAY = date(2026, 11, 20)
Told: TypeAlias = Sequence[tuple[str, str]]
"""Facts and what is written of them."""

ManyDoor: TypeAlias = Callable[[Ruleset, Told, Path], list[str | None]]
"""What a door makes of each, as a report writes it; None where it is refused."""


def recorded(path: Path, ruleset: Ruleset, fact: str) -> str | None:
    """What the record in this file says of the fact, as a report writes it; None where it was refused."""
    reading = load_states([path], ruleset=ruleset, today=DAY).states[0].state.readings.get(fact)
    return None if reading is None else value_text(ruleset.facts[fact], reading.value)


def in_long(kind: str) -> ManyDoor:
    """A long table: a row a text, each of a community of its own."""

    def read(ruleset: Ruleset, told: Told, folder: Path) -> list[str | None]:
        head = ["社区编号", "社区名称", "现状日期", "编号", "实测值"]
        rows = [[f"c{n}", f"甲{n}", str(DAY), fact, text] for n, (fact, text) in enumerate(told)]
        return recorded_of(kept_as(kind, [head, *rows], folder), told, ruleset)

    return read


def wide(told: Told) -> list[list[str]]:
    """A row a text, a column a fact."""
    facts = list(dict.fromkeys(fact for fact, _ in told))
    rows = [
        [f"c{n}", str(DAY), *(text if fact == name else "" for name in facts)] for n, (fact, text) in enumerate(told)
    ]
    return [["社区编号", "现状日期", *facts], *rows]


def in_wide(kind: str) -> ManyDoor:
    return lambda ruleset, told, folder: recorded_of(kept_as(kind, wide(told), folder), told, ruleset)


def kept_as(kind: str, rows: Rows, folder: Path) -> Path:
    """``xls`` and ``ods`` are what LibreOffice makes of the workbook."""
    name, write = FILES["xlsx" if kind in ("xls", "ods") else kind]
    path = folder / name
    path.write_bytes(write(rows))
    if kind not in ("xls", "ods"):
        return path
    office = shutil.which("soffice") or pytest.skip("LibreOffice is not installed")
    run = [office, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", kind]
    subprocess.run([*run, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{kind}")


def recorded_of(path: Path, told: Told, ruleset: Ruleset) -> list[str | None]:
    """What the records of the communities say of the facts, as a report writes it; None where it was refused."""
    found = load_states([path], ruleset=ruleset, today=DAY)
    states = {item.state.community.id: item.state for item in found.states}
    said = [states[f"c{n}"].readings.get(fact) if f"c{n}" in states else None for n, (fact, _) in enumerate(told)]
    assert sum(one is None for one in said) == sum(not problem.is_advice for problem in found.problems)
    return [one and value_text(ruleset.facts[one.fact], one.value) for one in said]


def form(ruleset: Ruleset, told: Told, folder: Path) -> list[str | None]:
    """A form holds a fact once: as many forms as one fact has texts."""
    answers: list[str | None] = []
    for fact, text in told:
        rows = [["编号", "实测项", "实测值"], [fact, ruleset.facts[fact].label, text]]
        filled, problems = read_filled(open_table(kept_as("xlsx", rows, folder)), ruleset, DAY)
        readings = [reading for one in filled for reading in one.readings]
        assert bool(readings) != any(not problem.is_advice for problem in problems)
        answers.append(value_text(ruleset.facts[fact], readings[0].value) if readings else None)
    return answers


def in_batch(kind: str) -> ManyDoor:
    def read(ruleset: Ruleset, told: Told, folder: Path) -> list[str | None]:
        rows = wide(told)
        if kind == "parquet":
            as_parquet(rows, folder / "t.parquet")
            return scored(folder / "t.parquet", told, ruleset)
        if kind == "sqlite":
            pytest.importorskip("adbc_driver_sqlite")
            as_sqlite(rows, folder / "t.db")
            return scored(f"sqlite:///{folder / 't.db'}#t", told, ruleset)
        return scored(kept_as(kind, rows, folder), told, ruleset)

    return read


def scored(table: Path | str, told: Told, ruleset: Ruleset) -> list[str | None]:
    """What the rows of a table for ``batch`` record."""
    from checklist.batch.columns.one_row import state_of_row
    from checklist.batch.run.scoring import Job
    from checklist.batch.tables.table_parts import place_of
    from checklist.files.whole_tables import opened

    answers: list[str | None] = []
    with opened(place_of(str(table)), ruleset, DAY) as found:
        job = Job(ruleset, found.layout, DAY)
        for row, (fact, _) in enumerate(told, 1):
            state, bad = state_of_row(job, found.source, row)
            reading = state.readings.get(fact) if state else None
            assert bool(bad) == (reading is None)
            answers.append(value_text(ruleset.facts[fact], reading.value) if reading else None)
    return answers


def confirmed_list(ruleset: Ruleset, told: Told, folder: Path) -> list[str | None]:
    """记几 of a list of problems that somebody confirmed."""
    criteria = {fact: next(c.id for c in ruleset.criteria if fact in c.facts) for fact, _ in told}
    rows = [["问题", "采用", "记到实测项", "记几"], *(["坏了", criteria[fact], fact, text] for fact, text in told)]
    spotted, _, _ = read_problem_list(open_table(kept_as("csv", rows, folder)), DAY)
    home = CommunityFolder(folder, Community("jia", "甲社区"), ruleset, "full", None)
    answers: list[str | None] = []
    for one in spotted:
        found = confirmed([one], home, DAY)
        assert bool(found.readings) != bool(found.problems)
        answers += [value_text(ruleset.facts[r.fact], r.value) for r in found.readings] or [None]
    return answers


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


def each(door: Callable[[Ruleset, str, str, Path], str | None]) -> ManyDoor:
    return lambda ruleset, told, folder: [door(ruleset, fact, text, folder) for fact, text in told]


DOORS: Final[dict[str, ManyDoor]] = {
    **{f"long {kind}": in_long(kind) for kind in FILES},
    **{f"wide {kind}": in_wide(kind) for kind in FILES},
    **{f"batch {kind}": in_batch(kind) for kind in (*FILES, "parquet", "sqlite")},
    "form": form,
    "confirmed list": confirmed_list,
    "phone": each(phone),
    "odk": each(odk),
}
OFFICE: Final[dict[str, ManyDoor]] = {
    f"{shape} {kind}": door(kind)
    for kind in ("xls", "ods")
    for shape, door in (("long", in_long), ("wide", in_wide), ("batch", in_batch))
}


@pytest.mark.many
@pytest.mark.parametrize("door", DOORS)
def test_one_meaning_through_every_door(door: str, ruleset: Ruleset, tmp_path: Path) -> None:
    told = [(fact, text) for fact, text, _ in WRITTEN]
    got = DOORS[door](ruleset, told, tmp_path)
    assert [(*one, said) for one, said in zip(told, got, strict=True)] == list(WRITTEN)


def test_problems_that_cannot_be_counted_are_no_number(ruleset: Ruleset, tmp_path: Path) -> None:
    """Neither 说不清 nor 从来没有 is 0, alone or beside a number."""
    told = [("affairs_days_since_post", "说不清"), ("potholes", "3"), ("potholes", "看不到：雨天"), ("potholes", "二")]
    assert confirmed_list(ruleset, told, tmp_path) == [None, "3 处", None, "2 处"]
    post = [("affairs_days_since_post", "从来没有"), ("affairs_days_since_post", "3")]
    criterion = next(c.id for c in ruleset.criteria if post[0][0] in c.facts)
    rows = [["问题", "采用", "记到实测项", "记几"], *(["旧了", criterion, *one] for one in post)]
    spotted, _, _ = read_problem_list(open_table(kept_as("csv", rows, tmp_path)), DAY)
    home = CommunityFolder(tmp_path, Community("jia", "甲社区"), ruleset, "full", None)
    assert [p.code for p in confirmed(spotted, home, DAY).problems] == ["E222"]


@pytest.mark.slow
@pytest.mark.parametrize("door", OFFICE)
def test_one_meaning_through_the_older_formats(door: str, ruleset: Ruleset, tmp_path: Path) -> None:
    got = OFFICE[door](ruleset, [(fact, text) for fact, text, _ in WRITTEN], tmp_path)
    assert got == [means for _, _, means in WRITTEN]


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
