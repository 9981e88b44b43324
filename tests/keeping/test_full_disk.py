"""A really full disk, and a file that another program holds: a clear message, nothing half-written, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checklist.cli.app import run
from checklist.keeping import chain
from checklist.model.rules.ruleset import Ruleset
from tests.conftest import ROOT, Run
from tests.keeping.sound import assert_sound, scraps

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a file system of its own")
PAGE = 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount a file system here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def leave(disk: Path, free: int) -> None:
    """Fill the disk up to ``free`` bytes."""
    (disk / "filler").unlink(missing_ok=True)
    room = os.statvfs(disk)
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, max(room.f_bavail * room.f_frsize - free, 1))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != ".lock"}


def community(disk: Path) -> Path:
    folder = disk / "社区"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    (folder / "填报表.xlsx").write_bytes(b"old")
    return folder


def commands(outside: Path, folder: Path) -> dict[str, list[str | Path]]:
    table, photo = outside / "表.csv", outside / "证明.pdf"
    table.write_text("编号,实测值,核实人,核实日期\npotholes,3,乙,2026-11-24\n", encoding="utf-8")
    photo.write_bytes(b"%PDF" + os.urandom(50_000))
    return {
        "import": ["import", table, "--into", folder, "--write"],
        "evidence": ["evidence", "add", folder, photo, "--fact", "potholes"],
        "form": ["form", folder, "-o", folder / "填报表.xlsx", "--force"],
    }


@pytest.mark.slow
@pytest.mark.parametrize("command", ["import", "evidence", "form"])
def test_whatever_room_is_left_all_is_written_or_nothing(
    command: str, small_disk: Path, tmp_path: Path, cli: Run, ruleset: Ruleset
) -> None:
    """With no room, a page, two pages … until it fits; twice without, then the same command with room."""
    refused = 0
    for pages in range(0, 60, 3):
        folder = community(small_disk)
        arguments = commands(tmp_path, folder)[command]
        before = contents(folder)
        leave(small_disk, pages * PAGE)
        ran = cli(*arguments)
        if ran.code == 0:
            (small_disk / "filler").unlink()
            assert_sound(folder, ruleset, {})
            shutil.rmtree(folder)
            break
        refused += 1
        assert ran.code == 2 and "磁盘满了" in ran.err and "清出空间" in ran.err and "Traceback" not in ran.err
        assert scraps(folder) == []
        after = contents(folder)
        if command == "evidence" and len(after) > len(before):  # kept and listed, not yet named with the reading
            assert chain.read_chain(folder / "evidence" / "ledger.jsonl").entries
        else:
            assert after == before
        (small_disk / "filler").unlink()
        assert cli(*arguments).code == 0
        assert_sound(folder, ruleset, {})
        shutil.rmtree(folder)
    else:
        pytest.fail("it never fitted")
    assert refused >= 2


def test_a_journal_that_finds_no_room_is_told_later(
    small_disk: Path, tmp_path: Path, cli: Run, ruleset: Ruleset
) -> None:
    """The state fits, its journal line does not: the answer counts, and the next writer tells the journal."""
    folder = community(small_disk)
    journal = folder / "journal.jsonl"
    chain.append(journal, [{"kind": "kept", "note": "x" * (PAGE - 200)}])
    arguments = commands(tmp_path, folder)["import"]
    for spare in range(0, 60):
        leave(small_disk, spare * PAGE)
        ran = cli(*arguments)
        if ran.code == 0:
            break
    assert ran.code == 0 and b"potholes" not in journal.read_bytes()
    (small_disk / "filler").unlink()
    assert_sound(folder, ruleset, {"potholes": 3})
    assert b"potholes" in journal.read_bytes()


@pytest.mark.parametrize("command", ["import", "evidence", "form"])
def test_a_file_may_not_grow_beyond_what_the_system_allows(command: str, tmp_path: Path) -> None:
    """Without a file system of one's own: the system refuses every file beyond a few bytes."""
    import resource

    folder = community(tmp_path)
    arguments = commands(tmp_path, folder)[command]
    before = contents(folder)
    run(["assess", str(folder)])  # the compiled rules are in the cache
    for limit in (0, 5000):
        said = in_child(lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)), arguments)
        assert "写不进去" in said and "Traceback" not in said and "程序自己出错" not in said
        assert contents(folder) == before and scraps(folder) == []


def in_child(prepare: Callable[[], None], arguments: list[str | Path]) -> str:
    """What the command says on standard error in a process of its own; it must end with 2."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writer, 2)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
        prepare()
        os._exit(int(run([str(a) for a in arguments])))
    os.close(writer)
    with open(reader, encoding="utf-8") as pipe:
        said = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 2, said
    return said


@pytest.mark.parametrize("command", ["import", "evidence", "form"])
def test_a_file_that_wps_holds_open_is_named_and_nothing_changes(
    command: str, tmp_path: Path, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = community(tmp_path)
    arguments = commands(tmp_path, folder)[command]
    before = contents(folder)

    def held(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", held)
        ran = cli(*arguments)
    assert ran.code == 2 and "WPS" in ran.err and "Traceback" not in ran.err
    assert contents(folder) == before and scraps(folder) == []
    assert cli(*arguments).code == 0
