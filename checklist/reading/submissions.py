"""Submissions from ODK and Kobo (CSV or JSON) of the field form → answers, each with its place in the file.

ODK Central exports columns as ``part_1-about_potholes-potholes``, Kobo as ``part_1/about_potholes/potholes``, their
JSON nests or joins the same names; only the last name counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ..model.facts import Fact
from ..model.problems import FilesHaveProblems, Problem, Where, in_order
from ..model.refusals import reason
from ..model.ruleset import Ruleset
from ..model.state import Community, Reading
from ..model.xlsform import AGREE, ASKED, BY, COMMUNITY, NONE_OF, NOTE, ON, PHOTO, REASONS, RULESET, UNSURE
from .cells import plain
from .filled import Defaults, Filled
from .lenient import Answer, lenient_date, lenient_value
from .sheets import MAX_BYTES, decode, read_sheets
from .values import NotAValue

Cells = Mapping[str, tuple[str, Where]]
"""One submission: name → what was answered, and where that stands."""

_SEPARATOR = re.compile(r"[/:.\-]")
_EMPTY: Final = frozenset({"", "n/a"})
_SUBMITTER: Final = (BY, "_submitted_by", "SubmitterName", "submitterName")
_DAY: Final = (ON, "_submission_time", "SubmissionDate", "submissionDate")


def is_submissions(path: Path) -> bool:
    """A JSON file, or a CSV whose headings name our hidden field."""
    suffix = path.suffix.lower()
    if suffix != ".csv":
        return suffix == ".json"
    try:
        with path.open("rb") as file:
            return RULESET.encode("ascii") in file.readline(1_000_000)
    except OSError:
        return False


def read_submissions(
    path: Path, ruleset: Ruleset, today: date, given: Defaults | None = None, shown: str | None = None
) -> tuple[tuple[Filled, ...], tuple[Problem, ...]]:
    """What each submission answers, and every mistake. Raises FilesHaveProblems when the file is none of the two."""
    shown = shown or str(path)
    reader = _Reader(ruleset, today, given or Defaults(), shown)
    rows = _json_rows(path, shown) if path.suffix.lower() == ".json" else _csv_rows(path, shown)
    for cells in rows:
        reader.submission(cells)
    if not reader.seen:
        says = "这里没有本程序的 XLSForm 收来的提交"
        hint = "Kobo 导出时选“XML values and headers”，ODK Central 导出 .csv 或 OData 的 JSON"
        raise FilesHaveProblems([Problem(Where(shown), "E227", says, hint)])
    return tuple(reader.filled), in_order(reader.problems)


class _Reader:
    def __init__(self, ruleset: Ruleset, today: date, given: Defaults, shown: str) -> None:
        self.ruleset, self.today, self.given, self.shown = ruleset, today, given, shown
        self.filled: list[Filled] = []
        self.problems: list[Problem] = []
        self.seen = 0

    def submission(self, cells: Cells) -> None:
        """One submission; those of another form, and rejected ones, are left out."""
        if RULESET not in cells:
            return
        self.seen += 1
        made_for, where = cells[RULESET]
        if _text(cells, "reviewState") == "rejected" or _text(cells, "ReviewState") == "rejected":
            return
        if made_for and made_for != self.ruleset.id:
            says = f"这份表单是按 {made_for} 做的，现在按 {self.ruleset.id} 读"
            self.problems.append(Problem(where, "W233", says, "编号对得上的照读"))
        by = next(filter(None, (_text(cells, name) for name in _SUBMITTER)), "") or self.given.by
        filled = Filled(self._community(cells), as_of=self._day(cells))
        photos = 0
        for fact in self.ruleset.facts.values():
            reading = self._reading(cells, fact, by, filled.as_of or self.today)
            if reading is not None:
                filled.readings.append(reading)
            photos += bool(_text(cells, fact.id + PHOTO))
        if photos:
            says = f"有 {photos} 张照片没有随表带来"
            self.problems.append(
                Problem(where, "W235", says, "从 ODK、Kobo 下载附件，再用 checklist evidence add 登记")
            )
        self.filled.append(filled)

    def _community(self, cells: Cells) -> Community | None:
        id = _text(cells, COMMUNITY)
        return Community(id, id) if id else None

    def _day(self, cells: Cells) -> date:
        name = next((name for name in _DAY if _text(cells, name)), None)
        if name is None:
            return self.given.on or self.today
        text, where = cells[name]
        try:
            on = lenient_date(text[:10], self.today)
        except NotAValue as reason:
            self.problems.append(Problem(where, reason.code, reason.says, reason.hint))
            return self.given.on or self.today
        if on > self.today:
            self.problems.append(Problem(where, "E217", f"核实日期 {on} 还没到", "按今天算；看看手机日期对不对"))
        return min(on, self.today)

    def _reading(self, cells: Cells, fact: Fact, by: str, on: date) -> Reading | None:
        note = _text(cells, fact.id + NOTE)
        unsure = _text(cells, fact.id + UNSURE)
        if unsure:
            where = cells[fact.id + UNSURE][1]
            return Reading(fact.id, None, on, by, note, unknown=REASONS.get(unsure, unsure), where=where)
        name, text = _answer(cells, fact)
        where = cells[name][1] if name in cells else Where(self.shown)
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
    if fact.type == "set" and text:
        chosen = text.split()
        return fact.id, "无" if chosen == [NONE_OF] else ",".join(chosen)
    if fact.type == "ratio" and text and not text.endswith("%"):
        return fact.id, f"{text}%"
    return fact.id, text


def _text(cells: Cells, name: str) -> str:
    text = cells[name][0].strip() if name in cells else ""
    return "" if text.lower() in _EMPTY else text


def _csv_rows(path: Path, shown: str) -> Iterator[Cells]:
    (sheet,) = read_sheets(path, shown)
    names: dict[str, int] = {}
    for column, heading in enumerate(sheet.rows[0] if sheet.rows else ()):
        names.setdefault(_SEPARATOR.split(plain(heading))[-1], column)
    for row in range(1, len(sheet.rows)):
        yield {name: (str(sheet.at(row, at) or ""), sheet.where(row, at)) for name, at in names.items()}


def _json_rows(path: Path, shown: str) -> Iterator[Cells]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _refuse(shown, "E101", f"文件打不开：{reason(error)}") from error
    if len(data) > MAX_BYTES:
        raise _refuse(shown, "E103", f"文件太大，最多 {MAX_BYTES // 1_000_000} MB")
    try:
        told = json.loads(decode(data, shown), parse_float=Decimal)
        rows = told if isinstance(told, list) else next(told[k] for k in ("results", "value") if k in told)
        for number, row in enumerate(rows, 1):
            if isinstance(row, dict):
                yield dict(_flat(row, shown, number))
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise _refuse(shown, "E102", "不是 ODK 或 Kobo 导出的 JSON") from None


def _flat(row: Mapping[str, Any], shown: str, number: int) -> Iterator[tuple[str, tuple[str, Where]]]:
    for key, value in row.items():
        name = _SEPARATOR.split(key)[-1]
        if isinstance(value, dict):
            yield from _flat(value, shown, number)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            yield name, (str(value), Where(shown, cell=f"第 {number} 份 {name}"))


def _refuse(shown: str, code: str, says: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(shown), code, says, "重新导出一次")])
