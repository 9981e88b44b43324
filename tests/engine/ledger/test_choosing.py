"""A long ledger: what is gravest comes first, what is asked for is shown, and the sums add up."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.engine.ledger.choosing import LedgerChoice, chosen, urgent_first
from checklist.model.ledger import LedgerEntry, LedgerStatus
from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_WORDS
from checklist.reports.ledger.ledger_tables import ledger_sums
from tests.conftest import Run

TODAY = date(2026, 11, 24)
COLUMNS = (
    "编号",
    "街道",
    "社区",
    "严重程度",
    "责任单位",
    "交办时间",
    "时限",
    "提交时间",
    "销号时间",
    "反弹时间",
    "不适用时间",
)


@st.composite
def records(draw: st.DrawFn) -> list[LedgerEntry]:
    def day() -> str:
        return draw(st.sampled_from(["", "2026-11-01", "2026-11-23", "2026-11-24", "2026-11-30", "2027-01-01"]))

    found = []
    for n in range(draw(st.integers(0, 12))):
        cells = {"编号": f"c/{n}", "街道": draw(st.sampled_from(["湖滨街道", "城关街道", ""])), "社区": "甲社区"}
        cells |= {"责任单位": draw(st.sampled_from(["", "物业", "城管局、物业", "社区，城管局"]))}
        cells |= {"严重程度": draw(st.sampled_from(["", "一般", "红线", "一票否决", "急"]))}
        found.append(LedgerEntry(cells | {c: day() for c in COLUMNS[5:]}))
    return found


def place(record: LedgerEntry) -> int:
    due = record.day("时限")
    late, grave = due is not None and due < TODAY, record.text("严重程度") in ("红线", "一票否决")
    if not record.open:
        return 4
    return 0 if late and grave else 1 if record.day("反弹时间") else 2 if late else 3


@given(records())
def test_the_gravest_that_is_overdue_comes_first(listed: list[LedgerEntry]) -> None:
    found = urgent_first(listed, TODAY, LEDGER_WORDS)
    assert sorted(found, key=lambda r: r.text("编号")) == sorted(listed, key=lambda r: r.text("编号"))
    assert [place(r) for r in found] == sorted(place(r) for r in listed)
    back = [r.day("时限") or date.max for r in found if place(r) == 1]
    assert back == sorted(back)
    left = [r for r in found if place(r) == 3]
    gravity = [{"一票否决": 0, "红线": 1}.get(r.text("严重程度"), 2) for r in left]
    assert [(g, r.day("时限") or date.max) for g, r in zip(gravity, left, strict=True)] == sorted(
        (g, r.day("时限") or date.max) for g, r in zip(gravity, left, strict=True)
    )


@given(records(), st.sampled_from(["责任单位", "街道", "严重程度"]))
def test_the_sums_add_up_by_whatever_column(listed: list[LedgerEntry], by: str) -> None:
    *rows, whole = ledger_sums(listed, TODAY, by).rows
    for n in range(1, 10):
        assert sum(row[n] or 0 for row in rows) == whole[n]  # type: ignore[misc]
    assert whole[1] == len(listed) and whole[2] == sum(r.open for r in listed)
    assert whole[1] == whole[2] + whole[8] + whole[9]  # type: ignore[operator]
    closed = [r for r in listed if r.settled]
    can = len(listed) - sum(r.claimed for r in listed)
    assert whole[10] == (Fraction(len(closed), can) if can else None)


@given(records(), st.integers(0, 40), st.sampled_from([*LEDGER_STATUS]))
def test_what_is_chosen_is_what_was_asked_for(listed: list[LedgerEntry], days: int, status: LedgerStatus) -> None:
    until = TODAY + timedelta(days=days)
    found = chosen(listed, LedgerChoice(due=until), TODAY, LEDGER_WORDS)
    assert list(found) == [r for r in listed if r.open and (r.day("时限") or date.max) <= until]
    found = chosen(listed, LedgerChoice(statuses=(status,), streets=("湖滨",)), TODAY, LEDGER_WORDS)
    assert list(found) == [r for r in listed if r.status(TODAY) == status and r.text("街道") == "湖滨街道"]
    found = chosen(listed, LedgerChoice(owners=("城管",), severities=("一般",)), TODAY, LEDGER_WORDS)
    assert list(found) == [r for r in listed if "城管" in r.text("责任单位") and r.text("严重程度") in ("", "一般")]


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("城管局、物业", ("城管局", "物业")),
        ("牵头单位：城管局；配合单位：社区，物业", ("城管局", "社区", "物业")),
        ("物业、城管局（牵头）", ("城管局", "物业")),
        ("街道 / 社区 / 社区", ("街道", "社区")),
        ("", ()),
    ],
)
def test_the_lead_stands_before_those_who_help(written: str, units: tuple[str, ...]) -> None:
    assert LedgerEntry({"责任单位": written}).units == units


def test_a_district_looks_at_a_part_of_its_ledger(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    for n, street in enumerate(("湖滨街道", "城关街道")):
        state = tmp_path / f"{n}.yaml"
        community = f"{{id: c{n}, name: 第{n}社区, street: {street}}}"
        facts = "{office_area_m2: 60, veg_plots_open: 3}"
        text = f"community: {community}\nruleset: civilized-city-community\nas_of: 2026-11-01\nfacts: {facts}\n"
        state.write_text(text, encoding="utf-8")
        assert cli("ledger", book, state).code == 0
    with book.open(encoding="utf-8-sig", newline="") as file:
        head, first, *rest = csv.reader(file)
    first[head.index("时限")] = ""
    with book.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, first, *rest])
    ran = cli("ledger", book, "--street", "湖滨")
    assert ran.code == 0 and "第0社区" in ran.out and "第1社区" not in ran.out and "照条件选出" in ran.err
    assert "没定时限 1 条" in ran.out and "，没定时限" in ran.out
    assert "第0社区" not in cli("ledger", book, "--community", "c1").out
    assert "共 0 条" in cli("ledger", book, "--status", "已销号").out
    summed = cli("ledger", book, "--by", "街道", "--width", "120").out
    assert "湖滨街道" in summed and "城关街道" in summed and "合计" in summed
    assert cli("ledger", book, "--status", "快了").code == 2 and cli("ledger", book, "--by", "月份").code == 2
    assert cli("ledger", book, "--severity", "大").code == 2
