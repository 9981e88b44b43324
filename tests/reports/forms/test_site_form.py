"""The form of a community with sites: a column a site, read back without loss; what cannot be meant is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checklist import load_states
from checklist.engine.scoring.assess import assess
from checklist.keeping.records.record_text import state_text
from checklist.model.problems import NOWHERE
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, Slot, State
from checklist.reading.records.readings import read_filled
from checklist.reading.tables.recognising import open_table, seal
from checklist.reports.forms.excel_form import FormContent, form_xlsx
from checklist.reports.forms.questions import groups_of, sites_asked
from tests.conftest import Run
from tests.reports.forms.test_roundtrip import ONE_LINE, WORDS, office_saved
from tests.support.laws import examples
from tests.support.strategies import DAY, repaired, values

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")

NAMES = ("A 区", "备注", "上次", "序号", "B区（一期）", "=1+1", "核实日期", "C")


@st.composite
def states(draw: st.DrawFn, ruleset: Ruleset) -> State:
    """A community of up to ten sites, with anything recorded anywhere."""
    sites: list[Site] = []
    for i in range(draw(st.integers(1, 10))):
        kind = draw(st.sampled_from(["estate", "estate", "lane"]))
        name = draw(st.sampled_from(NAMES)) if draw(st.booleans()) else f"第{i}处"
        site = Site(f"{kind}-{i}", kind, name)
        own = [f for f, of in ruleset.site_facts.items() if of == kind]
        sites.append(replace(site, readings=draw(readings(ruleset, own, site.id))))
    listed = {site.kind for site in sites}
    own = [f for f in ruleset.facts if ruleset.site_facts.get(f) not in listed]
    totals = {kind: SiteTotal(sum(s.kind == kind for s in sites)) for kind in sorted(listed)}
    at_home = draw(readings(ruleset, own, ""))
    return State(Community("jia", "甲社区"), ruleset.id, DAY, at_home, sites=tuple(sites), totals=totals)


def readings(ruleset: Ruleset, facts: list[str], site: str) -> st.SearchStrategy[dict[str, Reading]]:
    @st.composite
    def made(draw: st.DrawFn) -> dict[str, Reading]:
        names = draw(st.lists(st.sampled_from(facts), max_size=8, unique=True))
        found: dict[str, Reading] = {}
        for name, value in repaired(ruleset, {name: draw(values(ruleset.facts[name])) for name in names}).items():
            on = DAY - timedelta(days=draw(st.integers(0, 400)))
            given = min(value, on) if isinstance(value, date) else value
            found[name] = Reading(name, given, on, draw(ONE_LINE), draw(WORDS), site=site)
            if draw(st.integers(0, 9)) == 0:
                found[name] = replace(found[name], value=None, unknown="说不清")
        return found

    return made()


def form_of(state: State, ruleset: Ruleset, *, filled: bool = False, only: tuple[str, ...] = ()) -> bytes:
    seen = assess(ruleset, state)
    groups, sites = groups_of(seen, "full", only), sites_asked(seen, only)
    return form_xlsx(FormContent(state, groups, [], seen, seal(state_text(state, ruleset)), DAY, filled, sites=sites))


def bare(slots: Mapping[Slot, Reading]) -> dict[Slot, Reading]:
    return {slot: replace(reading, where=NOWHERE) for slot, reading in slots.items()}


def check(path: Path, state: State, ruleset: Ruleset) -> None:
    loaded = load_states([path], ruleset=ruleset, today=DAY)
    assert not loaded.problems
    (item,) = loaded.states
    assert bare(item.state.slots) == bare(state.slots)
    assert [(s.id, s.kind, s.name) for s in item.state.sites] == [(s.id, s.kind, s.name) for s in state.sites]
    assert {k: t.count for k, t in item.state.totals.items()} == {k: t.count for k, t in state.totals.items()}
    assert assess(ruleset, item.state).score == assess(ruleset, state).score


QUICK = settings(
    max_examples=examples(20),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@given(data=st.data())
@QUICK
def test_a_form_with_sites_is_its_state_and_its_cells_say_every_value(
    data: st.DataObject, ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    state = data.draw(states(ruleset))
    path = tmp_path_factory.mktemp("form") / "填报表.xlsx"
    path.write_bytes(form_of(state, ruleset, filled=True))
    check(path, state, ruleset)
    (told,), problems = read_filled(open_table(path), ruleset, DAY)
    assert not problems
    shown = {fact.id for group in groups_of(assess(ruleset, state), "full") for fact in group.facts}
    assert {r.slot: r.value for r in told.readings} == {
        slot: r.value for slot, r in state.slots.items() if slot[1] in shown
    }
    path.write_bytes(form_of(state, ruleset))
    (told,), problems = read_filled(open_table(path), ruleset, DAY)
    assert not problems and not told.readings


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_form_with_sites_saved_again_by_libreoffice_is_its_state(kind: str, ruleset: Ruleset, tmp_path: Path) -> None:
    some: list[State] = []

    @given(states(ruleset))
    @settings(QUICK, max_examples=12, database=None)
    def draw(state: State) -> None:
        some.append(state)

    draw()
    files = [tmp_path / f"{i}.xlsx" for i in range(len(some))]
    for file, state in zip(files, some, strict=True):
        file.write_bytes(form_of(state, ruleset, filled=True))
    for file, state in zip(office_saved(files, kind, tmp_path), some, strict=True):
        check(file, state, ruleset)


def estates(ruleset: Ruleset, count: int, **first: Reading) -> State:
    sites = [Site(f"estate-{i}", "estate", f"{i} 区") for i in range(1, count + 1)]
    sites[0] = replace(sites[0], readings=first)
    totals = {"estate": SiteTotal(count)}
    return State(Community("jia", "甲社区"), ruleset.id, DAY, {}, sites=tuple(sites), totals=totals)


SEEN = Reading("potholes", 3, DAY - timedelta(days=9), "张三", "南门内", ("a.jpg",), site="estate-1")


def filled_in(data: bytes, cells: Mapping[tuple[str, str], object], path: Path, sheet: str = "小区") -> Path:
    """The form with answers by row (a fact's id, 核实日期, 核实人) and column heading."""
    book = openpyxl.load_workbook(BytesIO(data))
    page = book[sheet]
    heads = {str(cell.value): cell.column for cell in page[3]}
    rows = {str(row[-1].value or row[1].value): row[0].row for row in page.iter_rows(min_row=4)}
    for (row, column), value in cells.items():
        page.cell(rows[row], heads[column]).value = value
    book.save(path)
    return path


def test_answers_carry_the_day_and_the_person_of_their_site(ruleset: Ruleset, tmp_path: Path) -> None:
    form = form_of(estates(ruleset, 2, potholes=SEEN), ruleset)
    path = filled_in(
        form,
        {
            ("核实日期", "1 区"): "2026-03-02", ("核实人", "1 区"): "李四", ("核实日期", "2 区"): "2026-03-03",
            ("potholes", "1 区"): "不变", ("potholes", "2 区"): "６处", ("potholes", "备注"): "2 区：东门；1 区：西门",
            ("potholes", "佐证材料"): "2 区：b.jpg", ("stair_clutter_spots", "2 区"): "说不清：门锁着",
        },
        tmp_path / "a.xlsx",
    )  # fmt: skip
    (told,), problems = read_filled(open_table(path), ruleset, date(2026, 3, 5))
    assert not problems
    found = {r.slot: replace(r, where=NOWHERE) for r in told.readings}
    assert found == {
        ("estate-1", "potholes"): Reading("potholes", 3, date(2026, 3, 2), "李四", "西门", site="estate-1"),
        ("estate-2", "potholes"): Reading(
            "potholes", 6, date(2026, 3, 3), "", "东门", ("b.jpg",), site="estate-2"
        ),
        ("estate-2", "stair_clutter_spots"): Reading(
            "stair_clutter_spots", None, date(2026, 3, 3), unknown="说不清：门锁着", site="estate-2"
        ),
    } or found["estate-2", "stair_clutter_spots"].unknown  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code", "says"),
    [
        ({("potholes", "2 区"): "不变"}, "E211", "2 区的“路面坑洼破损”以前没有记录"),
        ({("potholes", "1 区"): "若干"}, "E211", "1 区："),
        ({("potholes", "1 区"): 1, ("核实日期", "1 区"): "去年"}, "E211", ""),
        ({("potholes", "备注"): "没人在"}, "W231", "没有填那个点位的值"),
        ({("potholes", "1 区"): 4, ("potholes", "备注"): "2 区：没人在"}, "W231", "没有填那个点位的值"),
        ({("potholes", "1 区"): 4}, "W232", "有 1 项没写核实日期"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_cell(
    cells: Mapping[tuple[str, str], object], code: str, says: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    path = filled_in(form_of(estates(ruleset, 2, potholes=SEEN), ruleset), cells, tmp_path / "a.xlsx")
    _, problems = read_filled(open_table(path), ruleset, DAY)
    assert code in [p.code for p in problems] and any(says in p.says for p in problems)
    assert all("小区!" in p.where.cell for p in problems)


@pytest.mark.slow
def test_the_ninth_estate_begins_another_sheet_and_a_city_of_them_is_refused(ruleset: Ruleset, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(form_of(estates(ruleset, 9), ruleset))
    names = openpyxl.load_workbook(path).sheetnames
    assert names[:3] == ["填报表", "小区", "小区 2"]
    with pytest.raises(Refusal) as refused:
        form_of(estates(ruleset, 10_000), ruleset)
    assert "10000" in refused.value.says and "--only" in refused.value.hint


def test_only_a_site_asks_for_that_site_alone(cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    place = tmp_path / "甲"
    cli("init", "甲社区", "--folder", place, "--tier", "core", "--estates", "东区、西区", "--lanes", "后巷")
    assert cli("form", place, "--only", "西区", "-o", tmp_path / "a.xlsx").code == 0
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert "背街小巷" not in book.sheetnames
    heads = [cell.value for cell in book["小区"][3]]
    assert "西区" in heads and "东区" not in heads
    ran = cli("form", place, "--only", "北区", "-o", tmp_path / "b.xlsx")
    assert ran.code == 2 and "西区" in ran.err


def test_a_renamed_site_takes_the_form_that_was_made_before(cli: Run, tmp_path: Path) -> None:
    place = tmp_path / "甲"
    cli("init", "甲社区", "--folder", place, "--tier", "core", "--estates", "东区、西区")
    data = (place / "填报表.xlsx").read_bytes()
    form = filled_in(data, {("potholes", "东区"): 2, ("核实日期", "东区"): "2026-11-23"}, tmp_path / "a.xlsx")
    assert cli("sites", "rename", place, "东区", "东区一期").code == 0
    ran = cli("import", form, "--into", place, "--write")
    assert ran.code == 0 and "东区一期 路面坑洼破损：2 处" in ran.out
    assert cli("import", form, "--into", place).code == 0


def test_a_part_above_its_whole_is_told_at_the_cell_of_its_site(cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    part, whole = "stairwells_dirty", "stairwells_sampled"
    assert ruleset.facts[part].part_of == whole or part in ruleset.facts[whole].parts
    place = tmp_path / "甲"
    cli("init", "甲社区", "--folder", place, "--tier", "full", "--estates", "东区、西区")
    cells = {(part, "西区"): 9, (whole, "西区"): 3, (part, "东区"): 1, (whole, "东区"): 3}
    form = filled_in((place / "填报表.xlsx").read_bytes(), cells, tmp_path / "a.xlsx")
    ran = cli("import", form, "--into", place)
    assert ran.code == 3 and ran.err.count("E320") == 1 and "a.xlsx!小区!I" in ran.err


def test_only_unknown_asks_what_any_site_lacks(ruleset: Ruleset) -> None:
    state = estates(ruleset, 2, potholes=replace(SEEN, on=DAY))
    asked = {fact.id for group in groups_of(assess(ruleset, state), "full", ["unknown"]) for fact in group.facts}
    assert "potholes" in asked
    both = tuple(replace(s, readings={"potholes": replace(SEEN, on=DAY, site=s.id)}) for s in state.sites)
    seen = assess(ruleset, replace(state, sites=both))
    asked = {fact.id for group in groups_of(seen, "full", ["unknown"]) for fact in group.facts}
    assert "potholes" not in asked and "stair_clutter_spots" in asked
