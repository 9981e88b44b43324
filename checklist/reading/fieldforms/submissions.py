"""Submissions from ODK and Kobo of the field form → answers, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from checklist.model.field_form import (
    AGREE,
    ASKED,
    BY,
    COMMUNITY,
    NOT_LISTED,
    NOT_LISTED_LABEL,
    NOTE,
    ON,
    OTHER,
    PHOTO,
    REASONS,
    RULESET,
    UNSURE,
    VISITED,
    WHICH,
)  # fmt: skip
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where, in_order
from checklist.model.rules.facts import NEVER, Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.state import Community, Reading, Site
from checklist.reading.fieldforms.form_headings import OPTION, Cells, chosen_options
from checklist.reading.fieldforms.odk_files import (
    STATUS,
    Submission,
    is_read_with_its_main,
    is_submissions,
    submission_rows,
)
from checklist.reading.fieldforms.pages import Page, incomplete
from checklist.reading.records.readings import Attached, Defaults, TableAnswers
from checklist.values.answer import Answer, lenient_value
from checklist.values.days import day_in
from checklist.values.look_alikes import folded, made_up_id
from checklist.values.none import says_none

__all__ = ["is_submissions", "read_submissions"]

_EMPTY: Final = frozenset({"", "n/a"})
_SUBMITTER: Final = (BY, "_submitted_by", "SubmitterName", "submitterName")
_SUBMITTED: Final = ("_submission_time", "SubmissionDate", "submissionDate")
"""When the server got it, by Greenwich's clock; the exports of Kobo do not say so."""

_ZONE: Final = re.compile(r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$")
_SITE_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_ID: Final = ("_uuid", "instanceID", "__id", "KEY")
_REFUSED: Final = frozenset({"rejected", "not approved", "validation_status_not_approved", "未批准", "未通过"})


def read_submissions(
    path: Path,
    ruleset: Ruleset,
    today: date,
    given: Defaults | None = None,
    shown: str | None = None,
    pages: list[Page] | None = None,
) -> tuple[tuple[TableAnswers, ...], tuple[Problem, ...]]:
    """What each submission answers, and every mistake. ``pages`` hears of a page of a download, for whoever reads
    several together; without it a page that is not all is a mistake. Raises FilesHaveProblems when the file holds none.
    """
    shown = shown or str(path)
    reader = _Reader(ruleset, today, given or Defaults(), shown)
    here: list[Page] = []
    for submission in submission_rows(path, ruleset, shown, reader.problems, here):
        reader.submission(submission)
    if pages is None:
        reader.problems += incomplete(here)
    else:
        pages += here
    if not reader.seen and not is_read_with_its_main(path):
        says = "这里没有本程序的 XLSForm 收来的提交"
        hint = "从 Kobo 导出 .xlsx、.csv，从 ODK Central 导出 .csv 或 OData 的 JSON，不要删列"
        raise FilesHaveProblems([Problem(Where(shown), "E227", says, hint)])
    for count, says in ((reader.refused, "没有通过审核，没有收"), (reader.twice, "在这个文件里有两遍，收了一遍")):
        if count:
            reader.problems.append(Problem(Where(shown), "W236", f"{count} 份提交{says}", "要收就在服务器上改好再导出"))
    return tuple(reader.filled), in_order(reader.problems)


class _Reader:
    def __init__(self, ruleset: Ruleset, today: date, given: Defaults, shown: str) -> None:
        self.ruleset, self.today, self.given, self.shown = ruleset, today, given, shown
        self.filled: list[TableAnswers] = []
        self.problems: list[Problem] = []
        self.ids: set[str] = set()
        self.seen = self.refused = self.twice = 0

    def submission(self, submission: Submission) -> None:
        """One submission; those of another form, refused ones and second copies are left out."""
        cells = submission.cells
        if RULESET not in cells:
            return
        self.seen += 1
        made_for, where = cells[RULESET]
        status = (_text(cells, name).lower() for name in ("reviewState", "ReviewState", STATUS))
        if not _REFUSED.isdisjoint(status):
            self.refused += 1
            return
        id = next(filter(None, (_text(cells, name) for name in _ID)), "").removeprefix("uuid:")
        if id in self.ids:
            self.twice += 1
            return
        self.ids |= {id} if id else set()
        if made_for and made_for != self.ruleset.id:
            says = f"这份表单是按 {made_for} 做的，现在按 {self.ruleset.id} 读"
            self.problems.append(Problem(where, "W233", says, "编号对得上的照读"))
        by = next(filter(None, (_text(cells, name) for name in _SUBMITTER)), "") or self.given.by
        filled = TableAnswers(self._community(cells), as_of=self._day(cells))
        self._answers(filled, cells, self.ruleset.facts.values(), id, by, "")
        for kind in self.ruleset.site_kinds.values():
            self._rounds(filled, submission, kind, id, by)
        self.filled.append(filled)

    def _answers(self, filled: TableAnswers, cells: Cells, facts: Iterable[Fact], id: str, by: str, site: str) -> None:
        """What was answered to these facts in the community or, if ``site`` is its id, at a site."""
        for fact in facts:
            reading = self._reading(cells, fact, by, filled.as_of or self.today)
            if reading is not None:
                filled.readings.append(replace(reading, site=site))
            if photo := _text(cells, fact.id + PHOTO):
                filled.attached.append(Attached(fact.id, photo, id, by, cells[fact.id + PHOTO][1], site))

    def _rounds(self, filled: TableAnswers, submission: Submission, kind: SiteKind, id: str, by: str) -> None:
        """What was answered at each site of a kind; that some of it is missing is said."""
        rounds = [cells for cells in submission.sites if WHICH + kind.id in cells or OTHER + kind.id in cells]
        visited = _text(submission.cells, VISITED + kind.id)
        if visited.isdecimal() and int(visited) > len(rounds):
            says = f"这一份看了 {visited} 处{kind.label}，这里只有 {len(rounds)} 处的回答"
            hint = "ODK Central 下载整个 .zip，或 OData 加 $expand=*；Kobo 导出 .xlsx 或 JSON"
            self.problems.append(Problem(submission.cells[VISITED + kind.id][1], "E238", says, hint))
        facts = [self.ruleset.facts[fact] for fact, of in self.ruleset.site_facts.items() if of == kind.id]
        for cells in rounds:
            site = self._site(cells, kind)
            if site is not None:
                filled.sites += [site] if all(one.id != site.id for one in filled.sites) else []
                self._answers(filled, cells, facts, id, by, site.id)

    def _site(self, cells: Cells, kind: SiteKind) -> Site | None:
        """The site that was chosen from the list, or the one whose name was typed; None, and said, for neither."""
        name = WHICH + kind.id
        told = _text(cells, name)
        if not told or told == NOT_LISTED or folded(told) == folded(NOT_LISTED_LABEL):
            name = OTHER + kind.id if OTHER + kind.id in cells else name
            told = _text(cells, name)
        where = cells[name][1] if name in cells else Where(self.shown)
        if not told or told == NOT_LISTED:
            says = f"没有说是哪一处{kind.label}，这一处的回答没有收"
            self.problems.append(Problem(where, "E249", says, "在服务器上补上名称再导出"))
            return None
        id = told if _SITE_ID.fullmatch(told) else made_up_id(told)
        return Site(id, kind.id, told, where=where)

    def _community(self, cells: Cells) -> Community | None:
        id = _text(cells, COMMUNITY)
        return Community(id, id) if id else None

    def _day(self, cells: Cells) -> date:
        name = next((name for name in (ON, *_SUBMITTED) if _text(cells, name)), None)
        if name is None:
            return self.given.on or self.today
        text, where = cells[name]
        try:
            on = day_in(f"{text}Z" if name != ON and _ZONE.search(text) else text, self.today)
        except NotAValue as reason:
            self.problems.append(Problem(where, reason.code, reason.says, reason.hint))
            return self.given.on or self.today
        if on > self.today:
            self.problems.append(Problem(where, "E217", f"核实日期 {on} 还没到", "按今天算；看看手机日期对不对"))
        return min(on, self.today)

    def _reading(self, cells: Cells, fact: Fact, by: str, on: date) -> Reading | None:
        note = _text(cells, fact.id + NOTE)
        unsure = _text(cells, fact.id + UNSURE)
        if unsure and not (fact.none_is is NEVER and says_none(unsure)):
            where = cells[fact.id + UNSURE][1]
            return Reading(fact.id, None, on, by, note, unknown=REASONS.get(unsure, unsure), where=where)
        name, text = (fact.id + UNSURE, unsure) if unsure else _answer(cells, fact)
        places = (key for key in cells if key == name or key.startswith(f"{fact.id}{OPTION}"))
        where = next((cells[key][1] for key in places), Where(self.shown))
        try:
            answer = lenient_value(fact, text) if text else None
            if answer is None:
                return None
            if isinstance(answer.value, date) and answer.value > self.today:
                raise NotAValue("E217", f"“{fact.label}”的日期 {answer.value} 还没到")
        except NotAValue as reason:
            self.problems.append(Problem(where, reason.code, reason.says, reason.hint))
            return None
        return replace(_bare(fact, answer, on), by=by, note=_joined(note, answer.remark), where=where)


def _bare(fact: Fact, answer: Answer, on: date) -> Reading:
    return Reading(fact.id, answer.value, on, unknown=answer.unknown, sample=answer.sample)


def _joined(note: str, remark: str) -> str:
    return "；".join(filter(None, (note, remark)))


def _answer(cells: Cells, fact: Fact) -> tuple[str, str]:
    """Where a fact's answer stands and what it is, as one would write it in a table."""
    agree, asked = _text(cells, fact.id + AGREE), _text(cells, fact.id + ASKED)
    if agree and asked:
        return fact.id + AGREE, f"{agree}/{asked}"
    text = _text(cells, fact.id)
    if fact.type == "set":
        return fact.id, chosen_options(cells, fact, text)
    if fact.type == "ratio" and text and not text.endswith("%"):
        return fact.id, f"{text}%"
    return fact.id, text


def _text(cells: Cells, name: str) -> str:
    text = cells[name][0].strip() if name in cells else ""
    return "" if text.lower() in _EMPTY else text
