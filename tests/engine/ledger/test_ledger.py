"""The ledger: opened, assigned, due, submitted, closed, rechecked, relapsed; nothing that people wrote is lost."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.ledger.updating import update, urgent_first, with_status
from checklist.engine.scoring.assess import assess
from checklist.model.ledger import COLUMNS, Comment, Ledger, LedgerEntry
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
    )
    assert [r.text("编号") for r in found] == ["back", "late", "sent", "later", "done"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("编号,时限\na,昨天\nb,下周\n", "昨天"),
        ("序号,时限\n1,2026-01-01\n", "没有“编号”"),
        ("编号,时限,时限\n", "写了两遍"),
        ("编号\na\na\n", "有两行"),
        ('编号\n"a\n', "CSV 读不出来"),
        ("编号,时限\na,2026-01-01,多出来\n", "表头只有 2 格"),
    ],
)
def test_a_broken_ledger_is_left_alone(cli: Run, tmp_path: Path, content: str, says: str) -> None:
    book = tmp_path / "台账.csv"
    book.write_text(content, encoding="utf-8")
    ran = cli("ledger", book, "data/taoli")
    assert ran.code == 3 and says in ran.err and ran.out == ""
    assert book.read_text(encoding="utf-8") == content


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
