"""One writer at a time in a folder. The lock dies with its process, so a kill never leaves one behind.

A share that knows no locks is held by a folder ``.lock-held`` instead, which only one can make. A kill leaves that one
behind, and a share may think a lock taken whose machine is gone: whoever is refused is told what to delete.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

from checklist.files.writing import NO_LINK, SHARED, in_words, own_place
from checklist.model.refusals import Refusal, reason
from checklist.model.regular_files import patiently

LOCK: Final = ".lock"
HELD: Final = ".lock-held"
WAIT_SECONDS: Final = 5.0
_EVERY: Final = 0.05
_NO_LOCKS: Final = {errno.ENOLCK, errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a file system says that knows no locks; anything else is a lock that is taken."""

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(folder: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the folder's lock, waiting up to ``wait`` seconds for another process or thread.

    Raises Refusal when it stays taken, Refusal when the folder cannot be written. Not re-entrant.
    """
    until = time.monotonic() + wait
    handle = _open(folder)
    try:
        while (held := _taken(handle, folder, until)) and not _still_there(handle, folder):
            os.close(handle)  # somebody deleted the file while we waited: the lock is on the one that is there now
            handle = _open(folder)
        with nullcontext() if held else _by_name(folder, until):
            yield
    finally:
        os.close(handle)


def _open(folder: Path) -> int:
    try:
        place = own_place(folder, LOCK)
        return patiently(lambda: os.open(place, os.O_RDWR | os.O_CREAT | NO_LINK, SHARED))
    except OSError as error:
        raise Refusal(f"{folder} 里写不进去：{reason(error)}", "看看文件夹在不在、有没有写权限") from error


def _taken(handle: int, folder: Path, until: float) -> bool:
    """Whether the lock is ours; False where the share knows no locks. Raises Refusal when it stays another's."""
    while True:
        try:
            _try(handle)
            return True
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            _wait(folder, LOCK, until, error)


def _still_there(handle: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder / LOCK, follow_symlinks=False))
    except OSError:
        return False


@contextmanager
def _by_name(folder: Path, until: float) -> Iterator[None]:
    place = own_place(folder, HELD)
    while True:
        try:
            place.mkdir()
            break
        except FileExistsError as error:
            _wait(folder, HELD, until, error)
        except OSError as error:
            raise in_words(place, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            place.rmdir()


def _wait(folder: Path, name: str, until: float, error: OSError) -> None:
    if time.monotonic() >= until:
        raise Refusal(
            f"{folder} 正被另一个程序写入",
            f"等它写完再试；手机填报页面或另一个窗口可能开着。确定没有人在写（比如那台电脑断了电），删掉 {folder / name} 再试",
        ) from error
    time.sleep(_EVERY)
