"""Writing files: whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from checklist.model.refusals import Refusal, reason
from checklist.model.regular_files import patiently, put_in_place

PRIVATE: Final = 0o600
SHARED: Final = 0o666
"""Permissions of a new file: its owner's alone, or as the user's umask has it, so that colleagues can share a folder."""
NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_READER_SECONDS: Final = 1.0
_JUNCTION: Final = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


def own_place(folder: Path, *parts: str) -> Path:
    """The place of a file or folder of ours below ``folder``. What stands there may have come from somebody else: raises
    Refusal where anything on the way is a link, or the place is neither a regular file nor a folder."""
    place = folder
    for part in parts:
        place = place / part
        try:
            found = place.lstat()
        except FileNotFoundError:
            break
        except OSError as error:
            raise in_words(place, error) from error
        if stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION:
            raise Refusal(f"{place} 是指到别处的链接，没有跟着写", "删掉这个链接，换成真的文件或文件夹，再试")
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise Refusal(f"{place} 不是普通文件，没有写", "挪走它再试")
    return folder.joinpath(*parts)


def write_atomic(path: Path, data: bytes, permissions: int = SHARED) -> None:
    """Write beside the target, flush to disk, then rename: a reader sees the old file or the new one, never half.

    A link stays a link: the file that it leads to is replaced, and keeps its permissions. What is no regular file
    (a device, a pipe that somebody reads) is never replaced but written to. Where links are not to be followed, ask
    ``own_place`` first. Raises Refusal when the disk is full, the folder is missing or the file is held open by
    another program.
    """
    temporary = None
    try:
        mode = _mode_of(path)
        if mode is not None and not stat.S_ISREG(mode):
            _write_into(path, data)
            return
        target = Path(os.path.realpath(path))
        temporary = target.with_name(f".{target.name[:40]}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(temporary, _NEW, permissions), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode) if permissions == SHARED else permissions)
        put_in_place(temporary, target)
        temporary = None
        flush_folder(target.parent)
    except (OSError, ValueError) as error:
        if temporary:
            with suppress(OSError, ValueError):
                temporary.unlink(missing_ok=True)
        raise in_words(path, error) from error


def _write_into(path: Path, data: bytes) -> None:
    """A pipe that nobody reads would wait for ever: it is refused soon."""
    until = time.monotonic() + _READER_SECONDS
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > until:
                raise
        time.sleep(0.02)
    with os.fdopen(handle, "wb") as file:
        if os.name == "posix":
            os.set_blocking(handle, True)
        file.write(data)


def remove(path: Path) -> None:
    """Take a file away for good; one that is not there is no mistake. Raises Refusal."""
    try:
        patiently(lambda: path.unlink(missing_ok=True))
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
        put_in_place(place, target)
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


def in_words(path: Path, error: OSError | ValueError) -> Refusal:
    """Why ``path`` could not be written, and the way out. A ValueError is a name that no file can have."""
    if isinstance(error, ValueError):
        return Refusal(f"{path} 这个名字不能用", "换一个文件名")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal(f"磁盘满了，{path} 没有写成，原来的内容没有动", "清出空间后再试")
    if error.errno == errno.ENXIO:
        return Refusal(f"{path} 是管道，没有程序在读它，没有写", "换一个文件名")
    if isinstance(error, PermissionError):
        return Refusal(f"{path} 写不进去", "文件可能正被 WPS 或 Excel 打开，请关闭后再试；或者这个文件夹没有写权限")
    if isinstance(error, FileNotFoundError):
        return Refusal(f"没有 {path.parent} 这个文件夹", "先建好文件夹")
    return Refusal(f"{path} 写不进去：{reason(error)}", "换个位置再试")
