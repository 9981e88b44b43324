"""A ruleset as a workbook (工作簿): which sheets there are, which column holds which key of the YAML files.

Three kinds of cell: ``text`` is taken as it stands, ``lines`` holds one item a line, ``yaml`` is written as in a rule
file (``{fact: lamps_lit, at_least: 10}``, ``95%``, ``- {…}`` one a line). Headings may come in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from .noun import noun

Kind: TypeAlias = Literal["text", "lines", "yaml"]
Key: TypeAlias = str | int


@noun
class Column:
    """``key`` is the key in the file, dotted for a key inside a key; ``choices`` are offered as a drop-down list."""

    heading: str
    key: str
    kind: Kind = "text"
    width: int = 14
    needed: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


@noun
class Sheet:
    """``columns`` in the order they are written; rows without the first needed column are mistakes."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column:
        return next(column for column in self.columns if column.needed)


@dataclass(frozen=True, slots=True)
class Written:
    """The content of one rule file, and the comments of its entries by key or number."""

    data: Any
    notes: Mapping[Key, str] = field(default_factory=dict)


@noun
class Placed:
    """A value and the cell that it comes from, such as ``标准!E7``."""

    value: Any
    cell: str


LEVEL_SUFFIX: Final = "档"
OURS_SUFFIX: Final = "自定"
"""``90% 自定`` in a level cell is ``{is: 90%, ours: true}``."""

METHODS: Final = "materials_review、field_inspection、questionnaire、hearing、web"
_NOTE: Final = Column("批注", "#", "text", 30, help="规则文件里的注释")

HEAD: Final = Sheet("体系", (Column("项目", "name", needed=True), Column("内容", "value", "text", 80)))
HEAD_ROWS: Final = (
    ("编号", "id", "text"),
    ("沿用", "extends", "text"),
    ("名称", "title", "text"),
    ("年版", "edition", "text"),
    ("为什么", "why", "text"),
    ("生效", "effective.from", "yaml"),
    ("失效", "effective.to", "yaml"),
    ("声明", "disclaimer", "text"),
    ("总分", "total_points", "yaml"),
    ("不适用", "not_applicable", "text"),
    ("批注", "#", "text"),
)
"""The rows of the first sheet: what they are called, their key, their kind."""

LEVELS: Final = Sheet("档次", (Column("档次", "key", needed=True), Column("系数", "value", "yaml", needed=True)))
BANDS: Final = Sheet("等次", (Column("等次", "name", needed=True), Column("起点分", "at_least", "yaml", needed=True)))
MODULES: Final = Sheet(
    "模块",
    (
        Column("编号", "id", needed=True),
        Column("名称", "title", width=30),
        Column("分值", "points", "yaml", needed=True),
    ),
)
PLACES: Final = Sheet("地点", (Column("编号", "key", needed=True), Column("名称", "value", width=24, needed=True)))
COSTS: Final = Sheet(
    "费用档",
    (
        Column("编号", "key", needed=True),
        Column("名称", "label", width=24),
        Column("最低", "yuan.0", "yaml"),
        Column("最高", "yuan.1", "yaml"),
    ),
)
SCALES: Final = ("at_least", "at_most", "met", "levels", "choice", "survey", "judged", "deduct")
BEFORE_LEVELS: Final = (
    Column("编号", "id", needed=True, help="如 FAC-01，用过的编号不再用"),
    Column("标题", "title", width=22),
    Column("要求", "requirement", width=40),
    Column("测评方法", "methods", "lines", 18, help=f"一行一个：{METHODS}"),
    Column("分值", "points", "yaml", 8, needed=True),
    Column("层级", "tier", width=8, choices=("core", "full")),
    Column("状态", "status", width=10, choices=("active", "future", "obsolete")),
    Column("红线否决", "flag", "yaml", 14, help="redline、veto，或 {kind: redline, opens_when: {…}}"),
    Column("适用条件", "applies_when", "yaml", 24),
    Column("不适用情形", "na_when", width=20),
    Column("评分方式", "scale", width=12, needed=True, choices=SCALES),
    Column("测量值", "measure", "yaml", 36, help="如 {share: {of: lamps_lit, to: lamps_installed}}"),
)
AFTER_LEVELS: Final = (
    Column("各条", "parts", "yaml", 40, help="met 的条件或 deduct 的扣分，一行一条，以“- ”开头"),
    Column("底分", "floor", "yaml", 8, help="只用于 deduct"),
    Column("佐证材料", "evidence", "lines", 20),
    Column("责任单位", "owner", "lines", 14),
    Column("整改措施", "actions", "lines", 24),
    Column("关键词", "keywords", "lines", 18),
    Column("依据", "sources", "yaml", 44),
    Column("只记录", "records", "lines", 20),
    _NOTE,
)
CHANGE: Final = (
    Column("改动", "change", width=10, needed=True, choices=("replace", "add")),
    Column("理由", "why", width=40),
)
CRITERIA: Final = Sheet("标准", (*BEFORE_LEVELS, *AFTER_LEVELS))
"""Without the level columns, which depend on the ruleset."""
DROPS: Final = Sheet("删去", (Column("编号", "ids", "lines", 24, needed=True), Column("理由", "why", width=60), _NOTE))
FACTS: Final = Sheet(
    "实测项",
    (
        Column("文件", "file", width=8, help="facts 文件夹里的文件名；空着就写进 facts.yaml"),
        Column("编号", "key", width=26, needed=True),
        Column("名称", "label", width=22),
        Column("类型", "type", width=9, choices=("bool", "count", "number", "ratio", "choice", "set", "date")),
        Column("单位", "unit", width=8),
        Column("好的方向", "better", "yaml", 10, help="higher、lower、true、false、first、more、later；中性的空着"),
        Column("怎么问", "ask", width=44),
        Column("测评方法", "method", width=18, choices=tuple(METHODS.split("、"))),
        Column("地点", "place", width=10),
        Column("分钟", "minutes", "yaml", 8),
        Column("有效天数", "valid_for_days", "yaml", 10),
        Column("最小", "range.min", "yaml", 8),
        Column("最大", "range.max", "yaml", 8),
        Column("选项", "options", "yaml", 30, help="一行一个，写成“编号: 中文”"),
        Column("佐证材料", "evidence", "lines", 18),
        _NOTE,
    ),
)
ACTIONS: Final = Sheet(
    "措施",
    (
        Column("文件", "file", width=8, help="actions 文件夹里的文件名；空着就写进 actions.yaml"),
        Column("编号", "key", width=26, needed=True),
        Column("措施", "label", width=40),
        Column("改变什么", "sets", "yaml", 44, help="一行一个，如 lamps_lit: {equal_to: lamps_installed}"),
        Column("工日", "effort_days", "yaml", 8),
        Column("费用档", "cost", width=8),
        Column("最低", "yuan.0", "yaml", 9),
        Column("最高", "yuan.1", "yaml", 9),
        Column("天数", "lead_days", "yaml", 8),
        Column("责任单位", "owner", "lines", 14),
        Column("先做", "needs", "lines", 24),
        _NOTE,
    ),
)
SOURCES: Final = Sheet(
    "来源",
    (
        Column("编号", "key", width=8, needed=True),
        Column("名称", "title", width=50),
        Column("类别", "tag", width=8, choices=("N", "O", "P", "L", "T", "S", "G")),
        Column("可信度", "trust", width=9, choices=("high", "medium", "low")),
        Column("在哪里", "where", width=36),
        Column("年份", "year", "yaml", 8),
        Column("读到", "read", width=10),
        _NOTE,
    ),
)
CASES: Final = Sheet(
    "用例",
    (
        Column("文件", "file", width=10, needed=True),
        Column("用例", "name", width=36, needed=True),
        Column("日期", "as_of", "yaml", 12),
        Column("已知", "given", "yaml", 44, help="一行一个，如 lamps_lit: 19"),
        Column("现状记录", "state", width=20),
        Column("不适用", "not_applicable", "yaml", 20),
        Column("预期", "expect", "yaml", 50, help="一行一条，如 INF-05: {level: A}"),
        _NOTE,
    ),
)
SHEETS: Final = (HEAD, LEVELS, BANDS, MODULES, PLACES, COSTS, CRITERIA, DROPS, FACTS, ACTIONS, SOURCES, CASES)
BASE_ONLY: Final = (LEVELS, BANDS, MODULES, PLACES, COSTS)
"""A tailoring takes these from the ruleset that it extends."""
GUIDE: Final = "填写说明"
"""A sheet for people; it is not read."""


def criteria_sheet(levels: tuple[str, ...], tailoring: bool) -> Sheet:
    """The sheet of criteria with a column for each level, and with the kind of change for a tailoring."""
    columns = tuple(Column(level_heading(level), f"level.{level}", "yaml", 24) for level in levels)
    return Sheet(CRITERIA.name, (*(CHANGE if tailoring else ()), *BEFORE_LEVELS, *columns, *AFTER_LEVELS))


def level_heading(level: str) -> str:
    return f"{level} {LEVEL_SUFFIX}"
