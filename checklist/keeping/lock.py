"""One writer at a time in a community folder. The lock dies with its process, so a kill never leaves one behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from checklist.files.writing import NO_LINK, SHARED, own_place
from checklist.model.refusals import Refusal, reason
from checklist.model.regular_files import patiently

LOCK: Final = ".lock"
WAIT_SECONDS: Final = 5.0
_EVERY: Final = 0.05

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
    try:
        place = own_place(folder, LOCK)
        handle = patiently(lambda: os.open(place, os.O_RDWR | os.O_CREAT | NO_LINK, SHARED))
    except OSError as error:
        raise Refusal(f"{folder} 里写不进去：{reason(error)}", "看看文件夹在不在、有没有写权限") from error
    try:
        _wait_for(handle, folder, wait)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, folder: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            _try(handle)
            return
        except OSError as error:
            if time.monotonic() >= until:
                raise Refusal(
                    f"{folder} 正被另一个程序写入", "等它写完再试；手机填报页面或另一个窗口可能开着"
                ) from error
        time.sleep(_EVERY)
