"""Opening what others put there: regular files only, and never without end. A pipe, a device or a folder is refused at
once, before anything waits for it. And putting a written file in its place while others look at it."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

T = TypeVar("T")

MOST: Final = 200_000_000
"""Bytes of a file for which nobody named a smaller bound."""

_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)

PATIENCE: Final = (0.05, 0.1, 0.2, 0.4, 0.75)
"""Seconds between attempts at a name that a virus scanner, an indexer or a drive's synchronisation holds for a moment."""


class NotRegular(OSError):
    """A pipe, a socket or a device where a file is wanted."""


class TooLong(OSError):
    """The file is longer than was asked for, or has no end; ``size`` is what the system says of it."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(errno.EFBIG, "文件太大", str(path))
        self.size = size


def open_regular(path: Path) -> BinaryIO:
    """The file open for reading, links followed. Raises OSError, NotRegular among them; ValueError for a name that no
    file can have."""
    handle = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "文件夹", str(path))
        if not stat.S_ISREG(mode):
            raise NotRegular(errno.ENODEV, "这不是普通文件", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, most: int = MOST) -> bytes:
    """The whole file. Raises as ``open_regular``, and TooLong beyond ``most`` bytes."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise TooLong(path, size)
        data = file.read(most + 1)  # what the system says of the size need not be true
    if len(data) > most:
        raise TooLong(path, len(data))
    return data


def patiently(attempt: Callable[[], T]) -> T:
    """What ``attempt`` gives, tried for a second and a half while it raises PermissionError: Windows says that too of a
    file that another program looks at, and mostly it is over in a moment. Raises OSError."""
    for pause in PATIENCE:
        try:
            return attempt()
        except PermissionError:
            time.sleep(pause)
    return attempt()


def put_in_place(written: Path, target: Path) -> None:
    """Give a file or folder its name, in one step. Raises OSError."""
    patiently(lambda: os.replace(written, target))
