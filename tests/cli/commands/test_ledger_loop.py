"""From a ledger to those who do the work, and back: 交办单, 催办, 回执, 核验, as files on disk."""

from __future__ import annotations

import csv
import io
import random
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.engine.ledger.answering import reported
from checklist.model.hand_out import Return, code_of
from checklist.model.ledger import IN_FOLDER, LedgerEntry
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.tables.spreadsheet import read_sheets
from checklist.reports.language.labels import LEDGER_WORDS
from tests.conftest import Run

HEAD, *ROWS = (
    line.split("|")
    for line in """编号|街道|社区|来源|发现时间|点位|问题描述|严重程度|责任单位|整改措施|时限|整改前后照片|备注
a/ENV-02/检查11111111|湖滨街道|甲社区|市检查组|2026-11-20|南门|垃圾桶满溢|一般|物业、社区|及时清运|2026-11-23|IMG_1.jpg|=1+1
a/FIR-01/检查22222222|湖滨街道|甲社区|市检查组|2026-11-20|3 号楼|消防车通道被占|红线|消防、物业|清走车辆|2026-11-25||
b/ENV-10/检查33333333|城关街道|乙社区|市检查组|2026-11-20|后巷|堆着旧家具||社区|清理|||
b/ENV-11/检查44444444|城关街道|乙社区|市检查组|2026-11-20||小广告||||||""".splitlines()
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "lg" / "台账.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    return path


def rows(path: Path) -> dict[str, dict[str, str]]:
    return {row["编号"]: row for row in csv.DictReader(StringIO(path.read_bytes().decode("utf-8-sig")))}


def test_every_unit_and_every_community_gets_its_paper(cli: Run, tmp_path: Path, book: Path) -> None:
    Image = pytest.importorskip("PIL.Image")
    docx = pytest.importorskip("docx")
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG")
    (book.parent / "IMG_1.jpg").write_bytes(out.getvalue())
    folder = tmp_path / "交办"
    ran = cli("ledger", book, "--hand-out", folder, "--to", "docx,xlsx", "--from", "区创建办")
    assert ran.code == 0 and "1 条没写责任单位" in ran.err
    names = {str(p.relative_to(folder).with_suffix("")) for p in folder.rglob("*") if p.is_file()}
    units = {f"责任单位/{unit}-交办单-2026-11-24" for unit in ("物业", "社区", "消防")}
    assert names == units | {f"社区/{name}-交办单-2026-11-24" for name in ("甲社区", "乙社区")}
    paper = docx.Document(str(folder / "责任单位/物业-交办单-2026-11-24.docx"))
    led, helped = paper.tables
    assert [c.text for c in led.rows[0].cells][-4:] == ["整改情况", "整改后照片", "完成日期", "经办人"]
    assert "垃圾桶满溢" in led.rows[1].cells[4].text and len(led.rows) == 2 and len(paper.inline_shapes) == 1
    assert "消防车通道被占" in helped.rows[1].cells[3].text and "【红线】" in helped.rows[1].cells[3].text
    assert "整改情况" not in [c.text for c in helped.rows[0].cells]
    (sheet,) = read_sheets(folder / "社区/乙社区-交办单-2026-11-24.xlsx")
    told = [str(cell) for row in sheet.rows for cell in row if cell]
    assert "堆着旧家具" in told and "小广告" in told and "没定" in told and "没写" in told
    found = rows(book)
    assert {row["交办时间"] for row in found.values()} == {"2026-11-24"} and found[ROWS[0][0]]["备注"] == "'=1+1"
    assert cli("ledger", book, "--hand-out", folder).code == 2, "papers that were handed out are not replaced"
    assert cli("undo", book).code == 0 and "交办时间" not in rows(book)[ROWS[0][0]]


def test_a_part_is_handed_out_and_nothing_is_written_when_only_looking(cli: Run, tmp_path: Path, book: Path) -> None:
    pytest.importorskip("docx")
    before = book.read_bytes()
    assert cli("ledger", book, "--owner", "消防", "--hand-out", tmp_path / "x", "--dry-run").code == 0
    assert book.read_bytes() == before
    assert {p.name for p in (tmp_path / "x" / "社区").iterdir()} == {"甲社区-交办单-2026-11-24.docx"}
    assert cli("ledger", book, "--status", "已销号", "--hand-out", tmp_path / "y").code == 5
    assert not (tmp_path / "y").exists()


def test_what_is_due_is_said_to_each_lead_unit_and_put_in_a_calendar(cli: Run, tmp_path: Path, book: Path) -> None:
    ran = cli("ledger", book, "--due", "3", "--remind", "--ics", tmp_path / "a.ics")
    assert ran.code == 0
    first, second = ran.out.strip().split("\n\n")
    assert first.startswith("【催办】物业：2026年11月24日还有 1 件没销号，其中超期 1 件。") and "已超期 1 天" in first
    assert (
        second.startswith("【催办】消防：")
        and "【红线】甲社区 3 号楼 消防车通道被占" in second
        and "还有 1 天" in second
    )
    assert "配合：物业" in second and "堆着旧家具" not in ran.out
    data = (tmp_path / "a.ics").read_bytes()
    assert data.count(b"BEGIN:VEVENT") == 2 and all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.replace(b"\r\n ", b"").decode("utf-8")
    assert "DTSTART;VALUE=DATE:20261125" in text and "整改到期：甲社区 3 号楼 消防车通道被占（消防、物业）" in text
    assert cli("ledger", book, "--ics", tmp_path / "a.txt").code == 2
    assert cli("ledger", book, "--status", "已销号", "--remind").code == 5


def answer(path: Path, *answers: tuple[str, str, str, str, str], code: str = "") -> Path:
    """A return as it comes back, in CSV: number, 整改情况, photo, day, who."""
    book = next(p for p in path.parents if (p / "lg").is_dir()) / "lg" / "台账.csv"
    ledger, _ = read_ledger(book)
    assert ledger is not None
    codes = {record.text("编号"): code_of(record) for record in ledger.records}
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["整改交办单"])
        writer.writerow(["编号", "核对码", "问题", "整改情况", "整改后照片", "完成日期", "经办人"])
        for number, done, photo, day, who in answers:
            writer.writerow([number, code or codes.get(number, "ACDE"), "略", done, photo, day, who])
        writer.writerow([ROWS[3][0], codes[ROWS[3][0]], "没填", "", "", "", ""])
    return path


BIN, LANE, YARD = (row[0] for row in ROWS[:3])


def test_a_return_is_shown_first_and_taken_once(cli: Run, tmp_path: Path, book: Path) -> None:
    Image = pytest.importorskip("PIL.Image")
    folder = tmp_path / "回"
    answer(
        folder / "物业.csv",
        (BIN, "清运了", "后.jpg", "2026-11-22", "张三"),
        (LANE, "划了线", "没有.jpg", "11月23日", "李四"),
    )
    Image.effect_noise((64, 48), 60).convert("RGB").save(folder / "后.jpg")
    before = book.read_bytes()
    ran = cli("ledger", book, "--take-back", folder)
    assert ran.code == 0 and book.read_bytes() == before and "收下，记成待核验" in ran.out and "--write" in ran.err
    assert "没有.jpg 没有一起交回" in ran.err
    assert cli("ledger", book, "--take-back", folder, "--write").code == 0
    row = rows(book)[BIN]
    assert (row["提交时间"], row["提交人"], row["整改情况"], row["状态"]) == ("2026-11-22", "张三", "清运了", "待核验")
    first, kept = row["整改前后照片"].split("、")
    assert first == "IMG_1.jpg" and (book.parent / kept).is_file() and kept.startswith("整改照片/")
    assert rows(book)[LANE]["提交时间"] == "2026-11-23" and rows(book)[ROWS[3][0]]["提交时间"] == ""
    again = book.read_bytes()
    ran = cli("ledger", book, "--take-back", folder, "--write")
    assert ran.code == 0 and book.read_bytes() == again and "已经收过" in ran.out


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_papers_themselves_come_back_filled_in(cli: Run, tmp_path: Path, book: Path, kind: str) -> None:
    """What was handed out, filled in with Word or Excel, is what is taken back."""
    folder = tmp_path / "交办"
    assert cli("ledger", book, "--hand-out", folder, "--to", kind).code == 0
    filled_in(folder / f"责任单位/物业-交办单-2026-11-24.{kind}", ("清运了", "", "2026-11-22", "张三"))
    ran = cli("ledger", book, "--take-back", folder, "--write")
    assert ran.code == 0, ran.err
    record = rows(book)[BIN]
    assert record["提交时间"] == "2026-11-22" and "清运了" in "".join(record.values())
    assert sum(bool(row["提交时间"]) for row in rows(book).values()) == 1


def filled_in(path: Path, cells: tuple[str, ...]) -> None:
    """The first row of the first table, its last columns."""
    if path.suffix == ".docx":
        paper = pytest.importorskip("docx").Document(str(path))
        for cell, text in zip(paper.tables[0].rows[1].cells[-len(cells) :], cells, strict=True):
            cell.text = text
        paper.save(str(path))
        return
    book = pytest.importorskip("openpyxl").load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "编号" for cell in row))
    columns = [cell.column for cell in head if cell.value][-len(cells) :]
    for column, text in zip(columns, cells, strict=True):
        sheet.cell(head[0].row + 1, column, text)
    book.save(path)


def test_an_altered_number_and_a_row_half_filled_in_are_caught(cli: Run, tmp_path: Path, book: Path) -> None:
    folder = tmp_path / "回"
    answer(folder / "1.csv", (LANE, "做了", "", "2026-11-22", "张三"), code="XXXX")
    answer(folder / "2.csv", ("a/ENV-99/检查1", "做了", "", "2026-11-22", "张三"), (BIN, "做了", "", "2026-11-22", ""))
    answer(folder / "3.csv", (YARD, "做了", "", "2026-12-22", "张三"))
    before = book.read_bytes()
    ran = cli("ledger", book, "--take-back", folder, "--write")
    assert ran.code == 3 and {code for code in ("E261", "E262", "E263") if code in ran.err} == {"E261", "E262", "E263"}
    assert "没填经办人" in ran.err and "晚于今天" in ran.err
    assert [row["编号"] for row in rows(book).values() if row.get("提交时间")] == []
    assert before.splitlines()[1][:20] in book.read_bytes()
    (folder / "4.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert "没有回执" in cli("ledger", book, "--take-back", folder / "4.csv").err


def test_nobody_closes_what_he_reported_himself(cli: Run, tmp_path: Path, book: Path) -> None:
    assert cli("ledger", book, "--close", BIN, "--who", "王五").code == 3, "nothing was reported"
    cli("ledger", book, "--take-back", answer(tmp_path / "r.csv", (BIN, "清运了", "", "2026-11-22", "张三")), "--write")
    before = book.read_bytes()
    ran = cli("ledger", book, "--close", BIN, "--who", "张三")
    assert ran.code == 3 and "E264" in ran.err and book.read_bytes() == before
    assert (
        cli("ledger", book, "--close", BIN).code == 2
        and cli("ledger", book, "--send-back", BIN, "--who", "王五").code == 2
    )
    assert cli("ledger", book, "--send-back", BIN, "--who", "王五", "--why", "还是满的").code == 0
    row = rows(book)[BIN]
    assert (row["退回次数"], row["退回原因"], row["提交时间"], row["状态"]) == ("1", "还是满的", "", "超期")
    assert "清运了" in row["整改情况"] and "张三" in row["经过"]
    ran = cli("ledger", book, "--take-back", tmp_path / "r.csv", "--write")
    assert "退回过的那份" in ran.out and rows(book)[BIN]["提交时间"] == ""
    later = answer(tmp_path / "s.csv", (BIN, "又清了一遍", "", "2026-11-23", "张三"))
    assert cli("ledger", book, "--take-back", later, "--write").code == 0
    assert cli("ledger", book, "--close", BIN, "--who", "王五").code == 0
    row = rows(book)[BIN]
    assert (row["销号时间"], row["销号人"], row["状态"]) == ("2026-11-24", "王五", "已销号")
    assert "不收" in cli("ledger", book, "--take-back", later, "--write").out or "已经销号" in cli("ledger", book).out
    proved = cli("ledger", book, "--verify")
    assert proved.code == 0 and "不对 0 处，要看 0 处" in proved.out and "链尾" in proved.out


def test_what_was_changed_behind_the_journals_back_is_asked_about(cli: Run, tmp_path: Path, book: Path) -> None:
    cli("ledger", book, "--take-back", answer(tmp_path / "r.csv", (BIN, "清运了", "", "2026-11-22", "张三")), "--write")
    text = book.read_text(encoding="utf-8-sig")
    with book.open("w", encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(StringIO(text))
        body[0][head.index("销号时间")] = "2026-11-23"
        body[0][head.index("提交人")] = "张三三"
        writer = csv.writer(file)
        writer.writerows([head, *body])
    ran = cli("ledger", book, "--verify")
    assert ran.code == 0 and "没有别人核过就填了销号" in ran.out and "提交人" in ran.out
    assert "已销号" not in cli("ledger", book).out, "his own word closes nothing"


def test_an_altered_line_and_an_altered_photo_are_found(cli: Run, tmp_path: Path, book: Path) -> None:
    Image = pytest.importorskip("PIL.Image")
    answer(tmp_path / "回" / "r.csv", (BIN, "清运了", "a.jpg", "2026-11-22", "张三"))
    Image.effect_noise((64, 48), 60).convert("RGB").save(tmp_path / "回" / "a.jpg")
    cli("ledger", book, "--take-back", tmp_path / "回", "--write")
    cli("ledger", book, "--close", BIN, "--who", "王五")
    assert cli("ledger", book, "--verify").code == 0
    journal, (photo,) = book.parent / "journal.jsonl", (book.parent / "整改照片").iterdir()
    journal.write_bytes(journal.read_bytes().replace("清运了".encode(), "没清运".encode(), 1))
    ran = cli("ledger", book, "--verify")
    assert ran.code == 1 and "流水第 2 行" in ran.out
    photo.write_bytes(photo.read_bytes() + b"x")
    assert "内容变了" in cli("ledger", book, "--verify").out
    photo.unlink()
    assert "不在了" in cli("ledger", book, "--verify").out


ANSWERS = st.builds(
    lambda day, who, done: Return("a/b/检查1", "", done, (), date(2026, 11, day), who),
    *(st.integers(1, 5), st.sampled_from(["张三", "李四"]), st.sampled_from(["清了", "修了"])),
)


@given(st.lists(ANSWERS, min_size=1, max_size=5), st.randoms())
def test_returns_in_any_order_and_twice_come_to_the_same(answers: list[Return], chance: random.Random) -> None:
    entry = LedgerEntry({"编号": "a/b/检查1", "问题描述": "脏", "发现时间": "2026-10-01"})

    def after(listed: list[Return]) -> list[str]:
        record = entry
        for one in listed:
            record, _ = reported(record, one, date(2026, 11, 24), LEDGER_WORDS)
        return [record.text(column) for column in ("提交时间", "提交人", "整改情况")]

    shuffled = [*answers, *answers]
    chance.shuffle(shuffled)
    assert after(answers) == after(shuffled)
    best = max((str(one.finished), one.handler, one.done) for one in answers)
    assert after(answers) == list(best)


def test_a_self_check_tells_what_the_ledger_beside_it_has_open(cli: Run, tmp_path: Path) -> None:
    """Both speak of one community; what is closed or said not to apply waits for nobody."""
    folder = tmp_path / "beimen"
    shutil.copytree("data/beimen", folder)
    assert "台账还有" not in cli("assess", folder).out
    ledger = folder / IN_FOLDER
    assert cli("ledger", ledger, folder, "--assign").code == 0
    waiting = len(rows(ledger))
    said = cli("assess", folder).out
    assert f"台账还有 {waiting} 条没销号" in said and "看台账：checklist ledger" in said
    text = ledger.read_text(encoding="utf-8-sig").splitlines()
    head = text[0].split(",")
    cells = next(csv.reader([text[1]]))
    cells[head.index("销号时间")] = "2026-10-16"
    ledger.write_text("\n".join([text[0], ",".join(f'"{c}"' for c in cells), *text[2:]]), encoding="utf-8")
    assert f"台账还有 {waiting - 1} 条没销号" in cli("assess", folder).out
    ledger.write_text("坏了", encoding="utf-8")
    assert cli("assess", folder).code in (0, 1) and "台账还有" not in cli("assess", folder).out
