"""A ledger that many write: nobody's rows are lost, every act can be undone, and a dead lock has a way out."""

from __future__ import annotations

import csv
import errno
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest

from checklist.keeping import history, lock
from checklist.keeping.entry import entries
from checklist.keeping.ledgers import opened, revise
from checklist.keeping.lock import locked
from checklist.model.ledger import Ledger, LedgerEntry
from checklist.model.refusals import Refusal
from tests.conftest import ROOT, Run
from tests.support.fixtures import NOW


def adding(*ids: str) -> Callable[[Ledger], Ledger]:
    def change(ledger: Ledger) -> Ledger:
        new = tuple(LedgerEntry({"编号": id, "社区": "甲社区"}) for id in ids)
        return Ledger(ledger.columns, (*ledger.records, *new))

    return change


def ids(path: Path) -> list[str]:
    return [row["编号"] for row in csv.DictReader(StringIO(path.read_bytes().decode("utf-8-sig")))]


@pytest.mark.parametrize("name", ["shared.csv", "共用台账.yaml"])
def test_eight_writers_at_once_lose_nobodys_rows(tmp_path: Path, name: str) -> None:
    book = tmp_path / name
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(revise, book, adding(f"{who}-{n}"), NOW) for n in range(4) for who in range(8)]
        numbers = [job.result().entry for job in jobs]
    found = [record.text("编号") for record in opened(book)[0].records]
    assert sorted(found) == sorted(f"{who}-{n}" for who in range(8) for n in range(4))
    assert sorted(numbers) == list(range(1, 33))  # type: ignore[type-var]


def test_what_the_file_says_already_is_not_written_again(tmp_path: Path) -> None:
    book = tmp_path / "a.csv"
    assert revise(book, adding("1"), NOW).entry == 1
    assert revise(book, lambda ledger: ledger, NOW).entry is None and len(entries(tmp_path)) == 1


def test_an_act_is_undone_by_the_ledgers_name_and_no_other_ledger_moves(cli: Run, tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.yaml"
    revise(one, adding("1"), NOW)
    first = one.read_bytes()
    revise(one, adding("2"), NOW)
    revise(other, adding("3"), NOW)
    kept = other.read_bytes()
    assert cli("undo", one).code == 0 and one.read_bytes() == first and other.read_bytes() == kept
    listed = cli("undo", one, "--list")
    assert listed.code == 0 and "更新台账 one.csv" in listed.out and "other" not in listed.out
    assert cli("undo", one).code == 0 and not one.exists() and other.read_bytes() == kept
    assert cli("undo", one).code == 2


def test_what_was_changed_by_hand_since_is_not_undone_unasked(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "a.csv"
    revise(book, adding("1"), NOW)
    book.write_bytes(book.read_bytes() + "2,乙社区\r\n".encode())
    assert cli("undo", book).code == 2 and ids(book) == ["1", "2"]


def test_all_who_reach_a_folder_by_a_link_meet_at_one_lock(tmp_path: Path) -> None:
    """The folder may be a link; a ledger that is one itself is refused, for what travels must not lead elsewhere."""
    book, desk = tmp_path / "share" / "a.csv", tmp_path / "desk"
    book.parent.mkdir()
    desk.symlink_to(book.parent)
    revise(book, adding("1"), NOW)
    with history.writing(book.parent), pytest.raises(Refusal):
        revise(desk / "a.csv", adding("2"), NOW, wait=0.01)
    revise(desk / "a.csv", adding("2"), NOW)
    (tmp_path / "桌面.csv").symlink_to(book)
    with pytest.raises(Refusal, match="链接"):
        revise(tmp_path / "桌面.csv", adding("3"), NOW)
    assert ids(book) == ["1", "2"]


def test_a_share_without_locks_is_held_by_name_and_a_dead_holder_has_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(handle: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(lock, "_try", forbidden)
    book = tmp_path / "a.csv"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: revise(book, adding(str(n)), NOW), range(16)))
    assert sorted(ids(book), key=int) == [str(n) for n in range(16)] and not (tmp_path / lock.HELD).exists()
    (tmp_path / lock.HELD).mkdir()  # its holder was killed
    with pytest.raises(Refusal) as refused:
        revise(book, adding("x"), NOW, wait=0.01)
    assert str(tmp_path / lock.HELD) in refused.value.hint and "x" not in ids(book)
    (tmp_path / lock.HELD).rmdir()
    revise(book, adding("x"), NOW)
    assert ids(book)[-1] == "x"


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_whoever_waited_at_a_lock_that_was_deleted_waits_at_the_new_one(tmp_path: Path) -> None:
    """The lock of a machine that is gone is deleted by hand; a third writer must not think that he has it as well."""
    dead = os.open(tmp_path / lock.LOCK, os.O_RDWR | os.O_CREAT)
    lock._try(dead)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(revise, tmp_path / "a.csv", adding("1"), NOW, wait=20)
        time.sleep(0.2)
        (tmp_path / lock.LOCK).unlink()
        with locked(tmp_path):
            os.close(dead)
            time.sleep(0.3)
            assert not waiting.done() and not (tmp_path / "a.csv").exists()
        waiting.result()
    assert ids(tmp_path / "a.csv") == ["1"]


def test_of_a_large_ledger_fewer_earlier_versions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "ROOM", 2000)
    monkeypatch.setattr(history, "FEWEST", 3)
    book = tmp_path / "a.csv"
    for n in range(12):
        revise(book, adding(*(f"{n}-{i}" for i in range(10))), NOW)
    assert [entry.number for entry in entries(tmp_path)] == [10, 11, 12]


STATE = """community: {{id: c{n}, name: 第{n}社区}}
ruleset: civilized-city-community
as_of: 2026-09-0{day}
facts: {{office_area_m2: {area}, veg_plots_open: 3}}
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_eight_commands_at_once_some_of_them_killed_leave_what_one_command_leaves(cli: Run, tmp_path: Path) -> None:
    chance, streets = random.Random(20261128), [tmp_path / "qu" / f"街道{n}" for n in range(8)]
    for n, street in enumerate(streets):
        street.mkdir(parents=True)
        for i in range(3):
            for day in (1, 2):
                state = STATE.format(n=n * 3 + i, day=day, area=60 + i)
                (street / f"{i}-{day}.yaml").write_text(state, encoding="utf-8")
    alone, book = tmp_path / "alone.csv", tmp_path / "lg" / "shared.csv"
    book.parent.mkdir()
    assert cli("ledger", alone, tmp_path / "qu", "--today", "2026-09-10").code == 0
    left = list(streets)
    for turn in range(3):
        running = {
            street: subprocess.Popen(command(book, street), cwd=ROOT, stderr=subprocess.DEVNULL) for street in left
        }
        doomed = chance.sample(left, 3) if turn < 2 else []
        for street in doomed:
            time.sleep(chance.uniform(0.2, 0.8))
            running[street].kill()
        left = [street for street, process in running.items() if process.wait(120)]
        assert set(left) <= set(doomed)
    rows = {tuple(row.items()) for row in csv.DictReader(StringIO(book.read_bytes().decode("utf-8-sig")))}
    assert rows == {tuple(row.items()) for row in csv.DictReader(StringIO(alone.read_bytes().decode("utf-8-sig")))}
    with history.writing(book.parent):
        assert sorted(p.name for p in book.parent.iterdir()) == [".history", ".lock", "shared.csv"]


def command(book: Path, street: Path) -> list[str]:
    arguments = ["ledger", book, street, "--today", "2026-09-10", "--top", "0"]
    return [sys.executable, "-m", "checklist", *map(str, arguments)]
