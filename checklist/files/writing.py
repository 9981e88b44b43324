"""Writing files: whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checklist.model.refusals import Refusal, reason


def write_atomic(path: Path, data: bytes) -> None:
    """Write beside the target, flush to disk, then rename: a reader sees the old file or the new one, never half.

    A link stays a link: the file that it leads to is replaced, and keeps its permissions. What is no regular file
    (a device, a pipe) is never replaced but written to. Raises Refusal when the disk is full, the folder is
    missing or the file is held open by another program.
    """
    temporary = ""
    try:
        mode = _mode_of(path)
        if mode is not None and not stat.S_ISREG(mode):
            path.write_bytes(data)
            return
        target = Path(os.path.realpath(path))
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644 if mode is None else stat.S_IMODE(mode))
        os.replace(temporary, target)
        temporary = ""
        flush_folder(target.parent)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise in_words(path, error) from error


def remove(path: Path) -> None:
    """Take a file away for good; one that is not there is no mistake. Raises Refusal."""
    try:
        path.unlink(missing_ok=True)
        flush_folder(path.parent)
    except OSError as error:
        raise in_words(path, error) from error


def _mode_of(path: Path) -> int | None:
    """Kind and permissions of what is there, links followed; None when nothing is."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to fill, of the same name as ``target``, that becomes ``target`` once all of it is there.

    When anything goes wrong in between, nothing is left behind. Raises Refusal when ``target`` is taken or its
    place cannot be written to.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise Refusal(f"{target} 已经有了，没有动它", "换一个名称，或先把原来的挪走")
    parent = target.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=parent, prefix=f".{target.name[:40]}-"))
    except OSError as error:
        raise in_words(target, error) from error
    try:
        place = work / target.resolve().name
        place.mkdir()
        yield place
        if target.is_dir():
            target.rmdir()
        os.replace(place, target)
    except OSError as error:
        raise in_words(target, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def flush_folder(folder: Path) -> None:
    """The new name reaches the disk too. Windows has no such call, and some shared drives refuse it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def in_words(path: Path, error: OSError) -> Refusal:
    """Why ``path`` could not be written, and the way out."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal(f"磁盘满了，{path} 没有写成，原来的内容没有动", "清出空间后再试")
    if isinstance(error, PermissionError):
        return Refusal(f"{path} 写不进去", "文件可能正被 WPS 或 Excel 打开，请关闭后再试；或者这个文件夹没有写权限")
    if isinstance(error, FileNotFoundError):
        return Refusal(f"没有 {path.parent} 这个文件夹", "先建好文件夹")
    return Refusal(f"{path} 写不进去：{reason(error)}", "换个位置再试")
