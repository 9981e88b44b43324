"""What the program or the system will not do, in a user's words."""

from __future__ import annotations

import errno
import re
from typing import Final

REASONS: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中间有一段是文件，不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EEXIST: "同名的文件已经有了",
    errno.ENAMETOOLONG: "路径或文件名太长",
    errno.ELOOP: "链接绕成了圈",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EROFS: "磁盘是只读的",
    errno.EMFILE: "打开的文件太多",
    errno.EBADF: "输出已经关闭",
    errno.EIO: "磁盘读写出错",
    errno.EADDRINUSE: "已经有程序在用",
    errno.EADDRNOTAVAIL: "这台机器没有这个地址",
}
"""What the system says, as a user understands it."""


class Refusal(Exception):
    """What cannot be done: ``says`` why and ``hint`` the way out, both Chinese, ``exit`` the program's exit code.

    A class of its own is made only where code must catch just that one and go on; ``str()`` gives ``says``.
    """

    def __init__(self, says: str, hint: str = "", exit: int = 2) -> None:
        self.says, self.hint, self.exit = says, hint, exit
        super().__init__(says, hint, exit)  # so that one travels between processes

    def __str__(self) -> str:
        return self.says


def unreadable(says: str, hint: str = "看看文件选对没有、传完没有") -> Refusal:
    """A file or table is in the way: exit code 3."""
    return Refusal(says, hint, 3)


def missing_extra(library: str, extra: str, hint: str = "") -> Refusal:
    """A library that only some commands need is not installed; ``extra`` names the optional part that brings it."""
    return Refusal(f'需要 {library}：pip install "civic-checklist[{extra}]"', hint)


_NUMBER = re.compile(r"errno (\d+)")


def reason(error: OSError) -> str:
    """Why the system refused; its own words where none of ours fit. Arrow tells the number only in its text."""
    told = _NUMBER.search(str(error)) if error.errno is None else None
    number = int(told[1]) if told else error.errno or 0
    return REASONS.get(number) or error.strerror or str(error)
