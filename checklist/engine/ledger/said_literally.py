"""Vetoes and accidents: what is too grave to be proposed because a text merely sounds like it."""

from __future__ import annotations

import re
from typing import Final

from checklist.engine.ledger.everyday_speech import as_written
from checklist.model.rules.ruleset import Criterion

_ON_PAPER: Final = re.compile(
    "隐患|预案|宣传|教育|演练|培训|警示|防范|预防|防止|知识|应急|风险|可能|容易|举报|打击|拒绝|远离|抵制|标语|展板|海报"
    "|制度|机制|承诺书|责任书|责任状"
)
"""What is talked about, warned of or written down has not happened."""

_NOT_SO: Final = re.compile("(?:无|没有?|未)(?:再|曾)?(?:发生|发现|出现|存在)?过?(?:任何)?$|[反防禁]$")
"""What stands before words that deny them."""


def is_grave(criterion: Criterion) -> bool:
    """A veto, or a criterion without points, which does nothing but raise a flag."""
    flag = criterion.flag
    return flag is not None and (flag.kind == "veto" or not criterion.points)


def literally(criterion: Criterion, text: str) -> bool:
    """Whether the text says in one of the criterion's own keywords that it happened: not that it did not, nor that a
    paper about it is missing."""
    said = as_written(text)
    for word in map(as_written, criterion.keywords):
        before, found, after = said.partition(word)
        if found and not _NOT_SO.search(before) and not _ON_PAPER.search(f"{before} {after}"):
            return True
    return False
