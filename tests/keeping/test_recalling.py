"""What ledgers remember of problems that people put to criteria."""

from __future__ import annotations

from pathlib import Path

from checklist.engine.ledger.matching import Remembered
from checklist.keeping.recalling import recalled
from checklist.model.ledger import IN_FOLDER

HEAD = "编号,发现时间,问题描述,对应标准\r\n"


def ledger(folder: Path, rows: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / IN_FOLDER).write_bytes(f"{HEAD}{rows}".encode("gb18030"))


def test_rows_from_problem_lists_are_remembered_with_what_stands_there_now(tmp_path: Path) -> None:
    ledger(
        tmp_path,
        "甲/ENV-22/检查0a1b2c3d,2026-11-20,狗屎没人捡,ｂｈｖ－04\r\n"  # corrected by hand, in full width
        "甲/ENV-22,2026-11-20,宠物粪便 2 处,ENV-22\r\n"  # a gap of the self-check: nobody chose
        "老-1,2026-11-20,井盖松动,INF-03\r\n"  # written by people, from no list
        "甲/ENV-11/检查11111111,2026-11-20,,ENV-11\r\n",
    )
    assert recalled(tmp_path) == ((Remembered("狗屎没人捡", "BHV-04"),), ())


def test_the_last_that_was_found_stands_last_whatever_folder_it_lies_in(tmp_path: Path) -> None:
    for name, day, criterion in (("a", "2026-11-21", "GOV-09"), ("b", "2026-11-20", "GOV-13")):
        ledger(tmp_path / "街道" / name, f"{name}/X/检查00000000,{day},烟道串味,{criterion}\r\n")
    found, problems = recalled(tmp_path, below=True)
    assert [one.criterion for one in found] == ["GOV-13", "GOV-09"] and not problems
    assert recalled(tmp_path) == ((), ())


def test_a_ledger_that_cannot_be_read_is_said_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / IN_FOLDER).write_text("序号,时限\n1,改天\n", encoding="utf-8")
    ledger(tmp_path / "乙", "乙/X/检查00000000,2026-11-20,烟道串味,GOV-09\r\n")
    found, problems = recalled(tmp_path, below=True)
    assert len(found) == 1 and [p.code for p in problems] == ["E230"]


def test_a_row_that_cannot_be_read_is_not_recalled(tmp_path: Path) -> None:
    rows = "甲/X/检查00000000,改天,烟道串味,GOV-13\r\n甲/X/检查00000001,2026-11-20,烟道串味,GOV-09\r\n"
    ledger(tmp_path, rows)
    assert recalled(tmp_path) == ((Remembered("烟道串味", "GOV-09"),), ())
