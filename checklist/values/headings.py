"""The words by which spreadsheets are written and found again: headings, the hidden stamp, words of not knowing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeAlias

from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.values.look_alikes import criterion_id, folded
from checklist.values.near import suggest

STAMP: Final = "标识"
"""The hidden sheet that says which community, ruleset and record a form was made from."""

STAMP_HEAD: Final = "civic-checklist"
KnownColumn: TypeAlias = Literal[
    "community", "community_id", "fact", "label", "value", "same", "on", "by", "evidence", "note",
    "criterion", "reason", "until", "as_of", "group", "street", "city", "district", "invented", "ruleset",
    "not_applicable", "site", "site_id", "site_kind", "opened", "closed",
]  # fmt: skip

HEADINGS: Final[Mapping[KnownColumn, tuple[str, ...]]] = {
    "community": ("社区", "社区名称", "社区名", "小区", "单位名称"),
    "community_id": ("社区编号", "社区代码"),
    "fact": ("编号", "实测项编号", "实测项代码", "fact", "id"),
    "label": ("实测项", "实测项目", "项目", "名称", "label"),
    "value": ("实测值", "填报值", "结果", "值", "本次填报", "value"),
    "same": ("仍然如此", "与上次相同", "同上次"),
    "on": ("核实日期", "检查日期", "日期", "on", "date"),
    "by": ("核实人", "填报人", "检查人", "姓名", "by"),
    "evidence": ("佐证材料", "佐证", "照片", "evidence"),
    "note": ("备注", "说明", "note"),
    "criterion": ("标准编号",),
    "reason": ("不适用的理由", "不适用理由"),
    "until": ("到哪天为止", "截止日期"),
    "as_of": ("现状日期", "as_of"),
    "group": ("类型", "分组", "group"),
    "street": ("街道",),
    "district": ("区县", "区"),
    "city": ("城市", "市"),
    "invented": ("示例数据",),
    "ruleset": ("测评体系",),
    "not_applicable": ("不适用", "不适用的标准"),
    "site": ("点位", "点位名称", "检查点位"),
    "site_id": ("点位编号",),
    "opened": ("点位起算日期",),
    "closed": ("点位停算日期",),
    "site_kind": ("点位类别", "点位类型"),
}
"""Column → its headings; the first is the one that we write."""

FORM_HEADINGS: Final = ("序号", "分值", "怎么核", "单位", "上次记录", "上次核实")
"""What the Excel form shows beside the answers; nobody answers there."""

UNSURE_WORD: Final = "说不清"
NOT_APPLICABLE: Final = "不适用"
"""What a long table writes for a criterion that is declared not applicable, with the reason as its note."""

_COLUMN_OF: Final = {name: column for column, names in HEADINGS.items() for name in names}
_MARKS: Final = re.compile(r"[,、。;:*()\"“”‘’?]")
_IN_BRACKETS = re.compile(r"\([^()]*\)$")
_UNTIL = re.compile(r"[(（]到\s*([\d〇零一二三四五六七八九十.\-/年月日号、 ]*[\d十日号])\s*(?:为止)?[)）]\s*$")

ListColumn: TypeAlias = Literal[
    "text", "point", "place", "photo", "owner", "person", "community", "on", "by", "term", "measure", "note",
    "adopted", "fact", "value", "whole", "ours",
]  # fmt: skip
"""``ours`` is what a list says of its own rows (序号) or of ours (建议一): nobody needs it again."""

JOINED: Final[frozenset[ListColumn]] = frozenset({"by", "term", "note"})
"""What may stand in several columns, each of which counts: 检查组 and 督查人. Of others the first counts."""

WHOLE: Final = "原话"
"""The heading over the line that a row is a part of."""

JOIN: Final = "并入上一行"
"""What a person writes into 采用 for a row that is no defect of its own."""

_LOOKED: Final = "(?:检查|督查|督导|巡查|巡检|排查|抽查|暗访|走访|测评|核查|核实|发现|实地查看)"
_PROBLEM: Final = "(?:问题|隐患|不足|缺陷)"
_MEANT: Final[tuple[tuple[ListColumn, str], ...]] = (
    ("ours", "序号|序|no[.]?|建议[一二三]"),
    ("adopted", "采用(?:的?标准)?"),
    ("fact", "记到实测项|实测项编号"),
    ("value", "记几|实测值"),
    ("whole", WHOLE),
    ("text", f"(?:存在|发现|检查|督查|反馈|具体|主要|突出|交办|整改|扣分|现场){{0,2}}的?(?:具体|主要|突出)?{_PROBLEM}"
             "(?:描述|内容|情况|明细|详情|说明|简述|表现|概述|事项|项|点)?|不(?:合格|符合|达标)(?:项|内容|情况)|扣分(?:原因|说明|情况)"),
    ("point", f"(?:{_LOOKED}|{_PROBLEM}|测评|所在)?点位(?:名称|名)?|(?:{_LOOKED}|所在)点|小区(?:名称|名)?"),
    ("place", f"(?:具体|详细|所在|存在|发生|{_LOOKED}|{_PROBLEM})?(?:位置|地点|地址|场所|部位|方位|路段|楼栋)(?:描述)?"),
    ("photo", f"(?:现场|{_PROBLEM}|整改前后?|{_LOOKED}|佐证)?(?:照片|图片|图|影像)(?:资料|编号|名称)?|附图"),
    ("term", "(?:整改|完成|办理|办结|销号|要求)?(?:完成|到位)?(?:时限|期限|限期|限时)(?:要求)?|(?:要求|应|计划|最迟|整改)?完成(?:时间|日期)"
             "|整改(?:时间|日期)|截止(?:时间|日期)?"),
    ("on", f"{_LOOKED}(?:时间|日期)|日期|时间"),
    ("person", "(?:整改|具体)?(?:责任|负责)人(?:员|姓名)?|整改人"),
    ("owner", "(?:整改|主要|问题)?(?:责任|牵头|整改|主责|主办|承办|认领|归口)(?:单位|主体|部门|科室|方)"),
    ("by", f"{_LOOKED}(?:单位|部门|小组|组|人员|人|员|者|科室|专班)"),
    ("community", "(?:所属|所在|责任|属地|涉及)?(?:社区|村居|村\\(社区\\))(?:名称|名)?|(?:被|受)(?:检查?|督查|督导|测评)(?:单位|社区)"),
    ("measure", "(?:拟|建议)?整改(?:措施|要求|建议|意见|办法)|处[理置](?:意见|建议)"),
    ("note", "备注|说明|其他说明"),
)  # fmt: skip
_UNIT: Final = re.compile(r"\((个?工作日|[日天]|小时)(?:内|以内)?\)")

TEXT_HEADINGS: Final = ("问题", "问题描述", "存在问题", "存在的问题")
"""What the column of problems may be called, for a hint."""


def heading(text: str) -> str:
    """A heading as names are compared, without stars and colons around it."""
    return folded(text).strip("*:")


def key(text: str) -> str:
    """A heading or label as names are compared, without punctuation."""
    return _MARKS.sub("", folded(text))


def label_index(ruleset: Ruleset) -> dict[str, str]:
    """Fact by id and by label, in the form in which headings are compared."""
    index = {key(fact.label): id for id, fact in ruleset.facts.items()}
    return index | {key(id): id for id in ruleset.facts}


def criterion_named(text: str, ruleset: Ruleset) -> str | None:
    """The id of the criterion that a cell names by its id, its title, or the id with the title behind it."""
    first = criterion_id(text.split()[0]) if text.split() else ""
    if first in ruleset.by_id:
        return first
    title = key(text)
    return next((criterion.id for criterion in ruleset.criteria if key(criterion.title) == title), None)


def near_criterion(text: str, ruleset: Ruleset) -> str:
    """The hint for a cell that names no criterion."""
    titles = {criterion.id: criterion.title for criterion in ruleset.criteria}
    return suggest(text, titles, titles)


def near_fact(text: str, ruleset: Ruleset) -> str:
    """The hint for a cell that names no fact: by labels for who wrote words, by ids for who wrote one."""
    labels = {fact.label: fact.label for fact in ruleset.facts.values()}
    return suggest(text, [*ruleset.facts, *labels] if text.isascii() else labels, labels)


def column_of(text: str) -> KnownColumn | None:
    """The column that a heading names, with or without a remark in brackets."""
    name = heading(text)
    return _COLUMN_OF.get(name) or _COLUMN_OF.get(_IN_BRACKETS.sub("", name))


def fact_of(text: str, labels: Mapping[str, str]) -> str | None:
    """The fact that a heading names, with or without its unit in brackets. ``labels`` is ``label_index``."""
    name = heading(text)
    return labels.get(key(name)) or labels.get(key(_IN_BRACKETS.sub("", name)))


def total_heading(kind: SiteKind) -> str:
    """The heading over how many sites of a kind there are in all: 小区总数."""
    return f"{kind.label}总数"


def kind_named(text: str, kinds: Mapping[str, SiteKind]) -> str | None:
    """The kind of site that a cell or a heading names by its id or its label."""
    name = key(heading(text))
    return next((id for id, kind in kinds.items() if name and name in (key(id), key(kind.label))), None)


def total_named(text: str, kinds: Mapping[str, SiteKind]) -> str | None:
    """The kind of site whose number in all a heading stands over, with or without a unit in brackets."""
    names = {key(heading(text)), key(_IN_BRACKETS.sub("", heading(text)))}
    return next((id for id, kind in kinds.items() if key(total_heading(kind)) in names), None)


def kind_columns(names: Sequence[str], ruleset: Ruleset) -> dict[int, str]:
    """The columns headed by a kind of site, by their place. 小区 alone is what many call their community; beside 社区 it is
    a site. In a table that has 点位 no other column says which site a row is about."""
    columns = [column_of(name) for name in names]
    kinds = {at: kind for at, name in enumerate(names) if (kind := kind_named(name, ruleset.site_kinds))}
    if "site" in columns or not any(c == "community" for at, c in enumerate(columns) if at not in kinds):
        return {}
    labels = label_index(ruleset)
    return {at: k for at, k in kinds.items() if columns[at] in (None, "community") and not fact_of(names[at], labels)}


def declared_text(reason: str, until: date | None) -> str:
    """A declaration in one cell."""
    return f"{reason}（到 {until}）" if until else reason


def declared_parts(text: str) -> tuple[str, str]:
    """The reason, and the last day as it is written of a declaration that does not last, else ""."""
    found = _UNTIL.search(text)
    return (text[: found.start()].strip(), found[1]) if found else (text.strip(), "")


def list_column(text: str) -> ListColumn | None:
    """The column that a heading names, whatever stands in brackets behind it; None for one that is not known."""
    name = re.sub(r"\(.*?\)$", "", heading(text)).strip("/.:")
    return next((column for column, meant in _MEANT if re.fullmatch(meant, name)), None)


def unit_of(text: str) -> str:
    """The unit of a number below a heading of time limits: ``整改时限（天）``; empty where it names none."""
    found = _UNIT.search(heading(text))
    return found[1] if found else ""
