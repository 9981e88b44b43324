"""SIGKILL at any moment: no corrupt state, no confirmed answer lost, the folder usable at once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checklist.engine.assess import assess
from checklist.keeping import chain, history
from checklist.keeping.folder import open_folder
from checklist.keeping.problems import Confirmed, record
from checklist.keeping.saving import save
from checklist.model.ledger import IN_FOLDER, Defect
from checklist.model.ruleset import Ruleset
from checklist.model.state import Reading
from checklist.reading.ledger import read_ledger

from ..conftest import ROOT
from .conftest import DAY, NOW

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
LATER = date(2026, 12, 1)


def answers(ruleset: Ruleset, turn: int) -> list[Reading]:
    counts = [f.id for f in ruleset.facts.values() if f.type == "count" and f.low == 0 and f.high > 10**6]
    return [Reading(counts[(turn * 7 + i) % len(counts)], turn + 1, DAY, f"第{turn}人") for i in range(7)]


def child(folder: Path, ruleset: Ruleset, pipe: int, turn: int, prepare: Callable[[], None]) -> None:
    """Save answer after answer, telling the parent of each one that is confirmed; never returns."""
    try:
        prepare()
        opened = open_folder(folder, ruleset)
        while True:
            batch = answers(ruleset, turn)
            save(opened, batch, day=DAY if turn % 2 else LATER, at=NOW, what=f"第{turn}次", rule="incoming")
            os.write(pipe, b"".join(f"{r.fact} {r.value}\n".encode() for r in batch))
            turn += 1
            if turn % 5 == 4:
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
    os.waitpid(pid, 0)
    return told.decode().splitlines()


def check(folder: Path, ruleset: Ruleset, confirmed: dict[str, int]) -> None:
    opened = open_folder(folder, ruleset)
    assert opened.latest is not None and opened.latest.state is not None
    assert not [p for p in opened.latest.problems if p.code != "E320"]
    found = opened.readings()
    for fact, value in confirmed.items():
        assert found[fact].value is not None and int(str(found[fact].value)) >= value, fact
    assert not chain.read_chain(folder / "journal.jsonl").broken
    assert all(history.standing(folder, e) in ("done", "not done", "edited") for e in history.entries(folder))


def start(tmp_path: Path) -> Path:
    folder = tmp_path / "北门社区"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    return folder


STEPS = [("replace", 3), ("fsync", 12), ("rename", 4), ("ftruncate", 4), ("unlink", 4)]


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
        check(folder, ruleset, confirmed)
        again = replace(answers(ruleset, 900)[0], by="后来的人")
        saved = save(open_folder(folder, ruleset), [again], day=LATER, at=NOW, what="后来", rule="incoming")
        assert saved.path is not None
        assert not [p for p in folder.iterdir() if p.name.startswith(".") and p.name not in (".lock", ".history")]


@pytest.mark.parametrize(
    ("call", "steps"), [("replace", 3), ("ftruncate", 1), pytest.param("fsync", 7, marks=pytest.mark.slow)]
)
def test_killed_while_problems_go_into_ledger_and_record(
    call: str, steps: int, tmp_path: Path, ruleset: Ruleset
) -> None:
    """Run again after the kill, all of it is there and nothing twice."""
    defects = tuple(Defect("ENV-11", f"第{n}处小广告未清理", "南门", on=DAY) for n in range(3))
    found = Confirmed(defects, (Reading("illegal_posters_spots", 3, DAY, "检查组"),), 3, ())

    def enter(folder: Path) -> None:
        opened = open_folder(folder, ruleset)
        assert opened.state is not None
        record(found, opened, assess(ruleset, opened.state), DAY, NOW, "问题清单", write=True)

    for step in range(1, steps + 1):
        folder = start(tmp_path / f"{call}{step}")
        pid = os.fork()
        if pid == 0:
            dying_at(call, step)
            enter(folder)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), f"{call} is called fewer than {step} times"
        check(folder, ruleset, {})
        assert read_ledger(folder / IN_FOLDER)[0] is not None
        enter(folder)
        ledger, _ = read_ledger(folder / IN_FOLDER)
        assert ledger is not None and len(ledger.records) == 3
        assert open_folder(folder, ruleset).readings()["illegal_posters_spots"].value == 3
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
        check(folder, ruleset, confirmed)
        turn += 1
    assert saves >= 100
    print(f"200 kills, {saves} saves confirmed, {len(confirmed)} facts")
