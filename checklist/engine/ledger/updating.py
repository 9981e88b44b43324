"""Ledger + a dated assessment → ledger: open what is new, close what is met, note what came back. Nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from checklist.engine.ledger.looks import LedgerLook, looks
from checklist.model.ledger import Ledger, LedgerEntry, LedgerStatus
from checklist.model.results.assessment import Assessment, Finding, Gap
from checklist.model.results.graded import GradedAt
from checklist.model.rules.ruleset import Action
from checklist.values.look_alikes import folded, known_ids

UNSAID = ("核查时间", "反弹次数", "退回次数", "退回时间")
"""Columns that only count: what stood there before says nothing."""

Describe = Callable[[Assessment, Gap], str]
"""A gap's present state in words; the roof brings the words."""


def update(
    ledger: Ledger,
    assessment: Assessment,
    describe: Describe,
    words: Mapping[str, str],
    *,
    assign: bool = False,
) -> Ledger:
    """The ledger after this day's assessment of one community.

    Records of other communities, criteria that nobody could judge, and days before a record's last check stay as they
    are. A record is about the criterion and the site that its 编号 names, whether or not 对应标准 and 点位 are filled in;
    one of a whole community that has sites stays until every site is met. ``words`` names severities (veto, redline,
    plain), the source and the events. ``assign`` enters the assessment's day as the day of assignment where none stands.
    """
    ids = known_ids(assessment.state.community)
    today = list(looks(assessment))
    named = {folded(identity(id, look.graded.key)): look for look in today for id in ids}
    records, found = [], set()
    for record in ledger.records:
        look = named.get(folded(record.text("编号")))
        if look is not None:
            found.add(look.graded.key)
        if look is not None and not record.faulty:
            criterion = look.graded.criterion
            street = assessment.state.community.street
            record = record.fill({"街道": street, "对应标准": criterion.id, "测评项目": criterion.title})
            record = _checked(record, assessment, look, describe, words)
            record = _assigned(record, assessment.as_of) if assign else record
        records.append(record)
    for look in today:
        if look.gap is not None and look.opens and look.graded.key not in found:
            new = _opened(assessment, look.graded, look.gap, describe, words)
            records.append(_assigned(new, assessment.as_of) if assign else new)
    return ledger.with_records(records)


def identity(community: str, graded: str) -> str:
    """``taoli/ENV-10``, at a site ``taoli/ENV-10#a``: the site by its id, which stays when it is renamed."""
    return f"{community}/{graded}"


def _opened(
    assessment: Assessment, graded: GradedAt, gap: Gap, describe: Describe, words: Mapping[str, str]
) -> LedgerEntry:
    day, finding = assessment.as_of, gap.finding
    community, criterion = assessment.state.community, graded.criterion
    now = describe(assessment, gap)
    cells = {
        "编号": identity(community.id, graded.key),
        "街道": community.street,
        "社区": community.name,
        "来源": words["source"],
        "发现时间": day.isoformat(),
        "点位": graded.site.name if graded.site else "",
        "问题描述": now,
        "现状": now,
        "对应标准": criterion.id,
        "测评项目": criterion.title,
        "严重程度": words[severity(finding)],
        "整改前后照片": "、".join(dict.fromkeys(defect.photo for defect in gap.defects if defect.photo)),
        "核查时间": day.isoformat(),
        "经过": f"{day} {words['opened']}",
    }
    return LedgerEntry(cells).fill(_remedy(assessment, gap, day))


def _remedy(assessment: Assessment, gap: Gap, day: date) -> dict[str, str]:
    """The action that wins most alone, who does it and by when."""
    action: Action | None = next((r.action for r in gap.remedies if r.helps), None)
    if action is None:
        return {"责任单位": "、".join(gap.finding.criterion.owner)}
    due = day + timedelta(days=action.lead_days)
    return {"责任单位": "、".join(action.owner), "整改措施": action.label, "时限": due.isoformat()}


def severity(finding: Finding) -> str:
    flag = finding.criterion.flag
    return flag.kind if flag is not None and finding.flag == "open" else ""


def _checked(
    record: LedgerEntry,
    assessment: Assessment,
    look: LedgerLook,
    describe: Describe,
    words: Mapping[str, str],
) -> LedgerEntry:
    """One record against a later day. An undecided criterion changes nothing: it is neither closed nor back; nor does a
    settled record of the community come back for a site that has a record of its own. What does not apply any more is
    set aside with the reason, and open again as soon as that is no longer said."""
    day, last, closed = assessment.as_of, record.day("核查时间"), record.day("销号时间")
    if last is not None and day <= last:
        return record
    seen, gap, site = {"核查时间": day.isoformat()}, look.gap, look.graded.site
    if site is not None and folded(site.name) not in folded(record.text("点位")):
        seen["点位"] = site.name
    if look.finding is None or look.finding.outcome == "not_applicable":
        reason = words["gone"] if look.finding is None else look.finding.reason or words["by_facts"]
        return record if record.settled else _set_aside(record, seen, day, f"{words['claimed']}：{reason}")
    fell = words["unclaimed"] if record.claimed else ""
    seen |= {"不适用时间": ""} if fell else {}
    if gap is not None:
        seen |= {"现状": describe(assessment, gap), "严重程度": words[severity(look.finding)]}
        if not record.settled:
            return rewritten(record, seen, day, fell).fill(_remedy(assessment, gap, day))
        if not look.opens or (closed is not None and day <= closed):
            return record
        return _relapsed(rewritten(record, seen, day), assessment, gap, words)
    if look.finding.outcome == "unknown":
        return rewritten(record, {**seen, "现状": fell}, day, fell) if fell else record
    seen["现状"] = words["met"]
    if not record.settled:
        return rewritten(record, {**seen, "销号时间": day.isoformat()}, day, words["closed"])
    if record.text("复查结果"):
        return rewritten(record, seen, day)
    again = {"复查时间": day.isoformat(), "复查结果": words["passed"]}
    return rewritten(record, {**seen, **again}, day, words["rechecked"])


def _set_aside(record: LedgerEntry, seen: Mapping[str, str], day: date, says: str) -> LedgerEntry:
    """Neither closed nor to be done; the day is the first on which that was said."""
    changes = {**seen, "现状": says}
    return rewritten(record, changes if record.claimed else {**changes, "不适用时间": day.isoformat()}, day, says)


def _relapsed(record: LedgerEntry, assessment: Assessment, gap: Gap, words: Mapping[str, str]) -> LedgerEntry:
    """A closed gap that is back: a new term, and the recheck that failed on record."""
    day, times = assessment.as_of, record.text("反弹次数")
    changes = {
        "反弹时间": day.isoformat(),
        "反弹次数": str(int(times) + 1 if times.isdecimal() else 1),
        "复查时间": day.isoformat(),
        "复查结果": words["failed"],
        "提交时间": "",
        "时限": _remedy(assessment, gap, day).get("时限", ""),
    }
    return rewritten(record, changes, day, words["relapsed"])


def rewritten(record: LedgerEntry, changes: Mapping[str, str], day: date, event: str = "") -> LedgerEntry:
    """Write new texts; whatever stood there before moves into the history, so that nothing written is ever lost."""
    old = [
        f"原{column} {record.text(column)}"
        for column, text in changes.items()
        if column not in UNSAID and record.text(column) and record.text(column) != text
    ]
    if not event and not old:
        return record.put(changes)
    says = event + (f"（{'，'.join(old)}）" if old else "") if event else "，".join(old)
    history = "；".join(part for part in (record.text("经过"), f"{day} {says}") if part)
    return record.put({**changes, "经过": history})


def _assigned(record: LedgerEntry, day: date) -> LedgerEntry:
    return record.fill({"交办时间": day.isoformat()}) if record.open else record


def with_status(ledger: Ledger, today: date, words: Mapping[LedgerStatus, str]) -> Ledger:
    """The status column as of a day. A status in somebody's own words stays, and moves to the history when closed or set
    aside."""
    known = {*words.values(), ""}
    records = []
    for record in ledger.records:
        status, own = record.status(today), record.text("状态") not in known
        if record.faulty:
            records.append(record)
        elif not own:
            records.append(record.put({"状态": words[status]}))
        elif not record.open:
            records.append(rewritten(record, {"状态": words[status]}, today))
        else:
            records.append(record)
    return replace(ledger, records=tuple(records))
