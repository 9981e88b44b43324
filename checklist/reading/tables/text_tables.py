"""Tables in text files: ``.csv`` and ``.tsv`` in UTF-8, GBK or UTF-16, parted by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.values.cells import RawCell

_SEPARATORS: Final = ",\t;"
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1f]")
BYTE_ORDER_MARK: Final = "\ufeff"
_WAY_OUT: Final = "用 WPS 打开，另存为 .xlsx 或 UTF-8 的 .csv"


def text_rows(data: bytes, shown: str, most_rows: int, most_columns: int) -> tuple[tuple[RawCell, ...], ...]:
    """The cells of a text file. Raises FilesHaveProblems."""
    text = decode(data, shown)
    rows: list[tuple[RawCell, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True):
            rows.append(tuple(row))
            if len(rows) > most_rows or len(row) > most_columns:
                says = f"表格太大（超过 {most_rows} 行或 {most_columns} 列）"
                raise _refused(shown, "E103", says, "分成几份再导入")
    except csv.Error:
        says = f"CSV 读不出来，从第 {len(rows) + 1} 行起"
        raise _refused(shown, "E119", says, "看看这一行的引号是不是成对") from None
    return tuple(rows)


def decode(data: bytes, shown: str) -> str:
    """Text in UTF-8 (with or without its mark), UTF-16 with a mark, else GBK. Raises FilesHaveProblems, also for UTF-8
    with single bytes spoilt: as GBK it would be read as other words."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        if encoding == "gb18030" and (line := _spoilt_utf8(data)):
            raise _refused(shown, "E102", f"第 {line} 行有认不出的字节，文件可能没有存完整", _WAY_OUT)
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.lstrip(BYTE_ORDER_MARK)  # some programs write a second one
        if text.count("\x00") * 4 < len(text) and not _BINARY.search(text):  # else UTF-16 without its mark, or no text
            line = text.count("\n", 0, text.index("\x00")) + 1
            says = f"第 {line} 行里有空字节，文件可能没有存完整"
            raise _refused(shown, "E102", says, "用 WPS 打开核对内容，另存为 .xlsx 后再试")
    raise _refused(shown, "E102", "文件不是文本，或者编码认不出来", _WAY_OUT)


def _spoilt_utf8(data: bytes) -> int:
    """The line of the first spoilt byte of what is UTF-8 for the most part; 0 for other text. GBK makes hardly any
    character of UTF-8 by chance."""
    text = data.decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    whole = sum(not c.isascii() for c in text) - spoilt
    return text.count("\n", 0, text.index("\ufffd")) + 1 if whole > spoilt else 0


def _separator(text: str) -> str:
    """What stands most often in the first line that has any of them: a title above the table has none."""
    for line in text[:20_000].splitlines():
        found = max(_SEPARATORS, key=line.count)
        if found in line:
            return found
    return ","


def _refused(shown: str, code: str, says: str, hint: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(shown), code, says, hint)])
