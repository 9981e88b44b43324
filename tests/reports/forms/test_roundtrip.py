"""State → form → state loses and changes nothing: through the sealed record, through the visible cells, through
LibreOffice, through tables of many communities."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import takewhile
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checklist import load_states
from checklist.engine.scoring.assess import assess
from checklist.keeping.records.record_text import state_text
from checklist.model.problems import NOWHERE, NotAValue
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, NotApplicable, Reading, Sample, State
from checklist.reading.records.readings import read_filled
from checklist.reading.tables.recognising import open_table, seal
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.reports.document.document import Table
from checklist.reports.formats.csv_text import table_csv
from checklist.reports.formats.xlsx import TableSheet, sheets_xlsx
from checklist.reports.forms.community_tables import long_table, wide_table
from checklist.reports.forms.excel_form import AT, FormContent, form_xlsx
from checklist.reports.forms.questions import groups_of
from checklist.values.declared_reason import declared_reason
from tests.support.laws import examples
from tests.support.strategies import DAY, repaired, values

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

ALPHABET = "甲乙丙一二，。：；、“”（）６√×=+-@'\"<>&[]{}#!|%_xA0041 \n😀é\\/:;,"
WORDS = st.one_of(
    st.just(""),
    st.text(ALPHABET, max_size=24).map(lambda text: text.strip()),
    st.sampled_from(
        ["=cmd|' /C calc'!A0", "'=1+1", "@SUM(A1)", "<b>x</b>", "[red]x[/red]", "_x0041_", "1/2", "007", "TRUE"]
    ),
)
ONE_LINE = WORDS.map(lambda text: text.replace("\n", "").strip())
NAMES = ONE_LINE.map(lambda text: text.replace(";", "").replace("；", "").strip()).filter(bool)
UNKNOWN = st.one_of(st.just("说不清"), st.text("甲乙丙，没看到", min_size=1, max_size=9).filter(lambda t: t[0] != "，"))


@st.composite
def states(draw: st.DrawFn, ruleset: Ruleset, most: int = 40) -> State:
    """Any state that may be recorded under the ruleset."""
    names = draw(st.lists(st.sampled_from(list(ruleset.facts)), max_size=most, unique=True))
    found = repaired(ruleset, {name: draw(values(ruleset.facts[name])) for name in names})
    readings: dict[str, Reading] = {}
    for name, value in found.items():
        on = DAY - timedelta(days=draw(st.integers(0, 400)))
        if isinstance(value, date):
            value = min(value, on)
        reading = Reading(
            name, value, on, draw(ONE_LINE), draw(WORDS), tuple(draw(st.lists(NAMES, max_size=2, unique=True)))
        )
        kind = draw(st.integers(0, 9))
        if kind == 0:
            reading = replace(reading, value=None, unknown=draw(UNKNOWN))
        elif kind == 1 and ruleset.facts[name].type == "ratio":
            agree, asked = sorted((draw(st.integers(0, 300)), draw(st.integers(1, 300))))
            reading = replace(reading, value=Fraction(agree, max(asked, 1)), sample=Sample(agree, max(asked, 1)))
        readings[name] = reading
    name, places = draw(ONE_LINE) or "甲社区", [draw(ONE_LINE) for _ in range(4)]
    community = Community("jia", name, *places, invented=draw(st.booleans()))
    bare = State(community, ruleset.id, DAY, readings)
    declarable = [c.id for c in ruleset.criteria if c.na_when and c.applies_when is None]
    chosen = draw(st.lists(st.sampled_from(declarable), max_size=3, unique=True))
    until = draw(st.one_of(st.none(), st.just(date(2027, 1, 1))))
    return replace(bare, not_applicable={id: NotApplicable(id, reason(draw(ONE_LINE)), until) for id in chosen})


def reason(text: str) -> str:
    """The text where it says why something does not apply."""
    try:
        return declared_reason(text)
    except NotAValue:
        return "辖区里没有"


def form_of(state: State, ruleset: Ruleset, *, filled: bool) -> bytes:
    groups = groups_of(assess(ruleset, state), "full")
    declarable = [c for c in ruleset.criteria if c.na_when]
    sealed = seal(state_text(state, ruleset))
    return form_xlsx(FormContent(state, groups, declarable, assess(ruleset, state), sealed, DAY, filled))


def bare(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    return {name: replace(reading, where=NOWHERE) for name, reading in readings.items()}


def same_state(one: State, other: State) -> None:
    assert bare(one.readings) == bare(other.readings)
    assert {k: (d.reason, d.until) for k, d in one.not_applicable.items()} == {
        k: (d.reason, d.until) for k, d in other.not_applicable.items()
    }
    assert (one.community, one.ruleset, one.as_of, one.unusable) == (
        other.community, other.ruleset, other.as_of, other.unusable,
    )  # fmt: skip


def check_form(path: Path, state: State, ruleset: Ruleset) -> None:
    """The form is the state, and its white cells alone tell every reading."""
    loaded = load_states([path], ruleset=ruleset, today=DAY)
    assert not loaded.problems
    same_state(loaded.states[0].state, state)
    visible, problems = read_filled(replace(open_table(path), stamp=None), ruleset, DAY)
    assert not problems
    told = {r.fact: replace(r, where=NOWHERE) for one in visible for r in one.readings}
    shown = {fact.id for group in groups_of(assess(ruleset, state), "full") for fact in group.facts}
    assert told == {name: reading for name, reading in bare(state.readings).items() if name in shown}
    declared = {d.criterion: (d.reason, d.until) for one in visible for d in one.declared}
    assert declared == {k: (d.reason, d.until) for k, d in state.not_applicable.items()}


QUICK = settings(
    max_examples=examples(6),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@given(data=st.data())
@QUICK
def test_a_form_is_its_state(data: st.DataObject, ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory) -> None:
    state = data.draw(states(ruleset))
    path = tmp_path_factory.mktemp("form") / "填报表.xlsx"
    path.write_bytes(form_of(state, ruleset, filled=True))
    check_form(path, state, ruleset)


def test_an_empty_form_answers_nothing(ruleset: Ruleset, tmp_path: Path) -> None:
    state = State(Community("jia", "甲社区"), ruleset.id, DAY, {"potholes": Reading("potholes", 3, DAY, "张")})
    path = tmp_path / "填报表.xlsx"
    path.write_bytes(form_of(state, ruleset, filled=False))
    filled, problems = read_filled(open_table(path), ruleset, DAY)
    assert not problems and not any(one.readings for one in filled)
    same_state(load_states([path], ruleset=ruleset, today=DAY).states[0].state, state)


@pytest.mark.slow
def test_the_same_form_is_the_same_bytes(ruleset: Ruleset) -> None:
    state = State(Community("jia", "甲社区"), ruleset.id, DAY, {})
    assert form_of(state, ruleset, filled=False) == form_of(state, ruleset, filled=False)


def three_records(data: st.DataObject, ruleset: Ruleset) -> list[State]:
    """Two communities, one of them on two days."""
    one, later, other = (data.draw(states(ruleset, 20)) for _ in range(3))
    later = replace(later, community=one.community, as_of=DAY + timedelta(days=9))
    return [one, later, replace(other, community=replace(other.community, id="yi"))]


def written(folder: Path, kind: str, table: Table) -> Path:
    path = folder / ("总表.xlsx" if kind == "xlsx" else "总表.csv")
    path.write_bytes(sheets_xlsx([TableSheet(table)]) if kind == "xlsx" else table_csv(table, kind))
    return path


def check_table(path: Path, wanted: list[State], ruleset: Ruleset) -> None:
    loaded = load_states([path], ruleset=ruleset, today=DAY + timedelta(days=9), every_day=True)
    assert not loaded.problems and not loaded.advice
    for item, state in zip(loaded.states, wanted, strict=True):
        same_state(item.state, state)


@pytest.mark.slow
@given(data=st.data())
@QUICK
@pytest.mark.parametrize("kind", ["utf-8", "gbk", "xlsx"])
def test_a_long_table_is_all_its_states(
    kind: str, data: st.DataObject, ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    three = three_records(data, ruleset)
    path = written(tmp_path_factory.mktemp("long"), kind, long_table(ruleset, three))
    check_table(path, three, ruleset)


def in_a_wide_row(state: State, ruleset: Ruleset) -> State:
    """What docs/filling-in.md says that a wide table holds."""
    fresh = {n: r for n, r in state.readings.items() if state.why_unknown(ruleset.facts[n]) in (None, "said_unknown")}
    bare = {n: Reading(n, r.value, state.as_of, unknown=r.unknown, sample=r.sample) for n, r in fresh.items()}
    return replace(state, readings=bare)


@pytest.mark.slow
@given(data=st.data())
@QUICK
@pytest.mark.parametrize("kind", ["utf-8", "gbk", "xlsx"])
def test_a_wide_table_is_all_that_fits_into_it(
    kind: str, data: st.DataObject, ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    three = three_records(data, ruleset)
    path = written(tmp_path_factory.mktemp("wide"), kind, wide_table(ruleset, three))
    check_table(path, [in_a_wide_row(state, ruleset) for state in three], ruleset)
    for state in three:
        assert assess(ruleset, state).score == assess(ruleset, in_a_wide_row(state, ruleset)).score


def office_saved(files: list[Path], kind: str, folder: Path) -> list[Path]:
    """The files as LibreOffice saves them again."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    out = folder / "out"
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True, timeout=900)
    return [out / f"{file.stem}.{kind.split(':')[0]}" for file in files]


def drawn(ruleset: Ruleset, count: int) -> list[State]:
    found: list[State] = []

    @given(states(ruleset, 360))
    @settings(QUICK, max_examples=count, database=None)
    def draw(state: State) -> None:
        found.append(state)

    draw()
    assert len(found) >= count * 2 // 3
    return found


CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_form_saved_again_by_libreoffice_is_its_state(kind: str, ruleset: Ruleset, tmp_path: Path) -> None:
    some = drawn(ruleset, 30)
    files = [tmp_path / f"{i}.xlsx" for i in range(len(some))]
    for file, state in zip(files, some, strict=True):
        file.write_bytes(form_of(state, ruleset, filled=True))
    for file, state in zip(office_saved(files, kind, tmp_path), some, strict=True):
        check_form(file, state, ruleset)


@pytest.mark.slow
def test_a_form_saved_as_csv_by_libreoffice_tells_every_reading(ruleset: Ruleset, tmp_path: Path) -> None:
    """A csv holds the first sheet alone: no seal, no declarations."""
    some = drawn(ruleset, 30)
    files = [tmp_path / f"{i}.xlsx" for i in range(len(some))]
    for file, state in zip(files, some, strict=True):
        file.write_bytes(form_of(state, ruleset, filled=True))
    for file, state in zip(office_saved(files, CSV, tmp_path), some, strict=True):
        visible, problems = read_filled(open_table(file), ruleset, DAY)
        assert not problems
        told = {r.fact: replace(r, where=NOWHERE) for one in visible for r in one.readings}
        shown = {fact.id for group in groups_of(assess(ruleset, state), "full") for fact in group.facts}
        assert told == {name: reading for name, reading in bare(state.readings).items() if name in shown}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", CSV], ids=["xlsx", "ods", "xls", "csv"])
@pytest.mark.parametrize("shape", ["long", "wide"])
def test_a_table_saved_again_by_libreoffice_is_its_states(
    shape: str, kind: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    some = [replace(s, community=replace(s.community, id=f"c-{i}")) for i, s in enumerate(drawn(ruleset, 20))]
    path = tmp_path / "总表.xlsx"
    path.write_bytes(sheets_xlsx([TableSheet((long_table if shape == "long" else wide_table)(ruleset, some))]))
    wanted = some if shape == "long" else [in_a_wide_row(state, ruleset) for state in some]
    check_table(office_saved([path], kind, tmp_path)[0], wanted, ruleset)


def summary(path: Path) -> dict[str, tuple[int, int]]:
    """Group → how many are asked and how many filled in, as the sheet shows them."""
    sheet = next(s for s in read_sheets(path) if s.name == "汇总")
    rows = takewhile(lambda row: row[0], sheet.rows[1:])
    return {str(row[0]): (int(str(row[1]).split(".")[0]), int(str(row[2]).split(".")[0])) for row in rows}


@pytest.mark.slow
def test_the_summary_of_a_filled_form_tells_its_progress_before_anything_is_counted(
    ruleset: Ruleset, tmp_path: Path
) -> None:
    state = load_states(["data/taoli/2023-04-15.yaml"], ruleset=ruleset).states[0].state
    (tmp_path / "a.xlsx").write_bytes(form_of(state, ruleset, filled=True))
    groups = groups_of(assess(ruleset, state), "full")
    wanted = {g.title: (len(g.facts), sum(f.id in state.readings for f in g.facts)) for g in groups}
    assert summary(tmp_path / "a.xlsx") == wanted and any(done for _, done in wanted.values())
    (tmp_path / "b.xlsx").write_bytes(form_of(state, ruleset, filled=False))
    assert {done for _, done in summary(tmp_path / "b.xlsx").values()} == {0}


@pytest.mark.slow
def test_a_row_with_both_marks_is_counted_once_by_libreoffice(ruleset: Ruleset, tmp_path: Path) -> None:
    from xlsxwriter.utility import xl_col_to_name

    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    state = load_states(["data/beimen/2026-10-15.yaml"], ruleset=ruleset).states[0].state
    pack = ZipFile(io.BytesIO(form_of(state, ruleset, filled=True)))
    mark = xl_col_to_name(AT["same"]).encode()
    with ZipFile(tmp_path / "a.xlsx", "w") as made:
        for name in pack.namelist():
            text = pack.read(name)
            if name == "xl/worksheets/sheet1.xml":  # √ in every row, beside the value
                marked = rb'<c r="\1" s="\2" t="inlineStr"><is><t>y</t></is></c>'
                text, marks = re.subn(rb'<c r="(' + mark + rb'\d+)" s="(\d+)"/>', marked, text)
                assert marks > 300
            made.writestr(name, text)
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS_COUNT, encoding="utf-8")
    command = [office, f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    counted = summary(tmp_path / "out" / "a.xlsx")
    assert counted and all(done == asked for asked, done in counted.values())


ALWAYS_COUNT = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value>
</prop></item></oor:items>
"""
