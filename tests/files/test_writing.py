"""Files are written whole or not at all, and stay what they are."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from checklist.files.writing import write_atomic
from checklist.model.refusals import Refusal


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
