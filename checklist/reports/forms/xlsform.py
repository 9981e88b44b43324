"""The same questions as an XLSForm, for those who collect with ODK or Kobo: one screen a fact, in the groups of the
Excel form, with the record greyed beside it as a hint and “说不清” as an answer of its own."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from checklist.model.field_form import (
    BY,
    NEVER_REASON,
    NONE_LABEL,
    NONE_OF,
    NOT_LISTED,
    NOT_LISTED_LABEL,
    ON,
    REASONS,
    WHICH,
    YES_NO,
    plain_label,
)  # fmt: skip
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from checklist.reports.formats.spreadsheets import Looks, workbook_bytes
from checklist.reports.forms.questions import QuestionGroup, among
from checklist.reports.forms.xlsform_questions import (
    NEVER_OR_WHY_LIST,
    WHY_LIST,
    YES_NO_LIST,
    FormRow,
    SiteRounds,
    survey_rows,
)

SURVEY: Final = (
    "type", "name", "label", "hint", "required", "appearance", "relevant", "constraint", "constraint_message",
    "default", "calculation", "parameters",
)  # fmt: skip
CHOICES: Final = ("list_name", "name", "label")
SETTINGS: Final = ("form_title", "form_id", "version", "instance_name", "style")


@dataclass(frozen=True, slots=True)
class FieldForm:
    """The three sheets."""

    survey: tuple[FormRow, ...]
    choices: tuple[FormRow, ...]
    settings: FormRow

    @property
    def walks_sites(self) -> bool:
        """Whether anything is asked once for each site."""
        return any(row["type"] == "begin_repeat" for row in self.survey)


def field_form(ruleset: Ruleset, state: State, groups: Sequence[QuestionGroup], made_on: date) -> FieldForm:
    """The form for one community. ``state`` is seen as of the day on which the form is made. The facts of a kind of site
    that the community has are asked for each one that is visited."""
    walks = [
        SiteRounds(kind, sites, among(groups, {f for f, of in ruleset.site_facts.items() if of == kind.id}))
        for kind in ruleset.site_kinds.values()
        if (sites := state.sites_of(kind.id))
    ]
    walks = [walk for walk in walks if walk.groups]
    survey = tuple(survey_rows(state, groups, walks))
    choices = (*_choices(fact for group in groups for fact in group.facts), *_listed(walks))
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


def _choices(facts: Iterator[Fact]) -> Iterator[FormRow]:
    for name, options in (
        (YES_NO_LIST, YES_NO),
        (WHY_LIST, REASONS),
        (NEVER_OR_WHY_LIST, {**NEVER_REASON, **REASONS}),
    ):
        yield from ({"list_name": name, "name": id, "label": label} for id, label in options.items())
    for fact in facts:
        if not fact.options:
            continue
        options = {**fact.options, **({NONE_OF: NONE_LABEL} if fact.type == "set" else {})}
        yield from ({"list_name": fact.id, "name": id, "label": plain_label(label)} for id, label in options.items())


def _listed(walks: Sequence[SiteRounds]) -> Iterator[FormRow]:
    for walk in walks:
        names = {**{site.id: site.name for site in walk.sites}, NOT_LISTED: NOT_LISTED_LABEL}
        for id, label in names.items():
            yield {"list_name": f"{WHICH}{walk.kind.id}", "name": id, "label": plain_label(label)}
