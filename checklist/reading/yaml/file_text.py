"""The text of a YAML file: UTF-8, or what Notepad makes of it when nobody chose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.refusals import reason
from checklist.model.regular_files import TooLong, read_regular

MAX_BYTES: Final = 4_000_000


def file_text(path: Path, shown: str, problems: list[Problem], advice: list[Problem]) -> str | None:
    """The text, or None with the mistake added to ``problems``; what was assumed of it is added to ``advice``."""
    try:
        raw = read_regular(path, MAX_BYTES)
    except TooLong as error:
        most = f"一个文件最多 {MAX_BYTES / 1e6:.0f} MB；看看是不是选错了文件"
        problems.append(Problem(Where(shown), "E103", f"文件太大（{error.size / 1e6:.0f} MB）", most))
        return None
    except FileNotFoundError:
        problems.append(Problem(Where(shown), "E101", "没有这个文件", "看看路径和文件名写对没有"))
        return None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "文件名不能用"
        hint = "看看是不是正被别的程序占用，或者没有读取权限"
        problems.append(Problem(Where(shown), "E101", f"文件打不开：{why}", hint))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    from checklist.reading.tables.text_tables import decode  # rarely needed, and a start must be quick

    try:
        text = decode(raw, shown)
    except FilesHaveProblems as refused:
        problems += [replace(p, hint="规则和现状记录要存成 UTF-8 编码的文本") for p in refused.problems]
        return None
    name = "UTF-16 " if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "GBK（ANSI）"
    says, hint = f"文件是 {name}编码，照它读了", "看看字有没有乱；用记事本“另存为”，编码选 UTF-8"
    advice.append(Problem(Where(shown), "W101", says, hint))
    return text.removeprefix("\ufeff")
