"""A ruleset as a workbook (工作簿): which sheets there are, which column holds which key of the YAML files.

Three kinds of cell: ``text`` is taken as it stands, ``lines`` holds one item a line, ``yaml`` is written as in a rule
file (``{fact: lamps_lit, at_least: 10}``, ``95%``, ``- {…}`` one a line). Headings may come in any order.
"""

from __future__ import annotations

from typing import Final

from checklist.model.rules import in_chinese
from checklist.model.rules.sheet_columns import RuleSheet, SheetColumn

LEVEL_SUFFIX: Final = "档"
OURS_SUFFIX: Final = "自定"
"""``90% 自定`` in a level cell is ``{is: 90%, ours: true}``."""

_METHODS: Final = f"一行一个：{'、'.join(in_chinese.METHOD.values())}"
_NOTE: Final = SheetColumn("批注", "#", "text", 30, help="规则文件里的注释")

HEAD: Final = RuleSheet("体系", (SheetColumn("项目", "name", needed=True), SheetColumn("内容", "value", "text", 80)))
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
    ("说明", "notes", "yaml"),
    ("批注", "#", "text"),
)
"""The rows of the first sheet: what they are called, their key, their kind."""

LEVELS: Final = RuleSheet(
    "档次", (SheetColumn("档次", "key", needed=True), SheetColumn("系数", "value", "yaml", needed=True))
)
BANDS: Final = RuleSheet(
    "等次",
    (
        SheetColumn("等次", "name", needed=True),
        SheetColumn("起点分", "at_least", "yaml", needed=True),
        SheetColumn("每个模块", "each_module", "yaml", help="每个模块至少得到自己分值的百分之几"),
        SheetColumn("某些模块", "modules", "yaml", help="如 {PAR: 85}"),
        SheetColumn("不能有", "without", "lines", words=in_chinese.FLAG, help="一行一个；有一条没清就不能评这一等"),
    ),
)
MODULES: Final = RuleSheet(
    "模块",
    (
        SheetColumn("编号", "id", needed=True),
        SheetColumn("名称", "title", width=30),
        SheetColumn("分值", "points", "yaml", needed=True),
        SheetColumn("类别", "kind", words=in_chinese.MODULE, help="加分和倒扣不在总分里；空着就计入总分"),
        SheetColumn("算进等次", "counts", "yaml", help="只用于加分和倒扣：true 评等次时算进去"),
    ),
)
MODULE_TITLES: Final = RuleSheet(MODULES.name, MODULES.columns[:2])
"""In a tailoring, where points follow the criteria."""
PLACES: Final = RuleSheet(
    "地点", (SheetColumn("编号", "key", needed=True), SheetColumn("名称", "value", width=24, needed=True))
)
SITE_KINDS: Final = RuleSheet(
    "点位类别",
    (
        SheetColumn("编号", "key", needed=True),
        SheetColumn("名称", "label", width=24, needed=True),
        SheetColumn("地点", "places", "lines", 24, help="这类点位里的检查地点，一行一个"),
    ),
)
COSTS: Final = RuleSheet(
    "费用档",
    (
        SheetColumn("编号", "key", needed=True),
        SheetColumn("名称", "label", width=24),
        SheetColumn("最低", "yuan.0", "yaml"),
        SheetColumn("最高", "yuan.1", "yaml"),
    ),
)
BODIES: Final = RuleSheet(
    "更名机构",
    (
        SheetColumn("机构", "key", width=20, needed=True),
        SheetColumn("现在归谁", "now", width=24, needed=True),
        SheetColumn("从哪天起", "since", "yaml", 12),
        SheetColumn("哪些事", "about", "lines", 16, help="只在说到这些词的时候才算移交，一行一个；空着就是全部"),
        SheetColumn("依据", "source", width=10),
    ),
)
PART_SCALES: Final = ("met", "deduct", "earn")
"""The scales that are written one part a line."""
SCALES: Final = ("at_least", "at_most", "levels", "choice", "survey", "judged", *PART_SCALES, "proportional")
OTHERWISE: Final = "否则"
"""In front of a clause that is said only where the one above it is not."""
BEFORE_LEVELS: Final = (
    SheetColumn("编号", "id", needed=True, help="如 FAC-01，用过的编号不再用"),
    SheetColumn("标题", "title", width=22),
    SheetColumn("要求", "requirement", width=40),
    SheetColumn("测评方法", "methods", "lines", 18, help=_METHODS, words=in_chinese.METHOD),
    SheetColumn("分值", "points", "yaml", 8, needed=True),
    SheetColumn("层级", "tier", width=8, words=in_chinese.TIER),
    SheetColumn("状态", "status", width=10, words=in_chinese.STATUS),
    SheetColumn("按点位", "per", width=10, help="点位类别的编号；不写就按整个社区评"),
    SheetColumn("合成", "over", width=8, words=in_chinese.OVER),
    SheetColumn("红线否决", "flag", "yaml", 14, words=in_chinese.FLAG, help="或 {kind: redline, opens_when: {…}}"),
    SheetColumn("适用条件", "applies_when", "yaml", 24),
    SheetColumn("不适用情形", "na_when", width=20),
    SheetColumn("不适用算", "not_applicable", width=12, words=in_chinese.NOT_APPLICABLE),
    SheetColumn("评分方式", "scale", width=12, needed=True, words={kind: in_chinese.SCALE[kind] for kind in SCALES}),
    SheetColumn("测量值", "measure", "yaml", 36, help="如 {share: {of: lamps_lit, to: lamps_installed}}"),
)
AFTER_LEVELS: Final = (
    SheetColumn("各条", "parts", "yaml", 40, help="met 的条件，deduct、earn 的各项，一行一条，以“- ”开头"),
    SheetColumn("自定的档", "ours", "lines", 10, help="只用于 met：没有来源的档次，一行一个"),
    SheetColumn("底分", "floor", "yaml", 8, help="只用于 deduct"),
    SheetColumn("满分量", "full_at", "yaml", 8, help="只用于 proportional：测量值到多少得满分"),
    SheetColumn("本条系数", "coefficients", "yaml", 16, help="这一条自己的系数，如 {B: 2/3, C: 1/3}；空着用体系的"),
    SheetColumn("佐证材料", "evidence", "lines", 20),
    SheetColumn("责任单位", "owner", "lines", 14),
    SheetColumn("整改措施", "actions", "lines", 24),
    SheetColumn("关键词", "keywords", "lines", 18),
    SheetColumn("依据", "sources", "yaml", 44),
    SheetColumn("只记录", "records", "lines", 20),
    SheetColumn("达标说法", "phrases.met", "lines", 40, help="汇报里的句子，一行一个分句，如 亮灯 {lamps_lit} 盏"),
    SheetColumn("不达标说法", "phrases.unmet", "lines", 40, help="一行一句；没做到才说的：编号: 句子；或者：否则 句子"),
    SheetColumn("说明", "notes", "lines", 40, help="原文没说清的怎么理解，有什么和它冲突；一行一条"),
    SheetColumn("替代", "supersedes", "lines", 12, help="上一版的编号，一行一个：改了编号、拆开、合并的"),
    _NOTE,
)
CHANGE: Final = (
    SheetColumn("改动", "change", width=10, needed=True, words=in_chinese.REPLACED),
    SheetColumn("理由", "why", width=40),
    SheetColumn("照着的原文", "of", width=10, help="checklist check 会说写什么；原文以后改了会提醒"),
)
CRITERIA: Final = RuleSheet("标准", (*BEFORE_LEVELS, *AFTER_LEVELS))
"""Without the level columns, which depend on the ruleset."""
DROPS: Final = RuleSheet(
    "删去", (SheetColumn("编号", "ids", "lines", 24, needed=True), SheetColumn("理由", "why", width=60), _NOTE)
)
KEY_CHANGES: Final = RuleSheet(
    "改几处",
    (
        SheetColumn("编号", "id", needed=True),
        SheetColumn("理由", "why", width=60),
        SheetColumn("改成", "to", "yaml", 60, help="一行一个键，如 points: 3；别的跟着原文走"),
        _NOTE,
    ),
)
FACTS: Final = RuleSheet(
    "实测项",
    (
        SheetColumn("文件", "file", width=8, help="facts 文件夹里的文件名；空着就写进 facts.yaml"),
        SheetColumn("编号", "key", width=26, needed=True),
        SheetColumn("名称", "label", width=22),
        SheetColumn("类型", "type", width=9, words=in_chinese.TYPE),
        SheetColumn("单位", "unit", width=8),
        SheetColumn("好的方向", "better", "yaml", 10, words=in_chinese.BETTER, help="中性的（总数、户数）空着"),
        SheetColumn("怎么问", "ask", width=44),
        SheetColumn("测评方法", "method", width=18, words=in_chinese.METHOD),
        SheetColumn("地点", "place", width=10),
        SheetColumn("分钟", "minutes", "yaml", 8),
        SheetColumn("有效天数", "valid_for_days", "yaml", 10),
        SheetColumn("最小", "range.min", "yaml", 8),
        SheetColumn("最大", "range.max", "yaml", 8),
        SheetColumn("选项", "options", "yaml", 30, help="一行一个，写成“编号: 中文”"),
        SheetColumn("没有算", "none_is", "yaml", 10, help="“没有”是哪个值，或 never（从来没有过）；空着按类型定"),
        SheetColumn("佐证材料", "evidence", "lines", 18),
        SheetColumn("用于点位", "serves", width=10, words=in_chinese.SERVES),
        SheetColumn("属于", "part_of", width=20, help="它是哪个总数的一部分：那个实测项的编号"),
        SheetColumn("痕迹", "trace.kind", width=9, words=in_chinese.TRACE),
        SheetColumn("痕迹天数", "trace.over_days", "yaml", 9, help="按多少天里的次数记；只有一份的空着"),
        _NOTE,
    ),
)
ACTIONS: Final = RuleSheet(
    "措施",
    (
        SheetColumn("文件", "file", width=8, help="actions 文件夹里的文件名；空着就写进 actions.yaml"),
        SheetColumn("编号", "key", width=26, needed=True),
        SheetColumn("措施", "label", width=40),
        SheetColumn("改变什么", "sets", "yaml", 44, help="一行一个，如 lamps_lit: {equal_to: lamps_installed}"),
        SheetColumn("工日", "effort_days", "yaml", 8),
        SheetColumn("费用档", "cost", width=8),
        SheetColumn("最低", "yuan.0", "yaml", 9),
        SheetColumn("最高", "yuan.1", "yaml", 9),
        SheetColumn("天数", "lead_days", "yaml", 8),
        SheetColumn("责任单位", "owner", "lines", 14),
        SheetColumn("先做", "needs", "lines", 24),
        SheetColumn("只做一次", "once", "yaml", 9, help="true 全社区做一次，false 每个点位各做；空着看它改什么"),
        _NOTE,
    ),
)
SOURCES: Final = RuleSheet(
    "来源",
    (
        SheetColumn("编号", "key", width=8, needed=True),
        SheetColumn("名称", "title", width=50),
        SheetColumn("类别", "tag", width=8, choices=("N", "O", "P", "L", "T", "S", "G")),
        SheetColumn("可信度", "trust", width=9, words=in_chinese.CONFIDENCE),
        SheetColumn("在哪里", "where", width=36),
        SheetColumn("年份", "year", "yaml", 8),
        SheetColumn("读到", "read", width=10),
        SheetColumn("发布", "published", "yaml", 12, help="只知道年份的填“年份”"),
        SheetColumn("核对", "checked_on", "yaml", 12, help="上次查原文是哪天；超过三年会提醒"),
        SheetColumn("有效到", "in_force_until", "yaml", 12),
        SheetColumn("被谁替代", "superseded_by", width=10, help="替代它的来源的编号"),
        SheetColumn("说明", "note", width=40),
        _NOTE,
    ),
)
CASES: Final = RuleSheet(
    "用例",
    (
        SheetColumn("文件", "file", width=10, needed=True),
        SheetColumn("用例", "name", width=36, needed=True),
        SheetColumn("日期", "as_of", "yaml", 12),
        SheetColumn("已知", "given", "yaml", 44, help="一行一个，如 lamps_lit: 19"),
        SheetColumn("点位总数", "total", "yaml", 14),
        SheetColumn("点位", "sites", "yaml", 44, help="一行一处，如 - {id: a, kind: estate, name: 甲, facts: {…}}"),
        SheetColumn("现状记录", "state", width=20),
        SheetColumn("不适用", "not_applicable", "yaml", 20),
        SheetColumn("预期", "expect", "yaml", 50, help="一行一条，如 INF-05: {level: A}"),
        _NOTE,
    ),
)
SHEETS: Final = (
    HEAD,
    LEVELS,
    BANDS,
    MODULES,
    PLACES,
    SITE_KINDS,
    COSTS,
    BODIES,
    CRITERIA,
    KEY_CHANGES,
    DROPS,
    FACTS,
    ACTIONS,
    SOURCES,
    CASES,
)
BASE_ONLY: Final = (PLACES, SITE_KINDS, COSTS, BODIES)
"""A tailoring takes these from the ruleset that it extends."""
GUIDE: Final = "填写说明"
"""A sheet for people; it is not read."""


def criteria_sheet(levels: tuple[str, ...], tailoring: bool) -> RuleSheet:
    """The sheet of criteria with a column for each level, and with the kind of change for a tailoring."""
    columns = tuple(SheetColumn(level_heading(level), f"level.{level}", "yaml", 24) for level in levels)
    return RuleSheet(CRITERIA.name, (*(CHANGE if tailoring else ()), *BEFORE_LEVELS, *columns, *AFTER_LEVELS))


def level_heading(level: str) -> str:
    return f"{level} {LEVEL_SUFFIX}"
