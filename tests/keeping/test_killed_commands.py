"""SIGKILL at random moments of the real commands, each a process of its own: nothing corrupt, nothing confirmed lost."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checklist.keeping import chain, history
from checklist.keeping.entry import newest, standing
from checklist.keeping.evidence import ledger
from checklist.keeping.folder import open_folder
from checklist.model.rules.ruleset import Ruleset
from tests.conftest import ROOT
from tests.keeping.sound import assert_readable, assert_sound, scraps
from tests.support.fixtures import NOW

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")]
FACTS = 12


@dataclass
class Community:
    """One folder, what was confirmed in it, and when the kills landed."""

    folder: Path
    ruleset: Ruleset
    chance: random.Random
    confirmed: dict[str, int] = field(default_factory=dict)
    landed: Counter[str] = field(default_factory=Counter)
    startup: float = 1.0
    write: float = 0.02

    def kill_at_random(self, arguments: list[str | Path], begun: Callable[[], int], ended: Callable[[], bool]) -> str:
        """Run a command and kill it: a quarter of the times anywhere on its way to the first change in the folder,
        else at a moment of its writing. Gives what it printed."""
        still = begun()
        early = self.chance.uniform(0, self.startup) if self.chance.random() < 0.25 else None
        process = subprocess.Popen(
            [sys.executable, "-m", "checklist", *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        started = time.perf_counter()
        while process.poll() is None and begun() == still:
            if early is not None and time.perf_counter() - started > early:
                break
            time.sleep(0.0002)
        if begun() != still:
            self.startup = (self.startup + time.perf_counter() - started) / 2
            self.watch(ended)
        process.kill()
        told = process.communicate()[0]
        if process.returncode == 0:
            self.landed["not at all"] += 1
        elif begun() == still:
            self.landed["before"] += 1
        else:
            self.landed["after" if ended() and not scraps(self.folder) else "during"] += 1
        return told

    def watch(self, ended: Callable[[], bool]) -> None:
        """Wait a random part of the time that writing takes, and a little longer; sometimes until all is told."""
        time.sleep(self.chance.uniform(0, self.write * 1.5))
        if self.chance.random() < 0.2:
            time.sleep(self.chance.uniform(0, self.startup))
            return
        self.write = min(max(self.write * (0.9 if ended() else 1.1), 0.002), 0.2)


def community(path: Path, ruleset: Ruleset, seed: int) -> Community:
    shutil.copytree(ROOT / "data" / "beimen", path)
    (path / "evidence").mkdir()
    (path / ".history").mkdir()
    return Community(path, ruleset, random.Random(seed))


def changed_at(*places: Path) -> int:
    return sum(place.stat().st_mtime_ns for place in places)


def imported(path: Path, ruleset: Ruleset, seed: int, rounds: int) -> Community:
    """Kill ``checklist import … --write`` again and again; each time with greater numbers."""
    one = community(path, ruleset, seed)
    counts = [f.id for f in ruleset.facts.values() if f.type == "count" and f.low == 0 and f.high > 10**6]
    table = path.parent / f"{path.name}.csv"
    for turn in range(1, rounds + 1):
        facts = [counts[(turn * 5 + i) % len(counts)] for i in range(FACTS)]
        rows = [f"{fact},{turn},第{turn}人,2026-11-24" for fact in facts]
        table.write_text("\n".join(["编号,实测值,核实人,核实日期", *rows]), encoding="utf-8")
        number = last(path)
        told = one.kill_at_random(
            ["import", table, "--into", path, "--write", "--conflicts", "incoming"],
            lambda: changed_at(path, path / ".history"),
            lambda number=number: last(path) > number and told_whole(path),  # type: ignore[misc]
        )
        if "已写入" in told:
            one.confirmed |= dict.fromkeys(facts, turn)
        assert_readable(path, ruleset, one.confirmed)
        if turn % 2:  # else the next import has to put things in order
            assert_sound(path, ruleset, one.confirmed)
        if turn % 25 == 0:
            undo_and_redo(path, one)
    assert_sound(path, ruleset, one.confirmed)
    undo_and_redo(path, one)
    return one


def last(folder: Path) -> int:
    entry = newest(folder)
    return entry.number if entry is not None else 0


def told_whole(folder: Path) -> bool:
    entry = newest(folder)
    if entry is None or standing(folder, entry) != "done":
        return False
    return not chain.unwritten(folder / "journal.jsonl", entry.after, entry.told)


def undo_and_redo(folder: Path, one: Community) -> None:
    """Undo gives the bytes from before the last act; undoing the undo gives those after it."""
    with history.writing(folder):
        entry = history.undoable(folder)
        if entry is None:
            return
        path = folder / entry.files[0].name
        after = path.read_bytes()
        number = history.undo(folder, entry, NOW)
        assert not path.exists() if not entry.files[0].before else path.read_bytes() != after
    if path.exists():
        open_folder(folder, one.ruleset)
    with history.writing(folder):
        redo = newest(folder)
        assert redo is not None and redo.number == number
        history.undo(folder, redo, NOW)
    assert path.read_bytes() == after
    assert_sound(folder, one.ruleset, one.confirmed)


def test_two_hundred_imports_killed_at_random(tmp_path: Path, ruleset: Ruleset) -> None:
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(imported, tmp_path / f"社区{i}", ruleset, 20261124 + i, 100) for i in range(2)]
        done = [job.result() for job in jobs]
    landed = sum((one.landed for one in done), Counter())
    print(f"200 imports killed: {dict(landed)}; {sum(len(one.confirmed) for one in done)} answers confirmed")
    assert landed.total() == 200
    assert landed["during"] >= 20 and landed["before"] and landed["after"] + landed["not at all"]
    assert all(one.confirmed for one in done)


def evidence_added(path: Path, ruleset: Ruleset, seed: int, rounds: int) -> Community:
    """Kill ``checklist evidence add`` again and again, each time with another photo for one of three facts."""
    Image = pytest.importorskip("PIL.Image")
    one = community(path, ruleset, seed)
    photo = path.parent / f"{path.name}.jpg"
    for turn in range(rounds):
        out = io.BytesIO()
        Image.effect_noise((640, 480), 60 + turn).save(out, "JPEG")
        photo.write_bytes(out.getvalue())
        fact = ("potholes", "lamps_lit", "veg_plots_open")[turn % 3]
        known = len(ledger(path)[0])
        told = one.kill_at_random(
            ["evidence", "add", path, photo, "--fact", fact, "--by", "张三"],
            lambda: changed_at(path / "evidence"),
            lambda known=known: len(ledger(path)[0]) > known and told_whole(path),  # type: ignore[misc]
        )
        if "→" in told:
            (piece,) = [p for p in ledger(path)[0] if f"→ {p.file}" in told]
            assert (path / piece.file).read_bytes() == out.getvalue()
            assert piece.file in open_folder(path, ruleset).readings()["", fact].evidence
        assert_readable(path, ruleset, {})
        if turn % 2:
            assert_sound(path, ruleset, {})
    assert_sound(path, ruleset, {})
    return one


def test_adding_evidence_killed_at_random(tmp_path: Path, ruleset: Ruleset) -> None:
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(evidence_added, tmp_path / f"社区{i}", ruleset, 7 + i, 20) for i in range(2)]
        landed = sum((job.result().landed for job in jobs), Counter())
    print(f"40 evidence adds killed: {dict(landed)}")
    assert landed["during"] >= 4 and landed["before"] and landed["after"] + landed["not at all"]
