"""The product's words, one table. Everything a community worker reads comes from here or from the rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from checklist.model.ledger import LedgerStatus

from checklist.model.rules.in_chinese import CONFIDENCE as CONFIDENCE
from checklist.model.rules.in_chinese import FLAG as FLAG
from checklist.model.rules.in_chinese import METHOD as METHOD
from checklist.model.rules.in_chinese import OVER as OVER
from checklist.model.rules.in_chinese import SCALE as SCALE
from checklist.model.rules.in_chinese import STATUS as STATUS
from checklist.model.rules.in_chinese import TIER as TIER
from checklist.model.rules.in_chinese import TRACE as TRACE

OUTCOME: Final = {
    "met": "达标",
    "partly": "部分达标",
    "unmet": "不达标",
    "unknown": "未核实",
    "not_applicable": "不适用",
}
OUTCOME_SHORT: Final = {"met": "达标", "partly": "部分", "unmet": "未达", "unknown": "未核", "not_applicable": "不适"}
OUTCOME_STYLE: Final = {
    "met": "green",
    "partly": "yellow",
    "unmet": "red",
    "unknown": "cyan",
    "not_applicable": "dim",
}
FLAG_STATE: Final = {"open": "未清", "undecided": "待核", "clear": "无"}
VERDICT: Final = {
    "veto": "触发一票否决",
    "redline": "有红线未清",
    "undecided": "红线和否决项还没核完",
    "clear": "红线和否决项全部过关",
    "none": "本测评体系没有红线和否决项",
}
HORIZON: Final = {"immediate": "立行立改", "short": "限期整改", "long": "长期推进"}
TAG: Final = {
    "N": "国家测评文本（转引）",
    "O": "其他国家规定或标准",
    "P": "省市规定或标准",
    "L": "各地创城手册或通报",
    "T": "范文或来历不明的网页",
    "S": "工作汇报原件",
    "G": "通用常识，未核实",
}
SAYS: Final = {"existence": "支持这项要求", "number": "支持其中的数字"}
STANDING: Final = {
    "superseded": "已被替代",
    "out_of_force": "已过有效期",
    "unchecked": "该再核",
    "undated": "没写日期",
    "current": "现行",
}
UNKNOWN: Final = {
    "unrecorded": "没有记录",
    "said_unknown": "记录里写着不清楚",
    "stale": "记录已过期，要重新核",
    "later": "那一天还没有记录",
    "unusable": "记录写错了，改好才能用",
    "sampled": "问的人太少，还定不了档",
}
NO_LEVEL: Final = "无档"
OURS: Final = "本库自定"
INVENTED: Final = "示例数据"
CUSTOM: Final = "自定"
DIRECTION: Final = {"tightened": "收紧", "loosened": "放宽", "mixed": "有紧有松", "rewritten": "改写"}
SCOPE: Final = {"wider": "适用的社区多了", "narrower": "适用的社区少了", "mixed": "适用的社区有增有减"}
KEY: Final = {
    "title": "名称",
    "requirement": "要求",
    "methods": "测评方法",
    "tier": "层级",
    "per": "按哪一类点位评",
    "over": "点位怎样合成",
    "flag": "红线和否决",
    "na_when": "不适用的情形",
    "evidence": "佐证材料",
    "owner": "责任单位",
    "actions": "整改措施",
    "keywords": "关键词",
    "sources": "依据",
    "records": "只记录的实测项",
    "notes": "说明",
    "phrases": "说法",
    "status": "状态",
}
"""The written keys of a criterion that do not grade."""
KIND_OF_CHANGE: Final = {"replace": "改", "add": "增", "drop": "删", "change": "改几处", "frame": "改"}


def level_word(level: str | None) -> str:
    if not level:
        return NO_LEVEL
    return f"{level} 档" if level.isascii() else f"{level}档"


REMAINS: Final = {
    "no_action": "规则里没有对应的整改措施",
    "no_help": "现有措施够不着，或者要先核实相关实测项",
    "too_late": "有措施，但到期限做不完",
    "ruled_out": "有措施，但按条件排除了",
    "not_chosen": "有措施，限额内没有排上，或者目标不需要",
}
LEFT_OUT: Final = {
    "excluded": "按要求排除",
    "other_owner": "不归这个单位",
    "too_late": "到期限做不完",
    "needs_missing": "前面要先做的措施不在方案里",
    "unknown_only": "对应的标准还没核实",
    "no_site": "没有列出一处能做它的点位",
}
SEVERITY: Final = {"veto": "一票否决", "redline": "红线", "": "一般"}
LEDGER_STATUS: Final[dict[LedgerStatus, str]] = {
    "relapsed": "反弹",
    "overdue": "超期",
    "submitted": "待核验",
    "doing": "整改中",
    "open": "待交办",
    "not_applicable": "已声明不适用",
    "closed": "已销号",
    "rechecked": "复查通过",
}
LEDGER_STYLE: Final[dict[LedgerStatus, str]] = {
    "relapsed": "bold red",
    "overdue": "bold red",
    "submitted": "cyan",
    "doing": "yellow",
    "open": "",
    "not_applicable": "dim",
    "closed": "green",
    "rechecked": "green",
}
LEDGER_WORDS: Final = {
    **SEVERITY,
    "source": "自查",
    "opened": "发现",
    "entered": "登记",
    "term": "清单写的时限：",
    "our_term": "清单没写时限，按规则里的天数定",
    "choices": "整改措施请选：",
    "flagged": "这条标准带红线或否决，请定严重程度",
    "closed": "销号",
    "rechecked": "复查通过",
    "relapsed": "反弹",
    "reported": "报整改",
    "sent_back": "退回",
    "verified": "核验销号",
    "met": "达标",
    "gone": "点位不再算了",
    "claimed": "已声明不适用",
    "by_facts": "按记录不适用",
    "unclaimed": "不再声明不适用，重新打开",
    "passed": "通过",
    "failed": "不通过",
}
