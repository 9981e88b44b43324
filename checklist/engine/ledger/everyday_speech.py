"""What people write for one thing in several ways → one form, and the marks by which two texts are compared."""

from __future__ import annotations

import re
from typing import Final

from checklist.model.as_seen import as_seen

_ALIKE: Final = (
    ("社会主义核心价值观", "核心价值观"),
    ("电动自行车", "电动车"),
    ("电瓶车", "电动车"),
    ("消防栓", "消火栓"),
    ("消火拴", "消火栓"),
    ("窨井盖", "井盖"),
    ("台帐", "台账"),
    ("洗手间", "卫生间"),
    ("小汽车", "机动车"),
    ("私家车", "机动车"),
    ("绿植", "绿化"),
    ("抽烟", "吸烟"),
    ("标志", "标识"),
    ("说不出", "答不出"),
    ("错别字", "错字"),
    ("写成", "写错"),
    ("有误", "错误"),
    ("少了", "少"),
    ("漏了", "漏"),
    ("随意", "乱"),
    ("坏了", "损坏"),
    ("破碎", "破损"),
    ("堆放", "堆"),
    ("堆积", "堆"),
    ("没有", "无"),
    ("缺少", "无"),
    ("缺失", "无"),
    ("缺乏", "无"),
    ("未设置", "无"),
    ("未见", "无"),
    ("没见", "无"),
    ("没", "无"),
    ("未", "无"),
    ("缺", "无"),
)
"""Words that inspectors use for one another, in the order in which they are replaced."""

_STRIP: Final = re.compile(r"[^0-9a-z\u4e00-\u9fff]")
_EMPTY_WORDS: Final = re.compile(
    "有?安全隐患|存在|发现|现象|问题|较多|严重|部分|一处|多处|个别|情况|小区|社区|内有|有的|及时|按规定|普遍|随处可见"
)
_SAYING_NOTHING: Final = frozenset("的了有在是和把被个着也还很不里上下中及与等")


def plain(text: str) -> str:
    """The text without punctuation and words that tell nothing apart, one word for each thing."""
    told = as_written(text)
    told = _EMPTY_WORDS.sub("", told) or told
    for other, ours in _ALIKE:
        told = told.replace(other, ours)
    return told


def as_written(text: str) -> str:
    """Its letters, digits and characters only, in the writer's own words."""
    return _STRIP.sub("", as_seen(text).lower())


def marks(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a plain text, and its characters but those that say nothing alone."""
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return frozenset(pairs.union(text) - _SAYING_NOTHING)
