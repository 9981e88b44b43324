"""Ledger + what an inspection found → ledger: an entry for each defect, never a second for the same one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from checklist.engine.ledger.fitting_actions import ActionFinder
from checklist.engine.ledger.updating import severity
from checklist.model.as_seen import as_seen
from checklist.model.ledger import MARK, Defect, Ledger, LedgerEntry, LedgerStatus
from checklist.model.problems import NotAValue
from checklist.model.results.assessment import Assessment
from checklist.model.time_limits import due_day
from checklist.values.look_alikes import folded, known_ids


def enter(
    ledger: Ledger,
    assessment: Assessment,
    defects: Iterable[Defect],
    today: date,
    words: Mapping[str, str],
    statuses: Mapping[LedgerStatus, str],
) -> tuple[Ledger, tuple[LedgerEntry, ...]]:
    """The ledger with the defects that it did not have, and their records.

    A defect is known again by its day, point and words: another criterion for it opens no second record. ``words``
    names severities and events, ``statuses`` the status of a new record on ``today``. Its time limit is the day that
    the list names; only where the list says nothing the action tells how many days after the day of finding, and the
    remark says that this is ours. Nobody but a person closes it: an assessment never does.
    """
    community = assessment.state.community
    known = {
        id.rsplit("/", 1)[1]
        for id in (folded(r.text("编号")) for r in ledger.records)
        if id.partition("/")[0] in known_ids(community)
    }
    finder = ActionFinder(assessment.ruleset)
    entered, new = set(known), []
    for defect in defects:
        others = {mark(replace(defect, text=text)) for text in defect.known_as}
        if (name := mark(defect)) not in entered and not others & known:
            entered.add(name)
            record = _record(assessment, defect, today, words, finder)
            new.append(record.put({"状态": statuses[record.status(today)]}))
    return ledger.with_records((*ledger.records, *new)), tuple(new)


def mark(defect: Defect) -> str:
    """What tells one defect from another in the ledger."""
    return f"{MARK}{digest(defect)}"


def digest(defect: Defect) -> str:
    """Eight characters that tell one defect from another, however blanks and punctuation are written."""
    said = (str(defect.on or ""), defect.point, defect.text)
    plain = (re.sub(r"[\W_]", "", as_seen(part)).lower() for part in said)
    return hashlib.sha256(chr(0).join(plain).encode()).hexdigest()[:8]


def _record(
    assessment: Assessment, defect: Defect, today: date, words: Mapping[str, str], finder: ActionFinder
) -> LedgerEntry:
    community, criterion = assessment.state.community, assessment.ruleset.criterion(defect.criterion)
    found = defect.on or today
    serious, doubt = _serious(assessment, defect.criterion, words)
    remedy, open_questions = _remedy(finder, defect, found, words)
    term = f"{words['term']}{defect.term}" if defect.term and not defect.lasting and not _is_day(defect) else ""
    cells = {
        "编号": f"{community.id}/{criterion.id}/{mark(defect)}",
        "街道": community.street,
        "社区": community.name,
        "来源": defect.by,
        "发现时间": found.isoformat(),
        "点位": defect.point,
        "问题描述": defect.text,
        "对应标准": criterion.id,
        "测评项目": criterion.title,
        "责任单位": defect.owner,
        "责任人": defect.person,
        "整改措施": defect.measure,
        "时限": defect.due.isoformat() if defect.due else defect.term if defect.lasting else "",
        "整改前后照片": defect.photo,
        "经过": f"{found} {words['opened']}；{today} {words['entered']}",
        "严重程度": serious,
        "备注": "；".join(filter(None, (defect.remarks, term, *open_questions, doubt))),
    }
    return LedgerEntry(cells).fill(remedy)


def _is_day(defect: Defect) -> bool:
    """Whether the list's own words are the day and nothing else, so that nobody needs them again."""
    try:
        return defect.due is not None and due_day(defect.term, None) == defect.due
    except NotAValue:
        return False


def _remedy(
    finder: ActionFinder, defect: Defect, found: date, words: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The action that fits the defect's words, who does it and by when; and what is left to a person."""
    criterion = finder.ruleset.criterion(defect.criterion)
    action, choices = finder.fitting(criterion, defect.text, defect.fact)
    if action is None:
        open_ = (
            f"{words['choices']}{' / '.join(one.label for one in choices)}" if choices and not defect.measure else ""
        )
        return {"责任单位": "、".join(criterion.owner)}, (open_,)
    told = {"责任单位": "、".join(action.owner), "整改措施": action.label}
    if defect.measure or defect.term:  # whose days would they be?
        return told, ()
    return told | {"时限": (found + timedelta(days=action.lead_days)).isoformat()}, (words["our_term"],)


def _serious(assessment: Assessment, criterion: str, words: Mapping[str, str]) -> tuple[str, str]:
    """How serious, and what a person has to decide: a red line is called one only where the record says it is open."""
    finding = next((f for f in assessment.findings if f.criterion.id == criterion), None)
    kind = severity(finding) if finding is not None else ""
    flag = assessment.ruleset.criterion(criterion).flag
    if flag is not None and not kind:
        return "", words["flagged"]
    return words[kind], ""
