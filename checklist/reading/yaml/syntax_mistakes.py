"""What is wrong with a file that is no YAML, in words, with the likeliest cause and what to type instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import yaml

from checklist.model.problems import Problem, Where
from checklist.values.bare_words import STRANGE_BLANK, never_closed

QUOTE_IT: Final = '整句话用英文双引号括起来，如 note: "…"'
TIGHT: Final = "写成“名称: 值”，冒号后空一格"
COLON: Final = "改成英文冒号加一个空格“: ”"

_QUOTED = re.compile(r"""(?<=[\s,{\[:-])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?=\s*(?:[,}\]:#]|$))""")
_CONFLICT = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7} ")
_HALF = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_ESCAPE = re.compile(r"\\(?![0abtnvfre\"/\\N_LP \t]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})(.?)")
_KEY = r"(?:^|[,{\[，；、｛［])\s*(?:- )?[\w.-]+\s*"
_BRACKETS: Final = {
    "（": "(",
    "）": ")",
    "【": "[",
    "】": "]",
    "｛": "{",
    "｝": "}",
    "［": "[",
    "］": "]",
    "〔": "[",
    "〕": "]",
}
_VALUE = r"(?:^\s*(?:- )?|[{,\[]\s*|:\s+)"
_SPECIAL = re.compile(_VALUE + r"([@`%*&!|>])")


class Cause(NamedTuple):
    line: int
    column: int
    says: str
    hint: str


def syntax_mistake(error: yaml.YAMLError, path: str, lines: Sequence[str]) -> Problem:
    """The parser's complaint in words, with the likeliest cause looked for on its line and above."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return forbidden(path, lines)
    said = str(getattr(error, "problem", "") or "")
    at = min(mark.line, len(lines) - 1)
    rough = Cause(
        at, mark.column if at == mark.line else len(lines[at]) if lines else 0, "写法不合 YAML 规则", _rough(said)
    )
    cause = next(_causes(lines, at, mark.column, said), rough)
    line = lines[cause.line] if 0 <= cause.line < len(lines) else ""
    return Problem(Where(path, cause.line + 1, cause.column + 1), "E111", cause.says, cause.hint, line, 1)


def forbidden(path: str, lines: Sequence[str]) -> Problem:
    """The first character that may stand in no YAML file."""
    for n, line in enumerate(lines):
        if found := re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", line):
            says = f"文件里有控制字符 U+{ord(found[0]):04X}"
            return Problem(
                Where(path, n + 1, found.start() + 1), "E102", says, "删掉它重打；整个文件都是就不是文本", line, 1
            )
    return Problem(Where(path), "E102", "文件里有 YAML 不允许的字符", "看看是不是二进制文件或编码不对")


def _causes(lines: Sequence[str], at: int, column: int, said: str) -> Iterator[Cause]:
    if marks := [n for n, line in enumerate(lines) if _CONFLICT.match(line)]:
        listed = "、".join(str(n + 1) for n in marks[:6])
        yield Cause(marks[0], 0, "Git 合并冲突留下的标记", f"第 {listed} 行是标记：两边的内容留一边，标记都删掉")
    above = next((n for n in range(at - 1, -1, -1) if lines[n].strip() and not lines[n].lstrip().startswith("#")), at)
    near = list(dict.fromkeys((at, above)))
    for n in near:
        yield from (Cause(n, *found) for found in _blanks(lines[n]))
    if at < len(lines):
        yield from (Cause(at, *found) for found in _at_the_mark(lines[at], column, said))
    for n in near:
        yield from (Cause(n, *found) for found in _in_line(_unquoted(lines[n])))
    if "mapping values" in said or "expected key" in said or "expected <block" in said:
        mine, upper = (len(lines[n]) - len(lines[n].lstrip()) for n in (at, above))
        if mine != upper:
            says = f"这一行缩进 {mine} 格，上一行缩进 {upper} 格，对不上"
            yield Cause(at, mine, says, "同一级的行缩进要一样多；用空格，不用 Tab")


def _blanks(line: str) -> Iterator[tuple[int, str, str]]:
    before = line[: len(line) - len(line.lstrip())]
    for column, blank in enumerate([*before, *line[len(before) : len(before) + 1]]):
        if blank in STRANGE_BLANK:
            yield column, *strange_blank(blank)
    if (tab := _unquoted(line).find("\t")) >= 0:
        yield tab, "用了制表符（Tab）", "缩进改用空格"


def strange_blank(blank: str) -> tuple[str, str]:
    """What is said of a line that begins with such a character."""
    return f"行首有{STRANGE_BLANK[blank]}（U+{ord(blank):04X}）", "删掉行首，用英文（半角）空格重新缩进"


def mistaken_key(key: str, value: str | None) -> tuple[str, str] | None:
    """Says and hint where a key, or an entry in brackets with this plain ``value``, was typed with other signs."""
    if key[:1] in STRANGE_BLANK:
        return strange_blank(key[:1])
    if value == "":
        return mistaken_words(key) or _cut_off(key)
    if value and never_closed(value):
        return f"中文引号 {value[0]} 不算引号，里面的逗号把句子断开了", '改成英文双引号 "'
    return None


def _cut_off(key: str) -> tuple[str, str] | None:
    """Says and hint for what stands in brackets behind a comma and is no name: the comma was a part of a value."""
    if key.isascii() and not key[:1].isdecimal():
        return None
    if key.isdecimal():
        return f"数字里的逗号把“{key}”断开了", "去掉逗号，写成 2130 这样"
    says = f"英文逗号把“{key}”断开了" + ("，中文引号不算引号" if re.search("[“”‘’]", key) else "")
    return says, f"{QUOTE_IT}；或改成中文逗号“，”"


def mistaken_words(text: str) -> tuple[str, str] | None:
    """Says and hint for words that stand where a name and its value are wanted."""
    found = re.match(r"[\w.-]+\s*([:：])(.)", text, re.ASCII)
    if found is None:
        return None
    if found[1] == "：":
        return "用了中文冒号“：”", COLON
    if found[2] in STRANGE_BLANK:
        return f"冒号后面是{STRANGE_BLANK[found[2]]}（U+{ord(found[2]):04X}）", "删掉它，换成英文（半角）空格"
    return "冒号后面少了空格", TIGHT


def _at_the_mark(line: str, column: int, said: str) -> Iterator[tuple[int, str, str]]:
    """What the parser stumbled over, where its place tells."""
    if half := _HALF.search(line):
        yield half.start(), f"{half[0]} 只是半个字符", "直接写出那个字或表情，或写成 \\U 加八位，如 \\U0001f600"
    if "escape" in said and (escape := _ESCAPE.search(line)):
        yield escape.start(), f"双引号里的 \\{escape[1]} 不是 YAML 的写法", "反斜杠写成 \\\\，或改用英文单引号"
    bare = _unquoted(line)
    entry = re.split(r"[,{\[]", bare[:column])[-1]
    apart = re.search(r"[，；、｛［]\s*[\w.-]+$", bare[:column], re.ASCII)
    if bare[column : column + 1] == ":" and re.search(r"^\s*(?:- )?[^\s:]+: +\S", entry) and not apart:
        yield column, "文字里有“: ”（冒号加空格），后面的被当成另一项", f"{QUOTE_IT}；或改成中文冒号“：”"
    if (column and line[column - 1 : column] in ("'", '"')) or re.search(r"['\"]\s+$", line[:column]):
        yield column, "引号后面还有字", "整句话放进一对英文引号里；句子里的引号用中文引号“”"


def _in_line(bare: str) -> Iterator[tuple[int, str, str]]:
    """What people type for the signs of YAML; words in quotes are left out of ``bare``."""
    comment = re.search(r"\s(#)", bare)
    code = bare[: comment.start()] if comment else bare
    opened = sum(map(code.count, "{[")) - sum(map(code.count, "}]"))
    if comment and opened > 0:
        yield comment.start(1), "“#”前面有空格，后面的字都成了注释", f"{QUOTE_IT}；或去掉 # 前面的空格"
    if quote := re.search(_VALUE + "([“”‘’])", code):
        yield quote.start(1), f"中文引号 {quote[1]} 不算引号", '改成英文双引号 "'
    if colon := re.search(_KEY + "(：)", code):
        yield colon.start(1), "用了中文冒号“：”", COLON
    in_brackets = opened != 0 or "{" in code or "[" in code
    comma = in_brackets and (re.search(r"([，；、])\s*[\w.-]+\s*[:：]", code, re.ASCII) or re.search("(，)", code))
    if comma:
        yield comma.start(1), f"列表里用了中文标点“{comma[1]}”", "改成英文逗号“, ”"
    closing = opened != 0 and re.search("([｝］】〕）])(?=[\\s｝］】〕）}\\]]*$)", code)
    if bracket := re.search(_VALUE + "([｛［【〔])", code) or closing:
        yield bracket.start(1), f"用了中文括号“{bracket[1]}”", f"改成英文括号 {_english(bracket[1], code)}"
    if hash := re.match(r"\s*(＃)", code):
        yield hash.start(1), "用了全角井号“＃”", "注释用英文 # 开头"
    if dash := re.search(r":\s+(-)\s", code):
        yield dash.start(1), "“- ”不能写在冒号后面", f"列表写成 [甲, 乙]，或每项另起一行；是句子就{QUOTE_IT}"
    if special := _SPECIAL.search(code):
        yield special.start(1), f"开头的“{special[1]}”在 YAML 里有别的意思", QUOTE_IT
    for mark, name in (('"', "英文双引号"), ("'", "英文单引号")):
        if (alone := code.find(mark)) >= 0 and code.count(mark) % 2:
            yield alone, f"{name}没有配对", f"在句子结尾补上 {mark}"
    if opened:
        sign = "{" if code.count("{") != code.count("}") else "["
        where = code.rfind(sign) if opened > 0 else max(code.rfind("}"), code.rfind("]"))
        yield max(where, 0), "括号没有配对", "数一数 { } 和 [ ]，少的补上，多的去掉"
    if tight := re.match(r"\s*(?:- )?[\w.-]+(:)\S", code):
        yield tight.start(1), "冒号后面少了空格", TIGHT


def _english(bracket: str, code: str) -> str:
    if bracket == "）" or code.count("{") > code.count("}"):
        return "}" if code.count("{") > code.count("}") else "]"
    return _BRACKETS[bracket]


def _unquoted(line: str) -> str:
    """The line with its words in quotes blotted out; columns stay."""
    return _QUOTED.sub(lambda found: "_" * len(found[0]), line)


def _rough(text: str) -> str:
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
