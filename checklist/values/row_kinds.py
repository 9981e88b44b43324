"""What a row below the headings is: an entry, or what offices put around entries (blank rows, totals, footers, headings
again). One meaning for every reader of tables."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final, Literal, TypeAlias

from checklist.model.days import written_day
from checklist.model.problems import NotAValue
from checklist.values.cells import RawCell, plain
from checklist.values.headings import column_of, heading

RowKind: TypeAlias = Literal["entry", "blank", "total", "footer", "heading"]

KIND_NAMES: Final[dict[RowKind, str]] = {"total": "合计", "footer": "表尾", "heading": "重复的表头"}

_HAN = "[\u4e00-\u9fff]"
_ODD_BLANK = (
    "[\u00a0\u00ad\u034f\u061c\u115f\u1160\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff\uffa0]"
)
_TOTAL_WORD = (
    r"(?:合计|总计|小计|共计|累计|总和|总数|总分|汇总|平均(?:值|数|分|得分)?|均值|中位数|标准差|最[大小高低]值?|最[高低]分"
    r"|(?i:(?:sub|grand)?total|sum|average|mean)|∑)"
)
_AMOUNT = r"共?[\d.,]+[个户处项条行分份人%]?"
_COUNTED = rf"(?:{_AMOUNT}\S{{0,4}})?"
_TOTAL: Final = re.compile(rf"{_TOTAL_WORD}(?:\([^()]*\))?[:,]?{_COUNTED}|共[\d,]+[个户处项条行]\S{{0,4}}")
_TOTAL_OF: Final = re.compile(rf"\S{{1,12}}{_TOTAL_WORD}(?:\([^()]*\))?:?")
"""湖滨街道小计: also the end of many a sentence, so that it needs numbers beside it."""
_NUMBER: Final = re.compile(rf"[-—/]|[-\d.,%/]+|{_AMOUNT}")

_DID = (
    "(?:填表|填报|填写|制表|制单|编制|审核|审批|审定|复核|核对|核实|统计|检查|督查|督导|测评|记录|上报|经办|报送|录入)"
)
_WHO = f"(?:{_DID}(?:人员?|单位|部门|日期|时间)|(?:单位)?(?:主要)?负责人|(?:分管|主管)领导|联系(?:人|电话|方式)|(?:打印|导出)(?:日期|时间))"
_HEAD = "(?:社区|街道|居委会|村委会|检查|督查|测评)?(?:党委|党支部|党总支|党工委)?(?:主任|书记|科长|组长|站长)"
_LABEL = rf"(?:{_WHO}|{_DID}|{_HEAD}|电话|日期|签字|签名|盖章)(?:\((?:签字|签名|签章|盖章|公章)\))?"
_VALUE = r"(?:[\u4e00-\u9fff·]{2,4}|_+|[-\d—./年月日]{4,}|\S{2,20}(?:街道|社区|办事处|居委会|中心|局|委|办))"
_PART = rf"(?:{_LABEL}\s*:\s*{_VALUE}?|{_WHO}\s+{_VALUE}|{_WHO})"
_SIGNED: Final = re.compile(rf"{_PART}(?:[\s,;]+{_PART})*[\s,;]*")
_SIGNED_BY_NAME: Final = re.compile(rf"(?:{_LABEL}\s*:|{_WHO}(?:\s|$))")
"""Where a name is to stand, the label is enough."""
_NOTE: Final = re.compile(
    r"(?:注|备注|附注|说明|(?:填表|填报|填写)说明|数据来源)\s*(?:\d{0,2}\s*:|\d{1,2}\s*[.、])|[*※]\s*(?:注|说明)"
    r"|\(?单位:|数据截[至止]|\(?(?:续表|接上[页表]|[转接]下页)\)?$"
)
_NOTE_ALONE: Final = re.compile(
    r"[*※]|[此本]表\S|\(?\d{1,2}[.、)]\s*\S*(?:含|截[至止]|口径|来源|统计|填报|填写|是指|包括|详见|以\S+为准)"
)
"""The second of several notes, and what is one wherever nothing stands beside it."""
_CLOSING: Final = re.compile(
    r"第\s*\d+\s*页.*|共\s*\d+\s*页|(?i:page)\s*\d+.*|[-—]\s*\d{1,3}\s*[-—]|\W*以下(?:空白|无正文)\W*|\W*此页无正文\W*"
    r"|\S{0,30}\((?:盖章|公章|签章|签字)\)|\S{0,4}\s*年\s*月\s*日"
)
_OFFICE: Final = re.compile(r"\S{2,20}(?:街道|办事处|政府|中心|局|委|办|办公室|指挥部|领导小组)")
_SPREAD: Final = re.compile(rf"(?<!\S)(?:{_HAN}\s+){{1,5}}{_HAN}(?=\s*(?:[:(]|$))")
"""备　注: a word drawn out with blanks, as typists do to fill a line."""
_NAMES: Final = frozenset({"community", "community_id", "fact", "label"})
_LONGEST_SIGNATURE: Final = 120
_AROUND: Final = re.compile(rf"{_SIGNED.pattern}|{_VALUE}")

MAY_STAND_ASIDE: Final = (
    r"[合总小共]计|累计|总[和数分]|汇总|平均|均值|中位数|标准差|最[大小高低]|∑|(?i:total|sum|average|mean|page)|^\s*共|填|制|编|审|复核|核"
    r"|统计|检查|督[查导]|测评|记录|上报|经办|报送|录入|负责|领导|联系|打印|导出|电话|日期|签|章|注|说明|来源|第.*页|空白|无正文|[\d〇零一二三四五六七八九]\s*年"
    r"|主任|书记|[科组站]长|单位|数据截|续表|接[上下]|转下|年\s*月|^\s*[*※]|[此本]表|^\s*[(（]?\d{1,2}[.、)）]|^\s*[-—]\s*\d"
    r"|(?:街道|办事处|政府|中心|局|委|办|办公室|指挥部|领导小组)\s*$"
    rf"|{_HAN}[ \t]+{_HAN}|{_ODD_BLANK}"
)
"""In every label of a total or a footer, and in what is drawn out with blanks or hides a character, for whoever has a
million rows to look through. RE2 understands it too."""


def kind_of_row(head: Sequence[RawCell], cells: Sequence[RawCell], names: Container[int] = ()) -> RowKind:
    """What a row is. ``head`` is the row of headings; ``names`` are the columns that hold names of communities, places
    or facts, where 注：… can be nothing but a footer; elsewhere it needs the rest of the row empty."""
    told = [(at, _drawn_in(text)) for at, cell in enumerate(cells) if (text := plain(cell))]
    if not told:
        return "blank"
    if _is_heading(head, told, names):
        return "heading"
    leading = [(text, at in names) for at, text in told if at == told[0][0] or at in names]
    texts = [text for _, text in told]
    if any(_is_total(text, texts) for text, _ in leading):
        return "total"
    return "footer" if any(_is_footer(text, named, texts) for text, named in leading) else "entry"


def _is_heading(head: Sequence[RawCell], told: Sequence[tuple[int, str]], names: Container[int]) -> bool:
    """The headings again, if need be in other words: no community is called 社区名称."""
    again = [at < len(head) and heading(text) == heading(plain(head[at])) for at, text in told]
    if all(again) and (len(told) > 1 or told[0][0] in names):
        return True
    return any(
        at in names and (c := column_of(text)) in _NAMES and c == column_of(plain(head[at])) for at, text in told
    )


def _drawn_in(text: str) -> str:
    return _SPREAD.sub(lambda found: "".join(found[0].split()), text)


def _is_total(text: str, row: Sequence[str]) -> bool:
    label = "".join(text.split())
    if _TOTAL.fullmatch(label):
        return True
    others = ["".join(other.split()) for other in row if other != text]
    return bool(others and _TOTAL_OF.fullmatch(label)) and all(_NUMBER.fullmatch(other) for other in others)


def _is_footer(text: str, named: bool, row: Sequence[str]) -> bool:
    if _NOTE.match(text):
        return named or len(row) == 1
    if named and len(row) == 1 and _NOTE_ALONE.match(text):
        return True
    if any(map(_closes, row)) and (_closes(text) or _OFFICE.fullmatch(text)):
        return all(_closes(other) or _OFFICE.fullmatch(other) for other in row)
    if named and _SIGNED_BY_NAME.match(text):
        return True
    short = all(len(other) <= _LONGEST_SIGNATURE for other in row)
    return (
        short
        and _SIGNED.fullmatch(text) is not None
        and all(_AROUND.fullmatch(other) or _closes(other) for other in row)
    )


def _closes(text: str) -> bool:
    """A page's number, a seal, or the day under it, written with 年."""
    if _CLOSING.fullmatch(text):
        return True
    if "年" not in text:
        return False
    try:
        written_day(text)
    except NotAValue:
        return False
    return True
