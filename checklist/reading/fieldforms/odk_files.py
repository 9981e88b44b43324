"""What ODK Central and Kobo export of the field form (CSV, JSON, Excel) → each submission by our own names.

ODK Central heads a column ``part_1-about_potholes-potholes``, Kobo ``part_1/about_potholes/potholes`` or, unless told
otherwise, with the question as it was asked; ``|``, ``__`` and `` > `` part groups too. JSON nests or joins the same names. A question with several answers is
one column, or one for each option with 0 and 1 in it, or both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from checklist.model.field_form import (
    AGREE,
    ASKED,
    ASKED_LABEL,
    BY,
    BY_LABEL,
    NEVER_OR_UNSURE_LABEL,
    NONE_LABEL,
    NONE_OF,
    NOTE,
    NOTE_LABEL,
    ON,
    ON_LABEL,
    PHOTO,
    PHOTO_LABEL,
    RULESET,
    UNSURE,
    UNSURE_LABEL,
    agree_label,
    is_sample,
    question_label,
)  # fmt: skip
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.regular_files import open_regular
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.pages import Page, page_of
from checklist.reading.tables.spreadsheet import BOOKS, Sheet, read_sheets, read_whole
from checklist.reading.tables.table_body import body_of
from checklist.reading.tables.text_tables import decode
from checklist.values.cells import RawCell, plain, words
from checklist.values.look_alikes import folded

Cells = Mapping[str, tuple[str, Where]]
"""One submission: name → what was answered, and where that stands. ``fact/option`` is a column of its own."""

OPTION: Final = "/"
STATUS: Final = "_validation_status"
_ENDINGS: Final = "|".join(ending.removeprefix("__") for ending in (UNSURE, PHOTO, NOTE, AGREE, ASKED))
_GROUP = re.compile(rf"\s*[/|>]\s*|(?<=[^_])__(?=[^_])(?!(?:{_ENDINGS})$)")
"""What parts a group from what stands in it, in names and in labels."""
_SEPARATOR = re.compile(rf"[:.\-]|{_GROUP.pattern}")


def is_submissions(path: Path) -> bool:
    """A JSON file, or a table whose headings name our hidden field."""
    suffix = path.suffix.lower()
    if suffix in BOOKS:
        try:
            return _sheet(read_sheets(path)) is not None
        except FilesHaveProblems:
            return False  # whoever reads it next says why
    if suffix != ".csv":
        return suffix == ".json"
    try:
        with open_regular(path) as file:
            return RULESET.encode("ascii") in file.readline(1_000_000)
    except OSError:
        return False


def submission_rows(
    path: Path, ruleset: Ruleset, shown: str, problems: list[Problem], pages: list[Page]
) -> Iterator[Cells]:
    """Every submission of the file; ``problems`` hears of rows that are none, ``pages`` of what a server may have sent
    in several files. Raises FilesHaveProblems when it cannot be read."""
    if path.suffix.lower() == ".json":
        yield from _json_rows(path, shown, pages)
        return
    sheet = _sheet(read_sheets(path, shown))
    if sheet is None:
        return
    names = Headings(ruleset).columns(sheet.rows[0])
    body = body_of(sheet, 0, ())
    problems += body.problems
    for row in body.rows:
        yield {name: (words(sheet.at(row, at)), sheet.where(row, at)) for name, at in names.items()}


def _sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    heads = ((sheet, sheet.rows[0]) for sheet in sheets if sheet.rows)
    return next((s for s, row in heads if any(_last(cell) == RULESET for cell in row)), None)


def _last(heading: RawCell) -> str:
    return _SEPARATOR.split(plain(heading))[-1]


class Headings:
    """Names for columns: by the form's own names, or by its questions; 备注, 照片 and the like belong to the question
    that stands before them."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.sets: dict[str, dict[str, str]] = {}
        self.labels = {folded(BY_LABEL): BY, folded(ON_LABEL): ON}
        self.facts = ruleset.facts
        for fact in ruleset.facts.values():
            name, label = (fact.id + AGREE, agree_label(fact)) if is_sample(fact) else (fact.id, question_label(fact))
            self.labels[folded(label)] = name
            if fact.type == "set":
                ids = {folded(id): id for id in (*fact.options, NONE_OF)}
                labels = {folded(label): id for id, label in (*fact.options.items(), (NONE_OF, NONE_LABEL))}
                self.sets[fact.id] = labels | ids
        self.after = {
            folded(UNSURE_LABEL): UNSURE,
            folded(NEVER_OR_UNSURE_LABEL): UNSURE,
            folded(NOTE_LABEL): NOTE,
            folded(ASKED_LABEL): ASKED,
        }

    def columns(self, headings: Sequence[RawCell]) -> dict[str, int]:
        found: dict[str, int] = {}
        asked = ""
        for at, heading in enumerate(headings):
            name = self._name(plain(heading), asked)
            found.setdefault(name, at)
            first = name.split(OPTION)[0].removesuffix(AGREE)
            asked = first if first in self.facts else asked
        return found

    def _name(self, text: str, asked: str) -> str:
        return self._option(text) or self._label(text, asked) or _last(text)

    def _option(self, text: str) -> str:
        for mark in _GROUP.finditer(text):
            fact = self._label(text[: mark.start()], "") or _last(text[: mark.start()])
            option = self.sets.get(fact, {}).get(folded(text[mark.end() :]))
            if option:
                return f"{fact}{OPTION}{option}"
        return ""

    def _label(self, text: str, asked: str) -> str:
        """The question itself or, behind groups, its last part."""
        for start in (0, *(m.end() for m in _GROUP.finditer(text))):
            told = folded(text[start:])
            if told in self.labels:
                return self.labels[told]
            if asked and told in self.after:
                return asked + self.after[told]
            if asked and told.startswith(folded(PHOTO_LABEL)):
                return asked + PHOTO
        return ""


def chosen_options(cells: Cells, fact: Fact, text: str) -> str:
    """The answer to a question with several answers, as one would write it in a table."""
    marks = {id: cells[key][0].lower() for id in (*fact.options, NONE_OF) if (key := f"{fact.id}{OPTION}{id}") in cells}
    chosen = [id for id, mark in marks.items() if mark in ("1", "true", "yes", "是")]
    if not chosen:
        if not text or any(marks.values()):
            return ""
        chosen = _several(fact, text)
    return "无" if chosen == [NONE_OF] else ",".join(chosen)


def _several(fact: Fact, text: str) -> list[str]:
    """Ids or labels with blanks between; a label may have blanks of its own. What is neither stays as it is."""
    known = {**{id: id for id in (*fact.options, NONE_OF)}, **{label: id for id, label in fact.options.items()}}
    known[NONE_LABEL] = NONE_OF
    chosen, rest = [], text.strip()
    while rest:
        word = max((w for w in known if rest == w or rest.startswith(f"{w} ")), key=len, default="")
        if not word:
            return [text]
        chosen.append(known[word])
        rest = rest[len(word) :].strip()
    return chosen


def _json_rows(path: Path, shown: str, pages: list[Page]) -> Iterator[Cells]:
    data = read_whole(path, shown)
    try:
        told = json.loads(decode(data, shown), parse_float=Decimal)
        rows = told if isinstance(told, list) else next(told[k] for k in ("results", "value") if k in told)
        if isinstance(told, dict):
            pages.append(page_of(told, rows, Where(shown)))
        for number, row in enumerate(rows, 1):
            if isinstance(row, dict):
                yield dict(_flat(row, shown, number))
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise _refuse(shown, "E102", "不是 ODK 或 Kobo 导出的 JSON") from None


def _flat(row: Mapping[str, Any], shown: str, number: int) -> Iterator[tuple[str, tuple[str, Where]]]:
    for key, value in row.items():
        name = _SEPARATOR.split(key)[-1]
        if name == STATUS and isinstance(value, dict):
            value = str(value.get("uid", ""))
        if isinstance(value, dict):
            yield from _flat(value, shown, number)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            yield name, (str(value), Where(shown, cell=f"第 {number} 份 {name}"))


def _refuse(shown: str, code: str, says: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(shown), code, says, "重新导出一次")])
