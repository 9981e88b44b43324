"""Whatever comes through a door: an exit code and a sentence, at once; never our own mistake, never a traceback."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Ran, Run
from tests.hostile.doors import COMMANDS, DAYS, DOORS, NAMES, NINES, NUMBERS, ODD_FILES, OPTIONS, at_once, slow_but
from tests.support.places import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and signals")
ENDINGS = {2, 3}
QUICK = {"assess .yaml", "import .xlsx", "ledger .csv", "batch .csv"}


def community(place: Path) -> Path:
    shutil.copytree(ROOT / "data" / "beimen", place)
    return place


def sound(ran: Ran, *codes: int) -> None:
    assert ran.code in (codes or {0, 1, 2, 3, 4, 5}), (ran.code, ran.err)
    assert "Traceback" not in ran.err and "\x1b" not in ran.out + ran.err
    assert ran.code == 0 or ran.err.strip() or ran.out.strip()


@pytest.mark.parametrize("kind", slow_but(("pipe", "endless"), ODD_FILES))
@pytest.mark.parametrize("door", slow_but(QUICK, DOORS))
def test_what_is_no_file_is_refused_at_once(cli: Run, tmp_path: Path, door: str, kind: str) -> None:
    folder, out = community(tmp_path / "c"), tmp_path / "out"
    out.mkdir()
    file = tmp_path / f"odd{door.split()[-1]}"
    ODD_FILES[kind](file)
    with at_once():
        ran = cli(*DOORS[door](file, folder, out))
    taken = (door, kind) == ("evidence .pdf", "noise")  # evidence may be anything that is called so
    empty = taken or kind in ("folder", "nothing") or (kind == "nowhere" and door.startswith("ledger"))
    sound(ran, *(() if empty else ENDINGS))


@pytest.mark.parametrize("kind", slow_but(("pipe",), ("pipe", "endless", "socket")))
@pytest.mark.parametrize("name", ["2026-10-16.yaml", "community.yaml", "整改台账.csv", "journal.jsonl", ".lock"])
def test_what_is_no_file_in_a_community_folder_stops_nothing_for_ever(
    cli: Run, tmp_path: Path, kind: str, name: str
) -> None:
    folder = community(tmp_path / "c")
    (folder / name).unlink(missing_ok=True)
    ODD_FILES[kind](folder / name)
    table = tmp_path / "t.csv"
    table.write_text("编号,实测值,核实人,核实日期\npotholes,3,乙,2026-11-24\n", encoding="utf-8")
    with at_once():
        for arguments in (["assess", folder], ["ledger", folder], ["import", table, "--into", folder, "--write"]):
            sound(cli(*arguments))


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("day", DAYS)
def test_days_at_the_ends_of_the_calendar(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, command: str
) -> None:
    for n, change in enumerate((r"as_of: .*", r"potholes: .*", r"")):
        folder = community(tmp_path / str(n))
        record = folder / "2026-10-15.yaml"
        new = {0: f"as_of: {day}", 1: f"potholes: {{value: 1, on: {day}}}"}.get(n)
        if new is not None:
            text = record.read_text(encoding="utf-8")
            record.write_text(re.sub(change, new, text, count=1), encoding="utf-8")
        else:
            monkeypatch.setenv("CHECKLIST_TODAY", day)
        sound(cli(*COMMANDS[command](str(folder), tmp_path)))


def test_a_record_of_a_day_that_cannot_be_is_refused(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = community(tmp_path / "c")
    record = folder / "2026-10-15.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("as_of: 2026-10-15", "as_of: 0001-01-01"), encoding="utf-8")
    ran = cli("assess", folder)
    assert ran.code == 3 and "1900 到 2999" in ran.err
    monkeypatch.setenv("CHECKLIST_TODAY", "9999-12-31")
    ran = cli("assess", ROOT / "data" / "taoli")
    assert ran.code == 2 and "1900 到 2999" in ran.err


@pytest.mark.parametrize("option", slow_but(("start", "fresh days", "budget"), OPTIONS))
@pytest.mark.parametrize("odd", slow_but(("9999-12-31", NINES), (*DAYS[:2], *NUMBERS)), ids=lambda n: n[:9])
def test_odd_options_are_told(cli: Run, tmp_path: Path, option: str, odd: str) -> None:
    arguments = OPTIONS[option](odd, str(community(tmp_path / "c")), tmp_path)
    sound(cli(*arguments))


@pytest.mark.parametrize("number", slow_but((NINES,), NUMBERS), ids=lambda n: n[:9])
def test_numbers_without_end(cli: Run, tmp_path: Path, number: str) -> None:
    folder = community(tmp_path / "c")
    record = folder / "2026-10-15.yaml"
    text = record.read_text(encoding="utf-8")
    for fact in ("potholes", "office_area_m2"):
        text = re.sub(rf"{fact}: .*", f"{fact}: {number}", text)
    record.write_text(text, encoding="utf-8")
    for command in ("assess", "table", "check"):
        sound(cli(*COMMANDS[command](str(folder), tmp_path)))
    long, wide, sent = tmp_path / "长.csv", tmp_path / "宽.csv", tmp_path / "n.json"
    long.write_text(f"编号,实测值,核实人,核实日期\npotholes,{number},乙,{number}\n", encoding="utf-8")
    wide.write_text(f"社区,potholes,office_area_m2\n甲,{number},{number}\n", encoding="utf-8")
    sent.write_text(f'[{{"checklist_ruleset": "civilized-city-community", "potholes": {number}}}]', encoding="utf-8")
    whole = community(tmp_path / "d")
    for arguments in (
        ["import", long, "--into", whole, "--write"],
        ["import", sent, "--into", whole, "--write"],
        ["assess", wide],
        ["batch", wide, "-o", tmp_path / "b.csv"],
    ):
        sound(cli(*arguments))


@pytest.mark.parametrize("name", slow_but(NAMES[:1], NAMES))
@pytest.mark.parametrize("command", slow_but(("assess json",), COMMANDS))
def test_names_that_are_no_text(cli: Run, tmp_path: Path, command: str, name: bytes) -> None:
    folder = os.fsdecode(bytes(community(tmp_path / "c").parent) + b"/" + name)
    shutil.move(tmp_path / "c", folder)
    out = tmp_path / "out"
    out.mkdir()
    sound(cli(*COMMANDS[command](folder, out)))


@pytest.mark.parametrize("name", slow_but(NAMES[:1], NAMES))
def test_names_that_are_no_text_are_written_down(cli: Run, tmp_path: Path, name: bytes) -> None:
    folder = community(tmp_path / "c")
    table, paper, new = (os.fsdecode(bytes(tmp_path) + b"/" + name + end) for end in (b".csv", b".pdf", b"-new"))
    Path(table).write_text("编号,实测值,核实人,核实日期\npotholes,3,乙,2026-11-24\n", encoding="utf-8")
    Path(paper).write_bytes(b"%PDF")
    assert cli("import", table, "--into", folder, "--write").code == 0
    assert cli("evidence", "add", folder, paper, "--fact", "potholes").code == 0
    assert cli("init", "甲社区", "--folder", new).code == 0
    for arguments in (["undo", folder, "--list"], ["evidence", "list", folder], ["undo", folder], ["assess", folder]):
        sound(cli(*arguments), 0)
