"""The same questions as an XLSForm, for those who collect with ODK or Kobo: one screen a fact, in the groups of the
Excel form, with the record greyed beside it as a hint and “说不清” as an answer of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from checklist.model.field_form import (
    AGREE,
    ASKED,
    ASKED_LABEL,
    BY,
    BY_LABEL,
    COMMUNITY,
    NEVER_REASON,
    NONE_LABEL,
    NONE_OF,
    NOTE,
    NOTE_LABEL,
    ON,
    ON_LABEL,
    PHOTO,
    PHOTO_LABEL,
    REASONS,
    RULESET,
    UNSURE,
    YES_NO,
    agree_label,
    is_sample,
    plain_label,
    question_label,
    unsure_label,
)  # fmt: skip
from checklist.model.numbers import INF, number_text
from checklist.model.rules.facts import NEVER, Fact
from checklist.model.state import State
from checklist.reports.formats.spreadsheets import Looks, workbook_bytes
from checklist.reports.forms.questions import QuestionGroup
from checklist.reports.language.phrases import value_text

FormRow = Mapping[str, str]
"""Column → cell."""

SURVEY: Final = (
    "type", "name", "label", "hint", "required", "appearance", "relevant", "constraint", "constraint_message",
    "default", "calculation", "parameters",
)  # fmt: skip
CHOICES: Final = ("list_name", "name", "label")
SETTINGS: Final = ("form_title", "form_id", "version", "instance_name", "style")
_WHY, _NEVER_OR_WHY, _YES_NO = "why_unsure", "never_or_why_unsure", "yes_no"


@dataclass(frozen=True, slots=True)
class FieldForm:
    """The three sheets."""

    survey: tuple[FormRow, ...]
    choices: tuple[FormRow, ...]
    settings: FormRow


def field_form(state: State, groups: Sequence[QuestionGroup], made_on: date) -> FieldForm:
    """The form for one community. ``state`` is seen as of the day on which the form is made."""
    survey = tuple(_survey(state, groups))
    choices = tuple(_choices(fact for group in groups for fact in group.facts))
    mark = zlib.crc32(repr((survey, choices)).encode("utf-8")) % 100
    settings = {
        "form_title": f"{plain_label(state.community.name)} 创城自查",
        "form_id": f"checklist_{state.community.id}",
        "version": f"{made_on:%Y%m%d}{mark:02}",
        "instance_name": f"concat(${{{BY}}}, ' ', ${{{ON}}})",
        "style": "pages",
    }
    return FieldForm(survey, choices, settings)


def xlsform(form: FieldForm, made_on: date) -> bytes:
    """The workbook as bytes; the same form gives the same bytes. Raises Refusal."""

    def fill(book: Any, looks: Looks) -> None:
        _sheet(book, looks, "survey", SURVEY, form.survey)
        _sheet(book, looks, "choices", CHOICES, form.choices)
        _sheet(book, looks, "settings", SETTINGS, (form.settings,))

    return workbook_bytes(fill, made_on)


def _sheet(book: Any, looks: Looks, name: str, columns: Sequence[str], rows: Sequence[FormRow]) -> None:
    sheet = book.add_worksheet(name)
    looks.head(sheet, 0, columns)
    sheet.freeze_panes(1, 0)
    for i, row in enumerate(rows, 1):
        for j, column in enumerate(columns):
            if row.get(column):
                sheet.write_string(i, j, row[column])


def _survey(state: State, groups: Sequence[QuestionGroup]) -> Iterator[FormRow]:
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    yield {"type": "calculate", "name": RULESET, "calculation": f"'{state.ruleset}'"}
    yield {"type": "calculate", "name": COMMUNITY, "calculation": f"'{state.community.id}'"}
    yield {"type": "text", "name": BY, "label": BY_LABEL, "required": "yes"}
    yield {
        "type": "date",
        "name": ON,
        "label": ON_LABEL,
        "required": "yes",
        "default": "today()",
        "constraint": ". <= today()",
        "constraint_message": "日期还没到",
    }
    for number, group in enumerate(groups, 1):
        yield {"type": "begin_group", "name": f"part_{number}", "label": plain_label(group.title)}
        for fact in group.facts:
            yield from _screen(state, fact)
        yield {"type": "end_group", "name": f"part_{number}"}


def _screen(state: State, fact: Fact) -> Iterator[FormRow]:
    """One fact: its question, why it cannot be told, photo and remark."""
    yield {
        "type": "begin_group",
        "name": f"about_{fact.id}",
        "label": plain_label(fact.label),
        "appearance": "field-list",
    }
    told = {"relevant": f"${{{fact.id}{UNSURE}}} = ''"}
    for row in _question(fact, _hint(state, fact)):
        yield {**told, **row}
    yield {
        "type": f"select_one {_NEVER_OR_WHY if fact.none_is is NEVER else _WHY}",
        "name": f"{fact.id}{UNSURE}",
        "label": unsure_label(fact),
        "appearance": "minimal",
    }
    if fact.evidence:
        label = f"{PHOTO_LABEL}{plain_label('、'.join(fact.evidence))}"
        yield {"type": "image", "name": f"{fact.id}{PHOTO}", "label": label, "parameters": "max-pixels=2000"}
    yield {"type": "text", "name": f"{fact.id}{NOTE}", "label": NOTE_LABEL}
    yield {"type": "end_group", "name": f"about_{fact.id}"}


def _question(fact: Fact, hint: str) -> Iterator[FormRow]:
    base = {"name": fact.id, "label": question_label(fact), "hint": hint}
    match fact.type:
        case "bool":
            yield {**base, "type": f"select_one {_YES_NO}"}
        case "choice":
            yield {**base, "type": f"select_one {fact.id}"}
        case "set":
            alone = f"not(selected(., '{NONE_OF}')) or count-selected(.) = 1"
            message = "选了“一项都没有”就不能再选别的"
            yield {**base, "type": f"select_multiple {fact.id}", "constraint": alone, "constraint_message": message}
        case "date":
            yield {**base, "type": "date", "constraint": ". <= today()", "constraint_message": "日期还没到"}
        case "ratio" if is_sample(fact):
            yield from _sample(fact, base)
        case "ratio":
            limits = {"constraint": ". >= 0 and . <= 100", "constraint_message": "填 0 到 100 之间的百分数"}
            yield {**base, **limits, "type": "decimal"}
        case _:
            kind = "integer" if fact.type == "count" else "decimal"
            yield {**base, **_limits(fact), "type": kind}


def _sample(fact: Fact, base: FormRow) -> Iterator[FormRow]:
    """A survey's two counts instead of its ratio."""
    agree, asked = f"{fact.id}{AGREE}", f"{fact.id}{ASKED}"
    limits = {"constraint": ". >= 0", "constraint_message": "不能是负数"}
    yield {**base, **limits, "type": "integer", "name": agree, "label": agree_label(fact)}
    limits = {"constraint": f". >= 1 and . >= ${{{agree}}}", "constraint_message": "不能少于前面的份数"}
    yield {**limits, "type": "integer", "name": asked, "label": ASKED_LABEL}


def _limits(fact: Fact) -> FormRow:
    low, high = number_text(fact.low), "" if fact.high == INF else number_text(fact.high)
    says = f"最小 {low}" + (f"，最大 {high}" if high else "")
    return {"constraint": f". >= {low}" + (f" and . <= {high}" if high else ""), "constraint_message": says}


def _hint(state: State, fact: Fact) -> str:
    reading = state.readings.get(fact.id)
    if reading is None:
        return "还没有人核过"
    value = "说不清" if reading.value is None else value_text(fact, reading.value)
    stale = "，已过期" if state.why_unknown(fact) == "stale" else ""
    return plain_label(f"上次：{value}（{reading.on} {reading.by}".rstrip() + f"{stale}）")


def _choices(facts: Iterator[Fact]) -> Iterator[FormRow]:
    for name, options in ((_YES_NO, YES_NO), (_WHY, REASONS), (_NEVER_OR_WHY, {**NEVER_REASON, **REASONS})):
        yield from ({"list_name": name, "name": id, "label": label} for id, label in options.items())
    for fact in facts:
        if not fact.options:
            continue
        options = {**fact.options, **({NONE_OF: NONE_LABEL} if fact.type == "set" else {})}
        yield from ({"list_name": fact.id, "name": id, "label": plain_label(label)} for id, label in options.items())
