"""A line that says several things → the defects that it probably says, for a person to confirm.

Where a writer ends a sentence (；。, numbers, lines) a defect ends, if what stands on both sides says what is wrong. Between 、
and ， it ends only where both sides also sound like different criteria: 纸屑、烟头、塑料袋等垃圾 is one thing, and so are 垃圾桶没盖、
桶壁脏污. Nothing is split inside brackets or quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from checklist.engine.ledger.everyday_speech import plain
from checklist.engine.ledger.matching import Index, propose
from checklist.model.rules.ruleset import Criterion
from checklist.values.headings import list_column

_LEAD: Final = re.compile(r"[^、，,；;。\n:：]{1,12}[:：]")
_HELD: Final = re.compile(
    r"\([^()]*\)|（[^（）]*）|“[^“”]*”|\"[^\"]*\"|《[^《》]*》|【[^【】]*】|\[[^\[\]]*\]|「[^「」]*」"
)
_NUMBER: Final = re.compile(r"(?<![\d.])(?:[(（]?(\d{1,2})[)）.．、](?=[^\d])|([①-⑳]))\s*")
_ENDS: Final = re.compile(r"[；;。\n]+")
_PAUSES: Final = re.compile(r"[、，,]")
_WRONG: Final = re.compile(
    "堆|乱|脏|破|损|坏|缺|无|没|未|不|有|过期|过其|失效|溢|堵|占|停放|停车|贴|挂|晒|晾|积|漏|裸露|外露|脱落|松动|褪色|模糊|遮挡|塞|拉|搭"
    "|充电|种菜|饲养|散养|抽烟|吸烟|锁|陈旧|老旧|过时|臭|异味|味大|差|残|倒|断|歪|掉|裂|塌|烂|污渍|污损|油渍|横流|老化|混|昏暗|超|私|违"
    "|飞线|坑洼|冒|枯死|枯萎|秃|错|散落|遗落|丢弃|乱扔|涂|冷淡|蜘蛛网|较多|严重|突出"
)
_GOES_ON: Final = re.compile(
    "占用|占压|占据|占道|异味|臭味|污水|堵|破|损|坏|褪|脏|臭|漏|裂|倒|断|掉|影响|导致|造成|且|并|也|还|均|都|严重|长期|其中|内容|同时|(?:有|存在|带来).{0,4}(?:隐患|风险|危险)|需|应|请|要求|建议"
)
"""How a clause begins that says more of what was said before."""

_WITHOUT_A_THING: Final = re.compile("没|无|缺|有|未|不")
"""How a clause begins that may still be about the thing named before, unless a criterion's own words stand in it."""

_SHORTEST: Final = 4
_LONGEST: Final = 500
"""A longer text is a report, and no line of a list."""

_HAN: Final = re.compile("[\u4e00-\u9fff]")


def split(index: Index, text: str) -> tuple[str, ...]:
    """The defects that a line says, in its own words, each with the place that stands before them all; the line itself
    where it says one."""
    if len(text) > _LONGEST:
        return (text,)
    lead = _LEAD.match(text)
    place, said = (lead[0], text[lead.end() :]) if lead else ("", text)
    before, *numbered = _numbered(said)
    if numbered:
        place += f"{before}：" if before else ""
        pieces = numbered
    else:
        pieces = _sentences(before)
    parts = [part for piece in pieces for part in _clauses(index, piece)]
    if list_column(place.strip("：: ")) == "text":
        place = ""
    return tuple(f"{place}{part}" for part in parts) if len(parts) > 1 else (text,)


def _numbered(text: str) -> list[str]:
    """What stands before the first number, and behind each: ``1.楼道堆物 2.灭火器过期``. The text alone where none count up."""
    numbers = [found for found in _NUMBER.finditer(text) if not _inside(text, found.start())]
    if len(numbers) < 2 or [int(n[1]) for n in numbers if n[1]] not in ([], list(range(1, len(numbers) + 1))):
        return [text]
    ends = [*(found.start() for found in numbers[1:]), len(text)]
    pieces = [text[: numbers[0].start()], *(text[n.end() : end] for n, end in zip(numbers, ends, strict=True))]
    return [piece.strip(" \t\n、，,；;。:：") for piece in pieces]


def _sentences(text: str) -> list[str]:
    """Cut where sentences end; what says nothing wrong by itself stays with what was said before it."""
    found: list[str] = []
    start = 0
    for end in (*_ENDS.finditer(text), None):
        if end is not None and _inside(text, end.start()):
            continue
        piece = text[start : end.start() if end else None].strip()
        start = end.end() if end else start
        if found and not (_says_what_is_wrong(piece) and _says_what_is_wrong(found[-1])):
            found[-1] = f"{found[-1]}；{piece}".strip("；")
        elif piece:
            found.append(piece)
    return found


def _clauses(index: Index, text: str) -> Iterator[str]:
    """Runs of clauses that are about one thing, as they are written."""
    pauses = [found for found in _PAUSES.finditer(text) if not _inside(text, found.start())]
    start, end = 0, pauses[0].start() if pauses else len(text)
    for at, pause in enumerate(pauses):
        following = pauses[at + 1].start() if at + 1 < len(pauses) else len(text)
        if _apart(index, text[start:end], text[pause.end() : following]):
            yield text[start:end].strip()
            start = pause.end()
        end = following
    yield text[start:end].strip()


def _apart(index: Index, before: str, clause: str) -> bool:
    clause = clause.strip()
    if _GOES_ON.match(clause) or not (_says_what_is_wrong(before) and _says_what_is_wrong(clause)):
        return False
    if clause[:2] in before:  # the same thing again: 垃圾桶没盖，垃圾满溢
        return False
    first, second = propose(index, before), propose(index, clause)
    if not first or not second:
        return False
    named = _named(second[0].criterion, clause) or (
        _named(first[0].criterion, before) and not _WITHOUT_A_THING.match(clause)
    )
    own, other = ({p.criterion.id for p in some} for some in (first, second))
    return named and first[0].criterion.id not in other and second[0].criterion.id not in own


def _named(criterion: Criterion, text: str) -> bool:
    """Whether one of a criterion's own words stands in a text."""
    said = plain(text)
    return any(len(word) > 1 and word in said for word in map(plain, criterion.keywords))


def _says_what_is_wrong(text: str) -> bool:
    """Whether a piece could stand as a problem of its own: not a thing alone, nor a remark on one."""
    return len(_HAN.findall(text)) >= _SHORTEST and _WRONG.search(text) is not None


def _inside(text: str, at: int) -> bool:
    """Whether a place lies within brackets or quotes."""
    return any(held.start() < at < held.end() for held in _HELD.finditer(text))
