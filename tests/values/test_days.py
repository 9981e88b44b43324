"""Written days: one table of right values, the same through every door that reads one."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checklist.cli.inputs import day as option
from checklist.model.days import written_day
from checklist.model.field_form import BY, COMMUNITY, ON, RULESET
from checklist.model.problems import NotAValue, Problem
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.submissions import read_submissions
from checklist.reading.lists.inspections import read_inspections
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.records.readings import TableAnswers, read_filled
from checklist.reading.records.state_file import open_state, read_state
from checklist.reading.tables.recognising import open_table
from checklist.values.days import day_in
from tests.support.laws import examples

TODAY = date(2026, 11, 24)
FIRST = date(2026, 3, 1)
Read: TypeAlias = dict[str, date | None]
Door: TypeAlias = Callable[[Path, list[str], Ruleset], Read]

WITH_YEAR: Mapping[str, date | None] = {
    **dict.fromkeys(
        [
            "2026-03-01", "2026-3-1", "2026.3.1", "2026/3/1", "2026年3月1日", "2026年3月1号", "2026年03月01日", "20260301",
            "二〇二六年三月一日", "二零二六年三月一日", "26年3月1日", "二六年三月一日", "2026年三月1日", "2026、3、1", "2026 3 1",
            "2026年3月1", "2026年 3月 1日", "2026年03月01日（周日）", "2026年3月1日 星期日", "２０２６－０３－０１", "２０２６年３月１日",
            "2026.3.1。", "2026–3–1", "2026-03-01 10:30", "2026-03-01T10:30:00", "2026/3/1 0:00:00", "2026-03-01T00:00:00.000+08:00",
            "2026-03-01T15:59:59Z", "2026-02-28T16:00:00Z", "2026-02-28T22:00-05:00", "2026-02-28T22:00−05",
            "2026-02-28T16:00:00 UTC", "2026-02-28T16:00:00+00", "2026-03-01T08:00:00GMT", "2026年3月1日（星期日） 10:30", "\u200e2026-03-01",
        ],
        FIRST,
    ),
    "2024年2月29日": date(2024, 2, 29), "二〇二五年十二月三十一日": date(2025, 12, 31), "25年10月20号": date(2025, 10, 20),
    **dict.fromkeys(
        [
            "26.12.31", "26-03-01", "26/3/1", "0026-03-01", "00260301", "2026-02-30", "2026年2月29日", "2026-13-01", "2026年0月3日",
            "2026.3", "2026年3月", "2026年3月上旬", "2026年", "3/1/2026", "46082", "去年", "昨天", "2026-03-01前后", "2026-03-01 25:00",
            "一月三十二日", "2026年十十月1日",
        ],
        None,
    ),
}  # fmt: skip
WITHOUT_YEAR: Mapping[str, date | None] = {
    "3月1日": FIRST, "3月1号": FIRST, "03月01日": FIRST, "三月一日": FIRST, "11月24日": TODAY, "11月25日": date(2025, 11, 25),
    "十二月三十一日": date(2025, 12, 31), "2月29日": None, "2月30日": None, "3.1": None, "3-1": None,
}  # fmt: skip
"""As of TODAY, where a door takes a day without its year; 2月29日 was no day in 2026, and no other year is made up."""

MEANT_AS_A_DAY = {
    "26.12.31",
    "26-03-01",
    "26/3/1",
    "0026-03-01",
    "00260301",
    "2026-02-30",
    "2026年2月29日",
    "2026-13-01",
}

FACT, DATE = "households", "implementation_plan_date"


def _csv(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _xlsx(path: Path, *rows: list[str]) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return path


def _told(problems: tuple[Problem, ...], said: Mapping[str, date | None]) -> Read:
    """What was not read was told, each for itself."""
    mistakes = [p for p in problems if not p.is_advice]
    assert len(mistakes) == sum(day is None for day in said.values()), mistakes
    assert all(p.code in ("E110", "E211", "E233", "E503") and p.hint for p in mistakes)
    return dict(said)


def _table(write: Callable[..., Path], suffix: str, *, wide: bool) -> Door:
    def read(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
        if wide:
            rows = [["社区", "现状日期", "户数"], *([f"社区{i}", text, "5"] for i, text in enumerate(texts))]
        else:
            rows = [["社区", "编号", "实测值", "核实日期"], *([f"社区{i}", FACT, "5", t] for i, t in enumerate(texts))]
        filled, problems = read_filled(open_table(write(folder / f"a{suffix}", *rows)), ruleset, TODAY)
        found = {one.community.name: _day_of(one, wide) for one in filled if one.community}
        return _told(problems, {text: found.get(f"社区{i}") for i, text in enumerate(texts)})

    return read


def _day_of(one: TableAnswers, wide: bool) -> date | None:
    return one.as_of if wide else one.readings[0].on if one.readings else None


def _form(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
    rows = [[FACT, "5", text, str(i)] for i, text in enumerate(texts)]
    path = _xlsx(folder / "form.xlsx", ["编号", "实测值", "核实日期", "备注"], *rows)
    filled, problems = read_filled(open_table(path), ruleset, TODAY)
    found = {reading.note: reading.on for one in filled for reading in one.readings}
    return _told(problems, {text: found.get(str(i)) for i, text in enumerate(texts)})


def _fact(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
    rows = [[f"社区{i}", DATE, text] for i, text in enumerate(texts)]
    path = _csv(folder / "a.csv", ["社区", "编号", "实测值"], *rows)
    filled, problems = read_filled(open_table(path), ruleset, TODAY)
    found = {one.community.name: one.readings[0].value for one in filled if one.community and one.readings}
    return _told(problems, {text: found.get(f"社区{i}") for i, text in enumerate(texts)})  # type: ignore[misc]


def _yaml(where: str, *, quoted: bool) -> Door:
    def read(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
        return {text: one(folder, json.dumps(text) if quoted else text, ruleset) for text in texts}

    def one(folder: Path, text: str, ruleset: Ruleset) -> date | None:
        as_of, on, value = (text if where == key else TODAY.isoformat() for key in ("as_of", "on", "value"))
        path = folder / "a.yaml"
        path.write_text(
            f"community: {{id: x, name: 甲}}\nruleset: civilized-city-community\nas_of: {as_of}\nfacts:\n"
            f"  {FACT}:\n    value: 5\n    on: {on}\n  {DATE}: {value}\n",
            encoding="utf-8",
        )
        state, problems = read_state(open_state(path), ruleset)
        if where == "as_of":
            found = state.as_of if state else None
            problems = tuple(p for p in problems if p.code != "E217")  # the other days are later than this one
        else:
            assert state is not None
            kept = state.readings.get(FACT if where == "on" else DATE)
            found = None if kept is None else kept.on if where == "on" else kept.value  # type: ignore[assignment]
            assert (kept is None) == ((FACT if where == "on" else DATE) in state.unusable)
        assert [p.code in ("E110", "E211") for p in problems] == ([True] if found is None else [])
        return found

    return read


def _ledger(suffix: str) -> Door:
    def read(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
        return {text: one(folder / f"a{suffix}", text) for text in texts}

    def one(path: Path, text: str) -> date | None:
        if suffix == ".csv":
            _csv(path, ["编号", "对应标准", "时限"], ["1", "ENV-01", text])
        else:
            path.write_text(f"- 编号: 1\n  对应标准: ENV-01\n  时限: {json.dumps(text)}\n", encoding="utf-8")
        ledger, problems = read_ledger(path)
        day = ledger.records[0].day("时限") if ledger else None
        return _told(problems, {text: day})[text]

    return read


def _problem_list(column: str) -> Door:
    def read(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
        path = _csv(folder / "a.csv", ["问题", column], *(["占道", text] for text in texts))
        spotted, _, problems = read_problem_list(open_table(path), TODAY)
        return _told(
            problems, {t: s.on if column == "检查日期" else s.due for t, s in zip(texts, spotted, strict=True)}
        )

    return read


def _inspection(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
    rows = [[f"社区{i}", text, "ENV-01", "A"] for i, text in enumerate(texts)]
    path = _csv(folder / "a.csv", ["社区", "日期", "标准", "档次"], *rows)
    found, problems = read_inspections(path, open_table(path).sheets, ruleset)
    days = {row.community: row.on for row in found}
    return _told(problems, {text: days.get(f"社区{i}") for i, text in enumerate(texts)})


def _submission(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
    rows = [[ruleset.id, "x", "张三", str(i), text, "5"] for i, text in enumerate(texts)]
    path = _csv(folder / "a.csv", [RULESET, COMMUNITY, BY, "_uuid", ON, FACT], *rows)
    filled, problems = read_submissions(path, ruleset, TODAY)
    told = {problem.where.cell or str(problem.where) for problem in problems}
    assert len(told) == len(problems)
    wrong = {p.says.split("“")[1].split("”")[0] for p in problems}
    return {t: None if t in wrong else one.as_of for t, one in zip(texts, filled, strict=True)}


def _option(folder: Path, texts: list[str], ruleset: Ruleset) -> Iterator[tuple[str, date | None]]:
    for text in texts:
        try:
            yield text, option(text)
        except Refusal as stop:
            assert stop.exit == 2 and stop.hint
            yield text, None


def _columns(suffix: str, column: str) -> Door:
    def read(folder: Path, texts: list[str], ruleset: Ruleset) -> Read:
        pytest.importorskip("pyarrow")
        from checklist.batch.columns.one_row import state_of_row
        from checklist.batch.run.scoring import Job
        from checklist.files.whole_tables import opened

        path = folder / f"t{suffix}"
        rows = [["社区", column, FACT], *([f"社区{i}", text, "5"] for i, text in enumerate(texts))]
        if suffix == ".parquet":
            import pyarrow as pa
            from pyarrow import parquet

            parquet.write_table(pa.table([list(c) for c in zip(*rows[1:], strict=True)], names=rows[0]), path)
        else:
            (_xlsx if suffix == ".xlsx" else _csv)(path, *rows)
        found: Read = {}
        with opened(path, ruleset, TODAY) as table:
            job = Job(ruleset, table.layout, TODAY)
            for row, text in enumerate(texts, 1):
                state, bad = state_of_row(job, table.source, row)
                kept = state.readings.get(DATE if column == DATE else FACT) if state else None
                assert len(bad) == (kept is None) and all(c.code in ("E110", "E211") for c in bad)
                found[text] = kept.value if kept and column == DATE else kept.on if kept else None  # type: ignore[assignment]
        return found

    return read


YEAR_WANTED: dict[str, Door] = {
    "fact in a long CSV": _fact,
    "YAML as_of": _yaml("as_of", quoted=True),
    "YAML on, quoted": _yaml("on", quoted=True),
    "YAML on": _yaml("on", quoted=False),
    "YAML fact": _yaml("value", quoted=True),
    "ledger CSV": _ledger(".csv"),
    "ledger YAML": _ledger(".yaml"),
    "problem list 整改时限": _problem_list("整改时限"),
    "inspection sheet": _inspection,
    "option": lambda folder, texts, ruleset: dict(_option(folder, texts, ruleset)),
    "batch CSV fact": _columns(".csv", DATE),
    "batch Parquet fact": _columns(".parquet", DATE),
}
YEAR_LEFT_OUT: dict[str, Door] = {
    "long CSV": _table(_csv, ".csv", wide=False),
    "long xlsx": _table(_xlsx, ".xlsx", wide=False),
    "wide CSV": _table(_csv, ".csv", wide=True),
    "wide xlsx": _table(_xlsx, ".xlsx", wide=True),
    "form": _form,
    "problem list": _problem_list("检查日期"),
    "submission": _submission,
    "batch CSV 现状日期": _columns(".csv", "现状日期"),
    "batch CSV 核实日期": _columns(".csv", "核实日期"),
    "batch CSV __on": _columns(".csv", f"{FACT}__on"),
    "batch Parquet 现状日期": _columns(".parquet", "现状日期"),
    "batch xlsx 现状日期": _columns(".xlsx", "现状日期"),
}


@pytest.mark.many
@pytest.mark.parametrize("door", [*YEAR_WANTED, *YEAR_LEFT_OUT])
def test_every_door_reads_the_same_days(door: str, tmp_path: Path, ruleset: Ruleset) -> None:
    if door in YEAR_LEFT_OUT:
        right, read = {**WITH_YEAR, **WITHOUT_YEAR}, YEAR_LEFT_OUT[door]
    else:
        right, read = {**WITH_YEAR, **dict.fromkeys(WITHOUT_YEAR)}, YEAR_WANTED[door]
    if door == "problem list 整改时限":  # words are a time limit too: only what is written as a day must be one
        right = {text: day for text, day in right.items() if day or text in MEANT_AS_A_DAY}
    got = read(tmp_path, list(right), ruleset)
    assert {text: day for text, day in got.items() if day != right[text]} == {}
    assert got.keys() == right.keys()


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (46082, FIRST), (46082.0, FIRST), (46082.75, FIRST), (20260301, FIRST), (20260301.0, FIRST), (FIRST, FIRST),
        (datetime(2026, 3, 1, 23, 59), FIRST), (True, None), (6, None), (time(3, 1), None), (timedelta(1), None),
        (None, None), (float("nan"), None), (2026.3, None),
    ],
)  # fmt: skip
def test_cells_that_are_no_text(cell: Any, day: date | None) -> None:
    if day is None:
        with pytest.raises(NotAValue):
            day_in(cell, TODAY)
    else:
        assert day_in(cell, TODAY) == day


def test_number_columns_hold_days_as_spreadsheets_do(ruleset: Ruleset) -> None:
    pa = pytest.importorskip("pyarrow")
    from checklist.batch.columns.day_columns import days, read_days

    for cells in ([46082, None, 20260301], [46082.0, float("nan"), 46082.9], ["2026 3 1", " ", "26年3月1日"]):
        column = read_days(pa.array(cells), TODAY)
        assert column.mask().tolist() == [True, False, True] and not column.bad
        assert {int(n) for n in column.values[column.mask()]} == {days(FIRST)}


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十") + (
        "一二三四五六七八九"[ones - 1] if ones else ""
    )


SPELLINGS: list[Callable[[date], str]] = [
    date.isoformat,
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year} / {d.month} / {d.day}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}年{d.month}月{d.day}号",
    lambda d: f"{d.year}、{d.month}、{d.day}",
    lambda d: f"{d.year} {d.month} {d.day}",
    lambda d: f"{d.year}年{d.month:02}月{d.day:02}日（周{'一二三四五六日'[d.weekday()]}）",
    lambda d: (
        f"{''.join('〇一二三四五六七八九'[int(c)] for c in str(d.year))}年{_numeral(d.month)}月{_numeral(d.day)}日"
    ),
    lambda d: f"{d.isoformat()}T08:30:00+08:00",
    lambda d: f"{d.year}年{d.month}月{d.day}日".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"}),
]


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)), st.sampled_from(SPELLINGS))
@settings(max_examples=examples(300), deadline=None)
def test_any_day_in_any_spelling_reads_back(day: date, spelling: Callable[[date], str]) -> None:
    assert written_day(spelling(day)) == day == day_in(spelling(day), TODAY)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
@settings(max_examples=examples(100), deadline=None)
def test_two_digits_are_a_year_before_年_and_nowhere_else(day: date) -> None:
    assert written_day(f"{day:%y}年{day.month}月{day.day}日") == day
    for mark in "-./":
        with pytest.raises(NotAValue) as refused:
            written_day(f"{day:%y}{mark}{day.month}{mark}{day.day}")
        assert "四位" in refused.value.hint


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 12), st.integers(1, 31))
@example(date(2024, 2, 28), 2, 29)
@example(date(2025, 1, 10), 2, 29)
@settings(max_examples=examples(300), deadline=None)
def test_a_day_without_its_year_lies_within_the_year_that_ends_today(today: date, month: int, day: int) -> None:
    """The last such day, found by walking back; none within a year, and it is refused."""
    back = (today - timedelta(n) for n in range(366))
    right = next((d for d in back if (d.month, d.day) == (month, day)), None)
    try:
        assert written_day(f"{month}月{day}日", today) == right
    except NotAValue:
        assert right is None


@given(st.text(max_size=80), st.sampled_from([None, TODAY]))
@settings(max_examples=examples(300), deadline=None)
def test_no_text_breaks_it(text: str, latest: date | None) -> None:
    try:
        assert written_day(text, latest) > date.min
    except NotAValue as reason:
        assert reason.says and reason.hint


def test_the_clock_of_a_server_is_greenwichs(tmp_path: Path, ruleset: Ruleset) -> None:
    """A form sent in at 22:30 by the server's clock came on the next morning in Beijing."""
    heads = [RULESET, COMMUNITY, BY, "_uuid", "_submission_time", FACT]
    row = [ruleset.id, "x", "张三"]
    rows = [[*row, "1", "2026-03-01T22:30:00", "5"], [*row, "2", "2026-03-01T22:30:00.000+08:00", "5"]]
    filled, problems = read_submissions(_csv(tmp_path / "a.csv", heads, *rows), ruleset, TODAY)
    assert [one.as_of for one in filled] == [date(2026, 3, 2), FIRST] and not problems
