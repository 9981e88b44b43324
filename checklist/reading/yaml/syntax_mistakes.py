"""What is wrong with a file that is no YAML, in words, with the likeliest cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml

from checklist.model.problems import Problem, Where


def syntax_mistake(error: yaml.YAMLError, path: str, lines: Sequence[str]) -> Problem:
    """The parser's complaint in words, with the likeliest cause looked for on its line and the one above."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(Where(path), "E102", "文件里有 YAML 不允许的字符", "看看是不是二进制文件或编码不对")
    for number in (mark.line, mark.line - 1):
        line = lines[number] if 0 <= number < len(lines) else ""
        for found, cause, way_out in _suspects(line):
            return Problem(Where(path, number + 1, found + 1), "E111", cause, way_out, line, 1)
    line = lines[mark.line] if mark.line < len(lines) else ""
    where = Where(path, mark.line + 1, mark.column + 1)
    return Problem(where, "E111", "写法不合 YAML 规则", _rough(error), line, 1)


def _suspects(line: str) -> Iterator[tuple[int, str, str]]:
    code = line.split(" #")[0]
    if (tab := code.find("\t")) >= 0:
        yield tab, "用了制表符（Tab）", "缩进改用空格"
    if (colon := code.find("：")) >= 0:
        yield colon, "用了中文冒号“：”", "改成英文冒号加一个空格“: ”"
    if (comma := code.find("，")) >= 0 and ("[" in code or "{" in code):
        yield comma, "列表里用了中文逗号“，”", "改成英文逗号“, ”"
    if tight := re.match(r"\s*(?:- )?[\w.-]+(:)\S", code):
        yield tight.start(1), "冒号后面少了空格", "写成“名称: 值”，冒号后空一格"


def _rough(error: yaml.YAMLError) -> str:
    text = str(getattr(error, "problem", "") or "")
    if "mapping values are not allowed" in text:
        return "这里不该出现冒号；看看上一行是不是缺了冒号，或者缩进不齐"
    if "alias" in text or "anchor" in text:
        return "不支持 YAML 锚点和别名（& 和 *）"
    if "single document" in text or "another document" in text:
        return "一个文件只写一份内容，去掉 --- 之后的部分"
    if "expected" in text and ("'," in text or "end" in text):
        return "括号、引号或缩进没有配对"
    if "found character" in text:
        return "有特殊字符；整句话请用双引号括起来"
    return "检查这一行和上一行的缩进、引号和括号"
