"""An inspection's 问题清单: proposed, confirmed by a person, then in the ledger and, where counted, in the record."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.engine.ledger.entering import mark
from checklist.keeping.folder import open_folder
from checklist.model.ledger import IN_FOLDER, Defect
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.tables.recognising import RecognisedTable
from checklist.reading.tables.spreadsheet import Sheet, read_sheets
from checklist.values.cells import words
from tests.conftest import Run
from tests.support.tables import plain_xlsx

pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
FOUND = date(2026, 11, 20)
LIST = """序号,点位,存在问题,照片,责任单位,整改时限
1,南门,路面有坑洼,IMG_1.jpg,街道,3日内
2,,小广告未清理,,物业,2026.11.30
3,北门,小广告多处,,物业,
4,大厅,天气很好,,,
"""


def source(tmp_path: Path, text: str = LIST) -> Path:
    path = tmp_path / "清单.csv"
    path.write_bytes(text.encode("gb18030"))
    return path


def confirmed(cli: Run, tmp_path: Path, filled: dict[int, dict[str, str]], text: str = LIST) -> Path:
    """The list as proposed, with what a person writes into some rows (from 1)."""
    listed = tmp_path / "待确认.xlsx"
    assert (
        cli("problems", source(tmp_path, text), "-o", listed, "--force", "--on", str(FOUND), "--by", "市检查组").code
        == 0
    )
    head, *rows = [list(r) for r in read_sheets(listed)[0].rows]
    for row, cells in filled.items():
        for column, cell in cells.items():
            rows[row - 1][head.index(column)] = cell
    kept = [[c if isinstance(c, date) else words(c) for c in row] for row in rows]
    listed.write_bytes(plain_xlsx("待确认", [str(c) for c in head], kept))
    return listed


def community(cli: Run, tmp_path: Path, name: str = "甲社区") -> Path:
    folder = tmp_path / name
    assert cli("init", name, "--street", "某街道", "--rules", "civilized-city-community", "--folder", folder).code == 0
    return folder


def entries(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / IN_FOLDER).read_text(encoding="utf-8-sig"))))


ADOPTED = {1: {"采用": "INF-01"}, 2: {"采用": "ENV-11", "记几": "1"}, 3: {"采用": "ENV-11", "记几": "1"}}


def test_proposals_are_shown_and_nothing_is_adopted_or_counted_by_itself(cli: Run, tmp_path: Path) -> None:
    folder, listed = community(cli, tmp_path), tmp_path / "待确认.xlsx"
    ran = cli("problems", source(tmp_path), "-o", listed, "--force", "--on", str(FOUND))
    assert ran.code == 0 and "INF-01" in ran.out and "ENV-11" in ran.out and "没有像的标准" in ran.out
    head, *rows = read_sheets(listed)[0].rows
    assert {str(row[head.index(name)]) for row in rows for name in ("采用", "记几")} == {""}
    assert cli("problems", source(tmp_path), "--into", folder, "--write").code == 2
    assert cli("problems", listed, "--into", folder, "--write").code == 5
    assert not (folder / IN_FOLDER).exists()


@pytest.mark.slow
def test_confirmed_problems_become_entries_and_those_counted_facts_too(cli: Run, tmp_path: Path) -> None:
    folder, listed = community(cli, tmp_path), confirmed(cli, tmp_path, ADOPTED)
    before = sorted(p.name for p in folder.iterdir())
    ran = cli("problems", listed, "--into", folder)
    assert ran.code == 0 and "会记进台账" in ran.out and "3 条" in ran.out
    assert sorted(p.name for p in folder.iterdir()) == before
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    first, second, third = entries(folder)
    assert (first["点位"], first["问题描述"], first["对应标准"]) == ("南门", "路面有坑洼", "INF-01")
    assert (first["来源"], first["发现时间"], first["责任单位"]) == ("市检查组", "2026-11-20", "街道")
    assert (first["整改前后照片"], first["时限"], first["状态"]) == ("IMG_1.jpg", "2026-11-23", "超期")
    assert second["时限"] == "2026-11-30" and second["状态"] == "待交办" and "小广告" in second["整改措施"]
    assert third["时限"] >= "2026-11-21" and third["责任单位"] == "物业"
    reading = open_folder(folder).readings()["", "illegal_posters_spots"]
    assert reading.value == 2 and "小广告未清理" in reading.note and reading.by == "市检查组"
    assert set(open_folder(folder).readings()) == {("", "illegal_posters_spots")}
    assert (folder / "journal.jsonl").read_text(encoding="utf-8").count('"kind":"problem"') == 3
    shown = cli("ledger", folder)
    assert shown.code == 0 and "市检查组查出 南门 路面有坑洼" in shown.out


@pytest.mark.slow
def test_run_again_enters_nothing_twice_and_undo_takes_all_of_it_back(cli: Run, tmp_path: Path) -> None:
    folder, listed = community(cli, tmp_path), confirmed(cli, tmp_path, ADOPTED)
    state = (folder / "2026-11-24.yaml").read_bytes()
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    ledger = (folder / IN_FOLDER).read_bytes()
    again = cli("problems", listed, "--into", folder, "--write")
    assert again.code == 0 and "另有 3 条台账里已经有" in again.out and (folder / IN_FOLDER).read_bytes() == ledger
    other = confirmed(cli, tmp_path, {1: {"采用": "INF-02"}, **{n: ADOPTED[n] for n in (2, 3)}})
    assert cli("problems", other, "--into", folder, "--write").code == 0 and (folder / IN_FOLDER).read_bytes() == ledger
    assert (folder / "journal.jsonl").read_text(encoding="utf-8").count('"kind":"problem"') == 3
    assert cli("undo", folder).code == 0
    assert not (folder / IN_FOLDER).exists() and (folder / "2026-11-24.yaml").read_bytes() == state


@pytest.mark.slow
def test_entries_are_added_below_what_people_wrote(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    (folder / IN_FOLDER).write_bytes("编号,网格长,问题描述,时限\r\n旧-1,老王,井盖松动,2026/12/1\r\n".encode("gb18030"))
    assert cli("problems", confirmed(cli, tmp_path, ADOPTED), "--into", folder, "--write").code == 0
    first, *new = entries(folder)
    assert (first["网格长"], first["问题描述"], first["时限"], len(new)) == ("老王", "井盖松动", "2026/12/1", 3)
    assert cli("ledger", folder, folder).code == 0
    assert [e["问题描述"] for e in entries(folder)[:2]] == ["井盖松动", "路面有坑洼"]
    assert cli("undo", folder).code == 0 and [e["编号"] for e in entries(folder)] == [e["编号"] for e in [first, *new]]


@pytest.mark.slow
def test_a_ledger_that_cannot_be_read_stops_everything(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    (folder / IN_FOLDER).write_text("序号,时限\n1,改天\n", encoding="utf-8")
    state = (folder / "2026-11-24.yaml").read_bytes()
    ran = cli("problems", confirmed(cli, tmp_path, ADOPTED), "--into", folder, "--write")
    assert ran.code == 3 and "E230" in ran.err and (folder / "2026-11-24.yaml").read_bytes() == state


@pytest.mark.many
@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"采用": "INF-1"}, "E321", "L"),
        ({"采用": "INF-01", "记到实测项": "小广告处数", "记几": "1"}, "E204", "M"),
        ({"采用": "INF-01", "记到实测项": "illegal_posters_spots", "记几": "1"}, "E228", "M"),
        ({"采用": "ENV-11", "记到实测项": "", "记几": "1"}, "E228", "N"),
        ({"采用": "ENV-11", "记到实测项": "illegal_posters_spots", "记几": "若干"}, "E211", "N"),
    ],
)
def test_a_wrong_confirmation_is_told_and_nothing_is_written(
    cells: dict[str, str], code: str, column: str, cli: Run, tmp_path: Path
) -> None:
    folder = community(cli, tmp_path)
    ran = cli("problems", confirmed(cli, tmp_path, {1: cells}), "--into", folder, "--write")
    assert ran.code == 3 and code in ran.err and f"待确认!{column}2" in ran.err and not (folder / IN_FOLDER).exists()


@pytest.mark.many
@pytest.mark.parametrize("written", ["ENV-11", "ｅｎｖ－11", "ENV-11 标题", "标题", " 标 题。", "env-11　标题"])
def test_a_criterion_is_adopted_by_its_id_or_its_title(
    written: str, cli: Run, tmp_path: Path, ruleset: Ruleset
) -> None:
    title = ruleset.criterion("ENV-11").title
    written = written.replace("标题", title).replace("标 题", f"{title[:2]} {title[2:]}")
    folder, listed = community(cli, tmp_path), confirmed(cli, tmp_path, {3: {"采用": written}})
    ran = cli("problems", listed, "--into", folder, "--write")
    assert ran.code == 0 and f"ENV-11 {title}" in ran.out, ran.err
    assert [e["对应标准"] for e in entries(folder)] == ["ENV-11"]


def test_who_writes_words_is_answered_in_words(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    ran = cli("problems", confirmed(cli, tmp_path, {1: {"采用": "灭火器"}}), "--into", folder)
    assert "FIR-05（灭火器配置有效）" in ran.err
    cells = {"采用": "INF-01", "记到实测项": "坑洼破损", "记几": "1"}
    ran = cli("problems", confirmed(cli, tmp_path, {1: cells}), "--into", folder)
    assert "是不是 路面坑洼破损？" in ran.err and "potholes" not in ran.err


@pytest.mark.slow
def test_what_the_list_makes_impossible_is_said_before_it_is_written(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    total = tmp_path / "总数.csv"
    total.write_text("实测项,实测值\n灭火器,1\n", encoding="utf-8")
    assert cli("import", total, "--into", folder, "--write", "--on", "2026-11-20").code == 0
    text = "点位,存在问题\n3栋,两具灭火器过期\n"
    cells = {"采用": "FIR-05", "记到实测项": "过期或压力不足的灭火器", "记几": "2"}
    listed = confirmed(cli, tmp_path, {1: cells}, text)
    for more in ((), ("--write",)):
        ran = cli("problems", listed, "--into", folder, *more)
        assert ran.code == 3 and "E320" in ran.err and "待确认!" in ran.err, ran.err


@pytest.mark.slow
def test_a_list_of_several_communities_goes_to_each_its_own(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    text = "社区,点位,存在问题\n甲 社区,南门,小广告未清理\n乙社区,东门,小广告多处\n甲\u200b,西门,小广告一处\n"
    listed = confirmed(cli, tmp_path, {n: {"采用": "ENV-11"} for n in (1, 2, 3)}, text)
    ran = cli("problems", listed, "--into", folder, "--write")
    assert ran.code == 0 and "1 个问题是别的社区的（乙社区）" in ran.err
    assert [e["点位"] for e in entries(folder)] == ["南门", "西门"]


@pytest.mark.slow
def test_words_from_a_list_are_never_a_formula_or_markup(cli: Run, tmp_path: Path) -> None:
    folder = community(cli, tmp_path)
    text = '点位,存在问题\n=cmd|calc,"[red]小广告[/red]未清理<b>"\n'
    assert (
        cli("problems", confirmed(cli, tmp_path, {1: {"采用": "ENV-11"}}, text), "--into", folder, "--write").code == 0
    )
    (entry,) = entries(folder)
    assert entry["点位"].startswith("'=") and "[red]" in cli("ledger", folder).out
    ledger, _ = read_ledger(folder / IN_FOLDER)
    assert ledger is not None and ledger.records[0].text("点位") == "=cmd|calc"


@given(st.text(max_size=20), st.text(max_size=40), st.dates())
def test_a_defect_is_known_again_by_its_words(point: str, text: str, on: date) -> None:
    one = Defect("ENV-11", text, point, on=on)
    assert mark(one) == mark(Defect("INF-01", f" {text}。", f"{point} ", owner="物业", on=on))
    assert mark(one) != mark(Defect("ENV-11", f"{text}又一处", point, on=on))


@pytest.mark.slow
def test_the_action_is_the_one_that_mends_the_fact_named(cli: Run, tmp_path: Path, ruleset: Ruleset) -> None:
    criterion = ruleset.criterion("VAL-05")
    assert len(criterion.actions) > 1
    for name in criterion.actions:
        fact = next(iter(ruleset.actions[name].sets))
        folder = community(cli, tmp_path, f"{name}社区")
        cells = {"采用": "VAL-05", "记到实测项": fact}
        text = "点位,存在问题\n东门,公益广告破损褪色\n"
        assert cli("problems", confirmed(cli, tmp_path, {1: cells}, text), "--into", folder, "--write").code == 0
        wanted = next(a for a in criterion.actions if fact in ruleset.actions[a].sets)
        assert entries(folder)[0]["整改措施"] == ruleset.actions[wanted].label


def test_only_a_merged_cell_gives_its_point_to_the_rows_below() -> None:
    rows = (("位置", "问题描述"), ("北门", "垃圾桶满了"), (None, "墙上有小广告"), (None, "灯不亮"))
    sheet = Sheet("问题.xlsx", "表", rows, merged={(2, 0): 1})
    found, advised, problems = read_problem_list(RecognisedTable("问题.xlsx", (sheet,), None), date(2026, 11, 24))
    assert [one.point for one in found] == ["北门", "北门", ""] and not advised and not problems


@pytest.mark.slow
def test_what_an_office_confirmed_is_remembered_beside_its_ledger(cli: Run, tmp_path: Path) -> None:
    """The ledger is the memory: seen with the community's folder or one above it, corrected there, forgotten by undo."""
    folder = community(cli, tmp_path)
    said = "烟道串味，物业一直没解决"
    listed = confirmed(cli, tmp_path, {1: {"采用": "BHV-07"}}, f"存在问题\n{said}\n")
    assert cli("problems", listed, "--into", folder, "--write").code == 0
    again = source(tmp_path, "存在问题\n烟道串味 物业一直没解决\n")
    told = f"上次您把“{said}”定为 BHV-07"
    assert (
        told in cli("problems", again, "--into", folder).out and told in cli("problems", again, "--into", tmp_path).out
    )
    assert told not in cli("problems", again).out
    ledger = folder / IN_FOLDER
    ledger.write_bytes(ledger.read_bytes().replace(b"BHV-07,", b"GOV-09,"))
    assert f"上次您把“{said}”定为 GOV-09" in cli("problems", again, "--into", folder).out
    ledger.write_bytes(ledger.read_bytes().replace(b"GOV-09,", b"BHV-07,"))
    assert cli("undo", folder).code == 0
    assert "上次" not in cli("problems", again, "--into", folder).out


def test_a_ledger_that_cannot_be_read_is_said_and_the_list_is_proposed_without_it(cli: Run, tmp_path: Path) -> None:
    (tmp_path / IN_FOLDER).write_text("序号,时限\n1,改天\n", encoding="utf-8")
    ran = cli("problems", source(tmp_path))
    assert ran.code == 0 and "E230" in ran.err and "ENV-11" in ran.out
    ran = cli("problems", source(tmp_path), "--into", tmp_path / "没有")
    assert ran.code == 3 and "没有" in ran.err and not ran.out
