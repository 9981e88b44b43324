"""The ledger: opened, assigned, due, submitted, closed, rechecked, relapsed; nothing that people wrote is lost."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.ledger.choosing import urgent_first
from checklist.engine.ledger.updating import update, with_status
from checklist.engine.scoring.assess import assess
from checklist.model.ledger import COLUMNS, Comment, Ledger, LedgerEntry, tally
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, Reading, State
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_WORDS
from checklist.reports.ledger.ledger_files import ledger_csv, ledger_yaml
from checklist.reports.ledger.ledger_tables import describe
from tests.conftest import Run
from tests.support.laws import examples

HEAD = "community: {id: xin, name: 新苑社区}\nruleset: civilized-city-community\n"


def state_file(folder: Path, day: str, **facts: object) -> Path:
    path = folder / f"{day}.yaml"
    lines = "".join(f"  {name}: {value}\n" for name, value in facts.items())
    path.write_text(f"{HEAD}as_of: {day}\nfacts:\n{lines}", encoding="utf-8")
    return path


def rows(path: Path) -> dict[str, dict[str, str]]:
    return {row["对应标准"]: row for row in csv.DictReader(StringIO(path.read_bytes().decode("utf-8-sig")))}


def test_a_gap_from_found_to_closed_to_back(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    assert cli("ledger", book, state_file(tmp_path, "2026-09-01", office_area_m2=60), "--assign").code == 0
    row = rows(book)["FAC-01"]
    assert (row["状态"], row["发现时间"], row["交办时间"], row["时限"] > "2026-09-01") == (
        "整改中",
        "2026-09-01",
        "2026-09-01",
        True,
    )
    text = book.read_text(encoding="utf-8-sig").replace("整改中", "已报街道", 1)
    header, first = text.splitlines()[:2]
    cells = next(csv.reader([first]))
    cells[header.split(",").index("备注")] = '和卫生服务中心谈好了，"等签字"'
    cells[header.split(",").index("责任人")] = "王主任"
    with book.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header.split(","), "电话"])
        writer.writerow([*cells, "0561-1"])
    assert cli("ledger", book, state_file(tmp_path, "2026-09-20", office_area_m2=120)).code == 0
    row = rows(book)["FAC-01"]
    assert (row["状态"], row["备注"], row["责任人"], row["电话"]) == (
        "已报街道",
        '和卫生服务中心谈好了，"等签字"',
        "王主任",
        "0561-1",
    )
    assert "120 平方米" in row["现状"] and "60 平方米" in row["经过"]
    assert cli("ledger", book, state_file(tmp_path, "2026-10-01", office_area_m2=320)).code == 0
    row = rows(book)["FAC-01"]
    assert (row["状态"], row["销号时间"]) == ("已销号", "2026-10-01") and "已报街道" in row["经过"]
    assert cli("ledger", book, state_file(tmp_path, "2026-10-20", office_area_m2=320)).code == 0
    row = rows(book)["FAC-01"]
    assert (row["状态"], row["复查时间"], row["复查结果"]) == ("复查通过", "2026-10-20", "通过")
    ran = cli("ledger", book, state_file(tmp_path, "2026-11-20", office_area_m2=80))
    row = rows(book)["FAC-01"]
    assert (row["反弹时间"], row["反弹次数"], row["复查结果"]) == ("2026-11-20", "1", "不通过")
    assert "反弹 1 条" in ran.out and row["备注"] and "通过" in row["经过"]


def test_what_is_said_not_to_apply_is_not_closed_and_opens_again(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"

    def on(day: str, facts: str, claim: str = "") -> dict[str, str]:
        claimed = f"not_applicable:\n  NBR-02: {{reason: {claim}}}\n" if claim else ""
        path = tmp_path / f"{day}.yaml"
        path.write_text(f"{HEAD}as_of: {day}\nfacts: {facts}\n{claimed}", encoding="utf-8")
        assert cli("ledger", book, path, "--assign").code == 0
        return rows(book)["NBR-02"]

    first = on("2026-11-01", "{market_defects: 5}")
    assert first["状态"] == "整改中" and "不适用时间" not in first
    for day in ("2026-11-10", "2026-11-12"):
        row = on(day, "{}", "辖区内没有农贸市场")
        assert (row["状态"], row["不适用时间"], row["现状"], row["销号时间"], row["复查结果"]) == (
            *("已声明不适用", "2026-11-10", "已声明不适用：辖区内没有农贸市场"),
            *("", ""),
        )
    assert "市场拆了" in on("2026-11-13", "{}", "市场拆了")["现状"]
    shown = cli("ledger", book)
    assert "已声明不适用 1" in shown.out and "已销号" not in shown.out
    row = on("2026-11-14", "{}")
    assert (row["不适用时间"], row["时限"]) == ("", first["时限"]) and row["状态"] in ("整改中", "超期")
    assert "重新打开" in row["经过"] and "辖区内没有农贸市场" in row["经过"] and "反弹" not in row["经过"]
    assert on("2026-11-15", "{market_defects: 5}")["状态"] in ("整改中", "超期")
    assert on("2026-11-16", "{}", "又说没有")["状态"] == "已声明不适用"
    assert on("2026-11-17", "{market_defects: 0}")["状态"] == "已销号"
    assert on("2026-11-18", "{}", "又说没有")["状态"] == "已销号", "a claim is no recheck either"


def test_the_closing_rate_leaves_out_what_is_said_not_to_apply() -> None:
    closed, claimed = {"销号时间": "2026-01-05"}, {"不适用时间": "2026-01-05"}
    records = [LedgerEntry({"编号": str(n), **days}) for n, days in enumerate([closed, claimed, claimed, {}])]
    told = tally(records, date(2026, 3, 1))
    assert (told.total, told.closed, told.claimed, told.rate) == (4, 1, 2, Fraction(1, 2))
    assert tally(records[1:3], date(2026, 3, 1)).rate is None
    assert LedgerEntry({**claimed, "反弹时间": "2026-02-01"}).open and LedgerEntry({**claimed, **closed}).settled


def test_updating_twice_changes_nothing(cli: Run, tmp_path: Path) -> None:
    for name in ("台账.csv", "台账.yaml"):
        book = tmp_path / name
        cli("ledger", book, "data/taoli")
        first = book.read_bytes()
        cli("ledger", book, "data/taoli")
        assert book.read_bytes() == first
        cli("ledger", book, "data/taoli/2022-04-30.yaml")
        assert book.read_bytes() == first, "an older state must not undo a newer one"


def test_yaml_comments_stay_where_they_were(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.yaml"
    cli("ledger", book, state_file(tmp_path, "2026-09-01", office_area_m2=60, veg_plots_open=3))
    lines = book.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if "责任单位" in line)
    lines[place] += "  # 老李说归街道"
    lines.insert(place, "  # 周五例会再议")
    text = "\n".join(["# 本月台账，主任看过", *lines, "# 完"]) + "\n"
    book.write_text(text, encoding="utf-8")
    assert cli("ledger", book, state_file(tmp_path, "2026-09-20", office_area_m2=90, veg_plots_open=3)).code == 0
    after = book.read_text(encoding="utf-8")
    for comment in ("# 老李说归街道", "# 周五例会再议", "# 本月台账，主任看过", "# 完"):
        assert after.count(comment) == 1
    where = after.splitlines()
    assert "责任单位" in where[where.index("  # 周五例会再议") + 1]


def test_overdue_and_back_come_first() -> None:
    def record(id: str, **days: str) -> LedgerEntry:
        return LedgerEntry({"编号": id, **days})

    found = urgent_first(
        [
            record("done", 销号时间="2026-01-05"),
            record("later", 时限="2026-12-31"),
            record("late", 时限="2026-02-01"),
            record("back", 销号时间="2026-01-05", 反弹时间="2026-02-01", 时限="2026-12-31"),
            record("sent", 提交时间="2026-02-02", 时限="2026-12-31"),
        ],
        date(2026, 3, 1),
        LEDGER_WORDS,
    )
    assert [r.text("编号") for r in found] == ["back", "late", "sent", "later", "done"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("序号,时限\n1,2026-01-01\n", "没有“编号”"),
        ("编号,时限,时限\n", "写了两遍"),
        ('编号\n"a\n', "CSV 读不出来"),
    ],
)
def test_a_broken_ledger_is_left_alone(cli: Run, tmp_path: Path, content: str, says: str) -> None:
    book = tmp_path / "台账.csv"
    book.write_text(content, encoding="utf-8")
    ran = cli("ledger", book, "data/taoli")
    assert ran.code == 3 and says in ran.err and ran.out == ""
    assert book.read_text(encoding="utf-8") == content


FAULTS = {
    "a day that is none": ("xin/FAC-01,昨天,王主任", "看不懂：昨天"),
    "a number twice": ("xin/ENV-01,2026-12-01,又抄了一遍", "有两行"),
    "a cell too many": ("xin/FAC-01,2026-12-01,王主任,多出来", "表头只有 3 格"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("ending", [".csv", ".yaml"])
def test_a_mistake_in_a_row_costs_that_row_only(cli: Run, tmp_path: Path, fault: str, ending: str) -> None:
    bad, says = FAULTS[fault]
    if ending == ".yaml" and fault == "a cell too many":
        return
    book, names = tmp_path / f"台账{ending}", ("编号", "时限", "责任人")
    lines = ["xin/ENV-01,2026-12-01,李四", bad]
    if ending == ".yaml":
        blocks = ("\n  ".join(f"{n}: {c}" for n, c in zip(names, line.split(","), strict=True)) for line in lines)
        book.write_text("".join(f"- {block}\n" for block in blocks), encoding="utf-8")
    else:
        book.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    before, _ = read_ledger(book)
    ran = cli("ledger", book, state_file(tmp_path, "2026-09-01", office_area_m2=60, veg_plots_open=3), "--assign")
    assert ran.code == 3 and says in ran.err and "有 1 行看不懂，原样留着" in ran.err
    after, _ = read_ledger(book)
    assert before is not None and after is not None
    (was,), (now,) = ([r for r in ledger.records if r.faulty] for ledger in (before, after))
    for record in (was, now):
        told = dict(zip(names, bad.split(","), strict=False))
        assert {column: text for column, text in record.cells.items() if text} == told
        assert [*record.beyond] == bad.split(",")[3:]
    ids = [record.text("编号") for record in after.records]
    assert ids.count("xin/FAC-01") == ("FAC-01" in bad) + (fault == "a number twice"), "no second entry for the row"
    assert len(ids) > 2 and f"共 {len(ids) - 1} 条" in ran.out
    again = book.read_bytes()
    cli("ledger", book, tmp_path / "2026-09-01.yaml", "--assign")
    assert book.read_bytes() == again


def test_wrong_use(cli: Run, tmp_path: Path) -> None:
    assert cli("ledger", tmp_path / "a.xlsx").code == 2
    assert cli("ledger", tmp_path / "a.csv").code == 2
    book = tmp_path / "b.yaml"
    book.write_text("编号: a\n", encoding="utf-8")
    assert cli("ledger", book).code == 3


def test_dry_run_writes_nothing(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    assert cli("ledger", book, "data/taoli", "--dry-run").code == 0
    assert not book.exists()


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85\ufeff"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text and not text.startswith("'"))


@settings(max_examples=examples(60), deadline=None)
@given(
    written=st.dictionaries(st.sampled_from([c for c in COLUMNS if c not in ("编号", "对应标准")] + ["加的列"]), TEXTS),
    area=st.integers(0, 400),
    later=st.integers(0, 400),
)
def test_nothing_written_by_hand_is_ever_lost(
    ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory, written: dict[str, str], area: int, later: int
) -> None:
    def at(day: date, value: int) -> State:
        return State(
            Community("x", "某社区"), ruleset.id, day, {"office_area_m2": Reading("office_area_m2", value, day)}
        )

    first = update(Ledger(), assess(ruleset, at(date(2026, 9, 1), area)), describe, LEDGER_WORDS)
    written = {c: text for c, text in written.items() if not c.endswith(("时间", "时限", "次数"))}
    edited = Ledger((*first.columns, "加的列"), tuple(r.put(written) for r in first.records))
    after = with_status(
        update(edited, assess(ruleset, at(date(2026, 10, 1), later)), describe, LEDGER_WORDS),
        date(2026, 11, 1),
        LEDGER_STATUS,
    )
    for old, new in zip(edited.records, after.records, strict=False):
        for column, text in old.cells.items():
            kept = new.cells.get(column, "") == text or text.strip() in new.text("经过")
            assert kept or column in ("核查时间", "反弹次数") or (column == "状态" and text in LEDGER_STATUS.values())
    for name, write in (("a.csv", ledger_csv), ("a.yaml", ledger_yaml)):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(write(after))
        again, problems = read_ledger(path)
        assert problems == () and again is not None
        assert [{c: t for c, t in r.cells.items() if t} for r in again.records] == [
            {c: t for c, t in r.cells.items() if t} for r in after.records
        ]


def test_comment_round_trip(tmp_path: Path) -> None:
    record = LedgerEntry({"编号": "a", "备注": "一：二"}, {"备注": Comment(("# 上面",), "# 旁边")})
    path = tmp_path / "l.yaml"
    path.write_bytes(ledger_yaml(Ledger(("编号", "备注"), (record,), ("# 头",), ("# 尾",))))
    again, problems = read_ledger(path)
    assert problems == () and again is not None
    assert again.records == (record,) and (again.head, again.tail) == (("# 头",), ("# 尾",))
