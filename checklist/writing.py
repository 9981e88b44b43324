"""Writing files: whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path


class CannotWrite(Exception):
    """Why a file could not be written, in words, with the way out."""

    def __init__(self, says: str, hint: str) -> None:
        self.says, self.hint = says, hint
        super().__init__(says)


def write_atomic(path: Path, data: bytes) -> None:
    """Write beside the target, flush to disk, then rename: a reader sees the old file or the new one, never half.

    Raises CannotWrite when the disk is full, the folder is missing or the file is held open by another program.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
        temporary = ""
        _flush_folder(path.parent)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise in_words(path, error) from error


def _flush_folder(folder: Path) -> None:
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


def in_words(path: Path, error: OSError) -> CannotWrite:
    """What the system said, as a user understands it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotWrite(f"磁盘满了，{path} 没有写成，原来的内容没有动", "清出空间后再试")
    if isinstance(error, PermissionError):
        return CannotWrite(f"{path} 写不进去", "文件可能正被 WPS 或 Excel 打开，请关闭后再试；或者这个文件夹没有写权限")
    if isinstance(error, FileNotFoundError):
        return CannotWrite(f"没有 {path.parent} 这个文件夹", "先建好文件夹")
    return CannotWrite(f"{path} 写不进去：{error.strerror or error}", "换个位置再试")
