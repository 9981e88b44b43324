"""From a ledger to those who do the work: 交办单 and 催办, as files on disk."""

from __future__ import annotations

import csv
import io
from io import StringIO
from pathlib import Path

import pytest

from checklist.reading.tables.spreadsheet import read_sheets
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
