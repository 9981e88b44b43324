"""SIGKILL at any moment: no corrupt state, no confirmed answer lost, the folder usable at once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checklist.cli.app import run
from checklist.engine.scoring.assess import assess
from checklist.keeping import chain, history
from checklist.keeping.confirmed_problems import Confirmed, record
from checklist.keeping.entry import entries
from checklist.keeping.evidence import add_evidence
from checklist.keeping.folder import open_folder
from checklist.keeping.saving import save
from checklist.model.ledger import IN_FOLDER, Defect
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading
from checklist.reading.lists.ledger_file import read_ledger
from tests.conftest import ROOT
from tests.keeping.sound import assert_readable, assert_sound
from tests.support.fixtures import DAY, NOW

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
LATER = date(2026, 12, 1)


def answers(ruleset: Ruleset, turn: int) -> list[Reading]:
    counts = [f.id for f in ruleset.facts.values() if f.type == "count" and f.low == 0 and f.high > 10**6]
    return [Reading(counts[(turn * 7 + i) % len(counts)], turn + 1, DAY, f"第{turn}人") for i in range(7)]


MOST_SAVES = 1000
"""Many more than any test waits for."""


def child(folder: Path, ruleset: Ruleset, pipe: int, first: int, prepare: Callable[[], None]) -> None:
    """Save answer after answer, telling the parent of each one that is confirmed; never returns."""
    try:
        prepare()
        opened = open_folder(folder, ruleset)
        for turn in range(first, first + MOST_SAVES):
            batch = answers(ruleset, turn)
            save(opened, batch, day=DAY if turn % 2 else LATER, at=NOW, what=f"第{turn}次", rule="incoming")
            os.write(pipe, b"".join(f"{r.fact} {r.value}\n".encode() for r in batch))
            if turn % 5 == 3:
                undone = history.undoable(folder)
                assert undone is not None
    finally:
        os._exit(0)


def run_and_kill(
    folder: Path,
    ruleset: Ruleset,
    turn: int,
    seconds: float | None,
    prepare: Callable[[], None],
    after_a_save: bool = False,
) -> list[str]:
    """What the child confirmed. It is killed after ``seconds`` (None: it kills itself), counted from its first
    confirmed save when ``after_a_save``, so that a slow machine does not kill it only while it starts."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        child(folder, ruleset, writer, turn, prepare)
    os.close(writer)
    told = os.read(reader, 1 << 16) if after_a_save else b""
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    while piece := os.read(reader, 1 << 16):
        told += piece
    os.close(reader)
    assert os.WIFSIGNALED(os.waitpid(pid, 0)[1]), "nothing killed it"
    return told.decode().splitlines()


def start(tmp_path: Path) -> Path:
    folder = tmp_path / "北门社区"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    return folder


STEPS = [("replace", 7), ("fsync", 12), ("ftruncate", 4), ("unlink", 4)]


@pytest.mark.parametrize(
    ("call", "steps"), [STEPS[0], *(pytest.param(*each, marks=pytest.mark.slow) for each in STEPS[1:])]
)
def test_killed_at_each_step_of_a_save(call: str, steps: int, tmp_path: Path, ruleset: Ruleset) -> None:
    """The child dies at its first, second, … call of each system function that a save uses."""
    for step in range(1, steps + 1):
        folder = start(tmp_path / f"{call}{step}")
        confirmed: dict[str, int] = {}

        def die(step: int = step) -> None:
            dying_at(call, step)

        seconds = 0.6 if call == "unlink" else None
        for line in run_and_kill(folder, ruleset, 0, seconds, die):
            fact, value = line.split()
            confirmed[fact] = int(value)
        assert_readable(folder, ruleset, confirmed)
        again = replace(answers(ruleset, 900)[0], by="后来的人")
        saved = save(open_folder(folder, ruleset), [again], day=LATER, at=NOW, what="后来", rule="incoming")
        assert saved.path is not None
        assert_sound(folder, ruleset, confirmed)


@pytest.mark.parametrize(
    ("call", "steps"), [("replace", 4), ("ftruncate", 1), pytest.param("fsync", 7, marks=pytest.mark.slow)]
)
def test_killed_while_problems_go_into_ledger_and_record(
    call: str, steps: int, tmp_path: Path, ruleset: Ruleset
) -> None:
    """Run again after the kill, all of it is there and nothing twice."""
    for step in range(1, steps + 1):
        folder = start(tmp_path / f"{call}{step}")
        pid = os.fork()
        if pid == 0:
            dying_at(call, step)
            enter_problems(folder, ruleset)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), f"{call} is called fewer than {step} times"
        assert_readable(folder, ruleset, {})
        assert read_ledger(folder / IN_FOLDER)[0] is not None
        enter_problems(folder, ruleset)
        ledger, _ = read_ledger(folder / IN_FOLDER)
        assert ledger is not None and len(ledger.records) == 3
        assert open_folder(folder, ruleset).readings()["", "illegal_posters_spots"].value == 3
        journal = chain.read_chain(folder / "journal.jsonl")
        told = [e["id"] for e in journal.entries if e["kind"] == "problem"]
        assert not journal.broken and sorted(told) == sorted(r.text("编号") for r in ledger.records)
        assert not [p for p in folder.iterdir() if p.name.startswith(".") and p.name not in (".lock", ".history")]


def dying_at(call: str, step: int) -> None:
    real, calls = getattr(os, call), [0]

    def counted(*args: object, **more: object) -> object:
        calls[0] += 1
        if calls[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)

    setattr(os, call, counted)


@pytest.mark.slow
def test_killed_two_hundred_times_at_random(tmp_path: Path, ruleset: Ruleset) -> None:
    chance, folder, confirmed, turn = random.Random(20261124), start(tmp_path), {}, 0
    saves = 0
    for round in range(200):
        late = round % 2 == 0
        told = run_and_kill(folder, ruleset, turn, chance.uniform(0.0, 0.4), lambda: None, after_a_save=late)
        for line in told:
            fact, value = line.split()
            confirmed[fact] = max(int(value), confirmed.get(fact, 0))
            turn = max(turn, int(value))
        saves += len(told) // 7
        if round % 3:
            assert_sound(folder, ruleset, confirmed)
        else:
            assert_readable(folder, ruleset, confirmed)
        turn += 1
    assert saves >= 100
    print(f"200 kills, {saves} saves confirmed, {len(confirmed)} facts")


def killed_before_the_journal(folder: Path, ruleset: Ruleset, save_it: Callable[[], object]) -> None:
    """``save_it`` in a process that dies when the state stands and the journal has not been told."""
    pid = os.fork()
    if pid == 0:

        def die(_: Path, lines: Iterable[object]) -> None:
            if list(lines):
                os.kill(os.getpid(), signal.SIGKILL)

        chain.append = die
        save_it()
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL


NEXT: dict[str, Callable[[Path, Ruleset], object]] = {
    "save": lambda folder, ruleset: save(
        open_folder(folder, ruleset), [Reading("lamps_lit", 1, LATER, "乙")], day=LATER, at=NOW, what="后来"
    ),
    "the same save again": lambda folder, ruleset: save(
        open_folder(folder, ruleset), answers(ruleset, 0), day=DAY, at=NOW, what="再来一次", rule="incoming"
    ),
    "undo": lambda folder, ruleset: run(["undo", str(folder)]),
    "evidence add": lambda folder, ruleset: add_evidence(
        open_folder(folder, ruleset), [ROOT / "README.txt"], ("", "lamps_lit"), by="乙", at=NOW
    ),
    "import": lambda folder, ruleset: run(["import", str(folder / "表.csv"), "--into", str(folder), "--write"]),
}


@pytest.mark.many
@pytest.mark.parametrize("next_act", NEXT)
def test_lines_that_a_kill_kept_from_the_journal_are_told_by_the_next_writer(
    next_act: str, tmp_path: Path, ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = start(tmp_path)
    (folder / "表.csv").write_text("编号,实测值,核实人,核实日期\nlamps_lit,1,乙,2026-11-24\n", encoding="utf-8")
    (tmp_path / "README.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr("tests.keeping.test_killed.ROOT", tmp_path)
    given = answers(ruleset, 0)
    killed_before_the_journal(
        folder,
        ruleset,
        lambda: save(open_folder(folder, ruleset), given, day=DAY, at=NOW, what="断电", rule="incoming"),
    )
    assert open_folder(folder, ruleset).readings()[given[0].slot].value == 1
    assert not (folder / "journal.jsonl").exists()
    NEXT[next_act](folder, ruleset)
    lines = chain.read_chain(folder / "journal.jsonl")
    assert [(e["fact"], e["value"], e["by"]) for e in lines.entries[:7]] == [(r.fact, 1, "第0人") for r in given]
    assert not lines.broken and [e["what"] for e in lines.entries].count("断电") == 7
    if next_act == "undo":
        assert lines.entries[-1]["kind"] == "undone"
    else:
        assert_sound(folder, ruleset, {r.fact: 1 for r in given})


def test_an_undo_killed_before_the_journal_is_told_too(tmp_path: Path, ruleset: Ruleset) -> None:
    folder = start(tmp_path)
    save(open_folder(folder, ruleset), answers(ruleset, 0), day=DAY, at=NOW, what="一", rule="incoming")
    before = chain.read_chain(folder / "journal.jsonl").entries
    killed_before_the_journal(folder, ruleset, lambda: run(["undo", str(folder)]))
    assert chain.read_chain(folder / "journal.jsonl").entries == before
    with history.writing(folder):
        pass
    lines = chain.read_chain(folder / "journal.jsonl")
    assert not lines.broken and [e["kind"] for e in lines.entries[len(before) :]] == ["undone"]


def test_an_undo_killed_before_its_file_leaves_the_act_undoable(tmp_path: Path, ruleset: Ruleset) -> None:
    folder = start(tmp_path)
    save(open_folder(folder, ruleset), answers(ruleset, 0), day=DAY, at=NOW, what="一", rule="incoming")
    save(open_folder(folder, ruleset), answers(ruleset, 1), day=DAY, at=NOW, what="二", rule="incoming")
    pid = os.fork()
    if pid == 0:

        def die(*_: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        history.write_atomic, real = (
            lambda path, data: die() if path.suffix == ".yaml" else real(path, data),
            (history.write_atomic),
        )
        run(["undo", str(folder)])
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    assert len(entries(folder)) == 3  # the undo was begun
    with history.writing(folder):
        found = history.undoable(folder)
    assert found is not None and found.what == "二" and len(entries(folder)) == 2
    assert chain.read_chain(folder / "journal.jsonl").entries[-1]["kind"] == "changed"


def test_a_journal_cut_anywhere_inside_the_last_act_is_made_whole(tmp_path: Path, ruleset: Ruleset) -> None:
    folder = start(tmp_path)
    journal = folder / "journal.jsonl"
    save(open_folder(folder, ruleset), answers(ruleset, 0), day=DAY, at=NOW, what="一", rule="incoming")
    first = journal.stat().st_size
    save(open_folder(folder, ruleset), answers(ruleset, 1), day=DAY, at=NOW, what="二", rule="incoming")
    whole = journal.read_bytes()
    for end in [*range(first, len(whole), 97), len(whole) - 1, len(whole)]:
        journal.write_bytes(whole[:end])
        with history.writing(folder):
            pass
        assert journal.read_bytes() == whole
    journal.write_bytes(whole[: first - 1])  # cut where the last act had not begun: somebody else did that
    with history.writing(folder):
        pass
    assert journal.read_bytes() == whole[: first - 1]


def test_problems_of_an_inspection_are_told_with_the_answers_counted_from_them(
    tmp_path: Path, ruleset: Ruleset
) -> None:
    folder = start(tmp_path)
    killed_before_the_journal(folder, ruleset, lambda: enter_problems(folder, ruleset))
    assert not (folder / "journal.jsonl").exists() and (folder / IN_FOLDER).exists()
    with history.writing(folder):
        pass
    lines = chain.read_chain(folder / "journal.jsonl")
    assert [e["kind"] for e in lines.entries] == ["changed", "problem", "problem", "problem"] and not lines.broken


def test_an_act_killed_between_its_files_is_taken_back_whole(tmp_path: Path, ruleset: Ruleset) -> None:
    folder = start(tmp_path)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    pid = os.fork()
    if pid == 0:
        dying_at("replace", 4)  # entry.json, its folder, the ledger, the state
        enter_problems(folder, ruleset)
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    assert (folder / IN_FOLDER).exists() and not (folder / f"{DAY}.yaml").exists()
    with history.writing(folder):
        pass
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in (".lock", ".history")} == before
    assert entries(folder) == ()


def enter_problems(folder: Path, ruleset: Ruleset) -> None:
    defects = tuple(Defect("ENV-11", f"第{n}处小广告未清理", "南门", on=DAY) for n in range(3))
    found = Confirmed(defects, (Reading("illegal_posters_spots", 3, DAY, "检查组"),), 3, ())
    opened = open_folder(folder, ruleset)
    assert opened.state is not None
    record(found, opened, assess(ruleset, opened.state), DAY, NOW, "问题清单", write=True)
