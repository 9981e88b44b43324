"""Files are written whole or not at all, and stay what they are."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from checklist.files.writing import write_atomic
from checklist.model.refusals import Refusal
from tests.conftest import Run


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "管道"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomic(pipe, b"abc")
    reader.join(5)
    assert read == [b"abc"] and stat.S_ISFIFO(pipe.stat().st_mode) and os.listdir(tmp_path) == ["管道"]


def test_a_link_stays_and_the_file_behind_it_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "里").mkdir()
    file, link = tmp_path / "里" / "a.txt", tmp_path / "b.txt"
    file.write_bytes(b"old")
    file.chmod(0o600)
    link.symlink_to(file)
    write_atomic(link, b"new")
    assert link.is_symlink() and file.read_bytes() == b"new" and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_to_nothing_yet_makes_the_file_it_names(tmp_path: Path) -> None:
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    write_atomic(tmp_path / "b.txt", b"new")
    assert (tmp_path / "b.txt").is_symlink() and (tmp_path / "a.txt").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["", "长" * 300])
def test_what_cannot_be_written_is_said_in_chinese(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"文件夹|太长"):
        write_atomic(tmp_path / name, b"x")
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("held", [1, 3])
@pytest.mark.parametrize(
    "arguments",
    [("table", "data/taoli", "-o", "总表.csv"), ("assess", "data/taoli", "-o", "自查.docx")],
    ids=["csv", "docx"],
)
def test_a_scanner_that_holds_the_file_for_a_moment_is_waited_for(
    arguments: tuple[str, ...], held: int, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = _held(monkeypatch, held)
    target = tmp_path / arguments[-1]
    ran = cli(*arguments[:-1], target)
    assert ran.code == 0 and tries.count(target) == held + 1 and [p.name for p in tmp_path.iterdir()] == [target.name]


def test_what_is_saved_in_a_folder_is_waited_for_too(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _held(monkeypatch, 1)
    folder = tmp_path / "桃李"
    assert cli("init", "桃李社区", "--folder", folder).code == 0
    table = tmp_path / "填.csv"
    table.write_text("编号,实测值\nhouseholds,2130\n", encoding="utf-8")
    ran = cli("import", table, "--into", folder, "--on", "2026-02-01", "--write")
    assert ran.code == 0 and any("2130" in p.read_text(encoding="utf-8") for p in folder.glob("2*.yaml"))
    assert cli("undo", folder).code == 0


def test_a_file_that_stays_held_is_refused_and_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    _held(monkeypatch, 99)
    (tmp_path / "a.txt").write_bytes(b"old")
    with pytest.raises(Refusal, match="写不进去"):
        write_atomic(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old" and os.listdir(tmp_path) == ["a.txt"]


def _held(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Path]:
    """Each name is denied so often before it may be given, as Windows does while a scanner looks at the file."""
    tries: list[Path] = []
    real = os.replace

    def replace(written: Path, target: Path) -> None:
        tries.append(Path(target))
        if tries.count(Path(target)) <= times:
            raise PermissionError(13, "Access is denied", str(target))
        real(written, target)

    monkeypatch.setattr("os.replace", replace)
    return tries
